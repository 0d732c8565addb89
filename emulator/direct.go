package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
)

// JoinOptions say which account enters a room and how it shows there.
type JoinOptions struct {
	Accid string `json:"accid"`
	// Nick, Avatar and Ext are how the account shows in the room. Those left
	// empty stay as they are; the nickname is at first the account itself.
	Nick   string `json:"nick"`
	Avatar string `json:"avator"`
	Ext    string `json:"ext"`
	// Tags are those of this login.
	Tags []string `json:"tags"`
	// NotifyTargetTags is a tag expression.
	NotifyTargetTags string `json:"notifyTargetTags"`
	// ClientType is the kind of client, a web client when 0.
	ClientType gen.LinkType `json:"clienttype"`
}

// Join lets an account into a room, as a client does that logs in. Each call
// is one more connection of the account.
//
// The error is a [*APIError]: 404 for no such room or account, 414 for a wrong
// option, 13002 for a closed room, 13003 for an account on the room's
// blocklist.
func (s *Server) Join(roomID gen.RoomID, o JoinOptions) error {
	return public(s.engine.Join(roomID, engine.JoinOptions(o)))
}

// Leave ends all connections of an account to a room. The error is a
// [*APIError] with code 404 when the room does not exist or the account has no
// connection to it.
func (s *Server) Leave(roomID gen.RoomID, accid string) error {
	return public(s.engine.Leave(roomID, accid))
}

// AddAccounts makes accounts exist. It is needed under [StrictAccounts] only.
// The error is a [*APIError]: 414 for an id that no account can have, 500 on a
// server with [WithData] whose disk fails.
func (s *Server) AddAccounts(accids ...string) error {
	return public(s.engine.AddAccounts(accids...))
}

// PlaceOptions say which room to open under which id.
type PlaceOptions struct {
	RoomID  gen.RoomID `json:"roomid"`
	Creator string     `json:"creator"`
	Name    string     `json:"name"`
}

// PlaceRoom opens a room under an id of the caller's choice, for suites that have
// one written into them. The error is a [*APIError]: 404 for no such account, 414
// for a wrong option, 417 if the room exists.
func (s *Server) PlaceRoom(o PlaceOptions) error {
	return public(s.engine.PlaceRoom(engine.PlaceOptions(o)))
}

// Stub gives requests for a path that is no operation of the emulator, such as
// /team/create.action of another product, a response: the JSON of an object with
// a code. Without a stub they get HTTP 501. The request log marks what a stub
// responded to. Stubs are forgotten by [Server.Reset], and like faults are not
// part of a snapshot. The error is a [*APIError] with code 414 for a path that is
// an operation, an answer without a code, and a thousand and first stub.
func (s *Server) Stub(path string, answer json.RawMessage) error {
	return public(s.api.Stubs.Set(api.Stub{Path: path, Answer: answer}))
}

// Stubs gives the stubs by path.
func (s *Server) Stubs() map[string]json.RawMessage {
	stubs := map[string]json.RawMessage{}
	for _, stub := range s.api.Stubs.All() {
		stubs[stub.Path] = stub.Answer
	}
	return stubs
}

// ClearStubs removes all stubs.
func (s *Server) ClearStubs() { s.api.Stubs.Clear() }

// Room shows a room as it is now. The error is a [*APIError] with code 404.
func (s *Server) Room(roomID gen.RoomID) (Room, error) {
	var view Room
	err := s.engine.Read(func(all *state.State, now time.Time) error {
		r, err := all.Room(now, int64(roomID))
		if err == nil {
			view = viewRoom(r, now, 0)
		}
		return err
	})
	return view, public(err)
}

// Messages lists the stored messages of a room, oldest first. The error is a
// [*APIError] with code 404.
func (s *Server) Messages(roomID gen.RoomID) ([]Message, error) {
	room, err := s.Room(roomID)
	return room.Messages, err
}

// Snapshot returns all that the server remembers, as JSON: rooms with all that
// is in them, accounts, statistics, by how much the clock was advanced, and
// chance. Equal states give equal bytes, one room a line. Not in it are the
// options, faults, features that are off, blocks by rate and the request log.
//
// What has ended by now is left out, so that two snapshots are equal if
// [WithClock] gives both the same time.
func (s *Server) Snapshot() ([]byte, error) {
	text, err := s.engine.Snapshot()
	return text, public(err)
}

// Restore puts a snapshot in place of all that the server remembers. The error
// names the place in the snapshot that makes no sense; then nothing changes.
//
// Time is the clock's and not that of the snapshot: what was to end meanwhile
// has ended.
func (s *Server) Restore(text []byte) error {
	err := s.engine.Restore(text)
	var bad *engine.BadSnapshotError
	if errors.As(err, &bad) {
		return fmt.Errorf("emulator: %w", err)
	}
	return public(err)
}
