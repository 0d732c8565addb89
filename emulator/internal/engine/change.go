package engine

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nimroom/nimroom/emulator/internal/journal"
	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/tagexpr"
)

// Join lets an account into a room, as a client does that logs in.
func (e *Engine) Join(roomID gen.RoomID, as JoinOptions) error {
	login, err := as.login()
	if err != nil {
		return rules.Coded(err)
	}
	if ask := e.ask.Load(); ask != nil {
		if err := (*ask)(roomID, as); err != nil {
			return err
		}
	}
	return e.change(func(s *state.State, now time.Time) error {
		return s.Join(now, int64(roomID), login, state.ProfileChange{
			Nick:   given(as.Nick),
			Avatar: given(as.Avatar),
			Ext:    given(as.Ext),
		})
	})
}

// Leave ends all connections of an account to a room.
func (e *Engine) Leave(roomID gen.RoomID, accid string) error {
	return e.change(func(s *state.State, now time.Time) error {
		return s.Leave(now, int64(roomID), state.FoldAccid(accid))
	})
}

// AddAccounts makes accounts exist.
func (e *Engine) AddAccounts(accids ...string) error {
	for i, accid := range accids {
		if err := checkAccid(fmt.Sprintf("accids[%d]: ", i), accid); err != nil {
			return err
		}
	}
	return e.change(func(s *state.State, _ time.Time) error {
		s.AddAccounts(accids...)
		return nil
	})
}

// checkAccid returns an error for what can be no account's id, as user/create does. It
// begins with a place.
func checkAccid(place, accid string) error {
	if err := (gen.CreateAccountForm{Accid: accid}).Validate(); err != nil {
		return rules.BadParameter("%s%v", place, err)
	}
	return nil
}

// PlaceOptions say which room to open under which id.
type PlaceOptions struct {
	RoomID  gen.RoomID `json:"roomid" required:"a room id"`
	Creator string     `json:"creator" required:"an account" doc:"The owner."`
	Name    string     `json:"name" required:"a text"`
}

// PlaceRoom opens a room under an id.
func (e *Engine) PlaceRoom(o PlaceOptions) error {
	if o.RoomID <= 0 {
		return rules.BadParameter("roomid: %d, want a room id", o.RoomID)
	}
	if err := (gen.CreateChatroomForm{Creator: o.Creator, Name: o.Name}).Validate(); err != nil {
		return rules.BadParameter("%v", err)
	}
	return e.change(func(s *state.State, now time.Time) error {
		_, err := s.PlaceRoom(now, int64(o.RoomID), state.FoldAccid(o.Creator), state.Settings{Name: o.Name})
		return err
	})
}

// Advance sets the clock forward.
func (e *Engine) Advance(d time.Duration) error {
	err := e.change(func(s *state.State, _ time.Time) error {
		if err := e.clock.advance(d); err != nil {
			return err
		}
		s.SettleWatched(e.Now())
		return nil
	})
	e.onJump()
	return err
}

// Reset puts an empty state in place of what there is, and the clock back.
func (e *Engine) Reset() error {
	err := e.change(func(*state.State, time.Time) error {
		e.replace(&journal.Restored{State: state.New(e.config)})
		e.onReset()
		return nil
	})
	e.onJump()
	return err
}

// JoinOptions say which account enters a room and how it shows there.
type JoinOptions struct {
	Accid            string       `json:"accid" required:"an account" doc:"The account that enters."`
	Nick             string       `json:"nick"`
	Avatar           string       `json:"avator"`
	Ext              string       `json:"ext"`
	Tags             []string     `json:"tags" doc:"The tags of this connection."`
	NotifyTargetTags string       `json:"notifyTargetTags" doc:"A tag expression."`
	ClientType       gen.LinkType `json:"clienttype" doc:"The kind of client: 1, 2 or 3; 1 if left out."`
}

func (o JoinOptions) login() (state.Login, error) {
	l := state.Login{Accid: state.FoldAccid(o.Accid), Tags: o.Tags, ClientType: int(o.ClientType)}
	if o.ClientType == 0 {
		l.ClientType = int(gen.LinkTypeWeb)
	}
	if !gen.LinkType(l.ClientType).Known() {
		return l, rules.BadParameter("clienttype: %d, want 1, 2 or 3", l.ClientType)
	}
	if err := checkAccid("", o.Accid); err != nil {
		return l, err
	}
	if !utf8.ValidString(o.Nick + o.Avatar + o.Ext + strings.Join(o.Tags, "")) {
		return l, rules.BadParameter("join: not UTF-8")
	}
	for i, tag := range o.Tags {
		if tag == "" {
			return l, rules.BadParameter("tags[%d] is empty", i)
		}
	}
	notify, err := tagexpr.Parse(o.NotifyTargetTags)
	if err != nil {
		return l, rules.BadParameter("notifyTargetTags: %v", err)
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
