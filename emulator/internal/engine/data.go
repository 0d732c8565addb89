package engine

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/journal"
	"github.com/nimroom/nimroom/emulator/internal/state"
)

// Store is a [journal.Journal], or what a test puts in its place. Load reads it,
// before it takes records.
type Store interface {
	Load(snapshot func(io.Reader) error, record func([]byte) error) error
	Append(record []byte) uint64
	Wait(number uint64) error
	Ready() error
	Err() error
	Outgrown() bool
	Cut()
	Checkpoint(write func(io.Writer) error) error
	Close() error
}

// load brings back the state of the directory that open opens.
func (e *Engine) load(open func() (Store, error)) error {
	data, err := open()
	if err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	if err := e.loadFrom(data); err != nil {
		return errors.Join(fmt.Errorf("emulator: %w", err), data.Close())
	}
	return nil
}

func (e *Engine) loadFrom(data Store) error {
	records := uint64(0)
	apply := func(record []byte) error {
		records++
		return e.apply(record)
	}
	if err := data.Load(e.loadSnapshot, apply); err != nil {
		return err
	}
	e.store, e.last = data, records
	e.track()
	return nil
}

// apply makes the changes of a record.
func (e *Engine) apply(text []byte) error {
	r, err := journal.ReadRecord(text)
	switch {
	case err != nil:
		return err
	case r.Snapshot != nil:
		return e.loadSnapshot(bytes.NewReader(r.Snapshot))
	case r.Advanced != nil && (*r.Advanced < 0 || *r.Advanced > journal.MaxAdvance):
		return fmt.Errorf("advanced: %v, want 0s to %v", *r.Advanced, journal.MaxAdvance)
	case r.Advanced != nil:
		e.clock.set(*r.Advanced)
	}
	if r.Changes == nil {
		return nil
	}
	return e.state.Apply(r.Changes)
}

func (e *Engine) loadSnapshot(r io.Reader) error {
	ready, err := journal.ReadSnapshot(r, e.config)
	if err != nil {
		return err
	}
	e.replace(ready)
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
	taken := e.snapshot(e.stepTime())
	e.keep() // what had ended and was found by the snapshot
	e.store.Cut()
	e.checkpointed = e.last
	e.mu.Unlock()
	return e.store.Checkpoint(taken.Write)
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

// Snapshot returns all that the engine remembers, as JSON.
func (e *Engine) Snapshot() ([]byte, error) {
	var taken journal.Snapshot
	err := e.Read(func(_ *state.State, now time.Time) error {
		taken = e.snapshot(now)
		return nil
	})
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := taken.Write(&text); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}

// snapshot needs the lock.
func (e *Engine) snapshot(now time.Time) journal.Snapshot {
	return journal.Snapshot{Advanced: e.clock.advanced(), State: e.state.Export(now)}
}

// BadSnapshotError says which place in a snapshot makes no sense.
type BadSnapshotError struct{ err error }

func (e *BadSnapshotError) Error() string { return e.err.Error() }

// Unwrap returns the error without its kind.
func (e *BadSnapshotError) Unwrap() error { return e.err }

// Restore puts a snapshot in place of all that the engine remembers. It returns
// a [*BadSnapshotError], and changes nothing, where the text is no snapshot.
func (e *Engine) Restore(text []byte) error {
	ready, err := journal.ReadSnapshot(bytes.NewReader(text), e.config)
	if err != nil {
		return &BadSnapshotError{err}
	}
	err = e.change(func(*state.State, time.Time) error {
		e.replace(ready)
		return nil
	})
	e.onJump()
	return err
}

// replace puts a state and its clock in place of what there is. It needs the lock.
func (e *Engine) replace(r *journal.Restored) {
	e.state.EndWatches()
	e.state = r.State
	e.clock.set(r.Advanced)
}
