package emulator

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// en-chatroom: Creating a chat room; Querying the chat room profile.
func TestCreateAndGet(t *testing.T) {
	srv := Start(t)
	form := gen.CreateChatroomForm{
		Creator: "zhangsan", Name: "mychat room", Announcement: ptr("hi"), BroadcastURL: ptr("http://x"),
		Ext: ptr(`{"a":1}`), QueueLevel: ptr(gen.QueueLevelManagersOnly),
	}
	created := get(t, srv, gen.CreateChatroomEndpoint, form).Chatroom
	want := gen.Chatroom{
		RoomID: created.RoomID, Valid: true, Announcement: "hi", Name: "mychat room",
		BroadcastURL: "http://x", Ext: `{"a":1}`, Creator: "zhangsan",
	}
	if !reflect.DeepEqual(created, want) {
		t.Errorf("created %+v, want %+v", created, want)
	}
	want.Muted, want.EntryNotify, want.QueueLevel = ptr(false), ptr(true), ptr(gen.QueueLevelManagersOnly)
	if got := get(t, srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: created.RoomID}).Chatroom; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	want.OnlineUserCount = ptr(0)
	if got := get(t, srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: created.RoomID, NeedOnlineUserCount: ptr(true)}).Chatroom; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// en-chatroom: Query chat room profiles.
func TestGetBatchSortsTheIDs(t *testing.T) {
	srv := Start(t)
	first, second := newRoom(t, srv), newRoom(t, srv)
	join(t, srv, second, "lisi")
	got := get(t, srv, gen.GetChatroomsEndpoint, gen.GetChatroomsForm{
		RoomIDs: []gen.RoomID{second, 6001, first, second, 6001}, NeedOnlineUserCount: ptr(true),
	})
	if len(got.Rooms) != 2 || got.Rooms[0].RoomID != second || *got.Rooms[0].OnlineUserCount != 1 || got.Rooms[1].RoomID != first {
		t.Errorf("rooms %+v", got.Rooms)
	}
	if !reflect.DeepEqual(got.MissingRooms, []gen.RoomID{6001}) || len(got.FailedRooms) != 0 {
		t.Errorf("missing %v, failed %v", got.MissingRooms, got.FailedRooms)
	}
}

// en-chatroom: Updating chat room information.
func TestUpdateChangesTheGivenFieldsOnly(t *testing.T) {
	srv := Start(t)
	id := newRoom(t, srv)
	get(t, srv, gen.UpdateChatroomEndpoint, gen.UpdateChatroomForm{RoomID: id, Announcement: ptr("hi"), Ext: ptr("e"), QueueLevel: ptr(gen.QueueLevelManagersOnly)})
	got := get(t, srv, gen.UpdateChatroomEndpoint, gen.UpdateChatroomForm{RoomID: id, Name: ptr("new"), Ext: ptr("")}).Chatroom
	if got.Name != "new" || got.Announcement != "hi" || got.Ext != "" {
		t.Errorf("got %+v", got)
	}
	if level := get(t, srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: id}).Chatroom.QueueLevel; *level != gen.QueueLevelManagersOnly {
		t.Errorf("queue level %v", *level)
	}
}

// en-chatroom: Changing the on/off status.
func TestToggle(t *testing.T) {
	srv := Start(t)
	id := newRoom(t, srv)
	toggle := func(operator string, valid bool) gen.ToggleChatroomForm {
		return gen.ToggleChatroomForm{RoomID: id, Operator: operator, Valid: ptr(valid)}
	}
	refused(t, srv, gen.ToggleChatroomEndpoint, toggle("wangwu", false), gen.CodeForbidden)
	refused(t, srv, gen.ToggleChatroomEndpoint, toggle("zhangsan", true), gen.CodeDuplicateOperation)
	if got := get(t, srv, gen.ToggleChatroomEndpoint, toggle("zhangsan", false)).Desc; got.Valid || got.RoomID != id {
		t.Errorf("closed %+v", got)
	}
	if ids := get(t, srv, gen.ListUserChatroomsEndpoint, gen.ListUserChatroomsForm{Creator: "zhangsan"}).Desc.RoomIDs; len(ids) != 0 {
		t.Errorf("open rooms %v", ids)
	}
	if got := get(t, srv, gen.ToggleChatroomEndpoint, toggle("zhangsan", true)).Desc; !got.Valid {
		t.Errorf("opened %+v", got)
	}
	if ids := get(t, srv, gen.ListUserChatroomsEndpoint, gen.ListUserChatroomsForm{Creator: "zhangsan"}).Desc.RoomIDs; !reflect.DeepEqual(ids, []gen.RoomID{id}) {
		t.Errorf("open rooms %v", ids)
	}
}

