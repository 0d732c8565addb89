package world

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nimroom/nimroom/tagexpr"
)

// Import makes the world of which Export gave the state. Lists may be in any
// order. The error names the place in the state that makes no sense.
func Import(c Config, s *State) (*World, error) {
	i := NewImporter(c)
	for n := range s.Rooms {
		if err := i.Room(&s.Rooms[n]); err != nil {
			return nil, err
		}
	}
	return i.Finish(s)
}

// Importer imports a state whose rooms come one by one. It cannot be used any
// more after an error, and after its end.
type Importer struct {
	world *World
	rooms int
}

// NewImporter makes one that has no rooms yet.
func NewImporter(c Config) *Importer { return &Importer{world: New(c)} }

// Room takes the next room. The error names its place in the state.
func (i *Importer) Room(s *RoomState) error {
	if err := i.world.importRoom(s); err != nil {
		return fmt.Errorf("rooms[%d].%w", i.rooms, err)
	}
	i.rooms++
	return nil
}

// Finish takes all of a state but its rooms, and returns the world.
func (i *Importer) Finish(s *State) (*World, error) {
	w := i.world
	if err := w.chance.UnmarshalBinary(s.Random); err != nil {
		return nil, errors.New("random: not the state of a PCG")
	}
	for i, accid := range s.Accounts {
		if accid == "" {
			return nil, fmt.Errorf("accounts[%d]: empty", i)
		}
		w.accounts[accid] = struct{}{}
	}
	for _, rooms := range w.byCreator {
		slices.SortFunc(rooms, func(a, b *Room) int { return cmp.Compare(a.ID, b.ID) })
	}
	for id := range w.rooms {
		if id >= s.NextRoomID {
			return nil, fmt.Errorf("nextRoomid: %d, but there is a room %d", s.NextRoomID, id)
		}
	}
	if w.nextRoomID = s.NextRoomID; w.nextRoomID <= 0 {
		return nil, errors.New("nextRoomid: not a room id")
	}
	for period, of := range []struct {
		name string
		list []PeriodState
	}{{"hourly", s.Hourly}, {"daily", s.Daily}} {
		if err := w.importFigures(Period(period), of.list); err != nil {
			return nil, fmt.Errorf("%s%w", of.name, err)
		}
	}
	return w, nil
}

func (w *World) importRoom(s *RoomState) error {
	switch _, twice := w.rooms[s.RoomID]; {
	case s.RoomID <= 0:
		return errors.New("roomid: not a room id")
	case twice:
		return fmt.Errorf("roomid: %d is there twice", s.RoomID)
	case s.QueueLevel != QueueEveryone && s.QueueLevel != QueueManagers:
		return fmt.Errorf("queuelevel: %d, want 0 or 1", s.QueueLevel)
	}
	r := newRoom(s.RoomID, s.Creator, Settings{
		Name:         s.Name,
		Announcement: s.Announcement,
		BroadcastURL: s.BroadcastURL,
		Ext:          s.Ext,
		QueueLevel:   s.QueueLevel,
	})
	r.Open, r.Muted, r.EntryNotify = s.Valid, s.Muted, s.EntryNotify
	if err := r.importMembers(s); err != nil {
		return err
	}
	if err := r.importMessages(s); err != nil {
		return err
	}
	var err error
	if r.mutes, err = importMutes(s.TempMutes); err != nil {
		return fmt.Errorf("tempMutes%w", err)
	}
	if r.tagMutes, err = importMutes(s.TagMutes); err != nil {
		return fmt.Errorf("tagMutes%w", err)
	}
	r.departed = maps.Clone(s.Departed)
	if p := s.Priority; p != nil {
		if p.Count < 0 || p.Count > priorityLimit {
			return fmt.Errorf("priority.count: %d, want 0 to %d", p.Count, priorityLimit)
		}
		r.priority = priorityWindow{second: p.Second, count: p.Count}
	}
	w.rooms[r.ID] = r
	w.byCreator[r.Creator] = append(w.byCreator[r.Creator], r)
	return nil
}

func importMutes(list []MuteState) (map[string]int64, error) {
	if len(list) == 0 {
		return nil, nil
	}
	mutes := make(map[string]int64, len(list))
	for i, s := range list {
		if _, twice := mutes[s.Whom]; twice || s.Whom == "" {
			return nil, fmt.Errorf("[%d].whom: %q is empty or there twice", i, s.Whom)
		}
		mutes[s.Whom] = s.Ends
	}
	return mutes, nil
}

func (r *Room) importMessages(s *RoomState) error {
	for _, i := range byTime(s.Messages, func(m *MessageState) int64 { return m.Time }) {
		if err := r.importMessage(&s.Messages[i]); err != nil {
			return fmt.Errorf("messages[%d].%w", i, err)
		}
	}
	if s.LastMessage < r.lastMessage {
		return errors.New("lastMessage: before a message")
	}
	r.lastMessage = s.LastMessage
	return nil
}

func (r *Room) importMessage(s *MessageState) error {
	target, err := tagexpr.Parse(s.NotifyTargetTags)
	switch {
	case err != nil:
		return fmt.Errorf("notifyTargetTags: %w", err)
	case s.Time <= r.lastMessage:
		return fmt.Errorf("time: %d, want a time that no other message of the room has", s.Time)
	}
	r.lastMessage = s.Time
	r.take(&Message{
		Draft: Draft{
			ID: s.MsgID, From: s.From, Type: s.Type, SubType: s.SubType, Attach: s.Attach, Ext: s.Ext, SkipHistory: s.SkipHistory,
			HighPriority: s.HighPriority, RepeatOnReturn: s.RepeatOnReturn, Target: target,
		},
		RoomID: r.ID, Time: s.Time, Nick: s.FromNick, Avatar: s.FromAvatar, Abandoned: s.Abandoned,
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
func (w *World) importFigures(period Period, list []PeriodState) error {
	periods := w.figures[period].periods
	for i, s := range list {
		start := time.Unix(s.Start, 0).In(zone)
		if _, twice := periods[s.Start]; twice || s.Start <= 0 || !period.start(start).Equal(start) {
			return fmt.Errorf("[%d].start: %d is there twice or starts no period", i, s.Start)
		}
		periods[s.Start] = make(map[int64]tally, len(s.Rooms))
		for j := range s.Rooms {
			if err := w.importTally(period, s.Start, &s.Rooms[j]); err != nil {
				return fmt.Errorf("[%d].rooms[%d].%w", i, j, err)
			}
		}
	}
	return nil
}

func (w *World) importTally(period Period, start int64, s *TallyState) error {
	rooms := w.figures[period].periods[start]
	r, known := w.rooms[s.RoomID]
	_, twice := rooms[s.RoomID]
	switch {
	case !known, twice:
		return fmt.Errorf("roomid: %d is no room or there twice", s.RoomID)
	case s.Active < len(s.Accounts):
		return errors.New("activeNums: less than the accids")
	case s.Entries < 0 || s.Messages < 0:
		return errors.New("enterNums, msgs: less than 0")
	case len(s.Accounts) > 0 && r.active[period].start != 0:
		return errors.New("accids: those of another period are there, too")
	}
	rooms[s.RoomID] = tally{active: s.Active, entries: s.Entries, messages: s.Messages}
	for _, accid := range s.Accounts {
		r.active[period].add(start, accid)
	}
	return nil
}
