package rules_test

import (
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// TestALiveRunSucceedsHereToo repeats the calls that a public library's own
// test made to the real service in 2022, in its order and with its fields. All
// got 200. They settle what the documents leave open: the
// creator speaks without entering, a muted member gets an address and becomes
// a robot, an account without a mute is unmuted, a profile changes with a
// room id and an account alone.
func TestALiveRunSucceedsHereToo(t *testing.T) {
	srv := emulator.Start(t, emulator.WithAccounts(emulator.StrictAccounts))
	srv.AddAccounts("first", "second", "third")
	created := emutest.Get(t, srv, gen.CreateChatroomEndpoint, gen.CreateChatroomForm{Creator: "first", Name: "test"})
	calls := []struct{ path, form string }{
		{"/chatroom/get.action", `roomid=ROOM`},
		{"/chatroom/getBatch.action", `roomids=[ROOM]`},
		{"/chatroom/update.action", `roomid=ROOM&name=newTest`},
		{"/chatroom/toggleCloseStat.action", `roomid=ROOM&operator=first&valid=false`},
		{"/chatroom/toggleCloseStat.action", `roomid=ROOM&operator=first&valid=true`},
		{"/chatroom/setMemberRole.action", `roomid=ROOM&operator=first&target=second&opt=-2&optvalue=true`},
		{"/chatroom/requestAddr.action", `roomid=ROOM&accid=second`},
		{"/chatroom/sendMsg.action", `roomid=ROOM&fromAccid=first&msgId=0.5&msgType=0&attach=This%2Bis%2Btest%2Bmsg`},
		{"/chatroom/addRobot.action", `roomid=ROOM&accids=["second","third"]`},
		{"/chatroom/removeRobot.action", `roomid=ROOM&accids=["second"]`},
		{"/chatroom/temporaryMute.action", `roomid=ROOM&operator=first&target=third&muteDuration=0`},
		{"/chatroom/muteRoom.action", `roomid=ROOM&operator=first&mute=true`},
		{"/stats/chatroom/topn.action", ``},
		{"/chatroom/membersByPage.action", `roomid=ROOM&type=0&endtime=0&limit=10`},
		{"/chatroom/queryMembers.action", `roomid=ROOM&accids=["first","second","third"]`},
		{"/chatroom/updateMyRoomRole.action", `roomid=ROOM&accid=second&nick=123`},
	}
	for _, c := range calls {
		form := strings.ReplaceAll(c.form, "ROOM", created.Chatroom.RoomID.String())
		if code, body := emutest.Post(t, srv, c.path, form); code != gen.CodeOK {
			t.Errorf("%s: %s", c.path, body)
		}
	}
}
