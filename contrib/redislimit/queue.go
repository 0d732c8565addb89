package redislimit

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// ahead is how far ahead of their time a process reserves turns beyond the next one.
// It bounds what is lost when all its calls give up at once, or it dies.
const ahead = 250 * time.Millisecond

// queue holds the calls of this process that wait for a turn of an operation, the
// first one first. A turn is handed out when it is due, to whoever is first then: so
// one that gives up loses no turn, those behind it move up.
type queue struct {
	mu      sync.Mutex
	waiting list.List   // of *waiter
	serving bool        // a goroutine gets turns and hands them out
	held    []time.Time // when the turns are due that Redis has given and nobody has yet
	next    time.Time   // no turn beyond those held comes before
}

// waiter is a call that waits.
type waiter struct {
	deadline time.Time       // of its context, zero for none
	gone     <-chan struct{} // its context's end
	told     chan verdict    // with room for one
	place    *list.Element   // nil when it has left the queue
}

// verdict is how a wait ends.
type verdict struct {
	micros int64      // when the turn is, on Redis's clock
	late   *lateError // there is none before the deadline
	err    error      // Redis gives none
}

// lateError tells a call whose turn comes after its deadline how long it would have
// to wait, at least.
type lateError struct{ wait time.Duration }

func (e *lateError) Error() string { return "no turn for " + e.wait.String() }

// Unwrap makes it the context's error.
func (e *lateError) Unwrap() error { return context.DeadlineExceeded }

// RetryAfter is where the client takes the wait from.
func (e *lateError) RetryAfter() time.Duration { return e.wait }

// enter lines a call up, unless its turn would come too late. It tells whether
// somebody has to serve the queue.
func (q *queue) enter(ctx context.Context, p pace, free time.Time) (w *waiter, serve bool, late *lateError) {
	q.mu.Lock()
	defer q.mu.Unlock()
	w = &waiter{gone: ctx.Done(), told: make(chan verdict, 1)}
	w.deadline, _ = ctx.Deadline()
	if late := w.late(q.earliest(q.waiting.Len(), p, free)); late != nil {
		return nil, false, late
	}
	w.place = q.waiting.PushBack(w)
	serve, q.serving = !q.serving, true
	return w, serve, nil
}

// leave takes a call out that gives up, and tells whether it was still in line.
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

// late tells of a turn that comes after the call's deadline; nil where it does not.
func (w *waiter) late(at time.Time) *lateError {
	if w.deadline.IsZero() || at.Before(w.deadline) {
		return nil
	}
	return &lateError{max(0, time.Until(at))}
}

// earliest bounds from below when the turn of a place in the line comes; free is
// the end of a block.
func (q *queue) earliest(place int, p pace, free time.Time) time.Time {
	at := q.next
	if place < len(q.held) {
		at = q.held[place]
	} else {
		at = at.Add(time.Duration((place-len(q.held))/p.calls) * p.window)
	}
	if at.Before(free) {
		return free
	}
	return at
}

// demand tells how many calls wait, and until when the most patient one can; a zero
// time is for ever. Where none waits the queue needs nobody to serve it any more.
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

// plan notes the turns that were given, and refuses those who cannot wait for theirs.
func (q *queue) plan(held []time.Time, next time.Time, p pace, free time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held, q.next = held, next
	place := 0
	for e := q.waiting.Front(); e != nil; {
		w := e.Value.(*waiter)
		e = e.Next()
		if late := w.late(q.earliest(place, p, free)); late != nil {
			q.remove(w)
			w.told <- verdict{late: late}
		} else {
			place++
		}
	}
}

// hand gives the first of the turns held to the first call in line, if there is one.
func (q *queue) hand(v verdict) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held = q.held[1:]
	for e := q.waiting.Front(); e != nil; e = q.waiting.Front() {
		w := e.Value.(*waiter)
		q.remove(w)
		select {
		case <-w.gone: // and not yet left
			w.told <- verdict{late: new(lateError)}
		default:
			w.told <- v
			return
		}
	}
}

// fail tells all calls in line that Redis gives no turns.
func (q *queue) fail(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for e := q.waiting.Front(); e != nil; e = q.waiting.Front() {
		w := e.Value.(*waiter)
		q.remove(w)
		w.told <- verdict{err: err}
	}
}
