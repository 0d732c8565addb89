package state

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

// Tally is what is counted of a room in a period.
type Tally struct {
	// Active counts the accounts that entered or spoke, each once.
	Active   int `json:"activeNums"`
	Entries  int `json:"enterNums"`
	Messages int `json:"msgs"`
}

func (t Tally) by(o Order) int {
	return [...]int{ByActivity: t.Active, ByEntries: t.Entries, ByMessages: t.Messages}[o]
}

// Rank is a room's figures in a period.
type Rank struct {
	Tally
	RoomID int64
	// Start is when the period began.
	Start time.Time
}

// ledger keeps the tallies of one kind of period, by its start in Unix seconds
// and by room.
type ledger map[int64]map[int64]Tally

type figures [2]ledger

// activity holds the accounts that were active in a room in one period, the
// latest in which anything happened there.
type activity struct {
	start    int64 // Unix seconds
	accounts accountSet
}

// add reports whether the account was not yet active in the period.
func (a *activity) add(start int64, accid string) bool {
	if a.start != start {
		*a = activity{start: start}
	}
	return a.accounts.add(accid)
}

// count adds to a room's tallies in the hour and the day around now, and counts
// the account as active in them.
func (f figures) count(now time.Time, r *Room, accid string, more Tally) {
	for period, l := range f {
		start := Period(period).start(now)
		rooms := l.open(start, now)
		t := rooms[r.ID]
		t.Entries += more.Entries
		t.Messages += more.Messages
		first := r.active[period].add(start.Unix(), accid)
		if first {
			t.Active++
		}
		rooms[r.ID] = t
		r.changed(func(c *RoomChanges) {
			counted := TallyChange{Period: Period(period), Start: start.Unix(), Tally: t}
			if first {
				counted.Accid = accid
			}
			c.Tallies = append(c.Tallies, counted)
		})
	}
}

// open finds the period that begins at start. Where that is a new one it
// forgets the periods that can no longer be asked for.
func (l ledger) open(start, now time.Time) map[int64]Tally {
	key := start.Unix()
	rooms, ok := l[key]
	if ok {
		return rooms
	}
	for old := range l {
		if old < oldestKept(now).Unix() {
			delete(l, old)
		}
	}
	rooms = map[int64]Tally{}
	l[key] = rooms
	return rooms
}

func oldestKept(now time.Time) time.Time { return Daily.start(now.Add(-figuresKept)) }

// Top ranks the rooms of the period around a time, the highest figure first,
// equal ones by room id. Rooms in which nothing happened are not ranked. A
// day's figures can be had from the next day on, an hour's at once, and both
// for 30 days.
func (s *State) Top(now, at time.Time, period Period, order Order, limit int) []Rank {
	start := period.start(at)
	if start.Before(oldestKept(now)) || (period == Daily && !start.Before(Daily.start(now))) {
		return []Rank{}
	}
	rooms := s.figures[period][start.Unix()]
	ranks := make([]Rank, 0, len(rooms))
	for id, t := range rooms {
		ranks = append(ranks, Rank{Tally: t, RoomID: id, Start: start})
	}
	slices.SortFunc(ranks, func(a, b Rank) int {
		return cmp.Or(cmp.Compare(b.by(order), a.by(order)), cmp.Compare(a.RoomID, b.RoomID))
	})
	return ranks[:min(limit, len(ranks))]
}

// Hours returns the figures of a room in the latest n hours, oldest first, those in which nothing
// happened too. Errors: ErrNoRoom.
func (s *State) Hours(now time.Time, roomID int64, n int) ([]Rank, error) {
	if _, ok := s.rooms[roomID]; !ok {
		return nil, ErrNoRoom
	}
	list := make([]Rank, n)
	start := Hourly.start(now)
	for i := range list {
		at := start.Add(-time.Duration(n-1-i) * time.Hour)
		list[i] = Rank{Tally: s.figures[Hourly][at.Unix()][roomID], RoomID: roomID, Start: at}
	}
	return list, nil
}

// accountSet is a set of accounts. Most are small: they are a list until a map
// is worth its memory. The zero value is empty.
type accountSet struct {
	few  []string
	many map[string]struct{}
}

// smallSet is how many accounts are a list.
const smallSet = 16

// add reports whether the account is a new one.
func (s *accountSet) add(accid string) bool {
	if s.many == nil {
		if slices.Contains(s.few, accid) {
			return false
		}
		if len(s.few) < smallSet {
			s.few = append(tight(s.few), accid)
			return true
		}
		s.many = make(map[string]struct{}, 2*smallSet)
		for _, a := range s.few {
			s.many[a] = struct{}{}
		}
		s.few = nil
	}
	before := len(s.many)
	s.many[accid] = struct{}{}
	return len(s.many) > before
}

// sorted lists the accounts.
func (s *accountSet) sorted() []string {
	list := slices.Clone(s.few)
	for accid := range s.many {
		list = append(list, accid)
	}
	slices.Sort(list)
	return list
}

// tight makes place for another in a short list: append would double it, and
// with a million small rooms half of all lists would be empty.
func tight[T any](list []T) []T {
	const step, short = 4, 64
	if len(list) == 0 || len(list) < cap(list) || len(list) >= short {
		return list
	}
	return append(make([]T, 0, len(list)+step), list...)
}
