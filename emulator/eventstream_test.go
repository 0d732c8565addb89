package emulator

import (
	"context"
	"reflect"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
)

func TestAllWaitsForWhatIsToCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer(t)
		id := openRoom(t, srv)
		stream := watch(t, srv, id, "")
		ctx, cancel := context.WithCancel(t.Context())
		var got []string
		var group sync.WaitGroup
		group.Go(func() {
			for e := range stream.All(ctx) {
				got = append(got, e.Message.MsgID)
				if e.Message.MsgID == "2" {
					break
				}
			}
			for e := range stream.All(ctx) { // goes on where it was left
				got = append(got, e.Message.MsgID)
			}
		})
		for i := range 5 {
			synctest.Wait()
			do(t, srv, gen.SendMessageEndpoint, say(id, strconv.Itoa(i), "lisi"))
			do(t, srv, gen.SendMessageEndpoint, say(id, strconv.Itoa(i)+"b", "lisi"))
		}
		synctest.Wait()
		cancel()
		group.Wait()
		if len(got) != 10 || got[0] != "0" || got[9] != "4b" {
			t.Errorf("got %v", got)
		}
	})
}

func TestEveryEndStopsTheWaiting(t *testing.T) {
	for name, end := range map[string]func(*Server, *EventStream){
		"close": func(_ *Server, e *EventStream) { e.Close(); e.Close() },
		"reset": func(s *Server, _ *EventStream) { s.Reset() },
		"stop": func(s *Server, _ *EventStream) {
			s.engine.Look(func(all *state.State, _ time.Time) { all.EndWatches() })
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				srv := newServer(t)
				id := openRoom(t, srv)
				stream := watch(t, srv, id, "")
				waiting := true
				go func() {
					for range stream.All(context.Background()) {
						t.Error("something came")
					}
					waiting = false
				}()
				synctest.Wait()
				end(srv, stream)
				synctest.Wait()
				if waiting {
					t.Error("still waiting")
				}
				wantTold(t, stream)
			})
		})
	}
}

func TestWhatCameBeforeAResetCanStillBeRead(t *testing.T) {
	srv := newServer(t)
	id := openRoom(t, srv)
	stream := watch(t, srv, id, "")
	do(t, srv, gen.SendMessageEndpoint, say(id, "1", "lisi"))
	srv.Reset()
	if id != openRoom(t, srv) {
		t.Fatal("another id")
	}
	do(t, srv, gen.SendMessageEndpoint, say(id, "2", "lisi"))
	wantTold(t, stream, "message lisi> 1")
}

func TestAResetServerTellsTheSameEvents(t *testing.T) {
	srv := newServer(t, WithClock(func() time.Time { return time.UnixMilli(1456396333115) }))
	tell := func() []Event {
		t.Helper()
		id := openRoom(t, srv)
		stream := watch(t, srv, id, "")
		for i := range 50 {
			form := say(id, strconv.Itoa(i), "lisi")
			form.AbandonRatio = ptr(5000)
			do(t, srv, gen.SendMessageEndpoint, form)
		}
		do(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"a", "b"}})
		if err := srv.Advance(24 * time.Hour); err != nil {
			t.Fatal(err)
		}
		return stream.Pending()
	}
	first := tell()
	if err := srv.Reset(); err != nil {
		t.Fatal(err)
	}
	if second := tell(); !reflect.DeepEqual(first, second) {
		t.Errorf("first %+v\nthen %+v", first, second)
	}
}

