package redislimit

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestMassCancelHoldsNobodyUp: hundreds of calls of several processes wait, for seconds
// of the quota, and give up. Whoever comes then has its turn at once.
func TestMassCancelHoldsNobodyUp(t *testing.T) {
	client := startRedis(t).client(t)
	const processes, calls, n = 3, 200, 100
	ctx, giveUp := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for range processes {
		l := newLimiter(t, client, n)
		for range calls {
			group.Go(func() { _ = l.Wait(ctx, get) })
		}
		for inLine(l) < calls/2 { // while they get in line some get their turn
			rest(time.Millisecond)
		}
	}
	giveUp()
	group.Wait()
	l := newLimiter(t, client, n)
	given, err := l.reserve(l.operation(get), 1, -1)
	if err != nil || len(given.waits) != 1 {
		t.Fatal(given, err)
	}
	// Each process had the turns of a quarter of a second at most, and one.
	if most := ahead + processes*l.operation(get).pace.window; given.waits[0] > most {
		t.Errorf("the next turn comes in %v, want within %v", given.waits[0], most)
	}
}

func inLine(l *Limiter) int {
	q := &l.operation(get).queue
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.waiting.Len()
}

// line is a queue with calls in it, by their patience; 0 is for ever.
func line(t *testing.T, q *queue, p pace, patience ...time.Duration) []*waiter {
	t.Helper()
	var waiters []*waiter
	for _, d := range patience {
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

// told is what a call was told, if anything.
func told(w *waiter) (v verdict, ok bool) {
	select {
	case v = <-w.told:
		return v, true
	default:
		return v, false
	}
}

func TestTurnsGoToThoseWhoStillWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queue
		p := pace{calls: 1, window: time.Second}
		w := line(t, &q, p, 0, 0, 0)
		now := time.Now()
		q.plan([]time.Time{now, now.Add(time.Second)}, now.Add(2*time.Second), p, time.Time{})
		if !q.leave(w[0]) || q.leave(w[0]) {
			t.Error("a call leaves once")
		}
		q.hand(verdict{micros: 1})
		q.hand(verdict{micros: 2})
		for i, want := range []int64{0, 1, 2} {
			if v, ok := told(w[i]); ok != (want != 0) || v.micros != want {
				t.Errorf("call %d: %+v %t, want turn %d", i, v, ok, want)
			}
		}
		if calls, _ := q.demand(); calls != 0 {
			t.Errorf("%d calls left", calls)
		}
	})
}

func TestWhoGaveUpIsPassedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queue
		p := pace{calls: 1, window: time.Second}
		w := line(t, &q, p, time.Second, 0)
		time.Sleep(2 * time.Second) //nolint:forbidigo // the bubble's time; the first has not left yet
		q.held = []time.Time{time.Now()}
		q.hand(verdict{micros: 1})
		if v, ok := told(w[0]); !ok || v.late == nil {
			t.Errorf("the first: %+v", v)
		}
		if v, _ := told(w[1]); v.micros != 1 {
			t.Errorf("the second: %+v", v)
		}
	})
}

// TestCallsThatCannotWaitAreRefusedAtOnce, both when they come and when it is seen.
func TestCallsThatCannotWaitAreRefusedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queue
		p := pace{calls: 2, window: time.Second}
		// Two turns are held, and the third comes in a second at the earliest, with
		// the fourth; the fifth a second later.
		w := line(t, &q, p, 100*time.Millisecond, time.Hour, time.Second, time.Hour, 1500*time.Millisecond, time.Hour, 1500*time.Millisecond)
		now := time.Now()
		q.plan([]time.Time{now, now.Add(500 * time.Millisecond)}, now.Add(time.Second), p, time.Time{})
		for i, late := range []bool{false, false, true, false, false, false, true} {
			if v, ok := told(w[i]); ok != late || (v.late != nil) != late {
				t.Errorf("call %d: %+v, want late %t", i, v, late)
			}
		}
		if w := line(t, &q, p, 1999*time.Millisecond); w[0] != nil {
			t.Error("a newcomer lines up for a turn that comes too late")
		}
		if w := line(t, &q, p, 2001*time.Millisecond); w[0] == nil {
			t.Error("a newcomer is refused who can wait")
		}
		q.plan(nil, now, p, now.Add(time.Minute)) // a block
		if calls, longest := q.demand(); calls != 3 || !longest.Equal(now.Add(time.Hour)) {
			t.Errorf("%d calls wait out a block of a minute, until %v", calls, longest)
		}
	})
}

func TestFailureIsToldToAllInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queue
		down := errors.New("down")
		w := line(t, &q, pace{calls: 1, window: time.Second}, 0, time.Hour)
		q.fail(down)
		for i := range w {
			if v, ok := told(w[i]); !ok || !errors.Is(v.err, down) {
				t.Errorf("call %d: %+v", i, v)
			}
		}
		if calls, _ := q.demand(); calls != 0 || q.serving {
			t.Error("the queue is served on")
		}
	})
}
