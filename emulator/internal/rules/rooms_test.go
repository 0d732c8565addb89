package rules_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// en-chatroom: Creating a chat room; Querying the chat room profile.
func TestCreateAndGet(t *testing.T) {
	srv := emulator.Start(t)
	form := gen.CreateChatroomForm{
		Creator: "zhangsan", Name: "mychat room", Announcement: emutest.Ptr("hi"), BroadcastURL: emutest.Ptr("http://x"),
		Ext: emutest.Ptr(`{"a":1}`), QueueLevel: emutest.Ptr(gen.QueueLevelManagersOnly),
	}
	created := emutest.Get(t, srv, gen.CreateChatroomEndpoint, form).Chatroom
	want := gen.Chatroom{
		RoomID: created.RoomID, Valid: true, Announcement: "hi", Name: "mychat room",
		BroadcastURL: "http://x", Ext: `{"a":1}`, Creator: "zhangsan",
		Muted: emutest.Ptr(false), QueueLevel: emutest.Ptr(gen.QueueLevelManagersOnly),
	}
	if !reflect.DeepEqual(created, want) {
		t.Errorf("created %+v, want %+v", created, want)
	}
	want.EntryNotify = emutest.Ptr(true)
	if got := emutest.Get(t, srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: created.RoomID}).Chatroom; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	want.OnlineUserCount = emutest.Ptr(0)
	if got := emutest.Get(t, srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: created.RoomID, NeedOnlineUserCount: emutest.Ptr(true)}).Chatroom; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// en-chatroom: Query chat room profiles.
func TestGetBatchSortsTheIDs(t *testing.T) {
	srv := emulator.Start(t)
	first, second := emutest.NewRoom(t, srv), emutest.NewRoom(t, srv)
	emutest.Join(t, srv, second, "lisi")
	got := emutest.Get(t, srv, gen.GetChatroomsEndpoint, gen.GetChatroomsForm{
		RoomIDs: []gen.RoomID{second, 6001, first, second, 6001}, NeedOnlineUserCount: emutest.Ptr(true),
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
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	emutest.Get(t, srv, gen.UpdateChatroomEndpoint, gen.UpdateChatroomForm{RoomID: id, Announcement: emutest.Ptr("hi"), Ext: emutest.Ptr("e"), QueueLevel: emutest.Ptr(gen.QueueLevelManagersOnly)})
	got := emutest.Get(t, srv, gen.UpdateChatroomEndpoint, gen.UpdateChatroomForm{RoomID: id, Name: emutest.Ptr("new"), Ext: emutest.Ptr("")}).Chatroom
	if got.Name != "new" || got.Announcement != "hi" || got.Ext != "" {
		t.Errorf("got %+v", got)
	}
	if level := emutest.Get(t, srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: id}).Chatroom.QueueLevel; *level != gen.QueueLevelManagersOnly {
		t.Errorf("queue level %v", *level)
	}
}

// en-chatroom: Changing the on/off status.
func TestToggle(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	toggle := func(operator string, valid bool) gen.ToggleChatroomForm {
		return gen.ToggleChatroomForm{RoomID: id, Operator: operator, Valid: emutest.Ptr(valid)}
	}
	emutest.WantCode(t, srv, gen.ToggleChatroomEndpoint, toggle("wangwu", false), gen.CodeForbidden)
	emutest.WantCode(t, srv, gen.ToggleChatroomEndpoint, toggle("zhangsan", true), gen.CodeDuplicateOperation)
	if got := emutest.Get(t, srv, gen.ToggleChatroomEndpoint, toggle("zhangsan", false)).Desc; got.Valid || got.RoomID != id {
		t.Errorf("closed %+v", got)
	}
	if ids := emutest.Get(t, srv, gen.ListUserChatroomsEndpoint, gen.ListUserChatroomsForm{Creator: "zhangsan"}).Desc.RoomIDs; len(ids) != 0 {
		t.Errorf("open rooms %v", ids)
	}
	if got := emutest.Get(t, srv, gen.ToggleChatroomEndpoint, toggle("zhangsan", true)).Desc; !got.Valid {
		t.Errorf("opened %+v", got)
	}
	if ids := emutest.Get(t, srv, gen.ListUserChatroomsEndpoint, gen.ListUserChatroomsForm{Creator: "zhangsan"}).Desc.RoomIDs; !reflect.DeepEqual(ids, []gen.RoomID{id}) {
		t.Errorf("open rooms %v", ids)
	}
}

// en-chatroom: Requesting the URL address of a chat room. 404 for a room that is gone: live.
func TestRequestAddress(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	for _, kind := range []*gen.LinkType{nil, emutest.Ptr(gen.LinkTypeWeb), emutest.Ptr(gen.LinkTypeCommon), emutest.Ptr(gen.LinkTypeWeChat)} {
		got := emutest.Get(t, srv, gen.RequestAddressEndpoint, gen.RequestAddressForm{RoomID: id, Accid: "lisi", ClientType: kind, ClientIP: emutest.Ptr("203.0.113.7")}).Addresses
		if len(got) == 0 || !strings.Contains(srv.URL, got[0]) {
			t.Errorf("%v", got)
		}
	}
	emutest.Get(t, srv, gen.SetMemberRoleEndpoint, gen.SetMemberRoleForm{RoomID: id, Operator: "zhangsan", Target: "lisi", Opt: gen.RoleOperationBlocked, OptValue: emutest.Ptr(true)})
	emutest.WantCode(t, srv, gen.RequestAddressEndpoint, gen.RequestAddressForm{RoomID: id, Accid: "lisi"}, gen.CodeForbidden)
	emutest.WantCode(t, srv, gen.RequestAddressEndpoint, gen.RequestAddressForm{RoomID: id + 1, Accid: "lisi"}, gen.CodeNotFound)
}

// en-chatroom: Muting all members in the chat room; Turning off notifications
// for joining or leaving specified chat rooms.
func TestMuteRoomAndEntryNotification(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	emutest.WantCode(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "lisi", Mute: emutest.Ptr(true)}, gen.CodeForbidden)
	for _, on := range []bool{true, true, false} {
		if !emutest.Get(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "wangwu", Mute: emutest.Ptr(on)}).Desc.Success {
			t.Error("no success")
		}
		emutest.Get(t, srv, gen.SetEntryNotificationEndpoint, gen.SetEntryNotificationForm{RoomID: id, Close: emutest.Ptr(on)})
		if r := emutest.Get(t, srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: id}).Chatroom; *r.Muted != on || *r.EntryNotify == on {
			t.Errorf("muted %v, notify %v, want %v", *r.Muted, *r.EntryNotify, on)
		}
	}
}

