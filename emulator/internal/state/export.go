package state

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Export returns a copy of all that the state holds at a time. What has ended
// by then is not in it.
func (s *State) Export(now time.Time) *Snapshot {
	random, _ := s.chance.MarshalBinary() // has no error to give
	snap := &Snapshot{
		NextRoomID: s.nextRoomID,
		Random:     random,
		Accounts:   slices.AppendSeq(make([]string, 0, len(s.accounts)), maps.Keys(s.accounts)),
		Hourly:     s.exportFigures(now, Hourly),
		Daily:      s.exportFigures(now, Daily),
		Rooms:      make([]RoomSnapshot, 0, len(s.rooms)),
	}
	slices.Sort(snap.Accounts)
	for _, r := range s.rooms {
		r.settle(now)
		snap.Rooms = append(snap.Rooms, r.export(now))
	}
	slices.SortFunc(snap.Rooms, func(a, b RoomSnapshot) int { return cmp.Compare(a.RoomID, b.RoomID) })
	return snap
}

func (r *Room) export(now time.Time) RoomSnapshot {
	snap := RoomSnapshot{
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
		Members:      make([]MemberSnapshot, 0, len(r.fixed)+len(r.visitors)),
		TempMutes:    exportMutes(r.mutes, now),
		TagMutes:     exportMutes(r.tagMutes, now),
		Messages:     r.exportMessages(),
		Departed:     maps.Clone(r.departed),
	}
	for _, list := range [...]timeline[*Member]{r.fixed, r.visitors} {
		for _, m := range list {
			snap.Members = append(snap.Members, m.export())
		}
	}
	slices.SortFunc(snap.Members, func(a, b MemberSnapshot) int { return cmp.Compare(a.EnterTime, b.EnterTime) })
	if r.priority.second == now.Unix() {
		snap.Priority = &PrioritySnapshot{Second: r.priority.second, Count: r.priority.count}
	}
	return snap
}

func (p Profile) export() ProfileSnapshot { return ProfileSnapshot(p) }

func (m *Member) export() MemberSnapshot {
	snap := MemberSnapshot{
		Accid:           m.Accid,
		ProfileSnapshot: m.Profile.export(),
		Role:            m.Role,
		Blacklisted:     m.Blacklisted,
		Muted:           m.Muted,
		EnterTime:       m.EnterTime,
		RobotLeaves:     m.robotLeaves,
	}
	if m.saved != nil {
		saved := m.saved.export()
		snap.Saved = &saved
	}
	for _, l := range m.logins {
		snap.Logins = append(snap.Logins, LoginSnapshot{
			ClientType:       l.ClientType,
			Tags:             slices.Clone(l.Tags),
			NotifyTargetTags: l.Notify.String(),
			EnterTime:        l.EnterTime,
		})
	}
	return snap
}

func exportMutes(mutes map[string]int64, now time.Time) []MuteSnapshot {
	var list []MuteSnapshot
	for whom, end := range mutes {
		if left(end, now) > 0 {
			list = append(list, MuteSnapshot{Whom: whom, Ends: end})
		}
	}
	slices.SortFunc(list, func(a, b MuteSnapshot) int { return cmp.Compare(a.Whom, b.Whom) })
	return list
}

// exportMessages lists the messages that the room remembers for any reason,
// each once.
func (r *Room) exportMessages() []MessageSnapshot {
	list := make([]*Message, 0, len(r.history)+len(r.sent)+len(r.urgent))
	list = append(list, r.history...)
	list = append(list, r.urgent...)
	list = slices.AppendSeq(list, maps.Values(r.sent))
	slices.SortFunc(list, func(a, b *Message) int { return cmp.Compare(a.Time, b.Time) })
	list = slices.Compact(list)
	states := make([]MessageSnapshot, len(list))
	for i, m := range list {
		states[i] = m.export()
	}
	return states
}

func (m *Message) export() MessageSnapshot {
	return MessageSnapshot{
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

func (s *State) exportFigures(now time.Time, period Period) []PeriodSnapshot {
	periods, current := s.figures[period].periods, period.start(now).Unix()
	list := make([]PeriodSnapshot, 0, len(periods))
	for start, rooms := range periods {
		p := PeriodSnapshot{Start: start, Rooms: make([]TallySnapshot, 0, len(rooms))}
		for id, t := range rooms {
			snap := TallySnapshot{RoomID: id, Active: t.active, Entries: t.entries, Messages: t.messages}
			if r, ok := s.rooms[id]; ok && r.active[period].start == start && start == current {
				snap.Accounts = r.active[period].accounts.sorted()
			}
			p.Rooms = append(p.Rooms, snap)
		}
		slices.SortFunc(p.Rooms, func(a, b TallySnapshot) int { return cmp.Compare(a.RoomID, b.RoomID) })
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b PeriodSnapshot) int { return cmp.Compare(a.Start, b.Start) })
	return list
}
