package emulator

import (
	"fmt"
	"sync/atomic"
	"time"
)

// maxAdvance keeps the clock where its time still is a CurTime.
const maxAdvance = 100 * 365 * 24 * time.Hour

// clock is a source of time and what was added to it. It needs no lock, so
// that signatures are checked and answers dated without the server's.
type clock struct {
	source func() time.Time
	offset atomic.Int64
}

func (c *clock) now() time.Time {
	return c.source().Add(time.Duration(c.offset.Load()))
}

func (c *clock) advance(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("the clock goes forward only, not by %v", d)
	}
	for {
		old := c.offset.Load()
		if d > maxAdvance-time.Duration(old) {
			return fmt.Errorf("the clock goes forward by %v at most, all in all", maxAdvance)
		}
		if c.offset.CompareAndSwap(old, old+int64(d)) {
			return nil
		}
	}
}

// advanced is what was added to the source.
func (c *clock) advanced() time.Duration { return time.Duration(c.offset.Load()) }

func (c *clock) set(advanced time.Duration) { c.offset.Store(int64(advanced)) }

func (c *clock) reset() { c.offset.Store(0) }
