package state

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Snapshot is all that a state holds, as plain data: what [State.Export] gives
// and an [Importer] takes. Lists are sorted, so that equal states have equal
// snapshots. Times are in Unix milliseconds, except where a field says
// otherwise. The JSON is spelt as the API spells the same things.
type Snapshot struct {
	NextRoomID int64 `json:"nextRoomid"`
	// Random is the state of chance, as math/rand/v2 writes that of a PCG.
	Random   []byte   `json:"random"`
	Accounts []string `json:"accounts"`
	// Profiles say how accounts show that were created with a name or an avatar.
	Profiles map[string]Profile   `json:"profiles"`
	Hourly   List[PeriodSnapshot] `json:"hourly"`
	Daily    List[PeriodSnapshot] `json:"daily"`
	Rooms    []*RoomSnapshot      `json:"rooms"` // by id
	// Broadcasts are in the order of their ids.
	Broadcasts List[Message] `json:"broadcasts"`
	// Copies are what the app has not received, by id.
	Copies List[Copy] `json:"callbacks"`
}

// RoomSnapshot is a [Room].
type RoomSnapshot struct {
	RoomData
	Members   List[Member]       `json:"members"` // by time of entering
	TempMutes List[MuteSnapshot] `json:"tempMutes,omitempty"`
	TagMutes  List[MuteSnapshot] `json:"tagMutes,omitempty"`
	Messages  List[Message]      `json:"messages,omitempty"` // by time
	// Departed gives, by account that has left, the time of the latest message
	// when it did.
	Departed map[string]int64 `json:"departed,omitempty"`
	Priority *priorityWindow  `json:"priority,omitempty"`
	Queue    List[Element]    `json:"queue,omitempty"` // in order
}

// MuteSnapshot is the mute of an account or a tag.
type MuteSnapshot struct {
	Whom string `json:"whom"`
	Ends int64  `json:"ends"`
	// By is the operator that muted.
	By string `json:"by,omitempty"`
}

// PeriodSnapshot holds the figures of an hour or a day.
type PeriodSnapshot struct {
	Start int64               `json:"start"` // Unix seconds
	Rooms List[TallySnapshot] `json:"rooms"` // by id
}

// TallySnapshot holds a room's figures in a period.
type TallySnapshot struct {
	RoomID int64 `json:"roomid"`
	Tally
	// Accounts are those that were active, while the period lasts.
	Accounts []string `json:"accids,omitempty"`
}

// List is a list of a [Snapshot]. Its JSON is read item by item, and what comes
// after an item that no state can have is left out: the [Importer] returns an
// error that names its place. So a text that is no state does not take many
// times its own size, which a list of "{}" would.
type List[T any] []*T

// item reports whether no state can have it.
type item interface{ bad() bool }

func (m *Member) bad() bool         { return m.Accid == "" || m.EnterTime <= 0 }
func (l *Login) bad() bool          { return l.EnterTime <= 0 }
func (s *MuteSnapshot) bad() bool   { return s.Whom == "" }
func (m *Message) bad() bool        { return m.Time <= 0 }
func (e *Element) bad() bool        { return e.Key == "" || e.Owner == "" }
func (s *PeriodSnapshot) bad() bool { return s.Start <= 0 }
func (s *TallySnapshot) bad() bool  { return s.RoomID <= 0 }

// UnmarshalJSON reads a list. Unknown fields are errors.
func (l *List[T]) UnmarshalJSON(text []byte) error {
	if text[0] != '[' { // null, or an error
		return json.Unmarshal(text, (*[]*T)(l))
	}
	from := json.NewDecoder(bytes.NewReader(text))
	from.DisallowUnknownFields()
	if _, err := from.Token(); err != nil {
		return err
	}
	*l = (*l)[:0]
	for from.More() {
		one := new(T) // and so it stays for a null
		if err := from.Decode(one); err != nil {
			return err
		}
		if *l = append(*l, one); any(one).(item).bad() {
			return nil
		}
	}
	return nil
}

