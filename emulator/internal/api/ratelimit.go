package api

import (
	"strconv"
	"sync"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/advice"
)

// MaxRate bounds what a limit remembers of the requests that it let pass.
const MaxRate = 100_000

// rateLimit lets as many requests of an operation pass as the operation's own
// limit allows, or else base. One more, and the operation is blocked for the
// limit's time, which no further requests make longer. Operations do not block
// each other. If base allows no calls, all requests pass.
type rateLimit struct {
	base       gen.RateLimit
	mu         sync.Mutex
	operations map[*gen.Operation]*passed
}

// passed are the latest requests of an operation that passed.
type passed struct {
	times        []time.Time // a ring once there are as many as the limit allows
	oldest       int
	blockedUntil time.Time
}

// newRateLimit limits operations without a limit of their own to n requests a second.
func newRateLimit(n int) *rateLimit {
	base := gen.DefaultRateLimit
	base.Calls = n
	return &rateLimit{base: base, operations: map[*gen.Operation]*passed{}}
}

// take counts a request. It returns an error for one over the limit.
func (l *rateLimit) take(op *gen.Operation, now time.Time) error {
	if l.base.Calls == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	limit := op.RateLimitOr(l.base)
	p, ok := l.operations[op]
	if !ok {
		p = &passed{}
		l.operations[op] = p
	}
	tooFast := func() error {
		return advice.Because(rules.ErrTooFast, advice.OverQuota, "operation", op.ID, "calls", strconv.Itoa(limit.Calls),
			"per", limit.Per.String(), "until", p.blockedUntil.UTC().Format(time.RFC3339))
	}
	switch {
	case now.Before(p.blockedUntil):
		return tooFast()
	case len(p.times) < limit.Calls:
		p.times = append(p.times, now)
	case now.Sub(p.times[p.oldest]) < limit.Per:
		p.blockedUntil = now.Add(limit.Block)
		return tooFast()
	default:
		p.times[p.oldest] = now
		p.oldest = (p.oldest + 1) % limit.Calls
	}
	return nil
}

func (l *rateLimit) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.operations = map[*gen.Operation]*passed{}
}
