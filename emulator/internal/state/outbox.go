package state

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
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

func (c *Copy) bad() bool { return c.ID <= 0 || c.RoomID <= 0 || len(c.Body) == 0 }

// outbox holds the copies that were not received, by id.
type outbox struct {
	encode func(*Happening) []byte // nil unless the app wants callbacks
	copies map[int64]*Copy
	last   int64
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
	told := h // which alone goes to the heap, so that a state without an encoder allocates nothing
	told.Room = r
	body := s.outbox.encode(&told)
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
	if s.outbox.copies == nil {
		s.outbox.copies = map[int64]*Copy{}
	}
	s.outbox.copies[c.ID] = c
	s.outbox.last = max(s.outbox.last, c.ID)
}

// importCopies takes copies that were not received.
func (s *State) importCopies(list List[Copy]) error {
	for i, c := range list {
		if c.bad() || s.outbox.copies[c.ID] != nil {
			return fmt.Errorf("callbacks[%d]: without an id, a room or a body, or there twice", i)
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
	list := slices.DeleteFunc(slices.Collect(maps.Values(s.outbox.copies)), func(c *Copy) bool { return c.ID <= after })
	slices.SortFunc(list, func(a, b *Copy) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// HasCopy reports whether a copy is still to be received.
func (s *State) HasCopy(c *Copy) bool { return s.outbox.copies[c.ID] == c }

// Received forgets a copy.
func (s *State) Received(c *Copy) {
	if !s.HasCopy(c) {
		return
	}
	delete(s.outbox.copies, c.ID)
	if s.track != nil {
		s.track.received = append(s.track.received, c.ID)
	}
}

// tellMoves tells what the connections of a member do.
func (r *Room) tellMoves(at int64, m *Member, move Move) {
	for _, l := range m.Logins {
		r.tell(Happening{Time: at, Member: m, Login: l, Move: move})
	}
}

// TellQueue tells of something that is no change of the queue's elements.
func (r *Room) TellQueue(now time.Time, what string) {
	r.tell(Happening{Time: now.UnixMilli(), Operator: r.Creator, Queue: &QueueChange{Change: what}})
}
