package state

import (
	"encoding/json"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/nimroom/nimroom/tagexpr"
)

// twins are a state and one that gets its changes alone, as JSON.
type twins struct {
	*State
	now   time.Time
	other *State
}

func newTwins() *twins {
	w := &twins{State: New(Config{Seed: 1}), now: time.UnixMilli(1669118400000), other: New(Config{Seed: 2})}
	w.Track()
	return w
}

// want takes the changes of a step over, and compares the states.
func (w *twins) want(t *testing.T, step string, changes bool) {
	t.Helper()
	c := w.TakeChanges()
	if (c != nil) != changes {
		t.Errorf("%s: changes %+v", step, c)
	}
	if c == nil {
		return
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	read := new(Changes)
	if err := json.Unmarshal(text, read); err != nil {
		t.Fatalf("%s: %v in %s", step, err, text)
	}
	if err := w.other.Apply(read); err != nil {
		t.Fatalf("%s: %v in %s", step, err, text)
	}
	if is, other := asJSON(t, w.Export(w.now)), asJSON(t, w.other.Export(w.now)); is != other {
		t.Fatalf("%s: the state is\n%s\nand with its changes applied\n%s\nafter %s", step, is, other, text)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Each step that changes something says what, and another state makes the same of
// it. A step that only looks says nothing.
func TestChangesMakeTheSameState(t *testing.T) {
	w := newTwins()
	w.want(t, "nothing yet", true) // where chance and the room ids begin
	r, err := w.CreateRoom(w.now, "owner", Settings{Name: "n"})
	if err != nil {
		t.Fatal(err)
	}
	id, half := r.ID, 5000
	message := func(id string, change func(*Draft)) func() error {
		return func() error {
			d := Draft{ID: id, From: "ben", Type: 0, Attach: "<&>", Target: tagexpr.Tag("vip")}
			change(&d)
			_, err := w.Send(w.now, r, d)
			return err
		}
	}
	plain := func(*Draft) {}
	setRole := func(change RoleChange, set bool) func() error {
		return func() error { _, err := r.SetRole(w.now, "owner", "ben", change, set, Notice{}); return err }
	}
	join := func(accid string) func() error {
		return func() error {
			return w.Join(w.now, id, Login{Accid: accid, ClientType: 1, Tags: []string{"vip"}}, ProfileChange{})
		}
	}
	mute := func(length time.Duration) func() error {
		return func() error {
			_, one := r.MuteFor(w.now, "owner", "ben", length, Notice{})
			_, two := r.MuteTagFor(w.now, "owner", "vip", length, Notice{})
			return errors.Join(one, two)
		}
	}
	nick := "Ben"
	robots := func(accids ...string) func() error {
		return func() error { _, err := w.AddRobots(w.now, r, accids, "", Notice{}); return err }
	}
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"create", func() error { return nil }},
		{"account", func() error { return w.CreateAccount("ben", Profile{Nick: "B"}) }},
		{"accounts", func() error { w.AddAccounts("mia", "ben"); return nil }},
		{"place", func() error { _, err := w.PlaceRoom(w.now, 777, "mia", Settings{Name: "placed"}); return err }},
		{"join", join("ben")}, {"join again", join("ben")},
		{"message", message("1", plain)}, {"message with the same id", message("1", plain)},
		{"dropped by chance", message("2", func(d *Draft) { d.AbandonRatio = &half })},
		{"high priority", message("3", func(d *Draft) { d.HighPriority, d.RepeatOnReturn = true, true })},
		{"not for the history", message("1", func(d *Draft) { d.SkipHistory, d.HighPriority, d.RepeatOnReturn = true, true, true })},
		{"broadcast", func() error { _, err := w.Broadcast(w.now, Draft{ID: "b", From: "ben"}); return err }},
		{"recall", func() error { r.Recall(w.now, "owner", "ben", "1", 1, Notice{}); return nil }},
		{"delete", func() error { return r.Delete("ben", r.history[len(r.history)-2].Time) }},
		{"profile", func() error { return r.ChangeProfile(w.now, "ben", ProfileChange{Nick: &nick}, Notice{Silent: true}) }},
		{"tags", func() error { return r.SetTags(w.now, "ben", []string{"a", "b"}, nil) }},
		{"mute", mute(time.Hour)}, {"mute taken back", mute(0)},
		{"leave", func() error { return w.Leave(w.now, id, "ben") }},
		{"come back", join("ben")},
		{"manager", setRole(MakeManager, true)}, {"not manager", setRole(MakeManager, false)},
		{"block", setRole(Block, true)}, {"unblock", setRole(Block, false)},
		{"join unblocked", join("ben")},
		{"offer", func() error {
			_, err := r.Offer(w.now, Element{Key: "a", Value: "1", Owner: "ben", Transient: true}, Priority{})
			return err
		}},
		{"offer two", func() error {
			_, _, err := w.OfferBatch(w.now, r, "owner", []Element{{Key: "b"}, {Key: "c"}}, Priority{High: true}, Notice{})
			return err
		}},
		{"offer again", func() error {
			_, err := r.Offer(w.now, Element{Key: "a", Value: "2", Owner: "ben", Transient: true}, Priority{})
			return err
		}},
		{"poll", func() error { _, _, err := r.Poll(w.now, "b", Priority{}); return err }},
		{"offer polled", func() error { _, err := r.Offer(w.now, Element{Key: "b"}, Priority{}); return err }},
		{"kick", func() error { return r.Kick(w.now, "owner", "ben", Notice{}) }},
		{"drop queue", func() error { _, err := r.DropQueue(w.now, Priority{}); return err }},
		{"queue size", func() error { r.InitQueue(7); return nil }},
		{"update", func() error { r.Update(w.now, Settings{Name: "other"}, Notice{Silent: true}); return nil }},
		{"quiet", func() error { r.EntryNotify = false; return nil }},
		{"mute room", func() error { return r.SetMuted(w.now, "owner", true, Notice{Silent: true}) }},
		{"robots", robots("r1", "r2")}, {"a robot goes", func() error { r.RemoveRobots(w.now, []string{"r1"}); return nil }},
		{"and comes", robots("r1")},
		{"robots go by themselves", func() error { w.now = w.now.Add(RobotStay); w.SettleWatched(w.now); return nil }},
		{"close", func() error { return r.SetOpen(w.now, "owner", false) }},
		{"open", func() error { return r.SetOpen(w.now, "owner", true) }},
		{"closing", func() error { r.SetDelayedClosing(w.now, ClosesAfterTime, time.Hour); return nil }},
		{"closes by itself", func() error { w.now = w.now.Add(time.Hour); return nil }},
	} {
		if r, err = w.Room(w.now, id); err != nil {
			t.Fatal(err)
		}
		if err := step.do(); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
		if r, err = w.Room(w.now, id); err != nil {
			t.Fatal(err)
		}
		w.want(t, step.name, true)
		r.Search(Search{Limit: 100})
		r.Members()
		w.Export(w.now)
		w.want(t, "looking after "+step.name, false)
	}
}

// What was forgotten by a rule stays forgotten, and what was not is not, whatever
// the rule is when the changes are applied.
func TestChangesAreNotMeasuredByTheRules(t *testing.T) {
	w := newTwins()
	r, err := w.CreateRoom(w.now, "owner", Settings{Name: "n"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2*notificationsKept + 10 {
		if i > notificationsKept {
			w.now = w.now.Add(time.Second)
		}
		if err := r.SetMuted(w.now, "owner", i%2 == 0, Notice{}); err != nil {
			t.Fatal(err)
		}
	}
	w.want(t, "notifications", true)

	// States of rules with larger limits.
	tooMany := 3 * notificationsKept
	changes := &Changes{Rooms: List[RoomChanges]{{ID: r.ID, Data: &r.RoomData}}}
	room := changes.Rooms[0]
	room.Data.QueueLimit = &tooMany
	room.Priority = &priorityWindow{Second: w.now.Unix(), Count: 10 * priorityLimit}
	for i := range tooMany {
		m := &Message{Time: r.LastMessage + int64(i) + 1}
		m.Type, m.From = NotificationType, "owner"
		room.Messages = append(room.Messages, m)
		room.Queue = append(room.Queue, QueueStep{Put: &Element{Key: strconv.Itoa(i), Owner: "owner"}})
	}
	before := len(w.other.rooms[r.ID].history)
	if err := w.other.Apply(changes); err != nil {
		t.Fatal(err)
	}
	other := w.other.rooms[r.ID]
	if len(other.history) != before+tooMany || len(other.Queue()) != tooMany || other.priority.take(w.now) {
		t.Errorf("%d messages, %d elements, %+v", len(other.history), len(other.Queue()), other.priority)
	}
	first := w.other.Export(w.now)
	in := NewImporter(Config{})
	for _, room := range first.Rooms {
		if err := in.Room(room); err != nil {
			t.Fatal(err)
		}
	}
	again, err := in.Finish(first)
	if err != nil {
		t.Fatal(err)
	}
	if asJSON(t, again.Export(w.now)) != asJSON(t, w.other.Export(w.now)) {
		t.Error("the snapshot of it is another state")
	}
}

// FuzzChanges applies anything: an error, or a state that can be exported.
func FuzzChanges(f *testing.F) {
	f.Add([]byte(`{"nextRoomid":5,"rooms":[{"roomid":1,"data":{"roomid":1,"creator":"a"},"members":[{"accid":"a","type":"CREATOR","enterTime":1}],"gone":["a"]}]}`))
	f.Add([]byte(`{"rooms":[{"roomid":1,"data":{"roomid":1,"creator":"a"},"messages":[null],"removed":[{}],"tempMutes":[null],"tallies":[{"start":-1}],"queue":[{"put":null}],"departed":{"a":null}}]}`))
	f.Fuzz(func(_ *testing.T, text []byte) {
		c := new(Changes)
		s := New(Config{})
		if json.Unmarshal(text, c) == nil && s.Apply(c) == nil {
			s.Export(time.UnixMilli(1669118400000))
		}
	})
}
