package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/wrapper"
)

func TestAnnouncement(t *testing.T) {
	srv := emulator.Start(t, emulator.WithCreatedAccounts("zhangsan", "news"))
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL))
	require.NoError(t, err)
	var rooms []wrapper.RoomID
	for i := range 30 {
		room, err := srv.CreateRoom(wrapper.CreateChatroomForm{Creator: "zhangsan", Name: fmt.Sprint("room ", i)})
		require.NoError(t, err)
		rooms = append(rooms, room)
	}
	_, err = client.Rooms.Close(t.Context(), wrapper.RoomStateForm{RoomID: rooms[0], Operator: "zhangsan"})
	require.NoError(t, err)
	_, err = client.Members.SetRole(t.Context(), wrapper.MemberRoleForm{
		RoomID: rooms[1], Operator: "zhangsan", Target: "news", Opt: wrapper.RoleOperationMuted,
	})
	require.NoError(t, err)

	// Room 0 is closed, in room 1 the speaker is muted, room 7 does not exist,
	// and room 2 is given twice.
	sent, err := announce(t.Context(), client, append(rooms, 7, rooms[2]), "news", wrapper.Text("Back at nine"))
	assert.Equal(t, 28, sent)
	assert.ErrorIs(t, err, wrapper.ErrMuted)
	assert.ErrorContains(t, err, fmt.Sprintf("room %d: ", rooms[1]))
	for _, room := range rooms[2:] {
		messages, err := srv.Messages(room)
		require.NoError(t, err)
		require.Len(t, messages, 1)
		assert.Equal(t, "Back at nine", messages[0].Attach)
	}
}

func TestReadIDs(t *testing.T) {
	ids, err := readIDs(strings.NewReader("1\n2 3\n\n"))
	require.NoError(t, err)
	assert.Equal(t, []wrapper.RoomID{1, 2, 3}, ids)
	_, err = readIDs(strings.NewReader("1 x"))
	assert.ErrorContains(t, err, "id 2: room id: \"x\", want")
}
