package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/callback"
	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/wrapper"
)

func TestLiveRoom(t *testing.T) {
	srv := emulator.Start(t, emulator.WithCreatedAccounts("zhangsan", "lisi", "wangwu"), emulator.WithAllMembersCopied())
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL))
	require.NoError(t, err)
	room, err := client.Rooms.Create(t.Context(), wrapper.CreateChatroomForm{Creator: "zhangsan", Name: "Evening show"})
	require.NoError(t, err)
	live := &liveRoom{client: client, id: room.RoomID, host: "zhangsan", said: map[string]repeated{}}
	require.NoError(t, srv.Callbacks(live.receiver(srv.Credentials(), callback.WithClock(srv.Now))))
	for _, accid := range []string{"lisi", "wangwu"} {
		require.NoError(t, srv.Join(room.RoomID, emulator.JoinOptions{Accid: accid}))
	}
	say := func(accid, text string) error {
		message, err := wrapper.NewMessage(room.RoomID, accid, wrapper.Text(text))
		require.NoError(t, err)
		_, err = client.Messages.Send(t.Context(), message)
		require.NoError(t, srv.WaitCallbacks(t.Context()))
		return err
	}
	queue := func() []wrapper.Entry {
		list, err := client.Queue.List(t.Context(), wrapper.ListQueueElementsForm{RoomID: room.RoomID})
		require.NoError(t, err)
		return list
	}
	require.NoError(t, say("lisi", "/queue"))
	require.NoError(t, say("wangwu", "/queue"))
	assert.Equal(t, []wrapper.Entry{{Key: "lisi", Value: "waits"}, {Key: "wangwu", Value: "waits"}}, queue())

	for range tooOften {
		require.NoError(t, say("wangwu", "buy now"))
	}
	require.ErrorIs(t, say("wangwu", "buy now"), wrapper.ErrMuted)
	require.NoError(t, srv.Advance(muteTime+time.Second))
	require.NoError(t, say("wangwu", "sorry"))

	require.NoError(t, srv.Leave(room.RoomID, "lisi"))
	require.NoError(t, srv.WaitCallbacks(t.Context()))
	assert.Equal(t, []wrapper.Entry{{Key: "wangwu", Value: "waits"}}, queue())
}
