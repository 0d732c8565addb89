package bench

import (
	"slices"
	"testing"
	"time"
)

// pair measures two ways to do the same, in turns, so that whatever else the
// machine does meets both. Each turn does batch of the one and batch of the
// other. It reports the medians per call, how they compare and what the one adds, and
// allocations.
func pair(b *testing.B, batch int, nimroom, handwritten func()) {
	b.Helper()
	pairOf(b, batch, 1, nimroom, handwritten)
}

// pairOf is pair for functions that make several calls each.
func pairOf(b *testing.B, batch, calls int, nimroom, handwritten func()) {
	b.Helper()
	var ours, theirs []float64
	nimroom() // connections, pools and caches are there before it counts
	handwritten()
	for b.Loop() {
		if len(ours)%2 == 0 {
			ours = append(ours, turn(batch, nimroom))
			theirs = append(theirs, turn(batch, handwritten))
		} else {
			theirs = append(theirs, turn(batch, handwritten))
			ours = append(ours, turn(batch, nimroom))
		}
	}
	a, h := median(ours)/float64(calls), median(theirs)/float64(calls)
	oursAllocs, theirsAllocs := testing.AllocsPerRun(100, nimroom)/float64(calls), testing.AllocsPerRun(100, handwritten)/float64(calls)
	b.ReportMetric(0, "ns/op") // of both together: says nothing
	b.ReportMetric(a, "ns/nimroom")
	b.ReportMetric(h, "ns/handwritten")
	b.ReportMetric(a/h, "time-ratio")
	b.ReportMetric(a-h, "ns/added")
	b.ReportMetric(oursAllocs, "allocs/nimroom")
	b.ReportMetric(theirsAllocs, "allocs/handwritten")
}

// turn times batch calls and returns nanoseconds per call.
func turn(batch int, f func()) float64 {
	start := time.Now()
	for range batch {
		f()
	}
	return float64(time.Since(start).Nanoseconds()) / float64(batch)
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