// en-chatroom: Querying TOP N indicators in a chat room.
func TestTopRooms(t *testing.T) {
	srv := emulator.Start(t, emulator.WithClock(func() time.Time { return time.Date(2016, 8, 21, 12, 17, 53, 0, time.UTC) }))
	quiet, busy := emutest.NewRoom(t, srv), emutest.NewRoom(t, srv)
	emutest.Join(t, srv, quiet, "a")
	for _, accid := range []string{"a", "b", "a"} {
		emutest.Join(t, srv, busy, accid)
	}
	emutest.Get(t, srv, gen.SendMessageEndpoint, gen.SendMessageForm{RoomID: quiet, MsgID: "1", FromAccid: "a", MsgType: emutest.Ptr(gen.MessageTypeText)})

	hour := time.Date(2016, 8, 21, 12, 0, 0, 0, time.UTC)
	all := []gen.TopChatroom{
		{ActiveNums: 2, DateTime: hour, EnterNums: 3, Period: gen.RankingGranularityHour, RoomID: busy},
		{ActiveNums: 1, DateTime: hour, EnterNums: 1, Msgs: 1, Period: gen.RankingGranularityHour, RoomID: quiet},
	}
	for _, form := range []gen.ListTopChatroomsForm{
		{},
		{Timestamp: emutest.Ptr(time.Unix(1471781873, 0))},
		{Timestamp: emutest.Ptr(time.UnixMilli(1471781873001)), OrderBy: emutest.Ptr(gen.RankingOrderEnter)},
	} {
		if got := emutest.Get(t, srv, gen.ListTopChatroomsEndpoint, form).Data; !reflect.DeepEqual(got, all) {
			t.Errorf("got %+v, want %+v", got, all)
		}
	}
	if got := emutest.Get(t, srv, gen.ListTopChatroomsEndpoint, gen.ListTopChatroomsForm{TopN: emutest.Ptr(1), OrderBy: emutest.Ptr(gen.RankingOrderMessage)}).Data; len(got) != 1 || got[0].RoomID != quiet {
		t.Errorf("by messages: %+v", got)
	}
	day := gen.ListTopChatroomsForm{Timestamp: emutest.Ptr(time.Unix(1471781873, 0)), Period: emutest.Ptr(gen.RankingPeriodDay)}
	if got := emutest.Get(t, srv, gen.ListTopChatroomsEndpoint, day).Data; len(got) != 0 {
		t.Errorf("today: %+v", got)
	}
	if err := srv.Advance(24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	// The example's days begin at 16:00 UTC: midnight in Beijing.
	midnight := time.Date(2016, 8, 20, 16, 0, 0, 0, time.UTC)
	if got := emutest.Get(t, srv, gen.ListTopChatroomsEndpoint, day).Data; len(got) != 2 || got[0].DateTime != midnight || got[0].Period != gen.RankingGranularityDay {
		t.Errorf("yesterday: %+v", got)
	}
}
