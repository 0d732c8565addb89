package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/nimroom/nimroom/emulator/internal/journal"
)

// WithData keeps the state in a directory, which is made where there is none:
// rooms with all that is in them, accounts, statistics, the clock, chance. A
// server that is started with it again goes on where the last one was. Call
// [Server.Close] at the end; a server that is killed instead loses nothing that
// it answered.
//
// One server at a time can have a directory. One that is damaged, or that holds
// other things, is refused by [New]. When the disk fails, requests are refused
// with code 500 until it works again.
func WithData(dir string) Option {
	return func(o *options) {
		o.openStore = func(sync bool) (loader, error) { return journal.Open(dir, journal.Options{Sync: sync}) }
	}
}

// WithSync makes a server with [WithData] wait for the disk itself, so that
// what it answered outlives a loss of power too, and not only the end of the
// process. Writes that come alone are much slower for it.
func WithSync(sync bool) Option {
	return func(o *options) { o.sync = sync }
}

// loader is a store that has not been read yet.
type loader interface {
	store
	Load(snapshot func(io.Reader) error, record func([]byte) error) error
}

// openData brings the state of the directory back, where the options name one.
func (s *Server) openData() error {
	if s.options.openStore == nil {
		return nil
	}
	data, err := s.options.openStore(s.options.sync)
	if err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	if err := s.load(data); err != nil {
		return errors.Join(fmt.Errorf("emulator: %w", err), data.Close())
	}
	return nil
}

func (s *Server) load(data loader) error {
	options := s.optionsNow() // replaying puts others in their place
	replayed := 0
	replay := func(record []byte) error {
		replayed++
		return s.replay(record)
	}
	if err := data.Load(s.loadSnapshot, replay); err != nil {
		return err
	}
	s.store = data
	if err := s.change(options); err != nil {
		return err
	}
	// A snapshot is followed by one record, the options of the server that
	// took it. Anything more calls for a new one at the end.
	if replayed <= 1 {
		s.checkpointed = s.last
	}
	return nil
}

func (s *Server) loadSnapshot(r io.Reader) error {
	ready, err := s.readSnapshot(r)
	if err != nil {
		return err
	}
	s.state = ready.state
	s.clock.set(ready.advanced)
	return nil
}

func (s *Server) optionsNow() *optionsChange {
	return &optionsChange{Accounts: s.options.accounts, Seed: s.options.seed}
}

// checkpointSoon replaces the journal's records by a snapshot, unless that is
// being done already. Steps wait only while the state is copied.
func (s *Server) checkpointSoon() {
	if s.checkpointing.TryLock() {
		go func() {
			defer s.checkpointing.Unlock()
			if !s.closed {
				// Where it fails the records are still there: nothing is lost,
				// and the next one may succeed.
				_ = s.checkpoint()
			}
		}()
	}
}

// checkpoint needs the lock that only one checkpoint runs under.
func (s *Server) checkpoint() error {
	with, err := json.Marshal(s.optionsNow())
	if err != nil {
		return err
	}
	s.mu.Lock()
	now := s.stepTime()
	generation := s.store.Cut()
	state := s.snapshot(now)
	s.last = s.store.Append(changeRecord(now, new(optionsChange).name(), with))
	s.checkpointed = s.last
	s.mu.Unlock()
	return s.store.Checkpoint(generation, state.write)
}

// Close ends a server with [WithData]: what there is to keep is kept, and the
// directory let go. From then on changes are refused. Without that option there
// is nothing to close. Closing again does nothing.
func (s *Server) Close() error {
	if s.store == nil {
		return nil
	}
	s.checkpointing.Lock() // after one that is under way
	defer s.checkpointing.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	var err error
	if s.changedSinceCheckpoint() {
		err = s.checkpoint()
	}
	return errors.Join(err, s.store.Close())
}

func (s *Server) changedSinceCheckpoint() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last != s.checkpointed
}
