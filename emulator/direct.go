package emulator

import (
	"strings"
	"unicode/utf8"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/tagexpr"
)

// JoinOptions say who enters a room and how.
type JoinOptions struct {
	Accid string `json:"accid"`
	// Nick, Avatar and Ext are how the account shows in the room; those left
	// empty stay as they are, at first the account itself as the nickname.
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
	return s.enact(&joinChange{RoomID: roomID, As: o})
}

func (o JoinOptions) login() (state.Login, error) {
	l := state.Login{Accid: o.Accid, Tags: o.Tags, ClientType: int(o.ClientType)}
	if o.ClientType == 0 {
		l.ClientType = int(gen.LinkTypeWeb)
	}
	if !gen.LinkType(l.ClientType).Known() {
		return l, badParameter("clienttype: %d, want 1, 2 or 3", l.ClientType)
	}
	if o.Accid == "" {
		return l, badParameter("accid is empty")
	}
	if !utf8.ValidString(o.Accid + o.Nick + o.Avatar + o.Ext + strings.Join(o.Tags, "")) {
		return l, badParameter("join: not UTF-8")
	}
	for i, tag := range o.Tags {
		if tag == "" {
			return l, badParameter("tags[%d] is empty", i)
		}
	}
	notify, err := tagexpr.Parse(o.NotifyTargetTags)
	if err != nil {
		return l, badParameter("notifyTargetTags: %v", err)
	}
	l.Notify = notify
	return l, nil
}

func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Leave ends all connections of an account to a room. The error is a
// [*APIError] with code 404: no such room, or the account has none.
func (s *Server) Leave(roomID gen.RoomID, accid string) error {
	return s.enact(&leaveChange{RoomID: roomID, Accid: accid})
}

// AddAccounts makes accounts exist. It is needed under [StrictAccounts] only.
// The error is nil but for a server with [WithData] whose disk fails.
func (s *Server) AddAccounts(accids ...string) error {
	return s.enact(&accountsChange{Accids: accids})
}

// Room shows a room as it is now. The error is a [*APIError] with code 404.
func (s *Server) Room(roomID gen.RoomID) (Room, error) {
	var view Room
	err := s.do(func(w *state.State) error {
		now := s.Now()
		r, err := w.Room(now, int64(roomID))
		if err == nil {
			view = viewRoom(r, now)
		}
		return err
	})
	return view, err
}

// Requests lists what was asked of the API, oldest first: the last 1000
// requests, or those among them of an operation, given by its action (sendMsg)
// or its id (sendMessage).
func (s *Server) Requests(operation ...string) []Request {
	if len(operation) == 0 {
		return s.log.latest("", 0)
	}
	return s.log.latest(operation[0], 0)
}
