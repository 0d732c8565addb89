package state

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Changes are what became of a state in some steps, as plain data. Whatever the
// rules are by then, [State.Apply] makes of the state of before the one of after.
// What ended by itself and is forgotten without an effect is not in it. The JSON
// is spelt as that of a [Snapshot].
type Changes struct {
	NextRoomID int64              `json:"nextRoomid,omitempty"`
	Random     []byte             `json:"random,omitempty"`
	Accounts   map[string]Profile `json:"accounts,omitempty"`
	Rooms      List[RoomChanges]  `json:"rooms,omitempty"`
	Broadcasts List[Message]      `json:"broadcasts,omitempty"`
	Copies     List[Copy]         `json:"callbacks,omitempty"`
	Received   []int64            `json:"received,omitempty"` // ids of copies
}

// RoomChanges are the changes of one room, in the order in which they are
// applied.
type RoomChanges struct {
	ID      int64        `json:"roomid"`
	Data    *RoomData    `json:"data,omitempty"`
	Members List[Member] `json:"members,omitempty"`
	// Gone are accounts that are no members any more.
	Gone []string `json:"gone,omitempty"`
	// Departed is that of the snapshot, and null where that is forgotten.
	Departed map[string]*int64 `json:"departed,omitempty"`
	Messages List[Message]     `json:"messages,omitempty"`
	// Removed are messages that were recalled or deleted.
	Removed []MessageKey `json:"removed,omitempty"`
	// NotificationsFrom is the time before which notifications are forgotten.
	NotificationsFrom int64 `json:"notificationsFrom,omitempty"`
	// A mute that ends at 0 was taken back.
	TempMutes []MuteSnapshot  `json:"tempMutes,omitempty"`
	TagMutes  []MuteSnapshot  `json:"tagMutes,omitempty"`
	Priority  *priorityWindow `json:"priority,omitempty"`
	Queue     []QueueStep     `json:"queue,omitempty"`
	Tallies   []TallyChange   `json:"tallies,omitempty"`

	members, departures []string // accounts, to be looked up at the end
}

// MessageKey names a message of a room.
type MessageKey struct {
	ID   string `json:"msgid"`
	Time int64  `json:"time"`
}

// QueueStep puts an element into a queue, or drops the one with a key.
type QueueStep struct {
	Put  *Element `json:"put,omitempty"`
	Drop string   `json:"drop,omitempty"`
}

// TallyChange is a room's new tally in a period.
type TallyChange struct {
	Period Period `json:"period"`
	Start  int64  `json:"start"` // Unix seconds
	Tally
	// Accid is the account that was active for the first time.
	Accid string `json:"accid,omitempty"`
}

func (c *RoomChanges) bad() bool { return c.ID <= 0 }

// track notes what steps may have changed, since the last TakeChanges.
type track struct {
	nextRoomID int64
	chance     rand.PCG
	accounts   []string
	broadcasts []*Message
	rooms      []*Room
	copies     []*Copy
	received   []int64
}

// touched is a room as it was before the step, and what was noted of it since.
type touched struct {
	data     RoomData
	priority priorityWindow
	changed  bool
	changes  RoomChanges
}

// Track begins to note changes, for [State.TakeChanges].
func (s *State) Track() { s.track = new(track) }

// touch notes a room as it is, before something changes it.
func (r *Room) touch() *touched {
	if r.touched == nil && r.state.track != nil {
		r.touched = &touched{data: r.RoomData, priority: r.priority}
		r.state.track.rooms = append(r.state.track.rooms, r)
	}
	return r.touched
}

// changed lets f note a change, if changes are tracked. What [RoomData] holds
// need not be noted.
func (r *Room) changed(f func(*RoomChanges)) {
	if t := r.touch(); t != nil {
		t.changed = true
		f(&t.changes)
	}
}

func (r *Room) noteMember(accid string) {
	r.changed(func(c *RoomChanges) { c.members = append(c.members, accid) })
}

