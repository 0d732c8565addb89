package emulator

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

func TestEveryChangeIsTold(t *testing.T) {
	srv := newServer(t)
	id := openRoom(t, srv)
	stream := watch(t, srv, id, "")
	ext := ptr("e")

	if err := srv.Join(id, JoinOptions{Accid: "lisi", Nick: "Li Si", Tags: []string{"vip"}, NotifyTargetTags: `{"tag":"vip"}`}); err != nil {
		t.Fatal(err)
	}
	wantTold(t, stream, `enter >lisi {"nick":"Li Si","type":"TEMPORARY","tags":["vip"]} to {"tag":"vip"}`)

	message := say(id, "1", "lisi")
	message.NotifyTargetTags = ptr(`{"tag":"vip"}`)
	do(t, srv, gen.SendMessageEndpoint, message)
	wantTold(t, stream, `message lisi> 1 to {"tag":"vip"}`)

	do(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"r1", "r2"}, RoleExt: ptr("mood"), NotifyExt: ext})
	wantTold(t, stream,
		`enter >r1 {"nick":"r1","ext":"mood","type":"TEMPORARY","isRobot":true} ext e`,
		`enter >r2 {"nick":"r2","ext":"mood","type":"TEMPORARY","isRobot":true} ext e`)
	do(t, srv, gen.RemoveRobotsEndpoint, gen.RemoveRobotsForm{RoomID: id, Accids: []string{"r1"}})
	wantTold(t, stream, `leave >r1 {"isRobot":true}`)
	do(t, srv, gen.ClearRobotsEndpoint, gen.ClearRobotsForm{RoomID: id, Notify: ptr(true)})
	wantTold(t, stream, `leave >r2 {"isRobot":true}`)

	form := role(id, "zhangsan", "lisi", gen.RoleOperationCommon, true)
	form.NotifyExt = ext
	do(t, srv, gen.SetMemberRoleEndpoint, form)
	wantTold(t, stream, `role zhangsan>lisi {"opt":2,"optvalue":true,"type":"COMMON"} ext e`)
	do(t, srv, gen.SetMemberRoleEndpoint, role(id, "wangwu", "lisi", gen.RoleOperationMuted, true))
	wantTold(t, stream, `role wangwu>lisi {"opt":-2,"optvalue":true,"type":"LIMITED"}`)
	do(t, srv, gen.SetMemberRoleEndpoint, role(id, "wangwu", "lisi", gen.RoleOperationMuted, false))
	wantTold(t, stream, `role wangwu>lisi {"opt":-2,"optvalue":false,"type":"TEMPORARY"}`)

	for _, length := range []time.Duration{300 * time.Second, 0} {
		do(t, srv, gen.MuteMemberEndpoint, gen.MuteMemberForm{RoomID: id, Operator: "wangwu", Target: "lisi", MuteDuration: length, NotifyExt: ext})
		do(t, srv, gen.MuteTagEndpoint, gen.MuteTagForm{RoomID: id, Operator: "wangwu", TargetTag: "vip", MuteDuration: length, NotifyExt: ext})
		do(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "wangwu", Mute: ptr(length > 0), NotifyExt: ext})
	}
	wantTold(t, stream,
		`mute wangwu>lisi {"muted":true,"muteDuration":300} ext e`,
		`tagMute wangwu> {"muted":true,"muteDuration":300,"targetTag":"vip"} to {"tag":"vip"} ext e`,
		`roomMute wangwu> {"muted":true} ext e`,
		`mute wangwu>lisi {"muted":false} ext e`,
		`tagMute wangwu> {"muted":false,"targetTag":"vip"} to {"tag":"vip"} ext e`,
		`roomMute wangwu> {"muted":false} ext e`)

	do(t, srv, gen.UpdateChatroomEndpoint, gen.UpdateChatroomForm{RoomID: id, Announcement: ptr("hi"), NotifyExt: ext})
	wantTold(t, stream, `update > {"name":"mychat room","announcement":"hi","broadcasturl":"","ext":"","queuelevel":0} ext e`)

	do(t, srv, gen.UpdateMemberEndpoint, gen.UpdateMemberForm{RoomID: id, Accid: "lisi", Nick: ptr("L"), Ext: ptr("x"), NeedNotify: ptr(true), NotifyExt: ext})
	wantTold(t, stream, `profile >lisi {"nick":"L","ext":"x"} ext e`)

	do(t, srv, gen.UpdateMemberTagsEndpoint, gen.UpdateMemberTagsForm{RoomID: id, Accid: "lisi", Tags: []string{"a", "b"}, NotifyTargetTags: ptr(`{"tag":"a"}`)})
	wantTold(t, stream, `tags >lisi {"tags":["a","b"]} to {"tag":"a"}`)

	if err := srv.Leave(id, "lisi"); err != nil {
		t.Fatal(err)
	}
	wantTold(t, stream, `leave >lisi {"tags":["a","b"]} to {"tag":"a"}`)

	join(t, srv, id, "lisi")
	do(t, srv, gen.SetMemberRoleEndpoint, role(id, "zhangsan", "lisi", gen.RoleOperationBlocked, true))
	wantTold(t, stream,
		`enter >lisi {"nick":"lisi","type":"TEMPORARY"}`,
		`role zhangsan>lisi {"opt":-1,"optvalue":true,"type":"LIMITED"}`,
		`leave >lisi {}`)

	join(t, srv, id, "visitor")
	wantTold(t, stream, `enter >visitor {"nick":"visitor","type":"TEMPORARY"}`)
	do(t, srv, gen.ToggleChatroomEndpoint, gen.ToggleChatroomForm{RoomID: id, Operator: "zhangsan", Valid: ptr(false)})
	wantTold(t, stream, `close zhangsan>`)
}

