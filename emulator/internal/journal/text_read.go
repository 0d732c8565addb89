package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/internal/clip"
)

// MaxAdvance is the most by which a clock can be set forward. It keeps the time
// of the clock within what a CurTime can hold.
const MaxAdvance = 100 * 365 * 24 * time.Hour

// Restored is a state that was read and found good.
type Restored struct {
	Advanced time.Duration
	State    *state.State
}

// ReadSnapshot reads the JSON of a snapshot up to the first place that makes
// no sense. It checks the rooms one by one as they come, so that a text with
// many bad rooms takes no more memory than one of them.
func ReadSnapshot(text io.Reader, c state.Config) (*Restored, error) {
	in := &reader{Decoder: json.NewDecoder(text), rooms: state.NewImporter(c)}
	in.DisallowUnknownFields()
	if err := in.open("state", '{'); err != nil {
		return nil, err
	}
	advanced, err := in.head()
	if err != nil {
		return nil, err
	}
	for in.More() {
		if err := in.field(); err != nil {
			return nil, err
		}
	}
	if _, err := in.Token(); err != nil {
		return nil, in.at(err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("at byte %d: more than one JSON object", in.InputOffset())
	}
	w, err := in.rooms.Finish(&in.rest)
	if err != nil {
		return nil, err
	}
	return &Restored{Advanced: advanced, State: w}, nil
}

// reader reads a snapshot token by token.
type reader struct {
	*json.Decoder
	rooms *state.Importer
	rest  state.Snapshot // all but the rooms
}

// head reads the fields that come first: what follows may be of another
// version.
func (r *reader) head() (time.Duration, error) {
	var got int
	if err := r.first("version", &got); err != nil {
		return 0, err
	}
	if got != version {
		return 0, fmt.Errorf("version: %d, this program reads %d", got, version)
	}
	var text string
	if err := r.first("advanced", &text); err != nil {
		return 0, err
	}
	advanced, err := time.ParseDuration(text)
	if err != nil || advanced < 0 || advanced > MaxAdvance {
		return 0, fmt.Errorf("advanced: %q, want a duration from 0s to %v", clip.Text(text), MaxAdvance)
	}
	return advanced, nil
}

// first reads the field that has to be next.
func (r *reader) first(name string, to any) error {
	if !r.More() {
		return fmt.Errorf("%s: missing", name)
	}
	got, err := r.Token()
	if err != nil {
		return r.at(err)
	}
	if got != name {
		return fmt.Errorf("%s: missing before %q, a state begins with version and advanced", name, clip.Text(fmt.Sprint(got)))
	}
	return r.value(name, to)
}

func (r *reader) field() error {
	token, err := r.Token()
	if err != nil {
		return r.at(err)
	}
	name, _ := token.(string) // a decoder gives nothing else for a key
	switch name {
	case "nextRoomid":
		return r.value(name, &r.rest.NextRoomID)
	case "random":
		return r.value(name, &r.rest.Random)
	case "accounts":
		return items(r, name, func(accid *string) error {
			r.rest.Accounts = append(r.rest.Accounts, *accid)
			if *accid == "" {
				return fmt.Errorf("accounts[%d]: empty", len(r.rest.Accounts)-1)
			}
			return nil
		})
	case "profiles":
		return r.value(name, &r.rest.Profiles)
	case "hourly":
		return r.value(name, &r.rest.Hourly)
	case "daily":
		return r.value(name, &r.rest.Daily)
	case "broadcasts":
		return r.value(name, &r.rest.Broadcasts)
	case "callbacks":
		return r.value(name, &r.rest.Copies)
	case "rooms":
		return items(r, name, r.rooms.Room)
	}
	return fmt.Errorf("at byte %d: unknown field %q", r.InputOffset(), clip.Text(name))
}

// items reads a list, one item at a time.
func items[T any](r *reader, name string, take func(*T) error) error {
	if err := r.open(name, '['); err != nil {
		return err
	}
	for i := 0; r.More(); i++ {
		var one T
		if err := r.value(fmt.Sprintf("%s[%d]", name, i), &one); err != nil {
			return err
		}
		if err := take(&one); err != nil {
			return err
		}
	}
	if _, err := r.Token(); err != nil {
		return r.at(err)
	}
	return nil
}

func (r *reader) open(name string, want json.Delim) error {
	got, err := r.Token()
	if err != nil {
		return r.at(err)
	}
	if got != want {
		return fmt.Errorf("%s: want %v at byte %d", name, want, r.InputOffset())
	}
	return nil
}

func (r *reader) value(place string, to any) error {
	err := r.Decode(to)
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		if kind.Field != "" {
			place += "." + clip.Field(kind.Field)
		}
		return fmt.Errorf("%s: %s, want %s", place, kind.Value, kind.Type)
	case err != nil:
		return fmt.Errorf("%s: %w", place, r.at(err))
	}
	return nil
}

func (r *reader) at(err error) error {
	if errors.Is(err, io.EOF) && r.InputOffset() > 0 {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("at byte %d: %w", r.InputOffset(), err)
}
