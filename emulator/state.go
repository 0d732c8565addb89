package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
)

const (
	// stateVersion is that of the JSON of a snapshot. It grows when an older
	// one could no longer be read.
	stateVersion = 1
	// maxState bounds a snapshot that is sent to the control plane.
	maxState = 256 << 20
)

// Snapshot returns all that the server remembers, as JSON: rooms with all that
// is in them, accounts, statistics, by how much the clock was advanced, and
// chance. Equal states give equal bytes, one room a line. Not in it are the
// options, faults, features that are off, blocks by rate and the request log.
//
// What has ended by now is left out, so that two snapshots are equal if
// [WithClock] gives both the same time.
func (s *Server) Snapshot() ([]byte, error) {
	var taken snapshot
	err := s.step(nil, func(_ *state.State, now time.Time) error {
		taken = s.snapshot(now)
		return nil
	})
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := taken.write(&text); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}

// Restore puts a snapshot in place of all that the server remembers. The error
// names the place in the snapshot that makes no sense; then nothing changes.
//
// Time is the clock's and not that of the snapshot: what was to end meanwhile
// has ended.
func (s *Server) Restore(text []byte) error {
	ready, err := s.readSnapshot(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	return s.change(&restoreChange{Snapshot: text, ready: ready})
}

// snapshot is a state apart from the server. Its JSON is
//
//	{"version":1,"advanced":"24h0m0s", the fields of [state.Snapshot] ...}
type snapshot struct {
	advanced time.Duration
	state    *state.Snapshot
}

// snapshot needs the lock.
func (s *Server) snapshot(now time.Time) snapshot {
	return snapshot{advanced: s.clock.advanced(), state: s.state.Export(now)}
}

// write writes the JSON, line by line: all of it at once would take as much
// memory again.
func (s snapshot) write(w io.Writer) error {
	out := lines{w: w}
	out.field("{", "version", stateVersion)
	out.field(",", "advanced", s.advanced.String())
	out.field(",", "nextRoomid", s.state.NextRoomID)
	out.field(",", "random", s.state.Random)
	out.field(",", "accounts", s.state.Accounts)
	list(&out, "hourly", s.state.Hourly)
	list(&out, "daily", s.state.Daily)
	list(&out, "rooms", s.state.Rooms)
	out.text("}\n")
	return out.err
}

// lines writes JSON until the first error.
type lines struct {
	w   io.Writer
	err error
}

func (l *lines) text(s string) {
	if l.err == nil {
		_, l.err = io.WriteString(l.w, s)
	}
}

func (l *lines) value(v any) {
	if l.err == nil {
		var text []byte
		if text, l.err = json.Marshal(v); l.err == nil {
			_, l.err = l.w.Write(text)
		}
	}
}

func (l *lines) field(before, name string, v any) {
	l.text(before + "\n\"" + name + "\":")
	l.value(v)
}

// list writes a list with one item a line.
func list[T any](l *lines, name string, items []T) {
	l.text(",\n\"" + name + "\":[")
	for i := range items {
		if i > 0 {
			l.text(",")
		}
		l.text("\n")
		l.value(&items[i])
	}
	l.text("]")
}

// serveState gives and takes snapshots as they are.
func (s *Server) serveState(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		serveControl(w, r, map[string]endpoint{http.MethodGet: nil, http.MethodPut: s.putState})
		return
	}
	text, err := s.Snapshot()
	if err != nil {
		writeControlError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, text)
}

func (s *Server) putState(r *http.Request) (any, error) {
	text, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxState))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, tooLarge(large)
	}
	if err != nil {
		return nil, badRequest("body: %v", err)
	}
	ready, err := s.readSnapshot(bytes.NewReader(text))
	if err != nil {
		return nil, badRequest("%v", err)
	}
	rooms := ready.state.CountRooms()
	if err := s.change(&restoreChange{Snapshot: text, ready: ready}); err != nil {
		return nil, err
	}
	return map[string]any{"now": s.Now(), "rooms": rooms}, nil
}
