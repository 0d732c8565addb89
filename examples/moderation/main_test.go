package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/wrapper"
)

func TestModeration(t *testing.T) {
	srv := emulator.Start(t, emulator.WithCreatedAccounts("zhangsan", "lisi", "wangwu", "zhaoliu"))
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL))
	require.NoError(t, err)

	var out strings.Builder
	s := show{owner: "zhangsan", manager: "lisi", noisy: "wangwu", rude: "zhaoliu"}
	require.NoError(t, s.run(t.Context(), client, &out))
	assert.Equal(t, `opened room 10010000001
lisi moderates
wangwu is muted for 5m0s
zhaoliu is blocked
only zhangsan and managers can speak
closed
`, out.String())

	ids, err := client.Rooms.ListByCreator(t.Context(), wrapper.ListUserChatroomsForm{Creator: "zhangsan"})
	require.NoError(t, err)
	assert.Empty(t, ids)
}
