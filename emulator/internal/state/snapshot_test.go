package state

import (
	"reflect"
	"slices"
	"testing"
)

// accounted says which fields of a type are in a snapshot.
type accounted struct {
	of      any
	kept    []string
	derived []string // from what is kept
	passing []string // of no consequence once it is over
}

// jsonOf is a type that is in a snapshot as its own JSON, but for some fields.
func jsonOf(of any, derived ...string) accounted {
	a := accounted{of: of, derived: derived}
	kind := reflect.TypeOf(of)
	for i := range kind.NumField() {
		f := kind.Field(i)
		if tag := f.Tag.Get("json"); f.Anonymous || tag != "" && tag != "-" {
			a.kept = append(a.kept, f.Name)
		}
	}
	return a
}

// Every field of the state is in a snapshot, or it is known why not. A new
// field fails this test until Export and Import know it too. What changes it has
// to note that: see TestChangesMakeTheSameState.
func TestEveryFieldOfTheStateIsAccountedFor(t *testing.T) {
	for _, tt := range []accounted{
		{
			of:      State{},
			kept:    []string{"accounts", "rooms", "nextRoomID", "figures", "chance", "broadcasts", "outbox"},
			derived: []string{"byCreator", "random"},
			passing: []string{"strictAccounts", "watched", "track"}, // an option, the watchers, and what a step changed
		},
		{
			of:      Room{},
			kept:    []string{"RoomData", "mutes", "tagMutes", "history", "priority", "departed", "active", "queue"},
			derived: []string{"state", "roster", "fixed", "fixedOnline", "visitors", "logins", "robots", "sent", "urgent", "notifications"},
			passing: []string{"watch", "touched"},
		},
		{of: activity{}, kept: []string{"start", "accounts"}},
		jsonOf(RoomData{}), jsonOf(DelayedClosing{}), jsonOf(Settings{}), jsonOf(Member{}), jsonOf(Profile{}), jsonOf(priorityWindow{}), jsonOf(Tally{}), jsonOf(Element{}),
		jsonOf(Login{}, "Accid"),
		jsonOf(Message{}, "RoomID"),
		jsonOf(Draft{}, "Resend", "AbandonRatio", "IgnoreMute", "PriorityOnly", "NotCopied", "Env"),
		jsonOf(Copy{}),
	} {
		kind := reflect.TypeOf(tt.of)
		known := slices.Concat(tt.kept, tt.derived, tt.passing)
		for i := range kind.NumField() {
			if name := kind.Field(i).Name; !slices.Contains(known, name) {
				t.Errorf("%s.%s: is it in a snapshot?", kind.Name(), name)
			}
		}
		if len(known) != kind.NumField() {
			t.Errorf("%s has %d fields, %d are known", kind.Name(), kind.NumField(), len(known))
		}
	}
}
