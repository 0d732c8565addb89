package state

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Importer makes the state of a snapshot whose rooms come one by one. It takes
// what it is given over, and cannot be used any more after an error, and after
// its end. Lists may be in any order. It checks that what it is given is
// coherent, and not the limits of the rules, which may have been others.
type Importer struct {
	state *State
	rooms int
}

// NewImporter makes one that has no rooms yet.
func NewImporter(c Config) *Importer { return &Importer{state: New(c)} }

// Room takes the next room. The error names its place in the snapshot.
func (i *Importer) Room(snap *RoomSnapshot) error {
	if err := i.state.importRoom(snap); err != nil {
		return fmt.Errorf("rooms[%d].%w", i.rooms, err)
	}
	i.rooms++
	return nil
}

// Finish takes all of a snapshot but its rooms, and returns the state.
func (i *Importer) Finish(snap *Snapshot) (*State, error) {
	s := i.state
	if err := s.chance.UnmarshalBinary(snap.Random); err != nil {
		return nil, errors.New("random: not the state of a PCG")
	}
	for i, accid := range snap.Accounts {
		if accid == "" {
			return nil, fmt.Errorf("accounts[%d]: empty", i)
		}
		s.AddAccounts(accid)
	}
	for accid, shows := range snap.Profiles {
		if _, ok := s.accounts[accid]; !ok {
			return nil, fmt.Errorf("profiles: no account %q", accid)
		}
		s.accounts[accid] = shows
	}
	for i, m := range snap.Broadcasts {
		switch _, twice := s.broadcasts[m.ID]; {
		case m.bad(), m.ID == "", twice:
			return nil, fmt.Errorf("broadcasts[%d]: msgid %q is empty or there twice, or the time is none", i, m.ID)
		case m.Target.Err() != nil:
			return nil, fmt.Errorf("broadcasts[%d].notifyTargetTags: %w", i, m.Target.Err())
		}
		s.broadcasts[m.ID] = m
	}
	if err := s.importCopies(snap.Copies); err != nil {
		return nil, err
	}
	if s.nextRoomID = snap.NextRoomID; s.nextRoomID <= 0 {
		return nil, errors.New("nextRoomid: not a room id")
	}
	if err := s.importFigures(Hourly, snap.Hourly); err != nil {
		return nil, fmt.Errorf("hourly%w", err)
	}
	if err := s.importFigures(Daily, snap.Daily); err != nil {
		return nil, fmt.Errorf("daily%w", err)
	}
	return s, nil
}

func (s *State) importRoom(snap *RoomSnapshot) error {
	switch _, twice := s.rooms[snap.ID]; {
	case snap.ID <= 0:
		return errors.New("roomid: not a room id")
	case twice:
		return fmt.Errorf("roomid: %d is there twice", snap.ID)
	case snap.Closing != nil && (snap.Closing.Policy < NeverCloses || snap.Closing.Policy > ClosesWhenEmpty || snap.Closing.Seconds < 0):
		return fmt.Errorf("delayInfo: policy %d with %d seconds", snap.Closing.Policy, snap.Closing.Seconds)
	}
	r := &Room{RoomData: snap.RoomData, state: s, departed: snap.Departed}
	if err := r.importMembers(snap.Members); err != nil {
		return err
	}
	if err := r.importMessages(snap.Messages); err != nil {
		return err
	}
	var err error
	if r.mutes, err = importMutes(snap.TempMutes); err != nil {
		return fmt.Errorf("tempMutes%w", err)
	}
	if r.tagMutes, err = importMutes(snap.TagMutes); err != nil {
		return fmt.Errorf("tagMutes%w", err)
	}
	if err := r.importQueue(snap.Queue); err != nil {
		return err
	}
	if p := snap.Priority; p != nil {
		if r.priority = *p; p.Count < 0 {
			return fmt.Errorf("priority.count: %d, want 0 or more", p.Count)
		}
	}
	s.rooms[r.ID] = r
	s.addToCreator(r)
	return nil
}

func (r *Room) importMembers(list List[Member]) error {
	last := int64(0)
	for _, i := range byTime(list, (*Member).moment) {
		m := list[i]
		err := m.check()
		switch _, twice := r.find(m.Accid); {
		case err != nil:
			return fmt.Errorf("members[%d].%w", i, err)
		case twice:
			return fmt.Errorf("members[%d].accid: %q is there twice", i, m.Accid)
		case m.EnterTime == last:
			return fmt.Errorf("members[%d].enterTime: %d, which another member has", i, m.EnterTime)
		case (m.Role == Creator) != (m.Accid == r.Creator):
			return fmt.Errorf("members[%d].type: %s, but the creator is %q", i, m.Role, r.Creator)
		}
		last = m.EnterTime
		for _, l := range m.Logins {
			l.Accid = m.Accid
		}
		r.change(m, func(*Member) {})
		if m.IsRobot() {
			r.robots = append(r.robots, robot{m, m.RobotLeaves})
		}
	}
	slices.SortStableFunc(r.robots, func(a, b robot) int { return cmp.Compare(a.leaves, b.leaves) })
	if _, ok := r.find(r.Creator); !ok {
		return fmt.Errorf("members: the creator %q is missing", r.Creator)
	}
	for i, l := range r.logins {
		if i > 0 && r.logins[i-1].EnterTime == l.EnterTime {
			return fmt.Errorf("members: two logins at %d", l.EnterTime)
		}
		last = max(last, l.EnterTime)
	}
	if r.LastEntry < last {
		return errors.New("lastEntry: before a member's enterTime")
	}
	return nil
}