func (r *Room) noteDeparture(accid string) {
	r.changed(func(c *RoomChanges) { c.departures = append(c.departures, accid) })
}

// noteMessage notes a message, which says by its time what LastMessage is.
func (r *Room) noteMessage(m *Message) {
	r.changed(func(c *RoomChanges) {
		c.Messages = append(c.Messages, m)
		r.touched.data.LastMessage = r.LastMessage
	})
}

func (r *Room) noteRemoved(m *Message) {
	r.changed(func(c *RoomChanges) { c.Removed = append(c.Removed, MessageKey{m.ID, m.Time}) })
}

// TakeChanges returns what has changed since it was called last, or since Track,
// and nil if nothing has. The changes share memory with the state: the caller
// writes them down before the next step.
func (s *State) TakeChanges() *Changes {
	t := s.track
	c := &Changes{Broadcasts: t.broadcasts, Copies: t.copies, Received: t.received}
	for _, r := range t.rooms {
		if changes := r.takeChanges(); changes != nil {
			c.Rooms = append(c.Rooms, changes)
		}
	}
	for _, accid := range t.accounts {
		if c.Accounts == nil {
			c.Accounts = map[string]Profile{}
		}
		c.Accounts[accid] = s.accounts[accid]
	}
	if s.nextRoomID != t.nextRoomID {
		c.NextRoomID = s.nextRoomID
	}
	if *s.chance != t.chance {
		c.Random, _ = s.chance.MarshalBinary() // has no error to give
	}
	clear(t.rooms)
	*t = track{nextRoomID: s.nextRoomID, chance: *s.chance, rooms: t.rooms[:0]}
	if c.Rooms == nil && c.Accounts == nil && c.Broadcasts == nil && c.Copies == nil && c.Received == nil && c.NextRoomID == 0 && c.Random == nil {
		return nil
	}
	return c
}

func (r *Room) takeChanges() *RoomChanges {
	t := r.touched
	r.touched = nil
	c := &t.changes
	c.ID = r.ID
	if r.RoomData != t.data {
		c.Data, t.changed = &r.RoomData, true
	}
	if r.priority != t.priority {
		c.Priority, t.changed = &r.priority, true
	}
	if !t.changed {
		return nil
	}
	for _, accid := range unique(c.members) {
		if m, ok := r.find(accid); ok {
			c.Members = append(c.Members, m)
		} else {
			c.Gone = append(c.Gone, accid)
		}
	}
	for _, accid := range c.departures {
		if c.Departed == nil {
			c.Departed = map[string]*int64{}
		}
		if at, ok := r.departed[accid]; ok {
			c.Departed[accid] = &at
		} else {
			c.Departed[accid] = nil
		}
	}
	return c
}

// Apply makes changes that a state of the same past has taken. It takes them
// over. After an error the state is good for nothing.
func (s *State) Apply(c *Changes) error {
	for accid, shows := range c.Accounts {
		s.accounts[accid] = shows
	}
	if c.NextRoomID != 0 {
		s.nextRoomID = c.NextRoomID
	}
	if c.Random != nil {
		if err := s.chance.UnmarshalBinary(c.Random); err != nil {
			return errors.New("random: not the state of a PCG")
		}
	}
	for i, m := range c.Broadcasts {
		if m.bad() || m.Target.Err() != nil {
			return fmt.Errorf("broadcasts[%d]: without a time, or notifyTargetTags that cannot be read", i)
		}
		s.broadcasts[m.ID] = m
	}
	if err := s.importCopies(c.Copies); err != nil {
		return err
	}
	for _, id := range c.Received {
		s.outbox.forget(id)
	}
	for i, changes := range c.Rooms {
		if err := s.applyRoom(changes); err != nil {
			return fmt.Errorf("rooms[%d].%w", i, err)
		}
	}
	return nil
}

