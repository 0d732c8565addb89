package wrapper

import (
	"context"
	"errors"
	"time"
)

// errPanic is the error of a call that a panic ended, for the hooks. The call itself panics.
var errPanic = errors.New("panic in a function that the caller gave to the client")

// observe calls the hooks when a call begins and when it ends.
func observe(hooks hookList) layer {
	return func(next stage) stage {
		if len(hooks) == 0 {
			return next
		}
		return func(ctx context.Context, c *call) *Error {
			began := time.Now()
			c.info.RoomID = c.room()
			e := c.fail(nil, errPanic) // unless the rest returns
			defer func() {
				hooks.end(ctx, EndInfo{CallInfo: c.info, Attempts: c.attempts, Duration: time.Since(began), Err: e.orNil()})
			}()
			ctx = hooks.start(ctx, c.info)
			e = next(ctx, c)
			return e
		}
	}
}

// report calls the hooks after an attempt, unless it was held back and never made.
func (c *call) report(ctx context.Context, hooks hookList, e *Error, wait time.Duration, again bool) {
	if len(hooks) == 0 || c.attempt.began.IsZero() {
		return
	}
	info := AttemptInfo{
		CallInfo: c.info, Number: c.attempts, Start: c.attempt.began, Duration: time.Since(c.attempt.began),
		Err: e.orNil(), Again: again, Wait: wait,
	}
	if c.attempt.host != nil {
		info.Host = c.attempt.host.Base
	}
	hooks.attempt(ctx, info)
}
