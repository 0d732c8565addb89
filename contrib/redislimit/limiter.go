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

// Wait returns when it is the call's turn. A call that has none before it costs one
// round trip, several that wait together share them. When the context ends first, or
// the turn is seen to come after its deadline, the error is the context's; it tells
// how long the wait would be by a method RetryAfter.
func (l *Limiter) Wait(ctx context.Context, op *gen.Operation) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	o := l.operation(op)
	w, serve, late := o.queue.enter(ctx, o.pace, o.blockedUntil())
	if late != nil {
		return late
	}
	if serve {
		go l.serve(o) //nolint:contextcheck // it serves the calls that come after, too
	}
	var v verdict
	select {
	case v = <-w.told:
	case <-ctx.Done():
		if o.queue.leave(w) {
			return ctx.Err()
		}
		v = <-w.told // at the same moment
	}
	switch {
	case v.err != nil:
		return l.withoutRedis(ctx, o, v.err)
	case v.late != nil && ctx.Err() != nil:
		return ctx.Err()
	case v.late != nil:
		return v.late
	case l.turned != nil:
		l.turned(v.micros)
	}
	return nil
}

// serve gets turns for the calls in line and hands them out, until none waits.
func (l *Limiter) serve(o *operation) {
	for {
		free := o.blockedUntil()
		blocked := time.Until(free)
		if blocked > 0 {
			o.queue.plan(nil, free, o.pace, free)
		}
		calls, longest := o.queue.demand()
		switch {
		case calls == 0:
			return
		case blocked > 0:
			<-time.After(blocked)
			continue
		}
		patience := time.Duration(-1)
		if !longest.IsZero() {
			patience = max(0, time.Until(longest))
		}
		given, err := l.reserve(o, min(calls, o.pace.atATime()), patience)
		if err != nil {
			o.queue.fail(err)
			continue
		}
		l.handOut(o, given)
	}
}

// handOut hands out turns as they are due. Those that a block makes void are dropped.
func (l *Limiter) handOut(o *operation, given turns) {
	now := time.Now()
	o.heard(now, given.block)
	held := make([]time.Time, len(given.waits))
	for i, wait := range given.waits {
		held[i] = now.Add(wait)
	}
	o.queue.plan(held, now.Add(given.next), o.pace, o.blockedUntil())
	for i, due := range held {
		if wait := time.Until(due); wait > 0 {
			<-time.After(wait)
		}
		if o.silentFor(time.Now()) > newsAge {
			l.askForBlock(o)
		}
		// The block that the turn itself reckoned with ends at the same time as
		// the wait, give or take the latency of the answers that told of it.
		if o.blockedUntil().After(due.Add(l.margin)) {
			return
		}
		o.queue.hand(verdict{micros: given.now + given.waits[i].Microseconds()})
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
	_, _ = l.run(blockScript, o.keys[1:], d.Milliseconds()) // the error handler was told
}

// newsAge is how old a process's knowledge of a block may be when it hands out a
// turn: so long may calls go on that were waiting when another process met the block.
const newsAge = 250 * time.Millisecond

// askForBlock learns of a block. Without an answer there is none: the turn is
// the call's.
func (l *Limiter) askForBlock(o *operation) {
	reply, err := l.run(blockScript, o.keys[1:], 0)
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
	queue    queue

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