func TestWhatIsNotToBeToldIsNot(t *testing.T) {
	srv := newServer(t)
	id := openRoom(t, srv)
	join(t, srv, id, "lisi", "vip")
	stream := watch(t, srv, id, "")
	no := ptr(false)
	do(t, srv, gen.UpdateChatroomEndpoint, gen.UpdateChatroomForm{RoomID: id, Name: ptr("n"), NeedNotify: no})
	do(t, srv, gen.MuteMemberEndpoint, gen.MuteMemberForm{RoomID: id, Operator: "wangwu", Target: "lisi", MuteDuration: time.Second, NeedNotify: no})
	do(t, srv, gen.MuteTagEndpoint, gen.MuteTagForm{RoomID: id, Operator: "wangwu", TargetTag: "vip", MuteDuration: time.Second, NeedNotify: no})
	do(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "wangwu", Mute: ptr(true), NeedNotify: no})
	do(t, srv, gen.UpdateMemberEndpoint, gen.UpdateMemberForm{RoomID: id, Accid: "lisi", Nick: ptr("L"), NeedNotify: no})
	do(t, srv, gen.UpdateMemberEndpoint, gen.UpdateMemberForm{RoomID: id, Accid: "lisi", Nick: ptr("L")})
	wantTold(t, stream)

	do(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"r"}})
	stream.Pending()
	do(t, srv, gen.ClearRobotsEndpoint, gen.ClearRobotsForm{RoomID: id})
	wantTold(t, stream)

	abandoned := say(id, "1", "zhangsan")
	abandoned.AbandonRatio = ptr(9999)
	if do(t, srv, gen.SendMessageEndpoint, abandoned).Desc.MsgAbandonFlag != 1 {
		t.Fatal("sent after all")
	}
	again := say(id, "1", "zhangsan")
	again.ResendFlag = ptr(gen.ResendFlagAgain)
	do(t, srv, gen.SendMessageEndpoint, again)
	if _, err := Call(srv, gen.SendMessageEndpoint, say(id, "2", "lisi")); err == nil {
		t.Error("a muted member spoke")
	}
	wantTold(t, stream)
}

