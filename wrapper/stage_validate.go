package wrapper

import "context"

// validate returns an error if an option or the form is not valid, and encodes the form.
func validate(next stage) stage {
	return func(ctx context.Context, c *call) *Error {
		if c.info.Operation.Repeat != nil {
			c.identify(c.info.RequestID)
		}
		if c.invalid != nil {
			return c.badParameter(c.invalid)
		}
		if err := c.validate(); err != nil {
			return c.badParameter(err)
		}
		c.body = c.encode()
		return next(ctx, c)
	}
}
