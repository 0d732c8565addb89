package redislimit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/nimroom/nimroom/gen"
)

// ErrRedis tells that Redis gave no turn, where [WithoutFallback] keeps calls
// from going on without one. What went wrong is wrapped beside it.
var ErrRedis = errors.New("redislimit: Redis failed")

// Limiter shares an app's quota among processes. It is made by [New] and safe
// for use by several goroutines; make one and keep it.
type Limiter struct {
	config
	client     redis.Scripter
	breaker    breaker
	operations sync.Map // *operation by path

	turned func(micros int64) // tells tests of each turn used, on Redis's clock
}

// New returns a limiter that keeps each operation of the app to n calls a
// second, at most 10000, over all processes that use the same Redis, app key
// and quotas. Nothing is sent to Redis before the first call.
//
// The client is any of go-redis: a single Redis (5 or newer), a cluster, a ring,
// or sentinels. The limiter does not close it.
func New(client redis.Scripter, appKey string, n int, options ...Option) (*Limiter, error) {
	c := config{
		prefix:    "nimroom",
		appKey:    appKey,
		quota:     quota{calls: n, per: time.Second},
		quotas:    map[string]quota{},
		margin:    DefaultMargin,
		timeout:   DefaultTimeout,
		processes: DefaultProcesses,
		onError:   func(error) {},
	}
	switch {
	case client == nil:
		return nil, errors.New("redislimit: no Redis client")
	case appKey == "":
		return nil, errors.New("redislimit: no app key")
	}
	if err := c.quota.validate(); err != nil {
		return nil, fmt.Errorf("redislimit: %w", err)
	}
	for _, option := range options {
		if err := option(&c); err != nil {
			return nil, fmt.Errorf("redislimit: %w", err)
		}
	}
	return &Limiter{config: c, client: client}, nil
}

// Wait returns when it is the call's turn. It costs one round trip, and another
// after a pause in which this process heard nothing from Redis about the
// operation for a while. When the context ends first, or the turn would come
// after its deadline, the error is the context's.
func (l *Limiter) Wait(ctx context.Context, op *gen.Operation) error {
	o := l.operation(op)
	for {
		if err := pause(ctx, time.Until(o.blockedUntil())); err != nil {
			return err
		}
		turn, err := l.reserve(ctx, o)
		if err != nil {
			return l.withoutRedis(ctx, o, err)
		}
		if turn.tooLate {
			return context.DeadlineExceeded
		}
		now := time.Now()
		due := now.Add(turn.wait)
		o.heard(now, turn.block)
		if err := pause(ctx, turn.wait); err != nil {
			return err
		}
		if o.silentFor(time.Now()) > newsAge {
			l.askForBlock(ctx, o)
		}
		// The block that the turn itself reckoned with ends at the same time as
		// the wait, give or take the latency of the answers that told of it.
		if o.blockedUntil().After(due.Add(l.margin)) {
			continue
		}
		if l.turned != nil {
			l.turned(turn.micros)
		}
		return nil
	}
}

// Blocked tells the fleet that the service blocks the operation for d. A block
// never ends an earlier, longer one. It costs one round trip; where that fails,
// this process keeps to the block by itself.
func (l *Limiter) Blocked(op *gen.Operation, d time.Duration) {
	if d <= 0 {
		return
	}
	d += l.margin
	o := l.operation(op)
	o.heard(time.Now(), d)
	_, _ = l.run(context.Background(), blockScript, o.keys[1:], d.Milliseconds()) // the error handler was told
}

// newsAge is how old a process's knowledge of a block may be when a call ends
// its wait: so long may calls go on that were waiting when another process met
// the block.
const newsAge = 250 * time.Millisecond

// askForBlock learns of a block. Without an answer there is none: the turn is
// the call's.
func (l *Limiter) askForBlock(ctx context.Context, o *operation) {
	reply, err := l.run(ctx, blockScript, o.keys[1:], 0)
	if err != nil {
		return
	}
	if left, err := reply.Int64(); err == nil {
		o.heard(time.Now(), time.Duration(left)*time.Millisecond)
	}
}

// operation is what the limiter knows of an operation.
type operation struct {
	keys     []string // turns, block
	pace     pace
	fallback fallback

	mu    sync.Mutex
	until time.Time // end of the block, as far as this process knows
	news  time.Time // when it heard of that
}

func (l *Limiter) operation(op *gen.Operation) *operation {
	if o, ok := l.operations.Load(op.Path); ok {
		return o.(*operation)
	}
	q := l.quotaOf(op.Path)
	// The braces put both keys on one node of a cluster.
	key := l.prefix + ":{" + l.appKey + ":" + op.Path + "}:"
	o, _ := l.operations.LoadOrStore(op.Path, &operation{
		keys:     []string{key + "turns", key + "block"},
		pace:     q.pace(l.margin),
		fallback: newFallback(q, l.processes),
	})
	return o.(*operation)
}

func (o *operation) blockedUntil() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.until
}

// heard takes down what is left of the block at a time; 0 for none.
func (o *operation) heard(now time.Time, left time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.news = now
	if until := now.Add(left); until.After(o.until) {
		o.until = until
	}
}

func (o *operation) silentFor(now time.Time) time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	return now.Sub(o.news)
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
