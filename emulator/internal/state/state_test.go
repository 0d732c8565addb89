package state

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// noon is a Tuesday in Beijing, 12:00.
var noon = time.Date(2022, 11, 22, 4, 0, 0, 0, time.UTC)

// newTestRoom opens a room of zhangsan with the manager wangwu.
func newTestRoom(t *testing.T) (*State, *Room) {
	t.Helper()
	w := New(Config{})
	r, err := w.CreateRoom(noon, "zhangsan", Settings{Name: "mychat room"})
	must(t, err)
	_, err = r.SetRole(noon, "zhangsan", "wangwu", MakeManager, true, Notice{})
	must(t, err)
	return w, r
}

func join(t *testing.T, w *State, r *Room, accid string, tags ...string) {
	t.Helper()
	must(t, w.Join(noon, r.ID, Login{Accid: accid, Tags: tags}, ProfileChange{}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func accids(members []*Member) []string {
	list := []string{}
	for _, m := range members {
		list = append(list, m.Accid)
	}
	return list
}

func wantAccids(t *testing.T, members []*Member, want ...string) {
	t.Helper()
	if got := accids(members); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRoomIDsIncreaseBeyond32Bits(t *testing.T) {
	w := New(Config{})
	var last int64
	for range 3 {
		r, err := w.CreateRoom(noon, "zhangsan", Settings{})
		must(t, err)
		if r.ID <= last || r.ID < 1<<32 {
			t.Errorf("id %d after %d", r.ID, last)
		}
		last = r.ID
	}
	if w.CountRooms() != 3 {
		t.Errorf("%d rooms", w.CountRooms())
	}
	_, err := w.Room(noon, last+1)
	wantErr(t, err, ErrNoRoom)
}

func TestStrictAccountsMustBeAdded(t *testing.T) {
	w := New(Config{StrictAccounts: true})
	_, err := w.CreateRoom(noon, "zhangsan", Settings{})
	wantErr(t, err, ErrNoAccount)

	w.AddAccounts("zhangsan", "zhangsan")
	r, err := w.CreateRoom(noon, "zhangsan", Settings{})
	must(t, err)
	wantErr(t, w.Join(noon, r.ID, Login{Accid: "lisi"}, ProfileChange{}), ErrNoAccount)
	_, err = w.Send(noon, r, Draft{From: "lisi"})
	wantErr(t, err, ErrNoAccount)
}

// en-chatroom: Querying the list of chat rooms created by users. Open rooms only: live.
func TestOpenRoomsLeavesOutClosedOnes(t *testing.T) {
	w := New(Config{})
	first, _ := w.CreateRoom(noon, "zhangsan", Settings{})
	second, _ := w.CreateRoom(noon, "zhangsan", Settings{})
	if _, err := w.CreateRoom(noon, "lisi", Settings{}); err != nil {
		t.Fatal(err)
	}
	must(t, first.SetOpen(noon, "zhangsan", false))
	if got := w.OpenRooms(noon, "zhangsan"); len(got) != 1 || got[0] != second {
		t.Errorf("got %v", got)
	}
	must(t, first.SetOpen(noon, "zhangsan", true))
	if got := w.OpenRooms(noon, "zhangsan"); len(got) != 2 || got[0] != first {
		t.Errorf("got %v", got)
	}
	if got := w.OpenRooms(noon, "nobody"); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

// en-chatroom: Changing the on/off status. The same state twice: live.
func TestOnlyTheCreatorClosesAndOpens(t *testing.T) {
	w, r := newTestRoom(t)
	join(t, w, r, "wangwu")
	join(t, w, r, "visitor")
	_, err := w.AddRobots(noon, r, []string{"robot"}, "", Notice{})
	must(t, err)

	wantErr(t, r.SetOpen(noon, "wangwu", false), ErrForbidden)
	wantErr(t, r.SetOpen(noon, "zhangsan", true), ErrDuplicate)
	must(t, r.SetOpen(noon, "zhangsan", false))
	wantErr(t, r.SetOpen(noon, "zhangsan", false), ErrDuplicate)

	if r.CountOnline() != 0 || len(r.Page(Visitors, 0, 10)) != 0 {
		t.Error("closing left someone in the room")
	}
	wantAccids(t, r.Page(FixedMembers, 0, 10), "wangwu", "zhangsan")
	wantErr(t, w.Join(noon, r.ID, Login{Accid: "visitor"}, ProfileChange{}), ErrClosed)
	_, err = w.Send(noon, r, Draft{From: "zhangsan"})
	wantErr(t, err, ErrClosed)
	_, err = w.AddRobots(noon, r, []string{"robot"}, "", Notice{})
	wantErr(t, err, ErrClosed)
}

func TestEqualSeedsGiveEqualChances(t *testing.T) {
	drops := func(seed uint64) (dropped []bool) {
		w := New(Config{Seed: seed})
		r, _ := w.CreateRoom(noon, "zhangsan", Settings{})
		for range 64 {
			m, err := w.Send(noon, r, Draft{From: "zhangsan", AbandonRatio: new5000()})
			must(t, err)
			dropped = append(dropped, m.Abandoned)
		}
		return dropped
	}
	if !slices.Equal(drops(7), drops(7)) {
		t.Error("one seed, two outcomes")
	}
	if slices.Equal(drops(7), drops(8)) {
		t.Error("two seeds, one outcome")
	}
}

func new5000() *int { ratio := 5000; return &ratio }
