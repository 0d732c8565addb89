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
// A tenth of the quota is available at once, and the rest becomes available evenly. No period
// of one second therefore has more attempts than the quota.
type Limiter struct {
	n       int
	buckets map[string]*bucket // the operations of the spec, by path; it never changes
	others  sync.Map           // all other operations, by path
}

type bucket struct {
	tokens *rate.Limiter
	until  atomic.Int64 // when the service's block ends, in Unix nanoseconds
}

// New returns a limiter for n attempts a second.
func New(n int) *Limiter {
	l := &Limiter{n: n, buckets: make(map[string]*bucket, len(gen.Operations))}
	for _, operation := range gen.Operations {
		l.buckets[operation.Path] = l.newBucket()
	}
	return l
}

func (l *Limiter) newBucket() *bucket {
	burst := max(1, l.n/10)
	return &bucket{tokens: rate.NewLimiter(rate.Limit(max(1, l.n-burst)), burst)}
}

func (l *Limiter) bucket(operation *gen.Operation) *bucket {
	if b, ok := l.buckets[operation.Path]; ok {
		return b
	}
	b, _ := l.others.LoadOrStore(operation.Path, l.newBucket())
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