func TestEntryNotificationsAreSwitchedByRoom(t *testing.T) {
	srv := newServer(t)
	id := openRoom(t, srv)
	stream := watch(t, srv, id, "")
	comeAndGo := func() {
		t.Helper()
		join(t, srv, id, "lisi")
		if err := srv.Leave(id, "lisi"); err != nil {
			t.Fatal(err)
		}
		do(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"r"}})
		do(t, srv, gen.ClearRobotsEndpoint, gen.ClearRobotsForm{RoomID: id, Notify: ptr(true)})
	}
	do(t, srv, gen.SetEntryNotificationEndpoint, gen.SetEntryNotificationForm{RoomID: id, Close: ptr(true)})
	comeAndGo()
	wantTold(t, stream)
	do(t, srv, gen.SetEntryNotificationEndpoint, gen.SetEntryNotificationForm{RoomID: id, Close: ptr(false)})
	comeAndGo()
	if n := len(stream.Pending()); n != 4 {
		t.Errorf("%d events", n)
	}
}

// A message's expression is held against the tags of each login.
func TestAnAccountReceivesWhatItsLoginsSelect(t *testing.T) {
	srv := newServer(t)
	id := openRoom(t, srv)
	offline, both, two := watch(t, srv, id, "wangwu"), watch(t, srv, id, "both"), watch(t, srv, id, "two")
	join(t, srv, id, "both", "a", "b")
	join(t, srv, id, "two", "a")
	join(t, srv, id, "two", "b")
	for _, stream := range []*EventStream{both, two} {
		stream.Pending()
	}
	for msgID, expression := range map[string]string{
		"all": "", "a": `{"tag":"a"}`, "and": `{"tag":"a"} and {"tag":"b"}`, "c": `{"tag":"c"}`,
	} {
		message := say(id, msgID, "stranger")
		message.NotifyTargetTags = &expression
		do(t, srv, gen.SendMessageEndpoint, message)
	}
	got := func(stream *EventStream) map[string]bool {
		ids := map[string]bool{}
		for _, e := range stream.Pending() {
			ids[e.Message.MsgID] = true
		}
		return ids
	}
	if want := map[string]bool{"all": true, "a": true, "and": true}; !reflect.DeepEqual(got(both), want) {
		t.Error("not what a login with both tags gets")
	}
	if want := map[string]bool{"all": true, "a": true}; !reflect.DeepEqual(got(two), want) {
		t.Error("not what two logins with a tag each get")
	}
	wantTold(t, offline)
}

func TestWhoIsOutReceivesNothing(t *testing.T) {
	srv := newServer(t)
	id := openRoom(t, srv)
	join(t, srv, id, "lisi")
	stream := watch(t, srv, id, "lisi")
	do(t, srv, gen.SetMemberRoleEndpoint, role(id, "zhangsan", "lisi", gen.RoleOperationBlocked, true))
	wantTold(t, stream, `role zhangsan>lisi {"opt":-1,"optvalue":true,"type":"LIMITED"}`)
	do(t, srv, gen.SendMessageEndpoint, say(id, "1", "zhangsan"))
	wantTold(t, stream)

	do(t, srv, gen.SetMemberRoleEndpoint, role(id, "zhangsan", "lisi", gen.RoleOperationBlocked, false))
	join(t, srv, id, "lisi")
	wantTold(t, stream, `enter >lisi {"nick":"lisi","type":"TEMPORARY"}`)
	do(t, srv, gen.ToggleChatroomEndpoint, gen.ToggleChatroomForm{RoomID: id, Operator: "zhangsan", Valid: ptr(false)})
	wantTold(t, stream, `close zhangsan>`)
}

