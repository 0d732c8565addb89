package journal

import (
	"encoding/json"
	"io"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
)

// version is the version of the JSON of a snapshot. It grows when an older one
// can no longer be read.
const version = 1

// Snapshot is a copy of all that a server remembers. Its JSON is
//
//	{"version":1,"advanced":"24h0m0s", the fields of [state.Snapshot] ...}
type Snapshot struct {
	// Advanced is by how much the clock was set forward.
	Advanced time.Duration
	State    *state.Snapshot
}

// Write writes the JSON line by line: all of it at once would take as much
// memory again. Equal snapshots give equal bytes, one room a line.
func (s Snapshot) Write(w io.Writer) error {
	out := lines{w: w}
	out.field("{", "version", version)
	out.field(",", "advanced", s.Advanced.String())
	out.field(",", "nextRoomid", s.State.NextRoomID)
	out.field(",", "random", s.State.Random)
	out.field(",", "accounts", s.State.Accounts)
	out.field(",", "profiles", s.State.Profiles)
	list(&out, "hourly", s.State.Hourly)
	list(&out, "daily", s.State.Daily)
	list(&out, "broadcasts", s.State.Broadcasts)
	if len(s.State.Copies) > 0 { // without any, older programs read the text too
		list(&out, "callbacks", s.State.Copies)
	}
	list(&out, "rooms", s.State.Rooms)
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
func list[T any](l *lines, name string, items []*T) {
	l.text(",\n\"" + name + "\":[")
	for i, item := range items {
		if i > 0 {
			l.text(",")
		}
		l.text("\n")
		l.value(item)
	}
	l.text("]")
}
