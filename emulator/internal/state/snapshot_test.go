package state

import (
	"reflect"
	"slices"
	"testing"
)

// Every field of the state is in a snapshot, or it is known why not. A new
// field fails this test until Export and Import know it too.
func TestEveryFieldOfTheStateIsAccountedFor(t *testing.T) {
	for _, tt := range []struct {
		of      any
		kept    []string
		derived []string // from what is kept
		passing []string // of no consequence once it is over
	}{
		{
			of:      State{},
			kept:    []string{"accounts", "rooms", "nextRoomID", "figures", "chance"},
			derived: []string{"byCreator", "random"},
			passing: []string{"strictAccounts", "watched"}, // an option, and who reads events
		},
		{
			of: Room{},
			kept: []string{
				"Settings", "ID", "Creator", "Open", "Muted", "EntryNotify", "lastEntry",
				"mutes", "tagMutes", "history", "lastMessage", "priority", "departed", "active",
			},
			derived: []string{"roster", "fixed", "fixedOnline", "visitors", "logins", "robots", "sent", "urgent"},
			passing: []string{"watch"},
		},
		{of: Settings{}, kept: []string{"Name", "Announcement", "BroadcastURL", "Ext", "QueueLevel"}},
		{
			of:   Member{},
			kept: []string{"Profile", "Accid", "Role", "Blacklisted", "Muted", "EnterTime", "saved", "logins", "robotLeaves"},
		},
		{of: Profile{}, kept: []string{"Nick", "Avatar", "Ext"}},
		{of: Login{}, kept: []string{"ClientType", "Tags", "Notify", "EnterTime"}, derived: []string{"Accid"}},
		{of: Message{}, kept: []string{"Draft", "Time", "Nick", "Avatar", "Abandoned"}, derived: []string{"RoomID"}},
		{
			of:      Draft{},
			kept:    []string{"ID", "From", "Type", "SubType", "Attach", "Ext", "SkipHistory", "HighPriority", "RepeatOnReturn", "Target"},
			passing: []string{"Resend", "AbandonRatio"},
		},
		{of: priorityWindow{}, kept: []string{"second", "count"}},
		{of: ledger{}, kept: []string{"periods"}},
		{of: tally{}, kept: []string{"active", "entries", "messages"}},
		{of: activity{}, kept: []string{"start", "accounts"}},
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
