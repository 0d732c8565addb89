package wrapper

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/nimroom/nimroom/wrapper/internal/response"
)

// read reads the whole body of a response, up to a limit.
func read(limit int64) layer {
	return func(next stage) stage {
		return func(ctx context.Context, c *call) *Error {
			body, err := response.Read(c.attempt.response.Body, limit)
			defer body.Release()
			if c.raw != nil {
				*c.raw = bytes.Clone(body.Bytes())
			}
			switch {
			case errors.Is(err, response.ErrTooLarge):
				return c.failResponse(ErrBadResponse, fmt.Errorf("the response is larger than %d bytes", limit), body.Bytes())
			case err != nil:
				e := c.failResponse(ErrUnavailable, fmt.Errorf("the response broke off after %d bytes: %w", len(body.Bytes()), ended(ctx, err)), body.Bytes())
				e.transient = true
				return e
			}
			c.attempt.body = body
			return next(ctx, c)
		}
	}
}
