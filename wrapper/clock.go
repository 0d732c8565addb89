package wrapper

import (
	"net/http"
	"sync/atomic"
	"time"
)

// serviceClock is the service's time as far as it is known: this machine's and
// what that was found to be off.
type serviceClock struct {
	local  func() time.Time
	system bool                   // local is time.Now
	offset atomic.Int64           // nanoseconds
	same   atomic.Pointer[string] // the last Date that told of no difference
}

const (
	// signatureWindow is how far off a signature's time may be, either way.
	signatureWindow = 5 * time.Minute
	// clockTolerance is the difference that is corrected. Smaller ones do no
	// harm, and the Date header tells whole seconds only.
	clockTolerance = time.Minute
	// slowAnswer is a round trip that says too little about when Date was.
	slowAnswer = 10 * time.Second
)

func (c *serviceClock) now() time.Time { return c.local().Add(c.off()) }

// at is this machine's time at a moment that time.Now told.
func (c *serviceClock) at(moment time.Time) time.Time {
	if c.system {
		return moment
	}
	return c.local()
}

func (c *serviceClock) off() time.Duration { return time.Duration(c.offset.Load()) }

// learn takes the service's time from an answer that just came to a request that was
// signed with the offset used, and reports whether signing again will make a
// difference. refused tells that the service refused the request's time: only
// then is a difference beyond the signature's window believed, because a
// request that passed was signed within it.
func (c *serviceClock) learn(header http.Header, sent time.Time, used time.Duration, refused bool) bool {
	told := header.Get("Date")
	if told == "" || header.Get("Age") != "" {
		return false
	}
	if same := c.same.Load(); !refused && same != nil && *same == told {
		return false // looked at before: the answers of a second say the same
	}
	received := c.local()
	if received.Sub(sent) > slowAnswer {
		return false
	}
	date, err := http.ParseTime(told)
	if err != nil {
		return false
	}
	middle := sent.Add(received.Sub(sent) / 2)
	found := date.Add(time.Second / 2).Sub(middle) // Date is cut to the second
	difference := (found - used).Abs()
	if difference <= clockTolerance || (!refused && difference > signatureWindow) {
		if !refused {
			kept := told // told itself is to stay off the heap
			c.same.Store(&kept)
		}
		return false
	}
	c.same.Store(nil)
	c.offset.Store(int64(found))
	return true
}
