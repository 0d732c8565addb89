package emulator

import (
	"errors"
	"fmt"
	"time"

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
// The error is nil except on a server with [WithData] whose disk fails.
func (s *Server) AddAccounts(accids ...string) error {
	return public(s.engine.AddAccounts(accids...))
}

// Room shows a room as it is now. The error is a [*APIError] with code 404.
func (s *Server) Room(roomID gen.RoomID) (Room, error) {
	var view Room
	err := s.engine.Read(func(all *state.State, now time.Time) error {
		r, err := all.Room(now, int64(roomID))
		if err == nil {
			view = viewRoom(r, now)
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
