// Package state is the state of the emulated service and the rules that move
// it: rooms, members, messages and figures. It knows nothing of HTTP, forms
// and responses.
//
// Time comes in with every call and nothing runs in the background: what ends
// by itself (mutes, robots) is found to have ended when it is next looked at.
// Nothing here locks; the caller lets in one call at a time.
package state

import (
	"cmp"
	"errors"
	"math/rand/v2"
	"slices"
	"time"
)

// The errors of the state. A call that returns one leaves the state as it was.
var (
	ErrNoAccount = errors.New("account not exist")
	ErrNoRoom    = errors.New("chatroom not exist")
	ErrNoMember  = errors.New("chatroom role not exists")
	ErrClosed    = errors.New("chatroom is closed")
	ErrForbidden = errors.New("no permission")
	ErrDuplicate = errors.New("duplicate operation")
	ErrBlocked   = errors.New("account is blocklisted in the chatroom")
	ErrMuted     = errors.New("account is muted in the chatroom")
	ErrRoomMuted = errors.New("chatroom is muted")
	ErrTooUrgent = errors.New("too many high-priority messages")
	ErrNoMessage = errors.New("message not exist")
	// ErrRoomExists is the error for a room that is placed where one is.
	ErrRoomExists = errors.New("chatroom exists")
	ErrAway       = errors.New("Target chatroom member offline") //nolint:staticcheck // the words of the service
	ErrNoElement  = errors.New("queue element not exist")
	ErrQueueFull  = errors.New("queue is full")
	ErrTooFast    = errors.New("query too fast")
)

// firstRoomID is beyond 32 bits, as ids of the real service are.
const firstRoomID = 10_010_000_001

// State is everything the service remembers.
type State struct {
	strictAccounts bool
	accounts       profiles
	rooms          map[int64]*Room
	byCreator      map[string][]*Room // by id
	nextRoomID     int64
	figures        figures
	watched        []*Room
	broadcasts     map[string]*Message // by the sender's message id
	chance         *rand.PCG
	random         *rand.Rand // draws from chance
	track          *track     // nil unless changes are tracked
	outbox         outbox
}

// Config says how a state starts.
type Config struct {
	// StrictAccounts lets only added accounts exist. Without it all do.
	StrictAccounts bool
	// Accounts are added at the start.
	Accounts []string
	// Seed decides what chance decides.
	Seed uint64
	// Encoder is that of [State.SetEncoder].
	Encoder func(*Happening) []byte
}

// New returns an empty state.
func New(c Config) *State {
	chance := rand.NewPCG(c.Seed, c.Seed)
	s := &State{
		strictAccounts: c.StrictAccounts,
		accounts:       profiles{},
		rooms:          map[int64]*Room{},
		byCreator:      map[string][]*Room{},
		broadcasts:     map[string]*Message{},
		nextRoomID:     firstRoomID,
		figures:        figures{Hourly: ledger{}, Daily: ledger{}},
		chance:         chance,
		random:         rand.New(chance),
		outbox:         outbox{encode: c.Encoder},
	}
	s.AddAccounts(c.Accounts...)
	return s
}

// CountRooms returns the number of rooms, open and closed.
func (s *State) CountRooms() int { return len(s.rooms) }

// CreateRoom opens a room, of which the creator is a fixed member from the
// start, though not online. Errors: ErrNoAccount.
func (s *State) CreateRoom(now time.Time, creator string, settings Settings) (*Room, error) {
	for s.rooms[s.nextRoomID] != nil { // a placed one
		s.nextRoomID++
	}
	return s.PlaceRoom(now, s.nextRoomID, creator, settings)
}

// PlaceRoom is CreateRoom under an id of the caller's choice. Errors:
// ErrNoAccount, ErrRoomExists.
func (s *State) PlaceRoom(now time.Time, id int64, creator string, settings Settings) (*Room, error) {
	switch {
	case !s.HasAccount(creator):
		return nil, ErrNoAccount
	case s.rooms[id] != nil:
		return nil, ErrRoomExists
	}
	r := &Room{state: s}
	r.touch()
	r.RoomData = RoomData{ID: id, Creator: creator, Settings: settings, Open: true, EntryNotify: true}
	if id == s.nextRoomID {
		s.nextRoomID++
	}
	s.rooms[r.ID] = r
	s.addToCreator(r)
	r.change(r.member(creator), func(m *Member) {
		m.Role = Creator
		m.EnterTime = r.nextEntry(now)
	})
	return r, nil
}

// addToCreator notes a room among those of its creator.
func (s *State) addToCreator(r *Room) {
	list := s.byCreator[r.Creator]
	i, _ := slices.BinarySearchFunc(list, r, byID)
	s.byCreator[r.Creator] = slices.Insert(list, i, r)
}

func byID(a, b *Room) int { return cmp.Compare(a.ID, b.ID) }

// Rooms lists up to limit rooms that keep wants, with an id above after, by id. total counts all
// that keep wants.
func (s *State) Rooms(now time.Time, after int64, limit int, keep func(*Room) bool) (list []*Room, total int) {
	for id, r := range s.rooms {
		if !keep(r) {
			continue
		}
		if total++; id > after {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, byID)
	list = list[:min(limit, len(list))]
	for _, r := range list {
		r.settle(now)
	}
	return list, total
}

// Room finds a room, with all that had ended by now taken out of it. Errors:
// ErrNoRoom.
func (s *State) Room(now time.Time, id int64) (*Room, error) {
	r, ok := s.rooms[id]
	if !ok {
		return nil, ErrNoRoom
	}
	r.touch() // the caller may change it
	r.settle(now)
	return r, nil
}

// OpenRooms lists the open rooms that an account created, by id.
func (s *State) OpenRooms(now time.Time, creator string) []*Room {
	open := make([]*Room, 0, len(s.byCreator[creator]))
	for _, r := range s.byCreator[creator] {
		if r.settle(now); r.Open {
			open = append(open, r)
		}
	}
	return open
}
