package redislimit

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/nimroom/nimroom/gen"
)

// ErrRedis is the error of a call that got no turn because Redis failed. Only limiters
// with [WithoutFallback] return it. The returned error also wraps the cause.
var ErrRedis = errors.New("redislimit: Redis failed")

// Limiter shares an app's quota among processes. Use [New] to create one, and use it for
// all calls of the process. It is safe for concurrent use.
type Limiter struct {
	config
	client     redis.Scripter
	breaker    breaker
	operations sync.Map // *operation by path

	onTurn func(micros int64) // reports each turn that is used to tests, by Redis's clock
}

// New returns a limiter that allows n calls per second for each operation of the app that
// has no rate limit of its own in the spec, counted over all processes with the same Redis,
// app key and quotas. The other operations, such as queryChatroomMsg with 1200 calls per
// minute, keep to their own limits. n is from 1 to 10000. New does not contact Redis.
//
// The client may be any client of go-redis: for a single Redis (5 or newer), a cluster, a
// ring or sentinels. The limiter does not close it.
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
	case isNil(client):
		return nil, errors.New("redislimit: no Redis client")
	case appKey == "":
		return nil, errors.New("redislimit: no app key")
	}
	if err := c.quota.validate(); err != nil {
		return nil, fmt.Errorf("redislimit: %w", err)
	}
	for i, option := range options {
		if option == nil {
			return nil, fmt.Errorf("redislimit: option %d is nil", i+1)
		}
		if err := option(&c); err != nil {
			return nil, fmt.Errorf("redislimit: %w", err)
		}
	}
	return &Limiter{config: c, client: client}, nil
}

// isNil reports whether there is no client.
func isNil(client any) bool {
	return client == nil || reflect.ValueOf(client).Kind() == reflect.Pointer && reflect.ValueOf(client).IsNil()
}

// Wait waits for the turn of a call. It costs one round trip to Redis if no other call of
// the process waits for the operation; calls that wait together share round trips. If ctx
// ends first, Wait returns the error of ctx. If the turn would come after the deadline of
// ctx, Wait returns at once. Its error then wraps [context.DeadlineExceeded] and has a
// method RetryAfter, which returns how long the call would have had to wait.
func (l *Limiter) Wait(ctx context.Context, op *gen.Operation) error {
	switch {
	case ctx == nil:
		return errors.New("redislimit: the context is nil")
	case op == nil:
		return errors.New("redislimit: the operation is nil")
	case ctx.Err() != nil:
		return ctx.Err()
	}
	o := l.operation(op)
	w, serve, late := o.queue.enter(ctx, o.pace, o.blockedUntil())
	if late != nil {
		return late
	}
	if serve {
		go l.serve(o) //nolint:contextcheck // it also serves later calls
	}
	var got outcome
	select {
	case got = <-w.done:
	case <-ctx.Done():
		if o.queue.leave(w) {
			return ctx.Err()
		}
		got = <-w.done // the call got its outcome at the same moment
	}
	switch {
	case got.err != nil:
		return l.withoutRedis(ctx, o, got.err)
	case got.late != nil && ctx.Err() != nil:
		return ctx.Err()
	case got.late != nil:
		return got.late
	case l.onTurn != nil:
		l.onTurn(got.micros)
	}
	return nil
}

// serve reserves turns for the calls in the queue and gives them out, until no call waits.
func (l *Limiter) serve(o *operation) {
	for {
		blockEnd := o.blockedUntil()
		blocked := time.Until(blockEnd)
		if blocked > 0 {
			o.queue.plan(nil, blockEnd, o.pace, blockEnd)
		}
		calls, longest := o.queue.demand()
		switch {
		case calls == 0:
			return
		case blocked > 0:
			<-time.After(blocked)
			continue
		}
		maxWait := time.Duration(-1)
		if !longest.IsZero() {
			maxWait = max(0, time.Until(longest))
		}
		reserved, err := l.reserve(o, min(calls, o.pace.perRoundTrip()), maxWait)
		if err != nil {
			o.queue.fail(err)
			continue
		}
		l.giveOut(o, reserved)
	}
}

