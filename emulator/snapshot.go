package emulator

import (
	"errors"
	"fmt"

	"github.com/nimroom/nimroom/emulator/internal/engine"
)

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
