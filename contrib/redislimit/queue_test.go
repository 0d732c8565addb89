package redislimit

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestMassCancelDelaysNoOtherCalls makes hundreds of calls of several processes wait, as many
// as several seconds of the quota, and give up. A later call must get its turn at once.
func TestMassCancelDelaysNoOtherCalls(t *testing.T) {
	client := startRedis(t).client(t)
	const processes, calls, n = 3, 200, 100
	ctx, giveUp := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for range processes {
		l := newLimiter(t, client, n)
		for range calls {
			group.Go(func() { _ = l.Wait(ctx, get) })
		}
		for waitingCalls(l) < calls/2 { // some calls get their turn before the others start
			wait(time.Millisecond)
		}
	}
	giveUp()
	group.Wait()
	l := newLimiter(t, client, n)
	given, err := l.reserve(l.operation(get), 1, -1)
	if err != nil || len(given.waits) != 1 {
		t.Fatal(given, err)
	}
	// Each process had reserved the turns of at most a quarter of a second, and one more.
	if most := ahead + processes*l.operation(get).pace.window; given.waits[0] > most {
		t.Errorf("the next turn comes in %v, want within %v", given.waits[0], most)
	}
}

func waitingCalls(l *Limiter) int {
	q := &l.operation(get).queue
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.waiting.Len()
}

// fill adds calls to a queue. Each has a deadline after the given time; 0 stands for no
// deadline.
func fill(t *testing.T, q *queue, p pace, timeouts ...time.Duration) []*waiter {
	t.Helper()
	var waiters []*waiter
	for _, d := range timeouts {
		ctx := t.Context()
		if d > 0 {
			limited, cancel := context.WithTimeout(ctx, d)
			t.Cleanup(cancel)
			ctx = limited
		}
		w, _, _ := q.enter(ctx, p, time.Time{})
		waiters = append(waiters, w)
	}
	return waiters
}

// outcomeOf returns the outcome of a call, if it has one.
func outcomeOf(w *waiter) (v outcome, ok bool) {
	select {
	case v = <-w.done:
		return v, true
	default:
		return v, false
	}
}

func TestTurnsGoToCallsThatStillWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queue
		p := pace{calls: 1, window: time.Second}
		w := fill(t, &q, p, 0, 0, 0)
		now := time.Now()
		q.plan([]time.Time{now, now.Add(time.Second)}, now.Add(2*time.Second), p, time.Time{})
		if !q.leave(w[0]) || q.leave(w[0]) {
			t.Error("want a call to leave exactly once")
		}
		q.give(outcome{micros: 1})
		q.give(outcome{micros: 2})
		for i, want := range []int64{0, 1, 2} {
			if v, ok := outcomeOf(w[i]); ok != (want != 0) || v.micros != want {
				t.Errorf("call %d: %+v %t, want turn %d", i, v, ok, want)
			}
		}
		if calls, _ := q.demand(); calls != 0 {
			t.Errorf("%d calls left", calls)
		}
	})
}

func TestCancelledCallIsSkipped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queue
		p := pace{calls: 1, window: time.Second}
		w := fill(t, &q, p, time.Second, 0)
		time.Sleep(2 * time.Second) //nolint:forbidigo // it takes the time of the bubble; the first call has not left the queue yet
		q.held = []time.Time{time.Now()}
		q.give(outcome{micros: 1})
		if v, ok := outcomeOf(w[0]); !ok || v.late == nil {
			t.Errorf("the first: %+v", v)
		}
		if v, _ := outcomeOf(w[1]); v.micros != 1 {
			t.Errorf("the second: %+v", v)
		}
	})
}

// TestCallsThatCannotWaitFailAtOnce checks new calls, and waiting calls when their turns
// are known.
func TestCallsThatCannotWaitFailAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queue
		p := pace{calls: 2, window: time.Second}
		// Two turns are reserved. The third and the fourth come in a second at the
		// earliest, and the fifth a second later.
		w := fill(t, &q, p, 100*time.Millisecond, time.Hour, time.Second, time.Hour, 1500*time.Millisecond, time.Hour, 1500*time.Millisecond)
		now := time.Now()
		q.plan([]time.Time{now, now.Add(500 * time.Millisecond)}, now.Add(time.Second), p, time.Time{})
		for i, late := range []bool{false, false, true, false, false, false, true} {
			if v, ok := outcomeOf(w[i]); ok != late || (v.late != nil) != late {
				t.Errorf("call %d: %+v, want late %t", i, v, late)
			}
		}
		if w := fill(t, &q, p, 1999*time.Millisecond); w[0] != nil {
			t.Error("a new call waits for a turn that comes too late")
		}
		if w := fill(t, &q, p, 2001*time.Millisecond); w[0] == nil {
			t.Error("a new call fails although its turn comes in time")
		}
		q.plan(nil, now, p, now.Add(time.Minute)) // a block
		if calls, longest := q.demand(); calls != 3 || !longest.Equal(now.Add(time.Hour)) {
			t.Errorf("%d calls wait during a block of a minute, until %v", calls, longest)
		}
	})
}

func TestFailureEndsAllWaitingCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queue
		down := errors.New("down")
		w := fill(t, &q, pace{calls: 1, window: time.Second}, 0, time.Hour)
		q.fail(down)
		for i := range w {
			if v, ok := outcomeOf(w[i]); !ok || !errors.Is(v.err, down) {
				t.Errorf("call %d: %+v", i, v)
			}
		}
		if calls, _ := q.demand(); calls != 0 || q.serving {
			t.Error("the queue is still served")
		}
	})
}