// check returns what makes no sense in a member by itself.
func (m *Member) check() error {
	for i, l := range m.Logins {
		switch err := l.Notify.Err(); {
		case err != nil:
			return fmt.Errorf("logins[%d].notifyTargetTags: %w", i, err)
		case l.EnterTime <= 0:
			return fmt.Errorf("logins[%d].enterTime: %d, want Unix milliseconds", i, l.EnterTime)
		}
	}
	switch {
	case m.Accid == "":
		return errors.New("accid: empty")
	case m.Accid != FoldAccid(m.Accid):
		return fmt.Errorf("accid: %q, want lower case", m.Accid)
	case m.EnterTime <= 0:
		return fmt.Errorf("enterTime: %d, want Unix milliseconds", m.EnterTime)
	case !slices.Contains([]Role{Creator, Manager, Common, Limited, Temporary}, m.Role):
		return fmt.Errorf("type: %q is none", m.Role)
	case (m.Role == Limited) != (m.Blacklisted || m.Muted):
		return fmt.Errorf("type: %s does not go with blacklisted %t and muted %t", m.Role, m.Blacklisted, m.Muted)
	case m.RobotLeaves < 0 || m.IsRobot() && len(m.Logins) > 0:
		return errors.New("robotLeaves: less than 0, or of a member with logins")
	case !m.Fixed() && !m.Online():
		return errors.New("logins: a visitor has one or is a robot")
	case m.Blacklisted && m.Online():
		return errors.New("blacklisted: but in the room")
	}
	return nil
}

func (r *Room) importQueue(list List[Element]) error {
	if r.QueueLimit != nil && *r.QueueLimit < 0 {
		return fmt.Errorf("queueSizeLimit: %d, want 0 or more", *r.QueueLimit)
	}
	for i, e := range list {
		if e.bad() || r.queued(e.Key) >= 0 {
			return fmt.Errorf("queue[%d].key: %q is empty, there twice or nobody's", i, e.Key)
		}
		r.queue = append(r.queue, *e)
	}
	return nil
}

func importMutes(list List[MuteSnapshot]) (map[string]MuteSnapshot, error) {
	if len(list) == 0 {
		return nil, nil
	}
	mutes := make(map[string]MuteSnapshot, len(list))
	for i, snap := range list {
		if _, twice := mutes[snap.Whom]; twice || snap.Whom == "" {
			return nil, fmt.Errorf("[%d].whom: %q is empty or there twice", i, snap.Whom)
		}
		mutes[snap.Whom] = *snap
	}
	return mutes, nil
}

func (r *Room) importMessages(list List[Message]) error {
	last := int64(0)
	for _, i := range byTime(list, (*Message).moment) {
		m := list[i]
		switch err := m.Target.Err(); {
		case err != nil:
			return fmt.Errorf("messages[%d].notifyTargetTags: %w", i, err)
		case m.Time <= last:
			return fmt.Errorf("messages[%d].time: %d, want a time that no other message of the room has", i, m.Time)
		}
		last = m.Time
		m.RoomID = r.ID
		r.keep(m)
	}
	if r.LastMessage < last {
		return errors.New("lastMessage: before a message")
	}
	return nil
}

// byTime returns the indexes of a list in the order of its times.
func byTime[T any](list List[T], at func(*T) int64) []int {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(at(list[a]), at(list[b])) })
	return order
}

// importFigures takes the figures of a kind of period.
func (s *State) importFigures(period Period, list List[PeriodSnapshot]) error {
	ledger := s.figures[period]
	for i, snap := range list {
		start := time.Unix(snap.Start, 0).In(zone)
		if _, twice := ledger[snap.Start]; twice || snap.Start <= 0 || !period.start(start).Equal(start) {
			return fmt.Errorf("[%d].start: %d is there twice or starts no period", i, snap.Start)
		}
		ledger[snap.Start] = make(map[int64]Tally, len(snap.Rooms))
		for j, t := range snap.Rooms {
			if err := s.importTally(period, snap.Start, t); err != nil {
				return fmt.Errorf("[%d].rooms[%d].%w", i, j, err)
			}
		}
	}
	return nil
}

func (s *State) importTally(period Period, start int64, snap *TallySnapshot) error {
	rooms := s.figures[period][start]
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
	rooms[snap.RoomID] = snap.Tally
	for _, accid := range snap.Accounts {
		r.active[period].add(start, accid)
	}
	return nil
}
