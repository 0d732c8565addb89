package state

import (
	"slices"
	"testing"
	"time"
)

func rooms(ranks []Rank) []int64 {
	list := []int64{}
	for _, k := range ranks {
		list = append(list, k.RoomID)
	}
	return list
}

// en-chatroom: Querying TOP N indicators in a chat room.
func TestTopRanksByEachFigure(t *testing.T) {
	w := New(Config{})
	do := func(at time.Time, r *Room, entries []string, messages int) {
		t.Helper()
		for _, accid := range entries {
			must(t, w.Join(at, r.ID, Login{Accid: accid}, ProfileChange{}))
		}
		for range messages {
			_, err := w.Send(at, r, Draft{From: "speaker"})
			must(t, err)
		}
	}
	busy, _ := w.CreateRoom(noon, "zhangsan", Settings{})
	full, _ := w.CreateRoom(noon, "zhangsan", Settings{})
	if _, err := w.CreateRoom(noon, "zhangsan", Settings{}); err != nil { // nothing happens there
		t.Fatal(err)
	}
	do(noon.Add(-time.Hour), busy, []string{"a"}, 0)
	do(noon, busy, []string{"a", "b", "a", "b", "a"}, 1)
	do(noon.Add(time.Minute), full, []string{"a", "b", "c"}, 5)

	tests := []struct {
		order Order
		limit int
		want  []int64
	}{
		{ByActivity, 9, []int64{full.ID, busy.ID}},
		{ByEntries, 9, []int64{busy.ID, full.ID}},
		{ByMessages, 9, []int64{full.ID, busy.ID}},
		{ByMessages, 1, []int64{full.ID}},
	}
	for _, tt := range tests {
		if got := rooms(w.Top(noon, noon.Add(30*time.Minute), Hourly, tt.order, tt.limit)); !slices.Equal(got, tt.want) {
			t.Errorf("order %d: got %v, want %v", tt.order, got, tt.want)
		}
	}
	got := w.Top(noon, noon, Hourly, ByActivity, 1)[0]
	if want := (Rank{Tally: Tally{Active: 4, Entries: 3, Messages: 5}, RoomID: full.ID, Start: noon.In(zone)}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := rooms(w.Top(noon, noon.Add(-time.Second), Hourly, ByActivity, 9)); !slices.Equal(got, []int64{busy.ID}) {
		t.Errorf("the hour before: %v", got)
	}
	tomorrow := noon.Add(24 * time.Hour)
	got = w.Top(tomorrow, noon, Daily, ByEntries, 1)[0]
	if want := (Rank{Tally: Tally{Active: 3, Entries: 6, Messages: 1}, RoomID: busy.ID, Start: time.Date(2022, 11, 22, 0, 0, 0, 0, zone)}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// en-chatroom: Querying TOP N indicators in a chat room, "2. The statistics of
// the current day can be queried on the next day", "3. Only statistics for the
// last 30 days can be queried".
func TestWhenFiguresCanBeHad(t *testing.T) {
	w, r := newTestRoom(t)
	_, err := w.Send(noon, r, Draft{From: "lisi"})
	must(t, err)
	day := 24 * time.Hour
	tests := []struct {
		name   string
		now    time.Time
		period Period
		want   int
	}{
		{"this hour", noon, Hourly, 1},
		{"today", noon, Daily, 0},
		{"a minute before midnight in Beijing", noon.Add(11*time.Hour + 59*time.Minute), Daily, 0},
		{"at midnight in Beijing", noon.Add(12 * time.Hour), Daily, 1},
		{"after 30 days", noon.Add(30 * day), Daily, 1},
		{"after 30 days, by hour", noon.Add(30 * day), Hourly, 1},
		{"after 31 days", noon.Add(31 * day), Daily, 0},
		{"after 31 days, by hour", noon.Add(31 * day), Hourly, 0},
	}
	for _, tt := range tests {
		if got := w.Top(tt.now, noon, tt.period, ByActivity, 9); len(got) != tt.want {
			t.Errorf("%s: %d rooms, want %d", tt.name, len(got), tt.want)
		}
	}
	if got := w.Top(noon, time.UnixMilli(1<<62), Hourly, ByActivity, 9); len(got) != 0 {
		t.Errorf("a far future has figures: %v", got)
	}
}

func TestFiguresOfOverPeriodsAreForgotten(t *testing.T) {
	w, r := newTestRoom(t)
	for day := range 100 {
		_, err := w.Send(noon.Add(time.Duration(day)*24*time.Hour), r, Draft{From: "lisi"})
		must(t, err)
	}
	for period, l := range w.figures {
		if len(l) > 31 {
			t.Errorf("period %d: %d kept", period, len(l))
		}
	}
	// A clock that was set back finds its period closed and counts on.
	_, err := w.Send(noon.Add(98*24*time.Hour), r, Draft{From: "wangwu"})
	must(t, err)
}

func TestRobotsCountForNothing(t *testing.T) {
	w, r := newTestRoom(t)
	_, err := w.AddRobots(noon, r, []string{"a", "b"}, "", Notice{})
	must(t, err)
	if got := w.Top(noon, noon, Hourly, ByActivity, 9); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}
