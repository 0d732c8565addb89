// Package clock follows the service's clock, so that signatures pass on a machine whose
// own clock is wrong.
package clock

import (
	"net/http"
	"sync/atomic"
	"time"
)

const (
	// window is how far off the time of a signature may be, in either direction.
	window = 5 * time.Minute
	// tolerance is the smallest difference that is corrected. Smaller ones do no harm,
	// and the Date header has whole seconds only.
	tolerance = time.Minute
	// slowest is the longest round trip after which Date still counts.
	slowest = 10 * time.Second
)

// Clock estimates the service's time from this machine's time and the difference that the
// responses show.
type Clock struct {
	local  func() time.Time
	system bool                   // local is time.Now
	offset atomic.Int64           // in nanoseconds
	same   atomic.Pointer[string] // the last Date that showed no difference
}

// New returns a clock that starts from a local one, which is [time.Now] for nil.
func New(local func() time.Time) *Clock {
	if local == nil {
		return &Clock{local: time.Now, system: true}
	}
	return &Clock{local: local}
}

// Now returns the service's time.
func (c *Clock) Now() time.Time { return c.local().Add(c.Offset()) }

// Offset returns how far the service is ahead.
func (c *Clock) Offset() time.Duration { return time.Duration(c.offset.Load()) }

// Local returns the local time at a moment that time.Now has just returned.
func (c *Clock) Local(moment time.Time) time.Time {
	if c.system {
		return moment
	}
	return c.local()
}

// Learn takes the service's time from the header of a response that has just arrived. The
// request was sent at the local time sent and signed with the offset used. Learn reports
// whether a new signature will make a difference. rejected says that the service rejected the
// request because of its time. Only then does Learn accept a difference larger than the
// signature's window, because other requests were signed within it.
func (c *Clock) Learn(header http.Header, sent time.Time, used time.Duration, rejected bool) bool {
	text := header.Get("Date")
	if text == "" || header.Get("Age") != "" {
		return false
	}
	if same := c.same.Load(); !rejected && same != nil && *same == text {
		return false // the responses within one second have the same Date
	}
	received := c.local()
	if received.Sub(sent) > slowest {
		return false
	}
	date, err := http.ParseTime(text)
	if err != nil {
		return false
	}
	middle := sent.Add(received.Sub(sent) / 2)
	found := date.Add(time.Second / 2).Sub(middle) // Date has whole seconds
	difference := (found - used).Abs()
	if difference <= tolerance || (!rejected && difference > window) {
		if !rejected {
			kept := text // a copy, so that text stays off the heap
			c.same.Store(&kept)
		}
		return false
	}
	c.same.Store(nil)
	c.offset.Store(int64(found))
	return true
}
