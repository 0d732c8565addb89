package state

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Happening is what a callback says about a room. One of Message, Login and Queue is
// set.
type Happening struct {
	Room *Room
	// Time is in Unix milliseconds.
	Time     int64
	Operator string
	Message  *Message
	Member   *Member // as it was, with its Login
	Login    *Login
	Move     Move // what Login did
	Queue    *QueueChange
}

// Move is what a connection did, by its name on the wire.
type Move string

// The moves.
const (
	MoveIn   Move = "IN"
	MoveOut  Move = "OUT"
	MoveKick Move = "KICK"
)

// Copy is a callback that the app has not received.
type Copy struct {
	ID     int64 `json:"id"` // later ones have larger ids
	RoomID int64 `json:"roomid"`
	// Env names the address, empty for the default one.
	Env  string          `json:"env,omitempty"`
	Body json.RawMessage `json:"body"`
}

// maxCopyID leaves room for later ids.
const maxCopyID = 1 << 53

func (c *Copy) bad() bool { return c.check() != nil }

// check returns what is wrong with a copy of a snapshot.
func (c *Copy) check() error {
	switch {
	case c.ID <= 0 || c.ID > maxCopyID:
		return fmt.Errorf("id: %d, want from 1 to %d", c.ID, int64(maxCopyID))
	case c.RoomID <= 0:
		return fmt.Errorf("roomid: %d, want at least 1", c.RoomID)
	case len(c.Body) == 0 || c.Body[0] != '{':
		return errors.New("body: want an object")
	}
	return nil
}

// outbox holds the copies that were not received, in the order of their ids.
type outbox struct {
	encode func(*Happening) []byte // nil unless the app wants callbacks
	copies []*Copy
	last   int64
}

// find returns the place of the copy with an id, and whether there is one.
func (o *outbox) find(id int64) (int, bool) {
	return slices.BinarySearchFunc(o.copies, id, func(c *Copy, id int64) int { return cmp.Compare(c.ID, id) })
}

// forget takes out the copy with an id, if there is one. It moves those before it, which are few.
func (o *outbox) forget(id int64) {
	if i, has := o.find(id); has {
		copy(o.copies[1:], o.copies[:i])
		o.copies[0] = nil
		o.copies = o.copies[1:]
	}
}

// SetEncoder makes the state keep a copy of what happens from now on, with the body that encode
// returns; no body is no copy. nil ends that.
func (s *State) SetEncoder(encode func(*Happening) []byte) { s.outbox.encode = encode }

// tell keeps a copy of what happened.
func (r *Room) tell(h Happening) {
	s := r.state
	if s.outbox.encode == nil {
		return
	}
	happening := h // which alone goes to the heap, so that a state without an encoder allocates nothing
	happening.Room = r
	body := s.outbox.encode(&happening)
	if body == nil {
		return
	}
	c := &Copy{ID: s.outbox.last + 1, RoomID: r.ID, Body: body}
	if h.Message != nil {
		c.Env = h.Message.Env
	}
	s.keepCopy(c)
	if s.track != nil {
		s.track.copies = append(s.track.copies, c)
	}
}

func (s *State) keepCopy(c *Copy) {
	i, _ := s.outbox.find(c.ID)
	s.outbox.copies = slices.Insert(s.outbox.copies, i, c)
	s.outbox.last = max(s.outbox.last, c.ID)
}

// importCopies takes copies that were not received.
func (s *State) importCopies(list List[Copy]) error {
	for i, c := range list {
		if err := c.check(); err != nil {
			return fmt.Errorf("callbacks[%d].%w", i, err)
		}
		if _, twice := s.outbox.find(c.ID); twice {
			return fmt.Errorf("callbacks[%d].id: %d is there twice", i, c.ID)
		}
		s.keepCopy(c)
	}
	return nil
}

// Copies lists the copies with larger ids than after, in their order.
func (s *State) Copies(after int64) []*Copy {
	if s.outbox.last <= after {
		return nil
	}
	i, _ := s.outbox.find(after + 1)
	return slices.Clone(s.outbox.copies[i:])
}

// HasCopy reports whether a copy is still to be received.
func (s *State) HasCopy(c *Copy) bool {
	i, has := s.outbox.find(c.ID)
	return has && s.outbox.copies[i] == c
}

// Received forgets a copy.
func (s *State) Received(c *Copy) {
	if !s.HasCopy(c) {
		return
	}
	s.outbox.forget(c.ID)
	if s.track != nil {
		s.track.received = append(s.track.received, c.ID)
	}
}

// tellMoves keeps copies of what the connections of a member do.
func (r *Room) tellMoves(at int64, m *Member, move Move) {
	for _, l := range m.Logins {
		r.tell(Happening{Time: at, Member: m, Login: l, Move: move})
	}
}

// TellQueue keeps a copy of something that is no change of the queue's elements.
func (r *Room) TellQueue(now time.Time, what string) {
	r.tell(Happening{Time: now.UnixMilli(), Operator: r.Creator, Queue: &QueueChange{Change: what}})
}
