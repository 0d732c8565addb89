package wrapper

import "context"

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
		c.body = c.encode()
		return next(ctx, c)
	}
}
