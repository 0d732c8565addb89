package world

import (
	"cmp"
	"slices"
	"time"
)

// zone is where the service's days begin: its examples count days of Beijing.
var zone = time.FixedZone("UTC+8", 8*60*60)

// figuresKept is how far back figures can be read.
const figuresKept = 30 * 24 * time.Hour

// Period is the length of time that figures cover.
type Period int

// The periods.
const (
	Hourly Period = iota
	Daily
)

// start is when the period around t begins.
func (p Period) start(t time.Time) time.Time {
	t = t.In(zone)
	if p == Daily {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), 0, 0, 0, zone)
}

// Order is what a ranking goes by.
type Order int

// The orders.
const (
	ByActivity Order = iota
	ByEntries
	ByMessages
)

// Rank is a room's figures in a period.
type Rank struct {
	RoomID int64
	// Start is when the period began.
	Start time.Time
	// Active counts the accounts that entered or spoke, each once.
	Active   int
	Entries  int
	Messages int
}

func (k Rank) by(o Order) int {
	return [...]int{ByActivity: k.Active, ByEntries: k.Entries, ByMessages: k.Messages}[o]
}

// tally is what is counted of a room in a period.
type tally struct {
	Rank
	accounts map[string]struct{} // dropped when the period is over
}

// ledger keeps the tallies of one kind of period.
type ledger struct {
	periods map[int64]map[int64]*tally // by start in Unix seconds, by room
	current int64
}

type figures [2]*ledger

func newFigures() figures {
	return figures{
		Hourly: {periods: map[int64]map[int64]*tally{}},
		Daily:  {periods: map[int64]map[int64]*tally{}},
	}
}

func (f figures) enter(now time.Time, roomID int64, accid string) {
	for period := range f {
		f.of(Period(period), now, roomID, accid).Entries++
	}
}

func (f figures) message(now time.Time, roomID int64, accid string) {
	for period := range f {
		f.of(Period(period), now, roomID, accid).Messages++
	}
}

// of finds a room's tally in the period around now, and counts the account as
// active in it.
func (f figures) of(period Period, now time.Time, roomID int64, accid string) *tally {
	start := period.start(now)
	rooms := f[period].open(start, now)
	t, ok := rooms[roomID]
	if !ok {
		t = &tally{Rank: Rank{RoomID: roomID, Start: start}}
		rooms[roomID] = t
	}
	if t.accounts == nil {
		t.accounts = map[string]struct{}{}
	}
	if _, again := t.accounts[accid]; !again {
		t.accounts[accid] = struct{}{}
		t.Active++
	}
	return t
}

// open finds the period that begins at start. Where that is a new one it
// forgets the periods that can no longer be asked for, and of the one before
// all but the numbers.
func (l *ledger) open(start, now time.Time) map[int64]*tally {
	key := start.Unix()
	rooms, ok := l.periods[key]
	if ok {
		return rooms
	}
	for _, t := range l.periods[l.current] {
		t.accounts = nil
	}
	for old := range l.periods {
		if old < oldestKept(now).Unix() {
			delete(l.periods, old)
		}
	}
	rooms = map[int64]*tally{}
	l.periods[key] = rooms
	l.current = key
	return rooms
}

func oldestKept(now time.Time) time.Time { return Daily.start(now.Add(-figuresKept)) }

// Top ranks the rooms of the period around a time, the highest figure first,
// equal ones by room id. Rooms in which nothing happened are not ranked. A
// day's figures can be had from the next day on, an hour's at once, and both
// for 30 days.
func (w *World) Top(now, at time.Time, period Period, order Order, limit int) []Rank {
	start := period.start(at)
	if start.Before(oldestKept(now)) || (period == Daily && !start.Before(Daily.start(now))) {
		return []Rank{}
	}
	rooms := w.figures[period].periods[start.Unix()]
	ranks := make([]Rank, 0, len(rooms))
	for _, t := range rooms {
		ranks = append(ranks, t.Rank)
	}
	slices.SortFunc(ranks, func(a, b Rank) int {
		return cmp.Or(cmp.Compare(b.by(order), a.by(order)), cmp.Compare(a.RoomID, b.RoomID))
	})
	return ranks[:min(limit, len(ranks))]
}