func (s *State) applyRoom(c *RoomChanges) error {
	r, known := s.rooms[c.ID]
	switch {
	case known && (c.Data == nil || c.Data.Creator == r.Creator && c.Data.ID == r.ID):
	case known || c.Data == nil || c.Data.ID != c.ID || c.bad():
		return fmt.Errorf("roomid: %d is no room, or another", c.ID)
	default:
		r = &Room{RoomData: *c.Data, state: s}
		s.rooms[r.ID] = r
		s.addToCreator(r)
	}
	if c.Data != nil {
		r.RoomData = *c.Data
	}
	if err := r.applyMembers(c); err != nil {
		return err
	}
	if err := r.applyMessages(c); err != nil {
		return err
	}
	r.mutes = applyMutes(r.mutes, c.TempMutes)
	r.tagMutes = applyMutes(r.tagMutes, c.TagMutes)
	if c.Priority != nil {
		r.priority = *c.Priority
	}
	for _, step := range c.Queue {
		if step.Put != nil {
			r.put(*step.Put)
		} else {
			r.drop(func(e Element) bool { return e.Key == step.Drop })
		}
	}
	return r.applyTallies(c.Tallies)
}

func (r *Room) applyMembers(c *RoomChanges) error {
	for i, is := range c.Members {
		if err := is.check(); err != nil {
			return fmt.Errorf("members[%d].%w", i, err)
		}
		m := r.member(is.Accid)
		robot := robot{m, m.RobotLeaves}
		r.change(m, func(m *Member) {
			*m = *is
			for _, l := range m.Logins {
				l.Accid = m.Accid
			}
		})
		if m.IsRobot() && !robot.valid() {
			robot.leaves = m.RobotLeaves
			r.robots = append(r.robots, robot)
		}
	}
	for _, accid := range c.Gone {
		if m, ok := r.find(accid); ok {
			r.change(m, func(m *Member) { *m = Member{Accid: accid, Role: Temporary} })
		}
	}
	for accid, at := range c.Departed {
		if at == nil {
			delete(r.departed, accid)
			continue
		}
		if r.departed == nil {
			r.departed = map[string]int64{}
		}
		r.departed[accid] = *at
	}
	return nil
}

func (r *Room) applyMessages(c *RoomChanges) error {
	for i, m := range c.Messages {
		if m.bad() || m.Target.Err() != nil {
			return fmt.Errorf("messages[%d]: without a time, or notifyTargetTags that cannot be read", i)
		}
		m.RoomID = r.ID
		r.LastMessage = max(r.LastMessage, m.Time)
		r.keep(m)
	}
	for _, key := range c.Removed {
		gone := func(m *Message) bool { return m.ID == key.ID && m.Time == key.Time }
		r.urgent = slices.DeleteFunc(r.urgent, gone)
		if i := r.history.search(key.Time); i < len(r.history) && gone(r.history[i]) {
			r.history = slices.Delete(r.history, i, i+1)
		}
		r.markRemoved(key.ID, gone)
	}
	if c.NotificationsFrom > 0 {
		r.forgetNotifications(c.NotificationsFrom)
	}
	return nil
}

func applyMutes(mutes map[string]MuteSnapshot, list []MuteSnapshot) map[string]MuteSnapshot {
	for _, is := range list {
		if is.Ends == 0 {
			delete(mutes, is.Whom)
			continue
		}
		if mutes == nil {
			mutes = map[string]MuteSnapshot{}
		}
		mutes[is.Whom] = is
	}
	return mutes
}

func (r *Room) applyTallies(list []TallyChange) error {
	for i, t := range list {
		if t.Period < Hourly || t.Period > Daily {
			return fmt.Errorf("tallies[%d].period: %d is none", i, t.Period)
		}
		ledger := r.state.figures[t.Period]
		if ledger[t.Start] == nil {
			ledger[t.Start] = map[int64]Tally{}
		}
		ledger[t.Start][r.ID] = t.Tally
		if t.Accid != "" {
			r.active[t.Period].add(t.Start, t.Accid)
		}
	}
	return nil
}
