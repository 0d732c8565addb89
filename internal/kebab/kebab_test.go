package kebab_test

import (
	"testing"

	"github.com/nimroom/nimroom/internal/kebab"
)

func TestCase(t *testing.T) {
	for name, want := range map[string]string{
		"SetRole": "set-role", "RoomIDs": "room-ids", "BroadcastURL": "broadcast-url", "TopN": "top-n", "SDKVersion": "sdk-version",
		"ClientIP": "client-ip", "OnlineFixed": "online-fixed", "List": "list", "muteDuration": "mute-duration", "set-role": "set-role", "": "",
	} {
		if got := kebab.Case(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
