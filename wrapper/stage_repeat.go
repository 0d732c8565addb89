package wrapper

import (
	"context"
	"fmt"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper/internal/request"
	"github.com/nimroom/nimroom/wrapper/internal/retry"
	"github.com/nimroom/nimroom/wrapper/internal/wait"
)

// repeat makes attempts until one succeeds or none may follow, by the table in the
// package documentation. It calls the hooks after each attempt.
func repeat(budget *retry.Budget, hooks hookList) layer {
	return func(next stage) stage {
		return func(ctx context.Context, c *call) *Error {
			healed := false // the clock was corrected once
			for {
				e := c.reconsider(next(ctx, c))
				if e == nil {
					c.report(ctx, hooks, nil, 0, false)
					budget.Refund()
					return c.checkResult()
				}
				c.settle(e)
				pause, again := time.Duration(0), false
				switch {
				case c.attempts >= c.retry.Attempts, ctx.Err() != nil, c.overdue():
				case e.is(ErrClock): // only the time was wrong: a new signature helps, once
					again = c.attempt.clockMoved && !healed
					healed = true
				default:
					pause, again = c.pause(e)
					again = again && budget.Take()
				}
				c.report(ctx, hooks, e, pause, again)
				if !again {
					return e
				}
				if err := wait.For(ctx, pause); err != nil {
					err = ended(ctx, err)
					if e.cause != nil {
						err = fmt.Errorf("%w; then %w", e.cause, err)
					}
					e.cause = err
					return e
				}
				c.prepare(e)
			}
		}
	}
}

// pause returns how long to wait before another attempt, and whether it may be made
// after that wait.
func (c *call) pause(e *Error) (pause time.Duration, again bool) {
	if !c.repeatable(e) || c.retry.Allow != nil && !c.retry.Allow(e) {
		return 0, false
	}
	pause = e.RetryAfter
	if pause == 0 {
		pause = c.retry.pause(c.attempts + 1)
	}
	if !c.deadline.IsZero() && time.Until(c.deadline) <= pause {
		return 0, false
	}
	return pause, true
}

// repeatable reports whether another attempt may help and does no harm.
func (c *call) repeatable(e *Error) bool {
	switch {
	case !e.transient:
		return false
	case !e.ambiguous:
		return true // not sent, or not carried out
	}
	return c.harmless()
}

// harmless reports whether the request may be sent again after an attempt that may have
// been carried out.
func (c *call) harmless() bool {
	if c.info.Operation.Repeat != nil {
		return c.marked
	}
	return c.info.Operation.Idempotency != gen.Unsafe
}

// prepare makes the call ready for another attempt after an error.
func (c *call) prepare(e *Error) {
	c.attempt = attempt{}
	if e.Code == gen.CodeDuplicateRequest {
		// The service took a read for its own repeat. Send it under another id.
		c.info.RequestID = request.NewID()
		c.requestID = &[1]string{c.info.RequestID} // transports may still be sending earlier attempts
	}
}
