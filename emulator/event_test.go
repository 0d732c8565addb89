package emulator

import (
	"testing"

	"github.com/nimroom/nimroom/emulator/internal/state"
)

func TestKindsOfEventsHaveTheNamesOfTheState(t *testing.T) {
	for public, kind := range map[EventKind]state.EventKind{
		EventMessage: state.Said, EventEnter: state.Entered, EventLeave: state.Departed, EventRole: state.RoleSet,
		EventMute: state.MemberMuted, EventTagMute: state.TagMuted, EventRoomMute: state.RoomMuted, EventUpdate: state.RoomUpdated,
		EventProfile: state.ProfileChanged, EventTags: state.TagsChanged, EventClose: state.RoomClosed, EventRecall: state.Recalled,
	} {
		if string(public) != string(kind) {
			t.Errorf("%s, but %s in package state", public, kind)
		}
	}
}
