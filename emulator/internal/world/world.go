// Package world is the state of the emulated service and the rules that move
// it: rooms, members, messages and figures. It knows nothing of HTTP, forms
// and answers.
//
// Time comes in with every call and nothing runs in the background: what ends
// by itself (mutes, robots) is found to have ended when it is next looked at.
// Nothing here locks; the caller lets in one call at a time.
package world

import (
	"errors"
	"math/rand/v2"
	"time"
)

// Why a rule refuses. A refusal leaves the state as it was.
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
)

// firstRoomID is beyond 32 bits, as ids of the real service are.
const firstRoomID = 10_010_000_001

// World is everything the service remembers.
type World struct {
	strictAccounts bool
	accounts       map[string]struct{}
	rooms          map[int64]*Room
	byCreator      map[string][]*Room // oldest first
	nextRoomID     int64
	figures        figures
	watched        []*Room
	chance         *rand.PCG
	random         *rand.Rand // draws from chance
}

// Config says how a world starts.
type Config struct {
	// StrictAccounts lets only added accounts exist. Without it all do.
	StrictAccounts bool
	// Seed decides what chance decides.
	Seed uint64
}

// New returns an empty world.
func New(c Config) *World {
	chance := rand.NewPCG(c.Seed, c.Seed)
	return &World{
		strictAccounts: c.StrictAccounts,
		accounts:       map[string]struct{}{},
		rooms:          map[int64]*Room{},
		byCreator:      map[string][]*Room{},
		nextRoomID:     firstRoomID,
		figures:        newFigures(),
		chance:         chance,
		random:         rand.New(chance),
	}
}

// SetStrictAccounts says anew whether only added accounts exist.
func (w *World) SetStrictAccounts(strict bool) { w.strictAccounts = strict }

// AddAccounts makes accounts exist. Adding one twice is no fault.
func (w *World) AddAccounts(accids ...string) {
	for _, accid := range accids {
		w.accounts[accid] = struct{}{}
	}
}

// HasAccount reports whether an account exists.
func (w *World) HasAccount(accid string) bool {
	if !w.strictAccounts {
		return accid != ""
	}
	_, ok := w.accounts[accid]
	return ok
}

// CountRooms returns the number of rooms, open and closed.
func (w *World) CountRooms() int { return len(w.rooms) }

// CreateRoom opens a room, of which the creator is a fixed member from the
// start, though not online. Errors: ErrNoAccount.
func (w *World) CreateRoom(now time.Time, creator string, settings Settings) (*Room, error) {
	if !w.HasAccount(creator) {
		return nil, ErrNoAccount
	}
	r := newRoom(w.nextRoomID, creator, settings)
	w.nextRoomID++
	w.rooms[r.ID] = r
	w.byCreator[creator] = append(w.byCreator[creator], r)
	r.change(r.member(creator), func(m *Member) {
		m.Role = Creator
		m.EnterTime = r.nextEntry(now)
	})
	return r, nil
}

// Room finds a room, with all that had ended by now taken out of it. Errors:
// ErrNoRoom.
func (w *World) Room(now time.Time, id int64) (*Room, error) {
	r, ok := w.rooms[id]
	if !ok {
		return nil, ErrNoRoom
	}
	r.settle(now)
	return r, nil
}

// OpenRooms lists the open rooms that an account created, oldest first.
func (w *World) OpenRooms(creator string) []*Room {
	open := make([]*Room, 0, len(w.byCreator[creator]))
	for _, r := range w.byCreator[creator] {
		if r.Open {
			open = append(open, r)
		}
	}
	return open
}
