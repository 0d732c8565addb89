package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
)

// restored is a state that was read and found good.
type restored struct {
	advanced time.Duration
	state    *state.State
}

// readSnapshot reads the JSON of a snapshot up to the first place that makes
// no sense. Rooms are checked one by one as they come, so that a text of many
// bad ones takes no more memory than one of them.
func (s *Server) readSnapshot(text io.Reader) (*restored, error) {
	in := &stateReader{Decoder: json.NewDecoder(text), rooms: state.NewImporter(s.stateConfig())}
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
	return &restored{advanced: advanced, state: w}, nil
}

// stateReader reads a snapshot token by token.
type stateReader struct {
	*json.Decoder
	rooms *state.Importer
	rest  state.Snapshot // all but the rooms
}

// head reads the fields that come first: what follows may be of another
// version.
func (r *stateReader) head() (time.Duration, error) {
	var version int
	if err := r.first("version", &version); err != nil {
		return 0, err
	}
	if version != stateVersion {
		return 0, fmt.Errorf("version: %d, this program reads %d", version, stateVersion)
	}
	var text string
	if err := r.first("advanced", &text); err != nil {
		return 0, err
	}
	advanced, err := time.ParseDuration(text)
	if err != nil || advanced < 0 || advanced > maxAdvance {
		return 0, fmt.Errorf("advanced: %q, want a duration from 0s to %v", shorten(text), maxAdvance)
	}
	return advanced, nil
}

// first reads the field that has to be next.
func (r *stateReader) first(name string, to any) error {
	if !r.More() {
		return fmt.Errorf("%s: missing", name)
	}
	got, err := r.Token()
	if err != nil {
		return r.at(err)
	}
	if got != name {
		return fmt.Errorf("%s: missing before %q, a state begins with version and advanced", name, shorten(fmt.Sprint(got)))
	}
	return r.value(name, to)
}

func (r *stateReader) field() error {
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
	case "hourly":
		return r.value(name, &r.rest.Hourly)
	case "daily":
		return r.value(name, &r.rest.Daily)
	case "rooms":
		return items(r, name, r.rooms.Room)
	}
	return fmt.Errorf("at byte %d: unknown field %q", r.InputOffset(), shorten(name))
}

// items reads a list, one item at a time.
func items[T any](r *stateReader, name string, take func(*T) error) error {
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

func (r *stateReader) open(name string, want json.Delim) error {
	got, err := r.Token()
	if err != nil {
		return r.at(err)
	}
	if got != want {
		return fmt.Errorf("%s: want %v at byte %d", name, want, r.InputOffset())
	}
	return nil
}

// embedded takes the names of embedded structs out of a path, which are not in
// the JSON.
var embedded = strings.NewReplacer("ProfileSnapshot.", "")

func (r *stateReader) value(place string, to any) error {
	err := r.Decode(to)
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		if kind.Field != "" {
			place += "." + embedded.Replace(kind.Field)
		}
		return fmt.Errorf("%s: %s, want %s", place, kind.Value, kind.Type)
	case err != nil:
		return fmt.Errorf("%s: %w", place, r.at(err))
	}
	return nil
}

func (r *stateReader) at(err error) error {
	if errors.Is(err, io.EOF) && r.InputOffset() > 0 {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("at byte %d: %w", r.InputOffset(), err)
}
