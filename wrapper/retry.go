package wrapper

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// RetryPolicy says how often and how soon a call is sent again. What may be sent
// again at all is not its matter: that follows from the operation and from what
// is known of the attempt that failed, see the package documentation.
type RetryPolicy struct {
	// Attempts bounds how often a call is sent, the first time included; 1 is
	// never again.
	Attempts int
	// Backoff is the longest wait before attempt n (2, 3, ...); the wait is drawn
	// from between 0 and it. Nil is a tenth of a second, doubled each time, up to
	// five seconds. Where the service says how long to wait, that is the wait.
	Backoff func(n int) time.Duration
	// Allow may forbid another attempt after an error. Nil forbids none.
	Allow func(err *Error) bool
}

// DefaultAttempts is how often a call is sent at most.
const DefaultAttempts = 4

const (
	firstBackoff   = 100 * time.Millisecond
	longestBackoff = 5 * time.Second
	// rateBlock is how long the service blocks an operation after code 416.
	rateBlock = 10 * time.Second
)

// WithRetryBudget bounds how many attempts beyond the first a client makes while
// calls fail: each takes one of n from the budget, and each tenth call that
// succeeds gives one back. So a service in trouble is not asked many times over.
// The default is 100.
func WithRetryBudget(n int) Option {
	return clientOption(func(c *config) error {
		if n < 0 {
			return fmt.Errorf("retry budget %d: must not be negative", n)
		}
		c.budget = n
		return nil
	})
}

// backoff is the wait before attempt n.
func (p RetryPolicy) backoff(n int) time.Duration {
	ceiling := longestBackoff
	switch {
	case p.Backoff != nil:
		ceiling = p.Backoff(n)
	case n < 8: // a tenth of a second doubled six times is over five seconds
		ceiling = min(longestBackoff, firstBackoff<<max(0, n-2))
	}
	if ceiling <= 0 {
		return 0
	}
	return rand.N(ceiling) // full jitter: clients that failed together do not come back together
}

// budget is what a client may spend on attempts beyond the first, in tenths.
type budget struct {
	full int64
	left atomic.Int64
}

func newBudget(n int) *budget {
	b := &budget{full: min(int64(n), math.MaxInt64/10) * 10}
	b.left.Store(b.full)
	return b
}

// take takes one attempt out, if there is one left.
func (b *budget) take() bool {
	if b.left.Add(-10) >= 0 {
		return true
	}
	b.left.Add(10)
	return false
}

// refund is for a call that succeeded.
func (b *budget) refund() {
	if left := b.left.Load(); left < b.full {
		b.left.CompareAndSwap(left, left+1) // a refund lost to another's does no harm
	}
}

// again decides what follows a failed attempt: whether the call is sent again,
// and after how long. It is the table in the package documentation.
func (c *call) again(ctx context.Context, e *Error) (wait time.Duration, again bool) {
	switch {
	case c.attempts >= c.retry.Attempts:
		return 0, false
	case ctx.Err() != nil, c.overdue():
		return 0, false
	case e.is(ErrClock):
		// Not executed. Once in a call, and only when signing anew helps.
		if c.healed || !c.clockMoved {
			return 0, false
		}
		c.healed = true
		return 0, true
	case !c.repeatable(e):
		return 0, false
	case c.retry.Allow != nil && !c.retry.Allow(e):
		return 0, false
	}
	wait = e.RetryAfter
	if wait == 0 {
		wait = c.retry.backoff(c.attempts + 1)
	}
	if !c.deadline.IsZero() && time.Until(c.deadline) <= wait {
		return 0, false
	}
	return wait, c.client.budget.take()
}

// repeatable tells whether sending the call once more may help and does no harm.
func (c *call) repeatable(e *Error) bool {
	switch {
	case e.is(ErrRateLimited):
		return e.HTTPStatus != 0 // refused before it was carried out; not when the limiter held it
	case !e.transient:
		return false
	case !e.ambiguous:
		return true // not sent, or refused before it was carried out
	}
	return c.operation.Idempotency != gen.Unsafe
}
