package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
)

// changes makes an empty one of each name, for the journal to be read into.
var changes = map[string]func() change{
	"accounts": func() change { return new(accountsChange) },
	"advance":  func() change { return new(advanceChange) },
	"join":     func() change { return new(joinChange) },
	"leave":    func() change { return new(leaveChange) },
	"options":  func() change { return new(optionsChange) },
	"reset":    func() change { return new(resetChange) },
	"restore":  func() change { return new(restoreChange) },
}

type joinChange struct {
	RoomID gen.RoomID  `json:"roomid"`
	As     JoinOptions `json:"as"`
}

func (*joinChange) name() string { return "join" }

func (c *joinChange) apply(_ *Server, w *state.State, now time.Time) error {
	login, err := c.As.login()
	if err != nil {
		return err
	}
	return w.Join(now, int64(c.RoomID), login, state.ProfileChange{
		Nick:   given(c.As.Nick),
		Avatar: given(c.As.Avatar),
		Ext:    given(c.As.Ext),
	})
}

type leaveChange struct {
	RoomID gen.RoomID `json:"roomid"`
	Accid  string     `json:"accid"`
}

func (*leaveChange) name() string { return "leave" }

func (c *leaveChange) apply(_ *Server, w *state.State, now time.Time) error {
	return w.Leave(now, int64(c.RoomID), c.Accid)
}

type accountsChange struct {
	Accids []string `json:"accids"`
}

func (*accountsChange) name() string { return "accounts" }

func (c *accountsChange) apply(_ *Server, w *state.State, _ time.Time) error {
	w.AddAccounts(c.Accids...)
	return nil
}

type advanceChange struct {
	By time.Duration `json:"by"` // nanoseconds
}

func (*advanceChange) name() string { return "advance" }

func (c *advanceChange) apply(s *Server, w *state.State, _ time.Time) error {
	if err := s.clock.advance(c.By); err != nil {
		return err
	}
	w.SettleWatched(s.Now())
	return nil
}

type resetChange struct{}

func (*resetChange) name() string { return "reset" }

func (*resetChange) apply(s *Server, _ *state.State, _ time.Time) error {
	s.reset()
	return nil
}

// restoreChange puts the state of a snapshot in place of what there is.
type restoreChange struct {
	Snapshot json.RawMessage `json:"snapshot"`

	ready *restored // read before the lock is taken, nil in a replay
}

func (*restoreChange) name() string { return "restore" }

func (c *restoreChange) apply(s *Server, w *state.State, _ time.Time) error {
	ready := c.ready
	if ready == nil {
		var err error
		if ready, err = s.readSnapshot(bytes.NewReader(c.Snapshot)); err != nil {
			return err
		}
	}
	w.EndWatches()
	s.state = ready.state
	s.clock.set(ready.advanced)
	return nil
}

// optionsChange are the options of a server by which its rules go, noted where
// a server begins to write: another one may read.
type optionsChange struct {
	Accounts Accounts `json:"accounts"`
	Seed     uint64   `json:"seed"`
}

func (*optionsChange) name() string { return "options" }

func (c *optionsChange) apply(s *Server, w *state.State, _ time.Time) error {
	if c.Accounts != OpenAccounts && c.Accounts != StrictAccounts {
		return fmt.Errorf("accounts: %q", c.Accounts)
	}
	s.options.accounts, s.options.seed = c.Accounts, c.Seed
	w.SetStrictAccounts(c.Accounts == StrictAccounts)
	return nil
}
