package redislimit

import (
	"testing"
	"time"
)

func TestPaceFitsTheQuotaAndUsesIt(t *testing.T) {
	for calls := 1; calls <= maxCalls; calls++ {
		p := quota{calls, time.Second}.pace(DefaultMargin)
		// A closed span of a second overlaps at most this many windows.
		windows := int(time.Second/p.window) + 1
		if windows*p.calls > calls {
			t.Errorf("quota %d: up to %d windows of %d calls in a second", calls, windows, p.calls)
		}
		if share := float64(p.calls) / p.window.Seconds() / float64(calls); share < 0.93 {
			t.Errorf("quota %d: %.1f %% of it can be used", calls, share*100)
		}
		if p.calls > 5*atOnce {
			t.Errorf("quota %d: %d calls at once", calls, p.calls)
		}
	}
}
