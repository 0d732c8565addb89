package wrapper

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/nimroom/nimroom/wrapper/internal/response"
)

// read reads the whole body of a response, up to a limit.
func read(limit int64) layer {
	return func(next stage) stage {
		return func(ctx context.Context, c *call) *Error {
			a := &c.attempt
			from := a.response.Body
			if from == nil {
				from = http.NoBody // a response that a middleware made
			}
			defer func() { _ = from.Close() }() // what was read counts
			buffer := response.Buffer()
			defer response.Release(buffer)
			bounded := &c.spare.bounded
			*bounded = io.LimitedReader{R: from, N: limit + 1}
			_, err := buffer.ReadFrom(bounded)
			bounded.R = nil
			a.body = buffer.Bytes()
			if c.raw != nil {
				*c.raw = bytes.Clone(a.body)
			}
			switch {
			case err != nil:
				e := c.failResponse(ErrUnavailable, fmt.Errorf("the response broke off after %d bytes: %w", len(a.body), err), a.body)
				e.transient = true
				return e
			case int64(len(a.body)) > limit:
				return c.failResponse(ErrBadResponse, fmt.Errorf("the response is larger than %d bytes", limit), a.body)
			}
			a.complete = true
			return next(ctx, c)
		}
	}
}
