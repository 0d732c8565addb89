package state

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/tagexpr"
)

func readerOf(t *testing.T, w *State, r *Room, accid string) *Reader {
	t.Helper()
	reader, err := w.Watch(noon, r.ID, accid, -1)
	must(t, err)
	return reader
}

// take settles the room and takes what has come.
func take(r *Reader, now time.Time, most int) []*Emitted {
	r.Settle(now)
	events, _ := r.Take(most)
	return events
}

// TestMessagesReachThoseTheySelect plays random comings, goings and changes of
// tags, and holds what each account receives against its logins as the test
// itself keeps them.
func TestMessagesReachThoseTheySelect(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	w, r := newTestRoom(t)
	tags := []string{"a", "b", "c"}
	some := func() (list []string) {
		for _, tag := range tags {
			if random.IntN(2) == 0 {
				list = append(list, tag)
			}
		}
		return list
	}
	expression := func(tags []string, word string) string {
		atoms := make([]string, len(tags))
		for i, tag := range tags {
			atoms[i] = tagexpr.Tag(tag).String()
		}
		return strings.Join(atoms, word)
	}
	logins := map[string][][]string{}
	readers := map[string]*Reader{}
	for i := range 5 {
		accid := fmt.Sprint("account", i)
		readers[accid] = readerOf(t, w, r, accid)
	}
	everything := readerOf(t, w, r, "")
	for range 2000 {
		accid := fmt.Sprint("account", random.IntN(len(readers)))
		switch random.IntN(4) {
		case 0:
			if random.IntN(3) == 0 && len(logins[accid]) > 0 {
				must(t, w.Leave(noon, r.ID, accid))
				delete(logins, accid)
			} else if len(logins[accid]) < 3 {
				with := some()
				join(t, w, r, accid, with...)
				logins[accid] = append(logins[accid], with)
			}
		case 1:
			if len(logins[accid]) > 0 {
				with := some()
				must(t, r.SetTags(noon, accid, with, nil))
				for i := range logins[accid] {
					logins[accid][i] = with
				}
			}
		}
		for _, reader := range readers {
			take(reader, noon, feedSize)
		}
		take(everything, noon, feedSize)
		word := [...]string{" and ", " or "}[random.IntN(2)]
		target, err := tagexpr.Parse(expression(some(), word))
		must(t, err)
		_, err = w.Send(noon, r, Draft{From: "stranger", Target: target})
		must(t, err)
		if all := take(everything, noon, feedSize); len(all) != 1 {
			t.Fatalf("%d events", len(all))
		}
		for accid, reader := range readers {
			want := 0
			for _, with := range logins[accid] {
				if target.Matches(with) {
					want = 1
				}
			}
			if got := take(reader, noon, feedSize); len(got) != want {
				t.Fatalf("%s with %v, a message to %q: %d events, want %d", accid, logins[accid], target, len(got), want)
			}
		}
	}
}

func TestNobodyWatchesNothingIsKept(t *testing.T) {
	w, r := newTestRoom(t)
	join(t, w, r, "lisi")
	if r.watch != nil {
		t.Error("kept without a watcher")
	}
	reader := readerOf(t, w, r, "")
	join(t, w, r, "lisi")
	reader.Close(noon)
	if w.CountWatchers(r.ID) != 0 || len(r.watch.feeds) != 1 {
		t.Error("not kept for who comes back")
	}
	must(t, r.SetMuted(noon.Add(feedRest), "zhangsan", true, Notice{}))
	if len(r.watch.feeds) != 1 {
		t.Error("dropped too soon")
	}
	must(t, r.SetMuted(noon.Add(feedRest+time.Millisecond), "zhangsan", true, Notice{}))
	if len(r.watch.feeds) != 0 {
		t.Error("kept for good")
	}
}

func TestAnImportedRoomStillSendsAgain(t *testing.T) {
	w, r := newTestRoom(t)
	join(t, w, r, "lisi")
	must(t, w.Leave(noon, r.ID, "lisi"))
	_, err := w.Send(noon, r, Draft{ID: "1", From: "zhangsan", HighPriority: true, RepeatOnReturn: true, SkipHistory: true})
	must(t, err)
	again, err := restore(w.Export(noon))
	must(t, err)
	r, err = again.Room(noon, r.ID)
	must(t, err)
	reader := readerOf(t, again, r, "lisi")
	join(t, again, r, "lisi")
	if events := take(reader, noon, feedSize); len(events) != 2 || !events[1].Resent || events[1].Message.ID != "1" {
		t.Errorf("%+v", events)
	}
}

func TestWatchingNoRoom(t *testing.T) {
	w := New(Config{})
	_, err := w.Watch(noon, 1, "", -1)
	wantErr(t, err, ErrNoRoom)
	if w.CountWatchers(1) != 0 {
		t.Error("someone watches")
	}
}
