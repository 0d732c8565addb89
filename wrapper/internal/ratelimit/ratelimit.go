// Package ratelimit keeps the attempts of one process within a quota per operation.
package ratelimit

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper/internal/wait"
)

// Limiter holds a token bucket for each operation.
//
// A tenth of an operation's calls is available at once, and the rest becomes available evenly
// in the limit's time. No period of that length therefore has more attempts than the limit.
type Limiter struct {
	Limits
	buckets map[string]*bucket // the operations of the spec, by path; it never changes
	others  sync.Map           // all other operations, by path
}

type bucket struct {
	tokens *rate.Limiter
	until  atomic.Int64 // when the service's block ends, in Unix nanoseconds
}

// Limits says how often each operation may be called.
type Limits struct {
	Base gen.RateLimit            // for operations for which neither Own nor the spec has a limit
	Own  map[string]gen.RateLimit // by path
}

func (l Limits) of(operation *gen.Operation) gen.RateLimit {
	if own, ok := l.Own[operation.Path]; ok {
		return own
	}
	return operation.RateLimitOr(l.Base)
}

// New returns a limiter that keeps to the limits.
func New(limits Limits) *Limiter {
	l := &Limiter{Limits: limits, buckets: make(map[string]*bucket, len(gen.Operations))}
	for _, operation := range gen.Operations {
		l.buckets[operation.Path] = newBucket(limits.of(operation))
	}
	return l
}

func newBucket(limit gen.RateLimit) *bucket {
	burst := max(1, limit.Calls/10)
	steady := float64(max(1, limit.Calls-burst)) / limit.Per.Seconds()
	return &bucket{tokens: rate.NewLimiter(rate.Limit(steady), burst)}
}

func (l *Limiter) bucket(operation *gen.Operation) *bucket {
	if b, ok := l.buckets[operation.Path]; ok {
		return b
	}
	b, _ := l.others.LoadOrStore(operation.Path, newBucket(l.of(operation)))
	return b.(*bucket)
}

// Allow takes a turn if there is one now, and reports whether it did.
func (l *Limiter) Allow(operation *gen.Operation) bool {
	b := l.bucket(operation)
	return !b.blocked() && b.tokens.Allow()
}

// Wait waits for a turn.
func (l *Limiter) Wait(ctx context.Context, operation *gen.Operation) error {
	b := l.bucket(operation)
	for {
		if left := b.blockLeft(); left > 0 {
			if err := wait.For(ctx, left); err != nil {
				return &blockedError{max(0, b.blockLeft()), err}
			}
		}
		if err := b.tokens.Wait(ctx); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return context.DeadlineExceeded // the turn would come after the deadline
		}
		if !b.blocked() { // a block may have begun during the wait
			return nil
		}
	}
}

// Blocked holds the operation back for d.
func (l *Limiter) Blocked(operation *gen.Operation, d time.Duration) {
	b := l.bucket(operation)
	until := time.Now().Add(d).UnixNano()
	for {
		was := b.until.Load()
		if was >= until || b.until.CompareAndSwap(was, until) {
			return
		}
	}
}

func (b *bucket) blocked() bool { return b.until.Load() != 0 && b.blockLeft() > 0 }

func (b *bucket) blockLeft() time.Duration {
	return time.Duration(b.until.Load() - time.Now().UnixNano())
}

// blockedError is the error of a wait that ended before the service's block did.
type blockedError struct {
	left  time.Duration
	cause error
}

func (e *blockedError) Error() string {
	return "blocked for " + e.left.String() + ": " + e.cause.Error()
}

func (e *blockedError) Unwrap() error { return e.cause }

// RetryAfter returns how long the block still lasts.
func (e *blockedError) RetryAfter() time.Duration { return e.left }