func TestASlowReaderLosesTheOldest(t *testing.T) {
	srv := newServer(t)
	id := openRoom(t, srv)
	slow, quick := watch(t, srv, id, ""), watch(t, srv, id, "")
	read := 0
	for i := range 1030 {
		do(t, srv, gen.SendMessageEndpoint, say(id, strconv.Itoa(i), "lisi"))
		if i%100 == 0 {
			read += len(quick.Pending())
		}
	}
	read += len(quick.Pending())
	got := slow.Pending()
	if len(got) != 1024 || got[0].Message.MsgID != "6" || got[0].ID != 7 || slow.Lost() != 6 {
		t.Errorf("%d events from %+v, %d lost", len(got), got[0].Message, slow.Lost())
	}
	if read != 1030 || quick.Lost() != 0 {
		t.Errorf("the other one read %d and lost %d", read, quick.Lost())
	}
}

// A reader that takes one event at a time while many come does not make the
// stream keep them all.
func TestASlowRangeLosesTheOldestToo(t *testing.T) {
	srv := newServer(t)
	id := openRoom(t, srv)
	stream := watch(t, srv, id, "")
	last := int64(0)
	for range 3000 {
		do(t, srv, gen.SendMessageEndpoint, say(id, "m", "lisi"))
		do(t, srv, gen.SendMessageEndpoint, say(id, "m", "lisi"))
		for e := range stream.All(t.Context()) {
			last = e.ID
			break
		}
	}
	rest := stream.Pending()
	if lost := stream.Lost(); lost == 0 || len(rest) > 2*1024 || int64(3000+len(rest))+lost != 6000 || rest[len(rest)-1].ID != 6000 {
		t.Errorf("read up to %d, %d left, %d lost", last, len(rest), lost)
	}
}

func TestWhoComesBackReadsOn(t *testing.T) {
	srv := newServer(t, WithClock(func() time.Time { return time.UnixMilli(1456396333115) }))
	id := openRoom(t, srv)
	first := watch(t, srv, id, "")
	send := func(n int) {
		t.Helper()
		for range n {
			do(t, srv, gen.SendMessageEndpoint, say(id, "m", "lisi"))
		}
	}
	send(3)
	last := first.Pending()[1].ID
	first.Close()
	send(1)
	tests := []struct {
		name       string
		since      *int64
		count      int
		first      int64
		lost       int64
		pass       time.Duration
		additional int
	}{
		{name: "after the last read", since: &last, count: 2, first: 3},
		{name: "from the start", since: new(int64), count: 4, first: 1},
		{name: "from now"},
		{name: "from before a restart", since: ptr[int64](1000), count: 4, first: 1},
		{name: "after more than are kept", since: new(int64), additional: 1030, count: 1024, first: 11, lost: 10},
		{name: "after more than a minute", since: &last, pass: 2 * time.Minute, additional: 1, lost: 1033},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := srv.Advance(tt.pass); err != nil {
				t.Fatal(err)
			}
			send(tt.additional)
			stream, err := srv.Events(id, EventOptions{Since: tt.since})
			if err != nil {
				t.Fatal(err)
			}
			defer stream.Close()
			got := stream.Pending()
			if len(got) != tt.count || stream.Lost() != tt.lost || tt.count > 0 && got[0].ID != tt.first {
				t.Errorf("%d events, %d lost, %+v", len(got), stream.Lost(), got)
			}
		})
	}
}

func TestEventsOfNoRoom(t *testing.T) {
	srv := newServer(t)
	if _, err := srv.Events(1, EventOptions{}); codeOfError(t, err) != gen.CodeNotFound {
		t.Errorf("got %v", err)
	}
}

// BenchmarkSending shows what watching costs the rules: nothing without a
// watcher, little with.
func BenchmarkSending(b *testing.B) {
	for _, watchers := range []int{0, 1, 100} {
		b.Run(strconv.Itoa(watchers)+"-watchers", func(b *testing.B) {
			srv := newServer(b)
			id := openRoom(b, srv)
			for i := range watchers {
				join(b, srv, id, strconv.Itoa(i))
				watch(b, srv, id, strconv.Itoa(i))
			}
			b.ReportAllocs()
			for b.Loop() {
				do(b, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "zhangsan", Mute: ptr(true)})
			}
		})
	}
}