func TestComingAndGoingIsToldToWhomTheConnectionNames(t *testing.T) {
	srv := newServer(t)
	id := openRoom(t, srv)
	join(t, srv, id, "friend", "friends")
	join(t, srv, id, "other", "others")
	friend, other := watch(t, srv, id, "friend"), watch(t, srv, id, "other")
	if err := srv.Join(id, JoinOptions{Accid: "lisi", NotifyTargetTags: `{"tag":"friends"}`}); err != nil {
		t.Fatal(err)
	}
	wantTold(t, friend, `enter >lisi {"nick":"lisi","type":"TEMPORARY"} to {"tag":"friends"}`)
	wantTold(t, other)

	retag := gen.UpdateMemberTagsForm{RoomID: id, Accid: "lisi", Tags: []string{"x"}, NotifyTargetTags: ptr(`{"tag":"others"}`)}
	lisi := watch(t, srv, id, "lisi")
	do(t, srv, gen.UpdateMemberTagsEndpoint, retag)
	changed := `tags >lisi {"tags":["x"]} to {"tag":"others"}`
	wantTold(t, lisi, changed) // its own clients, whatever their tags
	wantTold(t, other, changed)
	wantTold(t, friend)
	if err := srv.Leave(id, "lisi"); err != nil {
		t.Fatal(err)
	}
	wantTold(t, other, `leave >lisi {"tags":["x"]} to {"tag":"others"}`)
	wantTold(t, friend)
}

func TestATagChangeIsToldToEveryone(t *testing.T) {
	srv := newServer(t)
	id := openRoom(t, srv)
	join(t, srv, id, "lisi", "a")
	join(t, srv, id, "other", "b")
	lisi, other := watch(t, srv, id, "lisi"), watch(t, srv, id, "other")
	do(t, srv, gen.UpdateMemberTagsEndpoint, gen.UpdateMemberTagsForm{RoomID: id, Accid: "lisi", Tags: []string{"c"}})
	wantTold(t, lisi, `tags >lisi {"tags":["c"]}`)
	wantTold(t, other, `tags >lisi {"tags":["c"]}`)
}

func TestATagsMuteIsToldToItsMembersOrToWhoIsNamed(t *testing.T) {
	srv := newServer(t)
	id := openRoom(t, srv)
	join(t, srv, id, "muted", "loud")
	join(t, srv, id, "other", "calm")
	muted, other := watch(t, srv, id, "muted"), watch(t, srv, id, "other")
	form := gen.MuteTagForm{RoomID: id, Operator: "zhangsan", TargetTag: "loud", MuteDuration: time.Minute}
	do(t, srv, gen.MuteTagEndpoint, form)
	if len(muted.Pending()) != 1 || len(other.Pending()) != 0 {
		t.Error("not told to those with the tag alone")
	}
	form.NotifyTargetTags = ptr(`{"tag":"calm"}`)
	do(t, srv, gen.MuteTagEndpoint, form)
	if len(muted.Pending()) != 0 || len(other.Pending()) != 1 {
		t.Error("not told to those who were named alone")
	}
}

func TestRobotsLeaveAloud(t *testing.T) {
	srv := newServer(t, WithClock(func() time.Time { return time.UnixMilli(1456396333115) }))
	id := openRoom(t, srv)
	stream := watch(t, srv, id, "")
	do(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"r"}})
	stream.Pending()
	if err := srv.Advance(48 * time.Hour); err != nil {
		t.Fatal(err)
	}
	left := stream.Pending()
	if want := time.UnixMilli(1456396333115).Add(24 * time.Hour); len(left) != 1 || left[0].Kind != EventLeave || !left[0].Time.Equal(want) {
		t.Errorf("%+v", left)
	}
}

func TestEventsAreTheSameInEveryDialect(t *testing.T) {
	said := map[wire.Dialect][]byte{}
	for _, d := range []wire.Dialect{wire.Canonical, wire.EN2022, wire.Text} {
		srv := newServer(t, WithDialect(d), WithClock(func() time.Time { return time.UnixMilli(1456396333115) }))
		id := openRoom(t, srv)
		stream := watch(t, srv, id, "")
		join(t, srv, id, "lisi", "vip")
		do(t, srv, gen.SetMemberRoleEndpoint, role(id, "zhangsan", "lisi", gen.RoleOperationManager, true))
		do(t, srv, gen.SendMessageEndpoint, say(id, "1", "lisi"))
		room, err := srv.Room(id)
		if err != nil {
			t.Fatal(err)
		}
		if said[d], err = json.Marshal([]any{stream.Pending(), room}); err != nil {
			t.Fatal(err)
		}
		if string(said[d]) != string(said[wire.Canonical]) {
			t.Errorf("dialect %d: %s", d, said[d])
		}
	}
}
