package redislimit

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// ahead is how far ahead of their time a process reserves turns, apart from the next turn.
// It bounds the loss of turns when all calls of the process give up at once or it dies.
const ahead = 250 * time.Millisecond

// queue holds the calls of this process that wait for a turn of an operation, in order of
// arrival. When a turn is due, the first call in the queue gets it. So no turn is lost
// when a call gives up: the calls behind it move up.
type queue struct {
	mu      sync.Mutex
	waiting list.List   // of *waiter
	serving bool        // a goroutine reserves turns and gives them out
	held    []time.Time // when the reserved turns are due that no call has yet
	next    time.Time   // the turn after those held comes at this time or later
}

// waiter is a call that waits.
type waiter struct {
	deadline time.Time       // deadline of its context, or zero
	gone     <-chan struct{} // closed when its context ends
	done     chan outcome    // buffered for one outcome
	place    *list.Element   // nil after the call has left the queue
}

// outcome is how a wait ends: with a turn, because the turn is too late, or with an error.
type outcome struct {
	micros int64      // time of the turn by Redis's clock, in microseconds
	late   *lateError // set if there is no turn before the deadline
	err    error      // set if Redis failed
}

// lateError is the error of a call whose turn would come after its deadline. wait is the
// minimum time that the call would have to wait.
type lateError struct{ wait time.Duration }

func (e *lateError) Error() string { return "no turn for " + e.wait.String() }

// Unwrap returns [context.DeadlineExceeded].
func (e *lateError) Unwrap() error { return context.DeadlineExceeded }

// RetryAfter returns how long the call would have to wait. The client calls it.
func (e *lateError) RetryAfter() time.Duration { return e.wait }

// enter appends a call to the queue, unless its turn would come too late. serve reports
// whether the caller must start a goroutine that serves the queue.
func (q *queue) enter(ctx context.Context, p pace, blockEnd time.Time) (w *waiter, serve bool, late *lateError) {
	q.mu.Lock()
	defer q.mu.Unlock()
	w = &waiter{gone: ctx.Done(), done: make(chan outcome, 1)}
	w.deadline, _ = ctx.Deadline()
	if late := w.late(q.earliest(q.waiting.Len(), p, blockEnd)); late != nil {
		return nil, false, late
	}
	w.place = q.waiting.PushBack(w)
	serve, q.serving = !q.serving, true
	return w, serve, nil
}

// leave removes a call that gives up. It reports whether the call was still in the queue.
func (q *queue) leave(w *waiter) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.remove(w)
}

func (q *queue) remove(w *waiter) bool {
	if w.place == nil {
		return false
	}
	q.waiting.Remove(w.place)
	w.place = nil
	return true
}

// late returns an error if a turn at the given time comes after the call's deadline, and
// nil otherwise.
func (w *waiter) late(at time.Time) *lateError {
	if w.deadline.IsZero() || at.Before(w.deadline) {
		return nil
	}
	return &lateError{max(0, time.Until(at))}
}

// earliest returns the earliest time at which the turn of a place in the queue can come.
// blockEnd is the end of the last block.
func (q *queue) earliest(place int, p pace, blockEnd time.Time) time.Time {
	at := q.next
	if place < len(q.held) {
		at = q.held[place]
	} else {
		at = at.Add(time.Duration((place-len(q.held))/p.calls) * p.window)
	}
	if at.Before(blockEnd) {
		return blockEnd
	}
	return at
}

// demand returns the number of waiting calls and their latest deadline, which is zero if
// one of them has no deadline. If no call waits, demand also marks the queue as no longer
// served.
func (q *queue) demand() (calls int, longest time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	calls = q.waiting.Len()
	for e := q.waiting.Front(); e != nil; e = e.Next() {
		deadline := e.Value.(*waiter).deadline
		if deadline.IsZero() {
			return calls, time.Time{}
		}
		if deadline.After(longest) {
			longest = deadline
		}
	}
	q.serving = calls > 0
	return calls, longest
}

// plan records the reserved turns and removes the calls whose deadlines are before their
// turns.
func (q *queue) plan(held []time.Time, next time.Time, p pace, blockEnd time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held, q.next = held, next
	place := 0
	for e := q.waiting.Front(); e != nil; {
		w := e.Value.(*waiter)
		e = e.Next()
		if late := w.late(q.earliest(place, p, blockEnd)); late != nil {
			q.remove(w)
			w.done <- outcome{late: late}
		} else {
			place++
		}
	}
}

// give gives the first reserved turn to the first call in the queue, if there is one.
func (q *queue) give(turn outcome) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held = q.held[1:]
	for e := q.waiting.Front(); e != nil; e = q.waiting.Front() {
		w := e.Value.(*waiter)
		q.remove(w)
		select {
		case <-w.gone: // the call gives up but has not left the queue yet
			w.done <- outcome{late: new(lateError)}
		default:
			w.done <- turn
			return
		}
	}
}

// fail ends the wait of all calls in the queue because Redis failed.
func (q *queue) fail(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for e := q.waiting.Front(); e != nil; e = q.waiting.Front() {
		w := e.Value.(*waiter)
		q.remove(w)
		w.done <- outcome{err: err}
	}
}
