package state

import (
	"flag"
	"fmt"
	"runtime"
	"testing"
)

var benchRooms = flag.Int("rooms", 10_000, "how many rooms BenchmarkMemory builds")

// BenchmarkMemory reports what rooms take of the heap: empty ones, of which the
// creator is the only member, and what nine more members that enter add to
// each. Accounts are in many rooms each, but every text is a copy of its own,
// as it is when it comes in a request.
//
//	go test -run '^$' -bench Memory -benchtime 1x ./emulator/internal/state -args -rooms 1000000
func BenchmarkMemory(b *testing.B) {
	const members = 10
	for b.Loop() {
		before := heap()
		w := New(Config{})
		ids := make([]int64, *benchRooms)
		for i := range ids {
			r, err := w.CreateRoom(noon, fmt.Sprintf("creator%d", i/10), Settings{Name: fmt.Sprintf("room number %d", i)})
			if err != nil {
				b.Fatal(err)
			}
			ids[i] = r.ID
		}
		empty := heap()
		for i, id := range ids {
			for m := range members - 1 {
				login := Login{Accid: fmt.Sprintf("account%d", i/100*100+m), ClientType: 1, Tags: []string{fmt.Sprintf("tag%d", m)}}
				if err := w.Join(noon, id, login, ProfileChange{}); err != nil {
					b.Fatal(err)
				}
			}
		}
		full := heap()
		rooms := float64(len(ids))
		room, all := float64(empty-before)/rooms, float64(full-before)/rooms
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(room, "B/empty-room")
		b.ReportMetric(all, "B/room-of-ten")
		b.ReportMetric((all-room)/(members-1), "B/member")
		runtime.KeepAlive(w)
	}
}

// heap is what is in use once the garbage is gone.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
