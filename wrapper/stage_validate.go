package wrapper

import (
	"context"
	"fmt"
	"slices"

	"github.com/nimroom/nimroom/internal/wire"
)

// validate returns an error if an option or the form is not valid, and encodes the form. It
// marks the form of a deduplicated operation if the call may be sent again, because an
// attempt that times out may arrive after its own repeat, and the service drops only marked
// ones.
func validate(next stage) stage {
	return func(ctx context.Context, c *call) *Error {
		if c.info.Operation.Repeat != nil {
			c.marked = c.identify(c.info.RequestID, c.retry.Attempts > 1)
		}
		if c.invalid != nil {
			return c.badParameter(c.invalid)
		}
		if err := c.validate(); err != nil {
			return c.badParameter(err)
		}
		if err := c.unknownFields(); err != nil {
			return c.badParameter(err)
		}
		c.body = c.encode()
		for _, field := range c.fields {
			c.body = wire.FormString(c.body, field[0], field[1])
		}
		return next(ctx, c)
	}
}

// unknownFields returns an error if the spec knows a field of [WithField].
func (c *call) unknownFields() error {
	for _, field := range c.fields {
		for _, known := range c.info.Operation.Fields {
			if known.Name == field[0] || slices.Contains(known.Aliases, field[0]) {
				return fmt.Errorf("field %s: the spec knows it; set it in the form", field[0])
			}
		}
	}
	return nil
}
