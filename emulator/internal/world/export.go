package world

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Export returns a copy of all that the world holds at a time. What has ended
// by then is not in it.
func (w *World) Export(now time.Time) *State {
	random, _ := w.chance.MarshalBinary() // has no error to give
	s := &State{
		NextRoomID: w.nextRoomID,
		Random:     random,
		Accounts:   slices.AppendSeq(make([]string, 0, len(w.accounts)), maps.Keys(w.accounts)),
		Hourly:     w.exportFigures(now, Hourly),
		Daily:      w.exportFigures(now, Daily),
		Rooms:      make([]RoomState, 0, len(w.rooms)),
	}
	slices.Sort(s.Accounts)
	for _, r := range w.rooms {
		r.settle(now)
		s.Rooms = append(s.Rooms, r.export(now))
	}
	slices.SortFunc(s.Rooms, func(a, b RoomState) int { return cmp.Compare(a.RoomID, b.RoomID) })
	return s
}

func (r *Room) export(now time.Time) RoomState {
	s := RoomState{
		RoomID:       r.ID,
		Creator:      r.Creator,
		Name:         r.Name,
		Announcement: r.Announcement,
		BroadcastURL: r.BroadcastURL,
		Ext:          r.Ext,
		QueueLevel:   r.QueueLevel,
		Valid:        r.Open,
		Muted:        r.Muted,
		EntryNotify:  r.EntryNotify,
		LastEntry:    r.lastEntry,
		LastMessage:  r.lastMessage,
		Members:      make([]MemberState, 0, len(r.fixed)+len(r.visitors)),
		TempMutes:    exportMutes(r.mutes, now),
		TagMutes:     exportMutes(r.tagMutes, now),
		Messages:     r.exportMessages(),
		Departed:     maps.Clone(r.departed),
	}
	for _, list := range [...]timeline[*Member]{r.fixed, r.visitors} {
		for _, m := range list {
			s.Members = append(s.Members, m.export())
		}
	}
	slices.SortFunc(s.Members, func(a, b MemberState) int { return cmp.Compare(a.EnterTime, b.EnterTime) })
	if r.priority.second == now.Unix() {
		s.Priority = &PriorityState{Second: r.priority.second, Count: r.priority.count}
	}
	return s
}

func (p Profile) export() ProfileState { return ProfileState(p) }

func (m *Member) export() MemberState {
	s := MemberState{
		Accid:        m.Accid,
		ProfileState: m.Profile.export(),
		Role:         m.Role,
		Blacklisted:  m.Blacklisted,
		Muted:        m.Muted,
		EnterTime:    m.EnterTime,
		RobotLeaves:  m.robotLeaves,
	}
	if m.saved != nil {
		saved := m.saved.export()
		s.Saved = &saved
	}
	for _, l := range m.logins {
		s.Logins = append(s.Logins, LoginState{
			ClientType:       l.ClientType,
			Tags:             slices.Clone(l.Tags),
			NotifyTargetTags: l.Notify.String(),
			EnterTime:        l.EnterTime,
		})
	}
	return s
}

func exportMutes(mutes map[string]int64, now time.Time) []MuteState {
	var list []MuteState
	for whom, end := range mutes {
		if left(end, now) > 0 {
			list = append(list, MuteState{Whom: whom, Ends: end})
		}
	}
	slices.SortFunc(list, func(a, b MuteState) int { return cmp.Compare(a.Whom, b.Whom) })
	return list
}

// exportMessages lists the messages that the room remembers for any reason,
// each once.
func (r *Room) exportMessages() []MessageState {
	list := make([]*Message, 0, len(r.history)+len(r.sent)+len(r.urgent))
	list = append(list, r.history...)
	list = append(list, r.urgent...)
	list = slices.AppendSeq(list, maps.Values(r.sent))
	slices.SortFunc(list, func(a, b *Message) int { return cmp.Compare(a.Time, b.Time) })
	list = slices.Compact(list)
	states := make([]MessageState, len(list))
	for i, m := range list {
		states[i] = m.export()
	}
	return states
}

func (m *Message) export() MessageState {
	return MessageState{
		MsgID:            m.ID,
		From:             m.From,
		FromNick:         m.Nick,
		FromAvatar:       m.Avatar,
		Type:             m.Type,
		SubType:          m.SubType,
		Attach:           m.Attach,
		Ext:              m.Ext,
		Time:             m.Time,
		HighPriority:     m.HighPriority,
		RepeatOnReturn:   m.RepeatOnReturn,
		NotifyTargetTags: m.Target.String(),
		SkipHistory:      m.SkipHistory,
		Abandoned:        m.Abandoned,
	}
}

func (w *World) exportFigures(now time.Time, period Period) []PeriodState {
	periods, current := w.figures[period].periods, period.start(now).Unix()
	list := make([]PeriodState, 0, len(periods))
	for start, rooms := range periods {
		p := PeriodState{Start: start, Rooms: make([]TallyState, 0, len(rooms))}
		for id, t := range rooms {
			s := TallyState{RoomID: id, Active: t.active, Entries: t.entries, Messages: t.messages}
			if r, ok := w.rooms[id]; ok && r.active[period].start == start && start == current {
				s.Accounts = r.active[period].accounts.sorted()
			}
			p.Rooms = append(p.Rooms, s)
		}
		slices.SortFunc(p.Rooms, func(a, b TallyState) int { return cmp.Compare(a.RoomID, b.RoomID) })
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b PeriodState) int { return cmp.Compare(a.Start, b.Start) })
	return list
}
