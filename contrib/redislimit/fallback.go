package redislimit

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// retryPause is the time between two attempts to reach a failed Redis.
const retryPause = time.Second

// breaker is a circuit breaker. While Redis fails, it allows one call per retryPause to
// try Redis, so that the other calls do not wait for it.
type breaker struct {
	mu    sync.Mutex
	err   error     // the error of the last round trip
	retry time.Time // when the next call may try Redis
}

// allow returns nil if a call may use Redis, and otherwise the error of the last round
// trip.
func (b *breaker) allow(now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		return nil
	}
	if now.Before(b.retry) {
		return b.err
	}
	b.retry = now.Add(retryPause) // only this call tries Redis
	return nil
}

// note records the result of a round trip.
func (b *breaker) note(err error, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err, b.retry = err, now.Add(retryPause)
}

// fallback limits an operation in this process while Redis fails. It is nil if calls then
// fail.
type fallback = *rate.Limiter

func newFallback(q quota, processes int) fallback {
	if processes == 0 {
		return nil
	}
	perSecond := float64(q.calls) / q.per.Seconds() / float64(processes)
	return rate.NewLimiter(rate.Limit(perSecond), 1)
}

// withoutRedis waits for a turn from the fallback after Redis failed with cause.
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
		return context.DeadlineExceeded // the turn would come after the deadline
	}
	return nil
}
