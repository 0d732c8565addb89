package redislimit

import (
	"fmt"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// maxCalls is the maximum number of calls in a quota. It keeps the turns of a second in
// distinct microseconds.
const maxCalls = 10_000

// quota is the number of calls that the service allows in a span of time.
type quota struct {
	calls int
	per   time.Duration
}

// quotaOf returns the quota that [WithQuota] set for an operation, or its own rate limit
// in the spec, or else the limiter's quota.
func (c *config) quotaOf(op *gen.Operation) quota {
	if q, ok := c.quotas[op.Path]; ok {
		return q
	}
	limit := op.RateLimitOr(gen.RateLimit{Calls: c.quota.calls, Per: c.quota.per})
	return quota{calls: limit.Calls, per: limit.Per}
}

func (q quota) validate() error {
	switch {
	case q.calls < 1 || q.calls > maxCalls:
		return fmt.Errorf("quota of %d calls: want from 1 to %d", q.calls, maxCalls)
	case q.per < time.Millisecond:
		return fmt.Errorf("quota per %v: want at least a millisecond", q.per)
	}
	return nil
}

// pace spreads a quota: any span of length window has at most calls turns.
type pace struct {
	calls  int
	window time.Duration
}

// atOnce is the approximate number of calls that may come at the same time. It is enough
// for a burst of calls of a program, and few enough for Redis to read and write quickly.
const atOnce = 10

// pace divides the quota's time plus the margin into equal windows, each with at least
// atOnce calls if the quota has as many. Rounding loses at most 2 % of the calls. These
// windows cover any span that is as long as the quota's time, so that span has no more
// calls than the quota.
func (q quota) pace(margin time.Duration) pace {
	parts := max(1, q.calls/atOnce)
	for q.calls%parts*50 > q.calls {
		parts--
	}
	window := (q.per + margin) / time.Duration(parts)
	return pace{calls: q.calls / parts, window: window.Truncate(time.Microsecond) + time.Microsecond}
}

// perRoundTrip returns the maximum number of turns that a process reserves in one round
// trip: those of a window or of 20 ms, whichever are more, so that the duration of round
// trips does not limit the calls of one process.
func (p pace) perRoundTrip() int {
	const share = 20 * time.Millisecond
	return max(p.calls, int(time.Duration(p.calls)*share/p.window))
}
