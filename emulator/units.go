package emulator

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/nimroom/nimroom/internal/wire"
)

// Time is a time, in UTC, that JSON shows as the API does: in milliseconds
// since 1970.
type Time struct{ time.Time }

// MarshalJSON writes milliseconds since 1970, 0 for the zero time.
func (t Time) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, wire.Millis(t.Time), 10), nil
}

// UnmarshalJSON reads milliseconds since 1970.
func (t *Time) UnmarshalJSON(text []byte) error {
	var n int64
	if err := json.Unmarshal(text, &n); err != nil {
		return err
	}
	t.Time = wire.FromMillis(n)
	return nil
}

// Duration is a length of time that JSON shows as the API does: in seconds,
// rounded up.
type Duration struct{ time.Duration }

// MarshalJSON writes seconds, rounded up.
func (d Duration) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, wire.Seconds(d.Duration), 10), nil
}

// UnmarshalJSON reads seconds.
func (d *Duration) UnmarshalJSON(text []byte) error {
	var n int64
	if err := json.Unmarshal(text, &n); err != nil {
		return err
	}
	d.Duration = wire.FromSeconds(n)
	return nil
}

// inSeconds rounds up to whole seconds, as the wire does: what is not over has
// at least one left.
func inSeconds(d time.Duration) Duration { return Duration{wire.FromSeconds(wire.Seconds(d))} }
