// Package engine runs the emulator: it holds the state and its clock, lets one
// step at a time read or change them, and keeps what changed in the journal.
package engine

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/journal"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
)

// Config says how an engine starts.
type Config struct {
	// Clock is the source of time.
	Clock func() time.Time
	// StrictAccounts lets only those accounts exist that were added.
	StrictAccounts bool
	// Accounts are added at the start and after a reset.
	Accounts []string
	// Seed decides what chance decides.
	Seed uint64
	// OnReset is called by a reset, with the lock held.
	OnReset func()
	// OnJump is called when the clock was set forward or the state replaced.
	OnJump func()
	// Open opens the directory in which the state is kept; nil keeps nothing.
	Open func() (Store, error)
}

// Engine holds the state. It is safe for use by several goroutines.
type Engine struct {
	clock   clock
	onReset func()
	onJump  func()
	ask     atomic.Pointer[func(gen.RoomID, JoinOptions) error]

	// mu guards state. Every rule runs under it, one at a time: rules
	// take microseconds, and a state that changes one step at a time is what
	// makes two equal runs equal.
	mu     sync.Mutex
	state  *state.State
	config state.Config

	// store is nil unless there is a directory to keep the state in. What it has
	// is the state of kept, with the clock advanced by keptAdvance, up to the record
	// last; checkpointed is the last record that a snapshot holds. mu guards them.
	store              Store
	kept               *state.State
	keptAdvance        time.Duration
	last, checkpointed uint64
	checkpointing      sync.Mutex // held by the one checkpoint that may run
	closed             bool       // guarded by checkpointing
}

// New returns an engine with an empty state, or with the state that the
// directory of the config holds.
func New(c Config) (*Engine, error) {
	e := &Engine{
		clock:   clock{source: c.Clock},
		onReset: c.OnReset,
		onJump:  c.OnJump,
		config:  state.Config{StrictAccounts: c.StrictAccounts, Accounts: c.Accounts, Seed: c.Seed},
	}
	for _, accid := range c.Accounts {
		if err := checkAccid("", accid); err != nil {
			return nil, err
		}
	}
	e.state = state.New(e.config)
	if c.Open == nil {
		return e, nil
	}
	if err := e.load(c.Open); err != nil {
		return nil, err
	}
	return e, nil
}

// SetCallbacks makes the state keep callbacks that encode writes, and asks before a
// login whether the app lets the client in.
func (e *Engine) SetCallbacks(encode func(*state.Happening) []byte, ask func(gen.RoomID, JoinOptions) error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.config.Encoder = encode
	e.state.SetEncoder(encode)
	e.ask.Store(&ask)
}

// Received forgets a callback that the app has received, or that is given up.
func (e *Engine) Received(c *state.Copy) error {
	return e.change(func(s *state.State, _ time.Time) error {
		s.Received(c)
		return nil
	})
}

// Now returns the time of the engine's clock.
func (e *Engine) Now() time.Time { return e.clock.now() }

// clock is a source of time and what was added to it. It needs no lock, so
// signatures are checked and responses dated without that of the engine.
type clock struct {
	source func() time.Time
	offset atomic.Int64
}

func (c *clock) now() time.Time {
	return c.source().Add(time.Duration(c.offset.Load()))
}

func (c *clock) advance(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("the clock goes forward only, not by %v", d)
	}
	for {
		old := c.offset.Load()
		if d > journal.MaxAdvance-time.Duration(old) {
			return fmt.Errorf("the clock goes forward by %v at most, all in all", journal.MaxAdvance)
		}
		if c.offset.CompareAndSwap(old, old+int64(d)) {
			return nil
		}
	}
}

// advanced returns what was added to the source.
func (c *clock) advanced() time.Duration { return time.Duration(c.offset.Load()) }

func (c *clock) set(advanced time.Duration) { c.offset.Store(int64(advanced)) }
