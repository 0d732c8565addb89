package wrapper

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/nimroom/nimroom/gen"
)

// A Limiter keeps calls within the app's quota, which the service counts per
// operation. It must be safe for use by several goroutines. Package
// contrib/redislimit has one for a fleet that shares a quota.
type Limiter interface {
	// Wait returns when the operation may be sent once. An error ends the call
	// before anything is sent; where the context ends first, or would, it is
	// the context's. One with a method RetryAfter() time.Duration tells by it how long
	// the wait would have been, see [Error.RetryAfter].
	Wait(ctx context.Context, operation *gen.Operation) error
	// Blocked is told that the service refused the operation for its rate and
	// blocks it for a while.
	Blocked(operation *gen.Operation, d time.Duration)
}

// An Allower is a [Limiter] that can let a call through at once. It is optional: a
// limiter that has it is asked by Allow first, and by Wait where that says no, which
// spares most calls a context of their own.
type Allower interface {
	Limiter
	// Allow takes a turn if there is one now, and tells whether it did.
	Allow(operation *gen.Operation) bool
}

// DefaultRate is the quota of an app per operation and second, where the
// vendor has set no other.
const DefaultRate = 100

// WithRate keeps each operation to n attempts a second, on this machine: never more
// in any second, and so about nine tenths of n when calls never stop, less for an n
// below 10. The default is [DefaultRate]. Programs that share an app share its quota: divide
// it among them, or use [WithLimiter] with a limiter that they share.
func WithRate(n int) Option {
	return clientOption(func(c *config) error {
		if n < 1 {
			return fmt.Errorf("rate %d: at least 1", n)
		}
		c.limiter = newLocalLimiter(n)
		return nil
	})
}

// WithLimiter sets the limiter; nil stands for none.
func WithLimiter(limiter Limiter) Option {
	return clientOption(func(c *config) error {
		c.limiter = limiter
		return nil
	})
}

// localLimiter holds a token bucket for each operation. The buckets are those
// of golang.org/x/time/rate: kept by the Go team, cancellable, no dependencies.
//
// Of n a second a tenth may come at once and the rest flows in evenly, so that
// no second, wherever it begins, sees more than n.
type localLimiter struct {
	n       int
	buckets map[string]*bucket // the known operations', read only
	others  sync.Map           // of paths given to Do
}

type bucket struct {
	tokens *rate.Limiter
	until  atomic.Int64 // end of the service's block, in Unix nanoseconds
}

func newLocalLimiter(n int) *localLimiter {
	l := &localLimiter{n: n, buckets: make(map[string]*bucket, len(gen.Operations))}
	for _, operation := range gen.Operations {
		l.buckets[operation.Path] = l.newBucket()
	}
	return l
}

func (l *localLimiter) newBucket() *bucket {
	burst := max(1, l.n/10)
	return &bucket{tokens: rate.NewLimiter(rate.Limit(max(1, l.n-burst)), burst)}
}

func (l *localLimiter) bucket(operation *gen.Operation) *bucket {
	if b, ok := l.buckets[operation.Path]; ok {
		return b
	}
	b, _ := l.others.LoadOrStore(operation.Path, l.newBucket())
	return b.(*bucket)
}

var _ Allower = (*localLimiter)(nil)

func (l *localLimiter) Allow(operation *gen.Operation) bool {
	b := l.bucket(operation)
	return !b.blocked() && b.tokens.Allow()
}

func (l *localLimiter) Wait(ctx context.Context, operation *gen.Operation) error {
	b := l.bucket(operation)
	for {
		if left := b.blockLeft(); left > 0 {
			if err := pause(ctx, left); err != nil {
				return &heldError{max(0, b.blockLeft()), err}
			}
		}
		if err := b.tokens.Wait(ctx); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return context.DeadlineExceeded // the turn would come after it
		}
		if !b.blocked() { // it may have begun while this call waited
			return nil
		}
	}
}

// heldError tells how long a block still lasts that a call cannot wait for.
type heldError struct {
	left  time.Duration
	cause error
}

func (e *heldError) Error() string { return "blocked for " + e.left.String() + ": " + e.cause.Error() }
func (e *heldError) Unwrap() error { return e.cause }

// RetryAfter is where held takes the wait from, of this limiter and of others.
func (e *heldError) RetryAfter() time.Duration { return e.left }

func (l *localLimiter) Blocked(operation *gen.Operation, d time.Duration) {
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

// pause waits for d, or less when the context ends. It does not begin to wait
// for what comes after the deadline.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= d {
		return context.DeadlineExceeded
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
