package state

import (
	"bytes"
	"encoding/json"
)

// List is a list of a [Snapshot]. Its JSON is read item by item, and what comes
// after an item that no state can have is left out: [Import] returns an error
// that names its place. So a text that is no state does not take many times its
// own size, which a list of "{}" would.
type List[T item] []T

// item reports whether no state can have it.
type item interface{ bad() bool }

// UnmarshalJSON reads a list. Unknown fields are errors.
func (l *List[T]) UnmarshalJSON(text []byte) error {
	if text[0] != '[' { // null, or an error
		return json.Unmarshal(text, (*[]T)(l))
	}
	from := json.NewDecoder(bytes.NewReader(text))
	from.DisallowUnknownFields()
	if _, err := from.Token(); err != nil {
		return err
	}
	*l = (*l)[:0]
	for from.More() {
		var one T
		if err := from.Decode(&one); err != nil {
			return err
		}
		if *l = append(*l, one); one.bad() {
			return nil
		}
	}
	return nil
}

func (s MemberSnapshot) bad() bool  { return s.Accid == "" || s.EnterTime <= 0 }
func (s LoginSnapshot) bad() bool   { return s.EnterTime <= 0 }
func (s MuteSnapshot) bad() bool    { return s.Whom == "" }
func (s MessageSnapshot) bad() bool { return s.Time <= 0 }
func (s PeriodSnapshot) bad() bool  { return s.Start <= 0 }
func (s TallySnapshot) bad() bool   { return s.RoomID <= 0 }
