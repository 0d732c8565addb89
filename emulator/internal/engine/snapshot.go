package engine

import (
	"bytes"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/journal"
	"github.com/nimroom/nimroom/emulator/internal/state"
)

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
	ready, err := e.readSnapshot(text)
	if err != nil {
		return &BadSnapshotError{err}
	}
	return e.change(&restoreChange{Snapshot: text, ready: ready})
}

func (e *Engine) readSnapshot(text []byte) (*journal.Restored, error) {
	return journal.ReadSnapshot(bytes.NewReader(text), e.config)
}

// restore needs the lock.
func (e *Engine) restore(r *journal.Restored) {
	e.state = r.State
	e.clock.set(r.Advanced)
}
