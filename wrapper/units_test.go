package wrapper_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// TestShortMutesMute holds that a part of a second does not lift a mute, that
// less than nothing is an error before it is sent, and that limits are exact.
func TestShortMutesMute(t *testing.T) {
	srv, client, room := emulated(t)
	mute := gen.MuteMemberForm{RoomID: room, Operator: "owner", Target: "lisi", MuteDuration: time.Millisecond}
	length, err := client.Members.Mute(t.Context(), mute)
	require.NoError(t, err)
	assert.Equal(t, time.Second, length)
	_, err = client.Messages.Send(t.Context(), gen.SendMessageForm{RoomID: room, FromAccid: "lisi", Attach: wrapper.Ptr("x"), MsgType: wrapper.Ptr(gen.MessageTypeText)})
	assert.ErrorIs(t, err, wrapper.ErrMuted)

	asked := len(srv.Requests("temporaryMute"))
	for length, want := range map[time.Duration]string{
		-time.Millisecond:   "muteDuration: -1, at least 0 seconds",
		30*24*time.Hour + 1: "muteDuration: 2592001, at most 2592000 seconds",
		1<<63 - 1:           "muteDuration: 9223372037, at most 2592000 seconds",
	} {
		mute.MuteDuration = length
		_, err := client.Members.Mute(t.Context(), mute)
		var e *wrapper.Error
		require.ErrorAs(t, err, &e)
		assert.ErrorIs(t, err, wrapper.ErrBadParameter)
		assert.Equal(t, "muteDuration", e.Field)
		assert.ErrorContains(t, err, want)
	}
	assert.Len(t, srv.Requests("temporaryMute"), asked, "nothing was sent")
	mute.MuteDuration = 30 * 24 * time.Hour
	length, err = client.Members.Mute(t.Context(), mute)
	require.NoError(t, err)
	assert.Equal(t, mute.MuteDuration, length)
}

// TestTimesOfAnyZone holds that a time goes out as what it is, wherever its
// clock hangs, and comes back in UTC.
func TestTimesOfAnyZone(t *testing.T) {
	srv, client, room := emulated(t)
	for _, accid := range []string{"a", "b", "c"} {
		require.NoError(t, srv.Join(room, emulator.JoinOptions{Accid: accid}))
	}
	list := gen.ListMembersForm{RoomID: room, Type: wrapper.Ptr(gen.MemberKindVisitors), Limit: 10}
	all, err := client.Members.List(t.Context(), list)
	require.NoError(t, err)
	require.Len(t, all, 3)
	assert.Equal(t, time.UTC, all[0].EnterTime.Location())
	assert.WithinDuration(t, srv.Now(), all[0].EnterTime, time.Minute)
	list.EndTime = all[0].EnterTime.In(time.FixedZone("UTC+8", 8*60*60))
	older, err := client.Members.List(t.Context(), list)
	require.NoError(t, err)
	assert.Equal(t, all[1:], older)

	list.EndTime = time.Date(1969, 7, 20, 20, 17, 40, 0, time.UTC)
	_, err = client.Members.List(t.Context(), list)
	assert.ErrorContains(t, err, "endtime: -14182940000, at least 0 milliseconds since 1970-01-01 UTC")
}

// TestHugeNumbersDoNotSpoilAResponse holds that what no time or duration can hold
// becomes the largest there is.
func TestHugeNumbersDoNotSpoilAResponse(t *testing.T) {
	body := `{"desc":{"data":[{"roomid":1,"accid":"a","type":"COMMON","enterTime":99999999999999999999999,"tempMuteTtl":9223372036854775807,"robotExpirAt":"-1e300"}]},"code":200}`
	members, err := gen.DecodeListMembers([]byte(body))
	require.NoError(t, err)
	m := members.Desc.Data[0]
	assert.Greater(t, m.EnterTime.Year(), 9999)
	assert.Greater(t, *m.TempMuteTTL, 290*365*24*time.Hour)
	assert.Less(t, *m.RobotExpireAt, -290*365*24*time.Hour)

	for _, odd := range []string{`"soon"`, `1.5`, `{}`, `true`} {
		_, err := gen.DecodeListMembers([]byte(`{"desc":{"data":[{"tempMuteTtl":` + odd + `}]},"code":200}`))
		assert.ErrorContains(t, err, "tempMuteTtl", odd)
	}
}
