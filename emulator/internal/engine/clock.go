package engine

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/journal"
)

// clock is a source of time and what was added to it. It needs no lock, so
// signatures are checked and responses dated without that of the engine.
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
		if d > journal.MaxAdvance-time.Duration(old) {
			return fmt.Errorf("the clock goes forward by %v at most, all in all", journal.MaxAdvance)
		}
		if c.offset.CompareAndSwap(old, old+int64(d)) {
			return nil
		}
	}
}

// advanced returns what was added to the source.
func (c *clock) advanced() time.Duration { return time.Duration(c.offset.Load()) }

func (c *clock) set(advanced time.Duration) { c.offset.Store(int64(advanced)) }
