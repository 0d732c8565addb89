package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/wrapper"
)

func TestExport(t *testing.T) {
	start := time.Date(2022, 11, 25, 8, 0, 0, 0, time.UTC)
	srv := emulator.Start(t, emulator.WithClock(func() time.Time { return start }), emulator.WithCreatedAccounts("zhangsan"))
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL), wrapper.WithClock(srv.Now))
	require.NoError(t, err)
	room, err := srv.CreateRoom(wrapper.CreateChatroomForm{Creator: "zhangsan", Name: "Evening show"})
	require.NoError(t, err)
	for i := range 230 {
		guest := fmt.Sprint("guest", i)
		require.NoError(t, srv.AddAccounts(guest))
		require.NoError(t, srv.Join(room, emulator.JoinOptions{Accid: guest, Nick: fmt.Sprintf(`"Guest", %d`, i)}))
	}

	var out strings.Builder
	require.NoError(t, export(t.Context(), client, room, &out))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 232)
	assert.Equal(t, "accid,nick,role,online,entered", lines[0])
	assert.Equal(t, "zhangsan,,CREATOR,false,2022-11-25T08:00:00Z", lines[1])
	assert.Equal(t, `guest229,"""Guest"", 229",TEMPORARY,true,2022-11-25T08:00:00Z`, lines[2])

	assert.ErrorIs(t, export(t.Context(), client, 1, &out), wrapper.ErrNotFound)
}
