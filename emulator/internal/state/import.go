package state

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nimroom/nimroom/tagexpr"
)

// Import makes the state of which Export gave the state. Lists may be in any
// order. The error names the place in the state that makes no sense.
func Import(c Config, snap *Snapshot) (*State, error) {
	i := NewImporter(c)
	for n := range snap.Rooms {
		if err := i.Room(&snap.Rooms[n]); err != nil {
			return nil, err
		}
	}
	return i.Finish(snap)
}

// Importer imports a state whose rooms come one by one. It cannot be used any
// more after an error, and after its end.
type Importer struct {
	state *State
	rooms int
}

// NewImporter makes one that has no rooms yet.
func NewImporter(c Config) *Importer { return &Importer{state: New(c)} }

// Room takes the next room. The error names its place in the state.
func (i *Importer) Room(snap *RoomSnapshot) error {
	if err := i.state.importRoom(snap); err != nil {
		return fmt.Errorf("rooms[%d].%w", i.rooms, err)
	}
	i.rooms++
	return nil
}

// Finish takes all of a state but its rooms, and returns the state.
func (i *Importer) Finish(snap *Snapshot) (*State, error) {
	s := i.state
	if err := s.chance.UnmarshalBinary(snap.Random); err != nil {
		return nil, errors.New("random: not the state of a PCG")
	}
	for i, accid := range snap.Accounts {
		if accid == "" {
			return nil, fmt.Errorf("accounts[%d]: empty", i)
		}
		s.accounts[accid] = struct{}{}
	}
	for _, rooms := range s.byCreator {
		slices.SortFunc(rooms, func(a, b *Room) int { return cmp.Compare(a.ID, b.ID) })
	}
	for id := range s.rooms {
		if id >= snap.NextRoomID {
			return nil, fmt.Errorf("nextRoomid: %d, but there is a room %d", snap.NextRoomID, id)
		}
	}
	if s.nextRoomID = snap.NextRoomID; s.nextRoomID <= 0 {
		return nil, errors.New("nextRoomid: not a room id")
	}
	for period, of := range []struct {
		name string
		list []PeriodSnapshot
	}{{"hourly", snap.Hourly}, {"daily", snap.Daily}} {
		if err := s.importFigures(Period(period), of.list); err != nil {
			return nil, fmt.Errorf("%s%w", of.name, err)
		}
	}
	return s, nil
}

func (s *State) importRoom(snap *RoomSnapshot) error {
	switch _, twice := s.rooms[snap.RoomID]; {
	case snap.RoomID <= 0:
		return errors.New("roomid: not a room id")
	case twice:
		return fmt.Errorf("roomid: %d is there twice", snap.RoomID)
	case snap.QueueLevel != QueueEveryone && snap.QueueLevel != QueueManagers:
		return fmt.Errorf("queuelevel: %d, want 0 or 1", snap.QueueLevel)
	}
	r := newRoom(snap.RoomID, snap.Creator, Settings{
		Name:         snap.Name,
		Announcement: snap.Announcement,
		BroadcastURL: snap.BroadcastURL,
		Ext:          snap.Ext,
		QueueLevel:   snap.QueueLevel,
	})
	r.Open, r.Muted, r.EntryNotify = snap.Valid, snap.Muted, snap.EntryNotify
	if err := r.importMembers(snap); err != nil {
		return err
	}
	if err := r.importMessages(snap); err != nil {
		return err
	}
	var err error
	if r.mutes, err = importMutes(snap.TempMutes); err != nil {
		return fmt.Errorf("tempMutes%w", err)
	}
	if r.tagMutes, err = importMutes(snap.TagMutes); err != nil {
		return fmt.Errorf("tagMutes%w", err)
	}
	r.departed = maps.Clone(snap.Departed)
	if p := snap.Priority; p != nil {
		if p.Count < 0 || p.Count > priorityLimit {
			return fmt.Errorf("priority.count: %d, want 0 to %d", p.Count, priorityLimit)
		}
		r.priority = priorityWindow{second: p.Second, count: p.Count}
	}
	s.rooms[r.ID] = r
	s.byCreator[r.Creator] = append(s.byCreator[r.Creator], r)
	return nil
}

