package redislimit

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// retryPause is how long a failed Redis is left alone.
const retryPause = time.Second

// breaker keeps calls from waiting for a Redis that failed: until it answers
// again, one call per retryPause asks it.
type breaker struct {
	mu    sync.Mutex
	err   error     // of the last round trip, nil when Redis answered
	retry time.Time // when it may be asked again
}

// allow returns the error that keeps from asking Redis, or nil.
func (b *breaker) allow(now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		return nil
	}
	if now.Before(b.retry) {
		return b.err
	}
	b.retry = now.Add(retryPause) // this call asks, others do not
	return nil
}

// note takes down how a round trip went.
func (b *breaker) note(err error, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err, b.retry = err, now.Add(retryPause)
}

// fallback is the process's own limit for an operation, nil for none.
type fallback = *rate.Limiter

func newFallback(q quota, processes int) fallback {
	if processes == 0 {
		return nil
	}
	perSecond := float64(q.calls) / q.per.Seconds() / float64(processes)
	return rate.NewLimiter(rate.Limit(perSecond), 1)
}

// withoutRedis is the rest of Wait where Redis gave no turn.
func (l *Limiter) withoutRedis(ctx context.Context, o *operation, cause error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if o.fallback == nil {
		return fmt.Errorf("%w: %w", ErrRedis, cause)
	}
	if err := o.fallback.Wait(ctx); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return context.DeadlineExceeded // the turn would come after it
	}
	return nil
}
