package state

import "time"

// ClosePolicy says whether a room closes by itself, numbered as the service
// numbers it.
type ClosePolicy int

// The policies.
const (
	NeverCloses ClosePolicy = iota
	ClosesAfterTime
	ClosesWhenEmpty
)

// DelayedClosing is the timed closing of a room. It does not change: another
// takes its place.
type DelayedClosing struct {
	Policy ClosePolicy `json:"delayClosePolicy"`
	// Seconds is how long the room stays open, Start when the time began to run,
	// in Unix milliseconds.
	Seconds int64 `json:"delaySeconds"`
	Start   int64 `json:"startTime"`
}

// SetDelayedClosing says when the room closes by itself, counted from now.
func (r *Room) SetDelayedClosing(now time.Time, policy ClosePolicy, length time.Duration) {
	r.Closing = &DelayedClosing{policy, int64(length / time.Second), now.UnixMilli()}
}

// closesAt is when the room closes by itself if nobody comes or goes, in Unix
// milliseconds, and 0 when it does not.
func (r *Room) closesAt() int64 {
	d := r.Closing
	switch {
	case d == nil || !r.Open || d.Policy == NeverCloses:
		return 0
	case d.Policy == ClosesAfterTime:
		return d.Start + d.Seconds*1000
	case r.CountOnline() > 0:
		return 0
	}
	return max(d.Start, r.LastExit) + d.Seconds*1000
}

// settle takes out what has ended by now: first the robots that left before the
// room closed, then everyone with the closing.
func (r *Room) settle(now time.Time) {
	last := now.UnixMilli()
	if end := r.closesAt(); end > 0 {
		last = min(last, end)
	}
	r.expireRobots(last)
	if end := r.closesAt(); end > 0 && end <= now.UnixMilli() {
		r.shut(end, "")
	}
}

// shut closes the room and puts everyone out, after one last event.
func (r *Room) shut(at int64, operator string) {
	r.touch()
	r.Open, r.ClosedAt = false, at
	r.emit(Event{Kind: RoomClosed, Time: at, Operator: operator})
	for _, m := range r.online() {
		r.depart(at, m, MoveOut)
	}
	r.robots = nil
}
