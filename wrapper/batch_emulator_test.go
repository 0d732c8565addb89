package wrapper_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

func TestBatchesOfTheEmulator(t *testing.T) {
	srv, client, room := emulated(t)
	ids := []gen.RoomID{room, 1}
	for range 44 {
		id, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "owner", Name: "another"})
		require.NoError(t, err)
		ids = append(ids, id)
	}
	rooms, err := client.Rooms.GetMany(t.Context(), gen.GetChatroomsForm{RoomIDs: ids, NeedOnlineUserCount: wrapper.Ptr(true)})
	require.NoError(t, err)
	for i, o := range rooms {
		if i == 1 {
			assert.Equal(t, wrapper.ItemMissing, o.Status)
			continue
		}
		assert.Equal(t, wrapper.ItemDone, o.Status)
		assert.Equal(t, ids[i], o.Value.RoomID)
		assert.NotNil(t, o.Value.OnlineUserCount, "the other fields of the request go with every call")
	}
	assert.Len(t, srv.Requests("getBatch"), 3)

	var robots []string
	for i := range 250 {
		robots = append(robots, fmt.Sprint("robot", i))
	}
	_, err = client.Robots.AddBatch(t.Context(), gen.AddRobotsForm{RoomID: room, Accids: robots[:1]})
	require.NoError(t, err)
	require.NoError(t, srv.Join(room, emulator.JoinOptions{Accid: robots[2]})) // no robot: a person
	added, err := client.Robots.AddMany(t.Context(), gen.AddRobotsForm{RoomID: room, Accids: robots, RoleExt: wrapper.Ptr("{}")})
	require.ErrorIs(t, err, wrapper.ErrItemFailed)
	assert.ErrorContains(t, err, "addRobots: 1 of 250 items failed: 2 (failed)")
	assert.Equal(t, wrapper.ItemUnchanged, added[0].Status)
	assert.Equal(t, wrapper.ItemDone, added[1].Status)
	assert.Equal(t, wrapper.ItemFailed, added[2].Status)

	members, err := client.Members.GetMany(t.Context(), gen.GetMembersForm{RoomID: room, Accids: append(robots, "nobody", "owner")})
	require.NoError(t, err)
	assert.Equal(t, wrapper.ItemDone, members[249].Status)
	assert.True(t, members[249].Value.IsRobot)
	assert.Equal(t, wrapper.ItemMissing, members[250].Status)
	assert.Equal(t, wrapper.ItemDone, members[251].Status, "a fixed member that is offline")

	removed, err := client.Robots.RemoveMany(t.Context(), gen.RemoveRobotsForm{RoomID: room, Accids: robots[3:]})
	require.NoError(t, err)
	for _, o := range removed {
		assert.Equal(t, wrapper.ItemDone, o.Status)
	}

	_, err = client.Robots.AddMany(t.Context(), gen.AddRobotsForm{RoomID: 1, Accids: robots})
	assert.ErrorIs(t, err, wrapper.ErrNotFound)
}

// TestMessagesOfABatchKeepTheirOrder sends 25 messages in three calls, of which the second
// loses its response.
func TestMessagesOfABatchKeepTheirOrder(t *testing.T) {
	srv, client, room := emulated(t)
	require.NoError(t, srv.AddFault(emulator.Fault{Operation: "batchSendMsg", Kind: emulator.FaultReset, Phase: emulator.FaultAfter, Skip: 1, Times: 1}))
	list := make([]gen.MessageItem, 25)
	for i := range list {
		list[i] = gen.MessageItem{MsgID: fmt.Sprint("m", i), MsgType: wrapper.Ptr(gen.MessageTypeText), Attach: wrapper.Ptr(strconv.Itoa(i))}
	}
	list[len(list)-1].MsgID = ""
	sent, err := client.Messages.SendMany(t.Context(), gen.SendMessagesForm{RoomID: room, FromAccid: "owner", MsgList: list})
	require.NoError(t, err)
	require.Len(t, sent, len(list))
	for i, o := range sent {
		assert.Equal(t, wrapper.ItemDone, o.Status)
		assert.Equal(t, o.Key, o.Value.ClientMsgID)
		assert.Equal(t, strconv.Itoa(i), o.Value.Attach)
	}
	stored, err := srv.Messages(room)
	require.NoError(t, err)
	require.Len(t, stored, len(list), "none twice")
	for i, m := range stored {
		assert.Equal(t, sent[i].Key, m.MsgID)
	}

	// The reason of each message that was not sent, and the place of one that is not valid.
	require.NoError(t, srv.Join(room, emulator.JoinOptions{Accid: "lisi"}))
	_, err = client.Members.Mute(t.Context(), gen.MuteMemberForm{RoomID: room, Operator: "owner", Target: "lisi", MuteDuration: time.Minute})
	require.NoError(t, err)
	list = list[10:13]
	for i := range list {
		list[i].MsgID = ""
	}
	list[1].Attach = wrapper.Ptr(strings.Repeat("x", 4097))
	failed, err := client.Messages.SendManyTo(t.Context(), gen.SendMessagesToAccountsForm{RoomID: room, FromAccid: "lisi", ToAccids: []string{"owner"}, MsgList: list})
	require.ErrorIs(t, err, wrapper.ErrItemFailed)
	require.ErrorIs(t, err, wrapper.ErrBadParameter)
	assert.EqualError(t, failed[0].Err, "sendMessagesToAccounts: the service reports that it failed: account is muted in the chatroom")
	assert.ErrorContains(t, failed[1].Err, "msgList[1].attach: 4097 characters, at most 4096")
	assert.Equal(t, wrapper.ItemFailed, failed[2].Status)
}

// TestLostResponsesOfABatch loses the response of the second call of three, which
// was carried out.
func TestLostResponsesOfABatch(t *testing.T) {
	var robots []string
	for i := range 250 {
		robots = append(robots, fmt.Sprint("robot", i))
	}
	for _, tt := range []struct {
		attempts int
		second   wrapper.ItemStatus
	}{
		{1, wrapper.ItemUnknown},
		{2, wrapper.ItemUnchanged}, // the repeat finds them there
	} {
		srv, client, room := emulated(t)
		require.NoError(t, srv.AddFault(emulator.Fault{
			Operation: "addRobot", Kind: emulator.FaultReset, Phase: emulator.FaultAfter, Skip: 1,
		}))
		outcomes, err := client.Robots.AddMany(t.Context(), gen.AddRobotsForm{RoomID: room, Accids: robots},
			wrapper.WithConcurrency(1), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: tt.attempts}))
		for i, o := range outcomes {
			if i >= 100 && i < 200 {
				assert.Equal(t, tt.second, o.Status)
				continue
			}
			assert.Equal(t, wrapper.ItemDone, o.Status)
		}
		view, viewErr := srv.Room(room)
		require.NoError(t, viewErr)
		assert.Len(t, view.Members, 251, "robots and owner")
		if tt.second != wrapper.ItemUnknown {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
		assert.ErrorContains(t, err, "addRobots: 100 of 250 items failed: 100-199 (unknown): ")
	}
}