// giveOut gives out the reserved turns when they are due. It drops turns during a block.
func (l *Limiter) giveOut(o *operation, reserved turns) {
	now := time.Now()
	o.noteBlock(now, reserved.block)
	held := make([]time.Time, len(reserved.waits))
	for i, wait := range reserved.waits {
		held[i] = now.Add(wait)
	}
	o.queue.plan(held, now.Add(reserved.next), o.pace, o.blockedUntil())
	for i, due := range held {
		if wait := time.Until(due); wait > 0 {
			<-time.After(wait)
		}
		if o.blockAge(time.Now()) > blockMaxAge {
			l.checkBlock(o)
		}
		// Redis took a block that it knew of into account, so the turn comes when that
		// block ends, up to the latency of Redis's replies. A later end means a new block.
		if o.blockedUntil().After(due.Add(l.margin)) {
			return
		}
		o.queue.give(outcome{micros: reserved.now + reserved.waits[i].Microseconds()})
	}
}

// Blocked reports to the fleet that the service blocks the operation for d. It never
// shortens an earlier block. It costs one round trip to Redis. If that fails, only this
// process observes the block.
func (l *Limiter) Blocked(op *gen.Operation, d time.Duration) {
	if d <= 0 || op == nil {
		return
	}
	d += l.margin
	o := l.operation(op)
	o.noteBlock(time.Now(), d)
	_, _ = l.run(blockScript, o.keys[1:], d.Milliseconds()) // run has called the error handler
}

// blockMaxAge is the maximum age of a process's knowledge about a block when it gives out a
// turn. It bounds how long waiting calls continue after another process reports a block.
const blockMaxAge = 250 * time.Millisecond

// checkBlock asks Redis for a block of the operation. If Redis fails, it assumes that there
// is none.
func (l *Limiter) checkBlock(o *operation) {
	reply, err := l.run(blockScript, o.keys[1:], 0)
	if err != nil {
		return
	}
	if left, err := reply.Int64(); err == nil {
		o.noteBlock(time.Now(), time.Duration(left)*time.Millisecond)
	}
}

// operation is the state of an operation in this process.
type operation struct {
	keys     []string // the keys in Redis of the turns and of the block
	pace     pace
	lost     time.Duration // how long turns count that Redis may have lost
	lastRun  atomic.Int64  // time of the last run in which this process reserved turns, by Redis's clock
	fallback fallback
	queue    queue

	mu           sync.Mutex
	blockEnd     time.Time // end of the last block that this process knows
	blockChecked time.Time // when this process last learnt from Redis or the service about a block
}

func (l *Limiter) operation(op *gen.Operation) *operation {
	if o, ok := l.operations.Load(op.Path); ok {
		return o.(*operation)
	}
	q := l.quotaOf(op)
	// The braces put both keys on one node of a cluster.
	key := l.prefix + ":{" + l.appKey + ":" + op.Path + "}:"
	o, _ := l.operations.LoadOrStore(op.Path, &operation{
		keys:     []string{key + "turns", key + "block"},
		pace:     q.pace(l.margin),
		lost:     q.per + l.margin + ahead,
		fallback: newFallback(q, l.processes),
	})
	return o.(*operation)
}

func (o *operation) blockedUntil() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.blockEnd
}

// noteBlock records that a block lasts for left from now on; 0 means that there is none.
func (o *operation) noteBlock(now time.Time, left time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.blockChecked = now
	if end := now.Add(left); end.After(o.blockEnd) {
		o.blockEnd = end
	}
}

// blockAge returns the age of what this process knows about a block.
func (o *operation) blockAge(now time.Time) time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	return now.Sub(o.blockChecked)
}