func importMutes(list []MuteSnapshot) (map[string]int64, error) {
	if len(list) == 0 {
		return nil, nil
	}
	mutes := make(map[string]int64, len(list))
	for i, snap := range list {
		if _, twice := mutes[snap.Whom]; twice || snap.Whom == "" {
			return nil, fmt.Errorf("[%d].whom: %q is empty or there twice", i, snap.Whom)
		}
		mutes[snap.Whom] = snap.Ends
	}
	return mutes, nil
}

func (r *Room) importMessages(snap *RoomSnapshot) error {
	for _, i := range byTime(snap.Messages, func(m *MessageSnapshot) int64 { return m.Time }) {
		if err := r.importMessage(&snap.Messages[i]); err != nil {
			return fmt.Errorf("messages[%d].%w", i, err)
		}
	}
	if snap.LastMessage < r.lastMessage {
		return errors.New("lastMessage: before a message")
	}
	r.lastMessage = snap.LastMessage
	return nil
}

func (r *Room) importMessage(snap *MessageSnapshot) error {
	target, err := tagexpr.Parse(snap.NotifyTargetTags)
	switch {
	case err != nil:
		return fmt.Errorf("notifyTargetTags: %w", err)
	case snap.Time <= r.lastMessage:
		return fmt.Errorf("time: %d, want a time that no other message of the room has", snap.Time)
	}
	r.lastMessage = snap.Time
	r.take(&Message{
		Draft: Draft{
			ID: snap.MsgID, From: snap.From, Type: snap.Type, SubType: snap.SubType, Attach: snap.Attach, Ext: snap.Ext, SkipHistory: snap.SkipHistory,
			HighPriority: snap.HighPriority, RepeatOnReturn: snap.RepeatOnReturn, Target: target,
		},
		RoomID: r.ID, Time: snap.Time, Nick: snap.FromNick, Avatar: snap.FromAvatar, Abandoned: snap.Abandoned,
	})
	return nil
}

// byTime returns the indexes of a list in the order of its times.
func byTime[T any](list []T, at func(*T) int64) []int {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(at(&list[a]), at(&list[b])) })
	return order
}

// importFigures takes the figures of a kind of period.
func (s *State) importFigures(period Period, list []PeriodSnapshot) error {
	periods := s.figures[period].periods
	for i, snap := range list {
		start := time.Unix(snap.Start, 0).In(zone)
		if _, twice := periods[snap.Start]; twice || snap.Start <= 0 || !period.start(start).Equal(start) {
			return fmt.Errorf("[%d].start: %d is there twice or starts no period", i, snap.Start)
		}
		periods[snap.Start] = make(map[int64]tally, len(snap.Rooms))
		for j := range snap.Rooms {
			if err := s.importTally(period, snap.Start, &snap.Rooms[j]); err != nil {
				return fmt.Errorf("[%d].rooms[%d].%w", i, j, err)
			}
		}
	}
	return nil
}

func (s *State) importTally(period Period, start int64, snap *TallySnapshot) error {
	rooms := s.figures[period].periods[start]
	r, known := s.rooms[snap.RoomID]
	_, twice := rooms[snap.RoomID]
	switch {
	case !known, twice:
		return fmt.Errorf("roomid: %d is no room or there twice", snap.RoomID)
	case snap.Active < len(snap.Accounts):
		return errors.New("activeNums: less than the accids")
	case snap.Entries < 0 || snap.Messages < 0:
		return errors.New("enterNums, msgs: less than 0")
	case len(snap.Accounts) > 0 && r.active[period].start != 0:
		return errors.New("accids: those of another period are there, too")
	}
	rooms[snap.RoomID] = tally{active: snap.Active, entries: snap.Entries, messages: snap.Messages}
	for _, accid := range snap.Accounts {
		r.active[period].add(start, accid)
	}
	return nil
}
