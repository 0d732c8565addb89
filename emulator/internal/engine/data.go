package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/nimroom/nimroom/emulator/internal/journal"
)

// Store is a journal that was read and takes records. It is an interface so
// that a program which keeps nothing does not link the journal's database.
type Store interface {
	Append(record []byte) uint64
	Wait(number uint64) error
	Ready() error
	Err() error
	Outgrown() bool
	Cut() uint64
	Checkpoint(generation uint64, write func(io.Writer) error) error
	Close() error
}

// Loader is a store that was not read yet.
type Loader interface {
	Store
	Load(snapshot func(io.Reader) error, record func([]byte) error) error
}

// load brings back the state of the directory that open opens.
func (e *Engine) load(open func() (Loader, error)) error {
	data, err := open()
	if err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	if err := e.loadFrom(data); err != nil {
		return errors.Join(fmt.Errorf("emulator: %w", err), data.Close())
	}
	return nil
}

func (e *Engine) loadFrom(data Loader) error {
	options := e.options() // the replay puts others in their place
	replayed := 0
	replay := func(record []byte) error {
		replayed++
		return e.replay(record)
	}
	if err := data.Load(e.loadSnapshot, replay); err != nil {
		return err
	}
	e.store = data
	if err := e.change(options); err != nil {
		return err
	}
	// A snapshot is followed by one record, the options of the server that took
	// it. Anything more calls for a new snapshot at the end.
	if replayed <= 1 {
		e.checkpointed = e.last
	}
	return nil
}

func (e *Engine) loadSnapshot(r io.Reader) error {
	ready, err := journal.ReadSnapshot(r, e.config)
	if err != nil {
		return err
	}
	e.restore(ready)
	return nil
}

// checkpointSoon replaces the journal's records by a snapshot, unless that is
// under way already. Steps wait only while the state is copied.
func (e *Engine) checkpointSoon() {
	if e.checkpointing.TryLock() {
		go func() {
			defer e.checkpointing.Unlock()
			if !e.closed {
				// Where it fails the records are still there: nothing is lost,
				// and the next one may succeed.
				_ = e.checkpoint()
			}
		}()
	}
}

// checkpoint needs the lock under which only one checkpoint runs.
func (e *Engine) checkpoint() error {
	e.mu.Lock()
	with, err := json.Marshal(e.options())
	if err != nil {
		e.mu.Unlock()
		return err
	}
	now := e.stepTime()
	generation := e.store.Cut()
	taken := e.snapshot(now)
	e.last = e.store.Append(journal.ChangeRecord(now, new(optionsChange).name(), with))
	e.checkpointed = e.last
	e.mu.Unlock()
	return e.store.Checkpoint(generation, taken.Write)
}

// Close keeps what there is to keep and lets the directory go. From then on
// changes fail. Closing an engine that keeps nothing, or closing again, does
// nothing.
func (e *Engine) Close() error {
	if e.store == nil {
		return nil
	}
	e.checkpointing.Lock() // after one that is under way
	defer e.checkpointing.Unlock()
	if e.closed {
		return nil
	}
	e.closed = true
	var err error
	if e.changedSinceCheckpoint() {
		err = e.checkpoint()
	}
	return errors.Join(err, e.store.Close())
}

func (e *Engine) changedSinceCheckpoint() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.last != e.checkpointed
}
