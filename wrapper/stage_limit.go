package wrapper

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// limit waits until the limiter lets the attempt through, and reports to the limiter when
// the service blocks the operation because of its rate.
func limit(limiter Limiter) layer {
	return func(next stage) stage {
		if limiter == nil {
			return next
		}
		allower, quick := limiter.(Allower)
		return func(ctx context.Context, c *call) *Error {
			if !quick || !allower.Allow(c.info.Operation) {
				if err := c.takeTurn(ctx, limiter); err != nil {
					return c.held(err)
				}
			}
			e := next(ctx, c)
			if e != nil && e.is(ErrRateLimited) {
				limiter.Blocked(c.info.Operation, e.RetryAfter)
			}
			return e
		}
	}
}

// takeTurn waits for the limiter within the call's time.
func (c *call) takeTurn(ctx context.Context, limiter Limiter) error {
	ctx, cancel := c.within(ctx, false)
	defer cancel()
	if err := limiter.Wait(ctx, c.info.Operation); err != nil {
		return ended(ctx, err)
	}
	return nil
}

// held returns the error for a call that the limiter did not let through.
func (c *call) held(err error) *Error {
	kind := ErrRateLimited
	if errors.Is(err, context.Canceled) {
		kind = ErrUnavailable // the caller gave up
	}
	e := c.fail(kind, fmt.Errorf("held back by the limiter: %w", err))
	var wait interface{ RetryAfter() time.Duration }
	if errors.As(err, &wait) {
		e.RetryAfter = max(0, wait.RetryAfter())
	}
	return e
}
