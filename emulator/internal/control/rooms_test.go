package control_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// listed returns what the entries of a list have under a name.
func listed(t *testing.T, srv *emulator.Server, path, list, name string) (string, map[string]any) {
	t.Helper()
	status, got := emutest.ControlCall(t, srv, http.MethodGet, path, "")
	require.Equal(t, http.StatusOK, status, got)
	var values []string
	for _, entry := range got[list].([]any) {
		values = append(values, fmt.Sprint(entry.(map[string]any)[name]))
	}
	return strings.Join(values, " "), got
}

func TestRoomsAreSearchedAndPaged(t *testing.T) {
	srv := emulator.Start(t)
	for i, name := range []string{"Lobby", "lounge", "Stage", "lobby two"} {
		require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: gen.RoomID(11 + i), Creator: "lena", Name: name}))
	}
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 15, Creator: "lobbyist", Name: "n"}))
	emutest.Do(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: 13, Operator: "lena", Mute: emutest.Ptr(true)})
	emutest.Join(t, srv, 13, "mia")
	for query, want := range map[string]string{
		"":                             "11 12 13 14 15",
		"?limit=2":                     "11 12",
		"?limit=2&after=12":            "13 14",
		"?text=LOBBY":                  "11 14 15",
		"?text=lobby&limit=1&after=11": "14",
		"?text=12":                     "12",
		"?text=nothing":                "",
	} {
		got, _ := listed(t, srv, "rooms"+query, "rooms", "roomid")
		assert.Equal(t, want, got, query)
	}
	_, page := listed(t, srv, "rooms?text=stage&limit=1", "rooms", "roomid")
	assert.EqualValues(t, 1, page["total"])
	assert.Equal(t, map[string]any{
		"roomid": 13.0, "creator": "lena", "name": "Stage", "valid": true, "muted": true, "onlineusercount": 1.0, "memberCount": 2.0,
	}, page["rooms"].([]any)[0])
}

func TestMembersAndMessagesArePaged(t *testing.T) {
	start := time.Date(2026, 11, 29, 12, 30, 0, 0, time.UTC)
	srv := emulator.Start(t, emulator.WithStartTime(start))
	room := "rooms/" + emutest.OpenRoom(t, srv).String()
	id := gen.RoomID(10010000001)
	for i := range 5 {
		emutest.Join(t, srv, id, fmt.Sprintf("guest%d", i))
		emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, fmt.Sprintf("m%d", i), "zhangsan"))
	}
	for query, want := range map[string]string{
		"":                             "wangwu zhangsan guest4 guest3 guest2 guest1 guest0",
		"?limit=2":                     "wangwu zhangsan",
		"?limit=2&offset=3":            "guest3 guest2",
		"?text=GUEST&limit=2&offset=1": "guest3 guest2",
		"?offset=7":                    "",
		"?offset=4294967295":           "", // -1 in 32 bits
	} {
		got, _ := listed(t, srv, room+"/members"+query, "members", "accid")
		assert.Equal(t, want, got, query)
	}
	_, page := listed(t, srv, room+"/members?text=guest&limit=1", "members", "accid")
	assert.EqualValues(t, 5, page["total"])

	got, page := listed(t, srv, room+"/messages?limit=2", "messages", "msgid")
	assert.Equal(t, "m3 m4", got)
	before := page["messages"].([]any)[0].(map[string]any)["time"].(float64)
	got, _ = listed(t, srv, fmt.Sprintf("%s/messages?limit=2&before=%.0f", room, before), "messages", "msgid")
	assert.Equal(t, "m1 m2", got)
	got, _ = listed(t, srv, room+"?limit=1", "messages", "msgid")
	assert.Equal(t, "m4", got)
	got, _ = listed(t, srv, room+"?limit=1", "members", "accid")
	assert.Equal(t, "wangwu", got)

	require.NoError(t, srv.Advance(time.Hour))
	emutest.Join(t, srv, id, "late")
	got, _ = listed(t, srv, room+"/statistics?hours=3", "hours", "time")
	assert.Equal(t, "2026-11-29T11:00:00Z 2026-11-29T12:00:00Z 2026-11-29T13:00:00Z", got)
	got, _ = listed(t, srv, room+"/statistics?hours=3", "hours", "msgs")
	assert.Equal(t, "0 5 0", got)
	got, _ = listed(t, srv, room+"/statistics?hours=3", "hours", "enterNums")
	assert.Equal(t, "0 5 1", got)
	got, page = listed(t, srv, room+"/statistics", "hours", "activeNums")
	assert.Len(t, page["hours"], 24)
	assert.True(t, strings.HasSuffix(got, "0 6 1"), got)
}
