package bench

import (
	"slices"
	"testing"
	"time"
)

// pair compares two ways to do the same. It alternates between them, so that other work of
// the machine affects both, and calls each function batch times before it switches. It
// reports the median time per call, the ratio and the difference of the medians, and the
// allocations.
func pair(b *testing.B, batch int, nimroom, handwritten func()) {
	b.Helper()
	pairOf(b, batch, 1, nimroom, handwritten)
}

// pairOf is like pair, but each function makes several calls.
func pairOf(b *testing.B, batch, calls int, nimroom, handwritten func()) {
	b.Helper()
	var ours, theirs []float64
	nimroom() // open connections and fill pools and caches
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
	b.ReportMetric(0, "ns/op") // hides the time of both functions together
	b.ReportMetric(a, "ns/nimroom")
	b.ReportMetric(h, "ns/handwritten")
	b.ReportMetric(a/h, "time-ratio")
	b.ReportMetric(a-h, "ns/added")
	b.ReportMetric(oursAllocs, "allocs/nimroom")
	b.ReportMetric(theirsAllocs, "allocs/handwritten")
}

// turn calls f batch times and returns the nanoseconds per call.
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
