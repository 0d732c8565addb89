package engine

import (
	"encoding/json"
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

// change is an input that is no operation of the API. Its fields are what the
// journal keeps of it, as JSON.
type change interface {
	apply(e *Engine, s *state.State, now time.Time) error
}

// changes returns an empty change of each name, for the journal to be read into.
var changes = map[string]func() change{
	"accounts":  func() change { return new(accountsChange) },
	"advance":   func() change { return new(advanceChange) },
	"join":      func() change { return new(joinChange) },
	"leave":     func() change { return new(leaveChange) },
	optionsName: func() change { return new(optionsChange) },
	"reset":     func() change { return new(resetChange) },
	"room":      func() change { return new(roomChange) },
	"restore":   func() change { return new(restoreChange) },
}

// Join lets an account into a room, as a client does that logs in.
func (e *Engine) Join(roomID gen.RoomID, as JoinOptions) error {
	return e.change("join", &joinChange{RoomID: roomID, As: as})
}

type joinChange struct {
	RoomID gen.RoomID  `json:"roomid"`
	As     JoinOptions `json:"as"`
}

func (c *joinChange) apply(_ *Engine, s *state.State, now time.Time) error {
	login, err := c.As.login()
	if err != nil {
		return err
	}
	return s.Join(now, int64(c.RoomID), login, state.ProfileChange{
		Nick:   given(c.As.Nick),
		Avatar: given(c.As.Avatar),
		Ext:    given(c.As.Ext),
	})
}

// Leave ends all connections of an account to a room.
func (e *Engine) Leave(roomID gen.RoomID, accid string) error {
	return e.change("leave", &leaveChange{RoomID: roomID, Accid: accid})
}

type leaveChange struct {
	RoomID gen.RoomID `json:"roomid"`
	Accid  string     `json:"accid"`
}

func (c *leaveChange) apply(_ *Engine, s *state.State, now time.Time) error {
	return s.Leave(now, int64(c.RoomID), state.FoldAccid(c.Accid))
}

// AddAccounts makes accounts exist.
func (e *Engine) AddAccounts(accids ...string) error {
	return e.change("accounts", &accountsChange{Accids: accids})
}

type accountsChange struct {
	Accids []string `json:"accids"`
}

func (c *accountsChange) apply(_ *Engine, s *state.State, _ time.Time) error {
	s.AddAccounts(c.Accids...)
	return nil
}

// PlaceRoom opens a room under an id.
func (e *Engine) PlaceRoom(o PlaceOptions) error { return e.change("room", &roomChange{o}) }

// PlaceOptions say which room to open under which id.
type PlaceOptions struct {
	RoomID  gen.RoomID `json:"roomid"`
	Creator string     `json:"creator"`
	Name    string     `json:"name"`
}

type roomChange struct{ PlaceOptions }

func (c *roomChange) apply(_ *Engine, s *state.State, now time.Time) error {
	switch {
	case c.RoomID <= 0:
		return rules.BadParameter("roomid: %d, want a room id", c.RoomID)
	case c.Creator == "" || c.Name == "":
		return rules.BadParameter("creator or name is empty")
	case !utf8.ValidString(c.Creator + c.Name):
		return rules.BadParameter("room: not UTF-8")
	}
	_, err := s.PlaceRoom(now, int64(c.RoomID), c.Creator, state.Settings{Name: c.Name})
	return err
}

// Advance sets the clock forward.
func (e *Engine) Advance(d time.Duration) error { return e.change("advance", &advanceChange{By: d}) }

type advanceChange struct {
	By time.Duration `json:"by"` // nanoseconds
}

func (c *advanceChange) apply(e *Engine, s *state.State, _ time.Time) error {
	if err := e.clock.advance(c.By); err != nil {
		return err
	}
	s.SettleWatched(e.Now())
	return nil
}

// Reset puts an empty state in place of what there is, and the clock back.
func (e *Engine) Reset() error { return e.change("reset", new(resetChange)) }

type resetChange struct{}

func (*resetChange) apply(e *Engine, s *state.State, _ time.Time) error {
	s.EndWatches()
	e.state = state.New(e.config)
	e.clock.set(0)
	e.onReset()
	return nil
}

// restoreChange puts the state of a snapshot in place of what there is.
type restoreChange struct {
	Snapshot json.RawMessage `json:"snapshot"`

	ready *journal.Restored // read before the lock is taken; nil in a replay
}

func (c *restoreChange) apply(e *Engine, s *state.State, _ time.Time) error {
	ready := c.ready
	if ready == nil {
		var err error
		if ready, err = e.readSnapshot(c.Snapshot); err != nil {
			return err
		}
	}
	s.EndWatches()
	e.restore(ready)
	return nil
}

// optionsName is the name of an optionsChange.
const optionsName = "options"

// optionsChange is the options by which the rules go. It is kept where a server
// begins to write, because another server may read it.
type optionsChange struct {
	Accounts accounts `json:"accounts"`
	Seed     uint64   `json:"seed"`
}

// accounts says in a record which accounts exist.
type accounts string

const (
	openAccounts   accounts = "open"
	strictAccounts accounts = "strict"
)

func (c *optionsChange) apply(e *Engine, s *state.State, _ time.Time) error {
	if c.Accounts != openAccounts && c.Accounts != strictAccounts {
		return fmt.Errorf("accounts: %q", c.Accounts)
	}
	e.config = state.Config{StrictAccounts: c.Accounts == strictAccounts, Seed: c.Seed}
	s.SetStrictAccounts(e.config.StrictAccounts)
	return nil
}

func (e *Engine) options() *optionsChange {
	o := &optionsChange{Accounts: openAccounts, Seed: e.config.Seed}
	if e.config.StrictAccounts {
		o.Accounts = strictAccounts
	}
	return o
}

// JoinOptions say which account enters a room and how it shows there.
type JoinOptions struct {
	Accid            string       `json:"accid"`
	Nick             string       `json:"nick"`
	Avatar           string       `json:"avator"`
	Ext              string       `json:"ext"`
	Tags             []string     `json:"tags"`
	NotifyTargetTags string       `json:"notifyTargetTags"`
	ClientType       gen.LinkType `json:"clienttype"`
}

func (o JoinOptions) login() (state.Login, error) {
	l := state.Login{Accid: state.FoldAccid(o.Accid), Tags: o.Tags, ClientType: int(o.ClientType)}
	if o.ClientType == 0 {
		l.ClientType = int(gen.LinkTypeWeb)
	}
	if !gen.LinkType(l.ClientType).Known() {
		return l, rules.BadParameter("clienttype: %d, want 1, 2 or 3", l.ClientType)
	}
	if o.Accid == "" {
		return l, rules.BadParameter("accid is empty")
	}
	if !utf8.ValidString(o.Accid + o.Nick + o.Avatar + o.Ext + strings.Join(o.Tags, "")) {
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
