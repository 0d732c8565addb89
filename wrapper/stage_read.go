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
				// The length may be wrong, or the end of the last chunk may be missing. A JSON
				// document that is complete is the service's word nevertheless.
				c.attempt.body = body
				if e := next(ctx, c); e == nil || e.Code != 0 {
					return e
				}
				c.attempt.body = nil
				return c.brokeOff(ctx, fmt.Sprintf("the response broke off after %d bytes", len(body.Bytes())), err, body.Bytes())
			}
			c.attempt.body = body
			return next(ctx, c)
		}
	}
}

// brokeOff returns the error for a response that could not be read or decoded to its end.
func (c *call) brokeOff(ctx context.Context, what string, err error, body []byte) *Error {
	e := c.failResponse(ErrUnavailable, fmt.Errorf("%s: %w", what, ended(ctx, err)), body)
	e.transient = true
	return e
}