// en-chatroom: Requesting the URL address of a chat room. 404 for a room that is gone: live.
func TestRequestAddress(t *testing.T) {
	srv := Start(t)
	id := newRoom(t, srv)
	for _, kind := range []*gen.LinkType{nil, ptr(gen.LinkTypeWeb), ptr(gen.LinkTypeCommon), ptr(gen.LinkTypeWeChat)} {
		got := get(t, srv, gen.RequestAddressEndpoint, gen.RequestAddressForm{RoomID: id, Accid: "lisi", ClientType: kind, ClientIP: ptr("203.0.113.7")}).Addresses
		if len(got) == 0 || !strings.Contains(srv.URL, got[0]) {
			t.Errorf("%v", got)
		}
	}
	get(t, srv, gen.SetMemberRoleEndpoint, gen.SetMemberRoleForm{RoomID: id, Operator: "zhangsan", Target: "lisi", Opt: gen.RoleOperationBlocked, OptValue: ptr(true)})
	refused(t, srv, gen.RequestAddressEndpoint, gen.RequestAddressForm{RoomID: id, Accid: "lisi"}, gen.CodeForbidden)
	refused(t, srv, gen.RequestAddressEndpoint, gen.RequestAddressForm{RoomID: id + 1, Accid: "lisi"}, gen.CodeNotFound)
}

// en-chatroom: Muting all members in the chat room; Turning off notifications
// for joining or leaving specified chat rooms.
func TestMuteRoomAndEntryNotification(t *testing.T) {
	srv := Start(t)
	id := newRoom(t, srv)
	refused(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "lisi", Mute: ptr(true)}, gen.CodeForbidden)
	for _, on := range []bool{true, true, false} {
		if !get(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "wangwu", Mute: ptr(on)}).Desc.Success {
			t.Error("no success")
		}
		get(t, srv, gen.SetEntryNotificationEndpoint, gen.SetEntryNotificationForm{RoomID: id, Close: ptr(on)})
		if r := get(t, srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: id}).Chatroom; *r.Muted != on || *r.EntryNotify == on {
			t.Errorf("muted %v, notify %v, want %v", *r.Muted, *r.EntryNotify, on)
		}
	}
}

// en-chatroom: Querying TOP N indicators in a chat room.
func TestTopRooms(t *testing.T) {
	srv := Start(t, WithClock(func() time.Time { return time.Date(2016, 8, 21, 12, 17, 53, 0, time.UTC) }))
	quiet, busy := newRoom(t, srv), newRoom(t, srv)
	join(t, srv, quiet, "a")
	for _, accid := range []string{"a", "b", "a"} {
		join(t, srv, busy, accid)
	}
	get(t, srv, gen.SendMessageEndpoint, gen.SendMessageForm{RoomID: quiet, MsgID: "1", FromAccid: "a", MsgType: ptr(gen.MessageTypeText)})

	hour := time.Date(2016, 8, 21, 12, 0, 0, 0, time.UTC)
	all := []gen.TopChatroom{
		{ActiveNums: 2, DateTime: hour, EnterNums: 3, Period: gen.RankingGranularityHour, RoomID: busy},
		{ActiveNums: 1, DateTime: hour, EnterNums: 1, Msgs: 1, Period: gen.RankingGranularityHour, RoomID: quiet},
	}
	for _, form := range []gen.ListTopChatroomsForm{
		{},
		{Timestamp: ptr(time.Unix(1471781873, 0))},
		{Timestamp: ptr(time.UnixMilli(1471781873001)), OrderBy: ptr(gen.RankingOrderEnter)},
	} {
		if got := get(t, srv, gen.ListTopChatroomsEndpoint, form).Data; !reflect.DeepEqual(got, all) {
			t.Errorf("got %+v, want %+v", got, all)
		}
	}
	if got := get(t, srv, gen.ListTopChatroomsEndpoint, gen.ListTopChatroomsForm{TopN: ptr(1), OrderBy: ptr(gen.RankingOrderMessage)}).Data; len(got) != 1 || got[0].RoomID != quiet {
		t.Errorf("by messages: %+v", got)
	}
	day := gen.ListTopChatroomsForm{Timestamp: ptr(time.Unix(1471781873, 0)), Period: ptr(gen.RankingPeriodDay)}
	if got := get(t, srv, gen.ListTopChatroomsEndpoint, day).Data; len(got) != 0 {
		t.Errorf("today: %+v", got)
	}
	if err := srv.Advance(24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	// The example's days begin at 16:00 UTC: midnight in Beijing.
	midnight := time.Date(2016, 8, 20, 16, 0, 0, 0, time.UTC)
	if got := get(t, srv, gen.ListTopChatroomsEndpoint, day).Data; len(got) != 2 || got[0].DateTime != midnight || got[0].Period != gen.RankingGranularityDay {
		t.Errorf("yesterday: %+v", got)
	}
}
