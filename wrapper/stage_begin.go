package wrapper

import (
	"context"
	"time"
)

// begin counts an attempt and bounds it by its own time and by the call's.
func begin(next stage) stage {
	return func(ctx context.Context, c *call) *Error {
		if err := ctx.Err(); err != nil {
			return c.noResponse(ended(ctx, err), false)
		}
		c.attempts++
		c.attempt.began = time.Now()
		ctx, cancel := c.within(ctx, true)
		defer cancel()
		return next(ctx, c)
	}
}
