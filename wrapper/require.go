package wrapper

import (
	"slices"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// requireField returns the options of a call. If a field that the method requires is not
// given, it adds an option that fails the call before anything is sent.
func requireField(options []CallOption, field string, given bool) []CallOption {
	if given {
		return options
	}
	missing := &gen.FieldError{Field: field, Problem: wire.Missing}
	return append(slices.Clip(options), callOption(func(*settings) error { return missing }))
}
