package wrapper

import (
	"context"
	"time"
)

// begin counts an attempt and bounds it by its own time and by the call's.
func begin(next stage) stage {
	return func(ctx context.Context, c *call) *Error {
		if err := ctx.Err(); err != nil {
			return c.noResponse(err, false)
		}
		c.attempts++
		c.attempt.began = time.Now()
		end := c.deadline
		if c.attemptTimeout > 0 {
			if own := c.attempt.began.Add(c.attemptTimeout); end.IsZero() || own.Before(end) {
				end = own
			}
		}
		if !end.IsZero() {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, end)
			defer cancel()
		}
		return next(ctx, c)
	}
}
