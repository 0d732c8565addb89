package api

import (
	"sync"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/gen"
)

const (
	// MaxRate bounds what a limit remembers of the requests that it let pass.
	MaxRate   = 100_000
	rateTime  = time.Second
	blockTime = 10 * time.Second
)

// rateLimit lets n requests of an operation pass within any second, or all
// when n is 0. One more, and the operation is blocked for ten seconds,
// which no further requests make longer. Operations do not block each other.
type rateLimit struct {
	n          int
	mu         sync.Mutex
	operations map[*gen.Operation]*passed
}

// passed are the latest requests of an operation that passed.
type passed struct {
	times        []time.Time // a ring once there are n
	oldest       int
	blockedUntil time.Time
}

func newRateLimit(n int) *rateLimit {
	return &rateLimit{n: n, operations: map[*gen.Operation]*passed{}}
}

// take counts a request. It returns an error for one over the limit.
func (l *rateLimit) take(op *gen.Operation, now time.Time) error {
	if l.n == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p, ok := l.operations[op]
	if !ok {
		p = &passed{}
		l.operations[op] = p
	}
	switch {
	case now.Before(p.blockedUntil):
		return rules.ErrTooFast
	case len(p.times) < l.n:
		p.times = append(p.times, now)
	case now.Sub(p.times[p.oldest]) < rateTime:
		p.blockedUntil = now.Add(blockTime)
		return rules.ErrTooFast
	default:
		p.times[p.oldest] = now
		p.oldest = (p.oldest + 1) % l.n
	}
	return nil
}

func (l *rateLimit) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.operations = map[*gen.Operation]*passed{}
}
