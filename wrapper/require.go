package wrapper

import (
	"slices"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// requireField adds to the options of a call one that ends it before anything is sent, unless
// the field that its method requires is given.
func requireField(options []CallOption, field string, given bool) []CallOption {
	if given {
		return options
	}
	missing := &gen.FieldError{Field: field, Problem: wire.Missing}
	return append(slices.Clip(options), callOption(func(*settings) error { return missing }))
}
