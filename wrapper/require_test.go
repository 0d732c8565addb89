package wrapper_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/wrapper"
)

// TestNothingHappensThatWasNotSaid: a mute without a length is an error with the field's name
// and sends nothing, although the service reads a length of 0 as lifting the mute.
func TestNothingHappensThatWasNotSaid(t *testing.T) {
	srv, client, room := emulated(t)
	before := len(srv.Requests())
	_, ofMember := client.Members.Mute(t.Context(), wrapper.MuteMemberForm{RoomID: room, Operator: "owner", Target: "lisi"})
	_, ofTag := client.Tags.Mute(t.Context(), wrapper.MuteTagForm{RoomID: room, Operator: "owner", TargetTag: "vip"})
	for operation, err := range map[string]error{"muteMember": ofMember, "muteTag": ofTag} {
		var e *wrapper.Error
		require.ErrorAs(t, err, &e)
		assert.ErrorIs(t, err, wrapper.ErrBadParameter)
		assert.EqualError(t, err, operation+": bad parameter: muteDuration is empty")
		assert.Equal(t, "muteDuration", e.Field)
	}
	assert.Len(t, srv.Requests(), before, "nothing was sent")
}
