package wrapper

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// timeout is the cause of a context that the client bounded.
type timeout struct {
	kind  error // ErrAttemptTimeout or ErrCallTimeout
	what  string
	limit time.Duration
}

// set fills t once: a context of an earlier attempt may still be asked for its cause.
func (t *timeout) set(kind error, what string, limit time.Duration) *timeout {
	if t.kind == nil {
		*t = timeout{kind, what, limit}
	}
	return t
}

func (t *timeout) Error() string   { return fmt.Sprintf("the %s took longer than %v", t.what, t.limit) }
func (t *timeout) Timeout() bool   { return true }
func (t *timeout) Unwrap() []error { return []error{t.kind, context.DeadlineExceeded} }

// bound sets the deadline of a call.
func (c *call) bound(ctx context.Context) {
	if c.timeout > 0 {
		c.deadline, c.ownDeadline = time.Now().Add(c.timeout), true
	}
	if d, ok := ctx.Deadline(); ok && (c.deadline.IsZero() || d.Before(c.deadline)) {
		c.deadline, c.ownDeadline = d, false
	}
}

// within returns a context that ends with the call, or, for an attempt, with the attempt if
// that is earlier. The context's cause says which.
func (c *call) within(ctx context.Context, attempt bool) (context.Context, context.CancelFunc) {
	if attempt && c.attemptTimeout > 0 {
		if end := c.attempt.began.Add(c.attemptTimeout); c.deadline.IsZero() || end.Before(c.deadline) {
			return context.WithDeadlineCause(ctx, end, c.spare.attemptTimeout.set(ErrAttemptTimeout, "attempt", c.attemptTimeout))
		}
	}
	if !c.ownDeadline { // the caller's context ends by itself
		return ctx, func() {}
	}
	return context.WithDeadlineCause(ctx, c.deadline, c.spare.callTimeout.set(ErrCallTimeout, "call", c.timeout))
}

// ended returns err with the reason why the context ended, if it did.
func ended(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return &endedError{err, ctx.Err(), context.Cause(ctx)}
}

// endedError is the error of something that the end of its context broke off.
type endedError struct{ err, ended, cause error }

func (e *endedError) Error() string {
	text := e.err.Error()
	if strings.Contains(text, e.cause.Error()) {
		return text
	}
	return text + ": " + e.cause.Error()
}

func (e *endedError) Unwrap() []error { return []error{e.err, e.ended, e.cause} }
