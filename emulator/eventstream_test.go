package emulator_test

import (
	"context"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
)

func TestAllWaitsForWhatIsToCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := emutest.NewServer(t)
		id := emutest.OpenRoom(t, srv)
		stream := emutest.Watch(t, srv, id, "")
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
			emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, strconv.Itoa(i), "lisi"))
			emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, strconv.Itoa(i)+"b", "lisi"))
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
	for name, end := range map[string]func(*emulator.Server, *emulator.EventStream){
		"close": func(_ *emulator.Server, e *emulator.EventStream) { e.Close(); e.Close() },
		"reset": func(s *emulator.Server, _ *emulator.EventStream) { s.Reset() },
		"stop": func(s *emulator.Server, _ *emulator.EventStream) {
			emulator.Look(s, func(all *state.State) { all.EndWatches() })
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				srv := emutest.NewServer(t)
				id := emutest.OpenRoom(t, srv)
				stream := emutest.Watch(t, srv, id, "")
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
				emutest.WantEvents(t, stream)
			})
		})
	}
}

func TestWhatCameBeforeAResetCanStillBeRead(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	stream := emutest.Watch(t, srv, id, "")
	emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, "1", "lisi"))
	srv.Reset()
	if id != emutest.OpenRoom(t, srv) {
		t.Fatal("another id")
	}
	emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, "2", "lisi"))
	emutest.WantEvents(t, stream, "message lisi> 1")
}

func TestAResetServerSendsTheSameEvents(t *testing.T) {
	srv := emutest.NewServer(t, emulator.WithClock(func() time.Time { return time.UnixMilli(1456396333115) }))
	events := func() []emulator.Event {
		t.Helper()
		id := emutest.OpenRoom(t, srv)
		stream := emutest.Watch(t, srv, id, "")
		for i := range 50 {
			form := emutest.Say(id, strconv.Itoa(i), "lisi")
			form.AbandonRatio = emutest.Ptr(5000)
			emutest.Do(t, srv, gen.SendMessageEndpoint, form)
		}
		emutest.Do(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"a", "b"}})
		if err := srv.Advance(24 * time.Hour); err != nil {
			t.Fatal(err)
		}
		return stream.Pending()
	}
	first := events()
	if err := srv.Reset(); err != nil {
		t.Fatal(err)
	}
	if second := events(); !reflect.DeepEqual(first, second) {
		t.Errorf("first %+v\nthen %+v", first, second)
	}
}

func TestASlowReaderLosesTheOldest(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	slow, quick := emutest.Watch(t, srv, id, ""), emutest.Watch(t, srv, id, "")
	read := 0
	for i := range 1030 {
		emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, strconv.Itoa(i), "lisi"))
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
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	stream := emutest.Watch(t, srv, id, "")
	last := int64(0)
	for range 3000 {
		emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, "m", "lisi"))
		emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, "m", "lisi"))
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

func TestAReaderThatComesBackReadsOn(t *testing.T) {
	srv := emutest.NewServer(t, emulator.WithClock(func() time.Time { return time.UnixMilli(1456396333115) }))
	id := emutest.OpenRoom(t, srv)
	first := emutest.Watch(t, srv, id, "")
	send := func(n int) {
		t.Helper()
		for range n {
			emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, "m", "lisi"))
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
		{name: "from before a restart", since: emutest.Ptr[int64](1000), count: 4, first: 1},
		{name: "after more than are kept", since: new(int64), additional: 1030, count: 1024, first: 11, lost: 10},
		{name: "after more than a minute", since: &last, pass: 2 * time.Minute, additional: 1, lost: 1033},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := srv.Advance(tt.pass); err != nil {
				t.Fatal(err)
			}
			send(tt.additional)
			stream, err := srv.Events(id, emulator.EventOptions{Since: tt.since})
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
	srv := emutest.NewServer(t)
	if _, err := srv.Events(1, emulator.EventOptions{}); emutest.CodeOfError(t, err) != gen.CodeNotFound {
		t.Errorf("got %v", err)
	}
}

// BenchmarkSending shows what watching costs the rules: nothing without a
// watcher, little with.
func BenchmarkSending(b *testing.B) {
	for _, watchers := range []int{0, 1, 100} {
		b.Run(strconv.Itoa(watchers)+"-watchers", func(b *testing.B) {
			srv := emutest.NewServer(b)
			id := emutest.OpenRoom(b, srv)
			for i := range watchers {
				emutest.Join(b, srv, id, strconv.Itoa(i))
				emutest.Watch(b, srv, id, strconv.Itoa(i))
			}
			b.ReportAllocs()
			for b.Loop() {
				emutest.Do(b, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "zhangsan", Mute: emutest.Ptr(true)})
			}
		})
	}
}

func TestAClientThatGoesLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := emulator.Start(t, emulator.WithoutPort())
		id := emutest.OpenRoom(t, srv)
		resp, err := srv.Client().Get(strings.TrimSuffix(srv.URL, emutest.ApiPath) + "/_emulator/rooms/" + id.String() + "/events")
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		emulator.Look(srv, func(all *state.State) {
			if n := all.CountWatchers(int64(id)); n != 0 {
				t.Errorf("%d watch", n)
			}
		})
	})
}
