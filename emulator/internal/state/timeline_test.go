package state

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestTimelineAgreesWithSorting plays random inserts and removals on a
// timeline and on a plain map.
func TestTimelineAgreesWithSorting(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var line timeline[*Login]
	all := map[int64]*Login{}
	for range 2000 {
		at := random.Int64N(200) + 1
		if l, ok := all[at]; ok {
			line.remove(l)
			line.remove(l) // a second time changes nothing
			delete(all, at)
		} else {
			all[at] = &Login{EnterTime: at}
			line.insert(all[at])
		}
		end := random.Int64N(220)
		limit := random.IntN(20)
		var want []int64
		for at := range all {
			if end == 0 || at < end {
				want = append(want, at)
			}
		}
		slices.Sort(want)
		slices.Reverse(want)
		want = want[:min(limit, len(want))]
		var got []int64
		for _, l := range line.page(end, limit, nil) {
			got = append(got, l.EnterTime)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("before %d, at most %d: got %v, want %v", end, limit, got, want)
		}
	}
}

func BenchmarkPageOfALargeRoom(b *testing.B) {
	for _, size := range []int{100, 100_000} {
		b.Run(map[int]string{100: "100", 100_000: "100000"}[size], func(b *testing.B) {
			line := make(timeline[*Member], size)
			for i := range line {
				line[i] = &Member{EnterTime: int64(i + 1)}
			}
			for b.Loop() {
				if len(line.page(int64(size/2+51), 50, nil)) != 50 {
					b.Fatal("short page")
				}
			}
		})
	}
}