// Export returns a copy of all that the state holds at a time. What has ended
// by then is not in it.
func (s *State) Export(now time.Time) *Snapshot {
	random, _ := s.chance.MarshalBinary() // has no error to give
	snap := &Snapshot{
		NextRoomID: s.nextRoomID,
		Random:     random,
		Accounts:   slices.AppendSeq(make([]string, 0, len(s.accounts)), maps.Keys(s.accounts)),
		Profiles:   maps.Clone(s.accounts),
		Hourly:     s.exportFigures(now, Hourly),
		Daily:      s.exportFigures(now, Daily),
		Rooms:      make([]*RoomSnapshot, 0, len(s.rooms)),
	}
	slices.Sort(snap.Accounts)
	maps.DeleteFunc(snap.Profiles, func(_ string, p Profile) bool { return p == Profile{} })
	for _, r := range s.rooms {
		r.settle(now)
		snap.Rooms = append(snap.Rooms, r.export(now))
	}
	for _, id := range slices.Sorted(maps.Keys(s.broadcasts)) {
		snap.Broadcasts = append(snap.Broadcasts, s.broadcasts[id])
	}
	snap.Copies = s.Copies(0)
	slices.SortFunc(snap.Rooms, func(a, b *RoomSnapshot) int { return cmp.Compare(a.ID, b.ID) })
	return snap
}

func (r *Room) export(now time.Time) *RoomSnapshot {
	snap := &RoomSnapshot{
		RoomData:  r.RoomData,
		Members:   make(List[Member], 0, len(r.fixed)+len(r.visitors)),
		TempMutes: exportMutes(r.mutes, now),
		TagMutes:  exportMutes(r.tagMutes, now),
		Messages:  r.exportMessages(now),
		Departed:  maps.Clone(r.departed),
	}
	for _, e := range r.queue {
		snap.Queue = append(snap.Queue, &e)
	}
	for _, list := range [...]timeline[*Member]{r.fixed, r.visitors} {
		for _, m := range list {
			snap.Members = append(snap.Members, m.export())
		}
	}
	slices.SortFunc(snap.Members, func(a, b *Member) int { return cmp.Compare(a.EnterTime, b.EnterTime) })
	if p := r.priority; p.Second == now.Unix() {
		snap.Priority = &p
	}
	return snap
}

// export copies what can change: neither saved profiles nor tags do.
func (m *Member) export() *Member {
	out := *m
	out.Logins = slices.Clone(m.Logins)
	for i, l := range out.Logins {
		login := *l
		out.Logins[i] = &login
	}
	return &out
}

func exportMutes(mutes map[string]MuteSnapshot, now time.Time) List[MuteSnapshot] {
	var list List[MuteSnapshot]
	for _, is := range mutes {
		if left(is.Ends, now) > 0 {
			list = append(list, &is)
		}
	}
	slices.SortFunc(list, func(a, b *MuteSnapshot) int { return cmp.Compare(a.Whom, b.Whom) })
	return list
}

// exportMessages lists the messages that the room remembers for any reason,
// each once.
func (r *Room) exportMessages(now time.Time) List[Message] {
	r.forgetOld(now.UnixMilli())
	list := make(List[Message], 0, len(r.history)+len(r.sent)+len(r.urgent))
	list = append(append(list, r.history...), r.urgent...)
	list = slices.AppendSeq(list, maps.Values(r.sent))
	slices.SortFunc(list, func(a, b *Message) int { return cmp.Compare(a.Time, b.Time) })
	return slices.Compact(list)
}

func (s *State) exportFigures(now time.Time, period Period) List[PeriodSnapshot] {
	ledger, current, oldest := s.figures[period], period.start(now).Unix(), oldestKept(now).Unix()
	list := make(List[PeriodSnapshot], 0, len(ledger))
	for start, rooms := range ledger {
		if start < oldest {
			continue
		}
		p := &PeriodSnapshot{Start: start, Rooms: make(List[TallySnapshot], 0, len(rooms))}
		for id, t := range rooms {
			snap := &TallySnapshot{RoomID: id, Tally: t}
			if r, ok := s.rooms[id]; ok && r.active[period].start == start && start == current {
				snap.Accounts = r.active[period].accounts.sorted()
			}
			p.Rooms = append(p.Rooms, snap)
		}
		slices.SortFunc(p.Rooms, func(a, b *TallySnapshot) int { return cmp.Compare(a.RoomID, b.RoomID) })
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *PeriodSnapshot) int { return cmp.Compare(a.Start, b.Start) })
	return list
}
