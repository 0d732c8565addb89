package events

import (
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
)

// Readers do not wait for the state, nor for each other, and what they read is
// encoded once for all of them.
func TestReadersShareEventsWithoutTheEnginesLock(t *testing.T) {
	e, err := engine.New(engine.Config{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	const room gen.RoomID = 77
	if err := e.PlaceRoom(engine.PlaceOptions{RoomID: room, Creator: "zhangsan", Name: "n"}); err != nil {
		t.Fatal(err)
	}
	streams := make([]*Stream, 3)
	for i, accid := range []string{"", "", "lisi"} {
		if streams[i], err = Open(e, room, accid, -1); err != nil {
			t.Fatal(err)
		}
		if events, wake := streams[i].Batch(); len(events) > 0 || wake == nil {
			t.Fatalf("%d events before anything happened", len(events))
		}
	}
	for range batchSize + 1 {
		if err := e.Join(room, engine.JoinOptions{Accid: "lisi"}); err != nil {
			t.Fatal(err)
		}
	}
	var read [3][]*state.Emitted
	e.Look(func(*state.State, time.Time) { // with the lock held
		for i, s := range streams {
			s.settled.Store(time.Now().UnixMilli())
			events, _ := s.Batch()
			rest, _ := s.Batch()
			if len(events) != batchSize || len(rest) != 1 {
				t.Errorf("batches of %d and %d", len(events), len(rest))
			}
			read[i] = append(events, rest...)
		}
	})
	encoded := 0
	for i := range read[0] {
		for _, events := range read {
			if text := events[i].Text(func(*state.Event) []byte { encoded++; return []byte("x") }); string(text) != "x" {
				t.Errorf("%q", text)
			}
		}
	}
	if encoded != batchSize+1 {
		t.Errorf("encoded %d times", encoded)
	}
}
