package emulator

import (
	"strings"
	"testing"

	"github.com/nimroom/nimroom/gen"
)

// TestAllOperationsAnswer sends to every operation the form of the cURL line
// in its document, unescaped as it is printed there, with the ids and accounts
// of a room that exists.
func TestAllOperationsAnswer(t *testing.T) {
	lines := []struct{ path, form string }{
		{"/chatroom/create.action", `name=mychat room&announcement=&broadcasturl=xxxxxx&creator=zhangsan`},
		{"/chatroom/get.action", `roomid=ROOM&needOnlineUserCount=true`},
		{"/chatroom/getBatch.action", `roomids=["ROOM","6002","6003"]&needOnlineUserCount=true`},
		{"/chatroom/update.action", `roomid=ROOM&name=mynewchat room&announcement=mynewchat room`},
		{"/chatroom/toggleCloseStat.action", `roomid=ROOM&operator=zhangsan&valid=false`},
		{"/chatroom/setMemberRole.action", `roomid=ROOM&operator=zhangsan&target=lisi&opt=2&optvalue=true`},
		{"/chatroom/requestAddr.action", `roomid=ROOM&accid=zhangsan&clienttype=1`},
		{"/chatroom/sendMsg.action", `roomid=ROOM&fromAccid=zhangsan&msgType=0&attach=This+is+test+msg&msgId=c9e6c306-804f-4ec3-b8f0-573778829419`},
		{"/chatroom/addRobot.action", `roomid=ROOM&accids=["zhangsan","lisi"]`},
		{"/chatroom/removeRobot.action", `roomid=ROOM&accids=["zhangsan","lisi"]`},
		{"/chatroom/cleanRobot.action", `roomid=ROOM&notify=false`},
		{"/chatroom/temporaryMute.action", `roomid=ROOM&operator=zhangsan&target=lisi&muteDuration=300&notifyExt=This is an extension field`},
		{"/chatroom/muteRoom.action", `roomid=ROOM&operator=zhangsan&mute=true`},
		{"/stats/chatroom/topn.action", `timestamp=1471781873&period=hour&topn=3&orderby=join`},
		{"/chatroom/membersByPage.action", `roomid=ROOM&type=0&endtime=0&limit=20`},
		{"/chatroom/queryMembers.action", `roomid=ROOM&accids=["abc","def"]`},
		{"/chatroom/queryMembersByRole.action", `roomid=ROOM&roles=%7B%22creator%22%3A%20true%2C%20%22manager%22%3A%20true%2C%22blacklist%22%3A%20true%2C%22mute%22%3A%20true%7D`},
		{"/chatroom/updateMyRoomRole.action", `roomid=ROOM&accid=zhangsan&save=true&needNotify=true&nick=myNick`},
		{"/chatroom/queryUserRoomIds.action", `creator=xiaoming01`},
		{"/chatroom/updateInOutNotification.action", `close=false&roomid=ROOM`},
		{"/chatroom/tagTemporaryMute.action", `targetTag=abc&roomid=ROOM&operator=zhangsan&muteDuration=123`},
		{"/chatroom/tagMembersCount.action", `tag=abc&roomid=ROOM`},
		{"/chatroom/tagMembersQuery.action", `tag=abc&roomid=ROOM&endTime=0&limit=100`},
		{"/history/queryTagHistoryMsg.action", `roomId=ROOM&tags=["tag1","tag2","tag3"]&types=[0,1]&fromTime=1666241788000&toTime=1666251788000&limit=100&reverse=0`},
		{"/chatroom/queryTagHistoryMsg.action", `roomId=ROOM&tags=["tag1","tag2","tag3"]`},
		{"/chatroom/updateChatRoomRoleTag.action", `roomId=ROOM&tags=["tag1","tag2","tag3"]&accid=visitor&notifyTargetTags={"tag":"tag1"} and {"tag":"tag2"}`},
	}
	srv := Start(t)
	for _, line := range lines {
		id := newRoom(t, srv)
		join(t, srv, id, "visitor", "abc")
		code, body := post(t, srv, line.path, strings.ReplaceAll(line.form, "ROOM", id.String()))
		if code != gen.CodeOK {
			t.Errorf("%s: %s", line.path, body)
		}
	}
	for _, op := range gen.Operations {
		if len(srv.Requests(op.ID)) == 0 || len(srv.Requests(op.Action)) == 0 {
			t.Errorf("%s was not asked", op.Action)
		}
	}
}
