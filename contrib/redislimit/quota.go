package redislimit

import (
	"fmt"
	"time"
)

// maxCalls leaves each call of a second a turn of its own, in µs.
const maxCalls = 10_000

// quota is what the service allows of an operation.
type quota struct {
	calls int
	per   time.Duration
}

func (q quota) validate() error {
	switch {
	case q.calls < 1 || q.calls > maxCalls:
		return fmt.Errorf("quota of %d calls: want 1 to %d", q.calls, maxCalls)
	case q.per < time.Millisecond:
		return fmt.Errorf("quota per %v: at least a millisecond", q.per)
	}
	return nil
}

// pace spreads a quota: at most calls turns in any window.
type pace struct {
	calls  int
	window time.Duration
}

// atOnce is how many calls may come at once, or a few more: enough for a burst
// of a program's calls, and few enough for Redis to keep and read them quickly.
const atOnce = 10

// pace cuts the quota's time, and the margin, into as many parts as leave each
// atOnce calls and lose at most 2 % of all. Any span as long as the quota's is
// covered by that many windows, and so holds no more calls than the quota.
func (q quota) pace(margin time.Duration) pace {
	parts := max(1, q.calls/atOnce)
	for q.calls%parts*50 > q.calls {
		parts--
	}
	window := (q.per + margin) / time.Duration(parts)
	return pace{calls: q.calls / parts, window: window.Truncate(time.Microsecond) + time.Microsecond}
}

// atATime is how many turns a process asks for at most: a window's, or what 20 ms
// bring where that is more, so that round trips do not bound the calls of one process.
func (p pace) atATime() int {
	const share = 20 * time.Millisecond
	return max(p.calls, int(time.Duration(p.calls)*share/p.window))
}
