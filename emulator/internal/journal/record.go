package journal

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
)

// Record is what a step changed, as the journal keeps it: not the request that
// was made but its effects, so that a program with other rules reads it too. Its
// JSON is
//
//	{"advanced":duration,"changes":changes}
//	{"snapshot":snapshot}
//
// where the second takes the place of all that there was.
type Record struct {
	// Advanced is by how much the clock is set forward from now on; nil where that
	// did not change.
	Advanced *time.Duration  `json:"advanced,omitempty"` // nanoseconds
	Changes  *state.Changes  `json:"changes,omitempty"`
	Snapshot json.RawMessage `json:"snapshot,omitempty"`
}

// ReadRecord reads a record. Unknown fields are errors: they are of a program
// that knows more.
func ReadRecord(text []byte) (Record, error) {
	from := json.NewDecoder(bytes.NewReader(text))
	from.DisallowUnknownFields()
	var r Record
	return r, from.Decode(&r)
}
