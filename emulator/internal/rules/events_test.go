package rules_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

func TestEveryChangeIsNotified(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	stream := emutest.Watch(t, srv, id, "")
	ext := emutest.Ptr("e")

	if err := srv.Join(id, emulator.JoinOptions{Accid: "lisi", Nick: "Li Si", Tags: []string{"vip"}, NotifyTargetTags: `{"tag":"vip"}`}); err != nil {
		t.Fatal(err)
	}
	emutest.WantEvents(t, stream, `enter >lisi {"nick":"Li Si","type":"TEMPORARY","tags":["vip"]} to {"tag":"vip"}`)

	message := emutest.Say(id, "1", "lisi")
	message.NotifyTargetTags = emutest.Expr(`{"tag":"vip"}`)
	emutest.Do(t, srv, gen.SendMessageEndpoint, message)
	emutest.WantEvents(t, stream, `message lisi> 1 to {"tag":"vip"}`)

	emutest.Do(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"r1", "r2"}, RoleExt: emutest.Ptr("mood"), NotifyExt: ext})
	emutest.WantEvents(t, stream,
		`enter >r1 {"nick":"r1","ext":"mood","type":"TEMPORARY","isRobot":true} ext e`,
		`enter >r2 {"nick":"r2","ext":"mood","type":"TEMPORARY","isRobot":true} ext e`)
	emutest.Do(t, srv, gen.RemoveRobotsEndpoint, gen.RemoveRobotsForm{RoomID: id, Accids: []string{"r1"}})
	emutest.WantEvents(t, stream, `leave >r1 {"isRobot":true}`)
	emutest.Do(t, srv, gen.ClearRobotsEndpoint, gen.ClearRobotsForm{RoomID: id, Notify: emutest.Ptr(true)})
	emutest.WantEvents(t, stream, `leave >r2 {"isRobot":true}`)

	form := emutest.Role(id, "zhangsan", "lisi", gen.RoleOperationCommon, true)
	form.NotifyExt = ext
	emutest.Do(t, srv, gen.SetMemberRoleEndpoint, form)
	emutest.WantEvents(t, stream, `role zhangsan>lisi {"opt":2,"optvalue":true,"type":"COMMON"} ext e`)
	emutest.Do(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "wangwu", "lisi", gen.RoleOperationMuted, true))
	emutest.WantEvents(t, stream, `role wangwu>lisi {"opt":-2,"optvalue":true,"type":"LIMITED"}`)
	emutest.Do(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "wangwu", "lisi", gen.RoleOperationMuted, false))
	emutest.WantEvents(t, stream, `role wangwu>lisi {"opt":-2,"optvalue":false,"type":"TEMPORARY"}`)

	for _, length := range []time.Duration{300 * time.Second, 0} {
		emutest.Do(t, srv, gen.MuteMemberEndpoint, gen.MuteMemberForm{RoomID: id, Operator: "wangwu", Target: "lisi", MuteDuration: length, NotifyExt: ext})
		emutest.Do(t, srv, gen.MuteTagEndpoint, gen.MuteTagForm{RoomID: id, Operator: "wangwu", TargetTag: "vip", MuteDuration: length, NotifyExt: ext})
		emutest.Do(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "wangwu", Mute: emutest.Ptr(length > 0), NotifyExt: ext})
	}
	emutest.WantEvents(t, stream,
		`mute wangwu>lisi {"muted":true,"muteDuration":300} ext e`,
		`tagMute wangwu> {"muted":true,"muteDuration":300,"targetTag":"vip"} to {"tag":"vip"} ext e`,
		`roomMute wangwu> {"muted":true} ext e`,
		`mute wangwu>lisi {"muted":false} ext e`,
		`tagMute wangwu> {"muted":false,"targetTag":"vip"} to {"tag":"vip"} ext e`,
		`roomMute wangwu> {"muted":false} ext e`)

	emutest.Do(t, srv, gen.UpdateChatroomEndpoint, gen.UpdateChatroomForm{RoomID: id, Announcement: emutest.Ptr("hi"), NotifyExt: ext})
	emutest.WantEvents(t, stream, `update > {"name":"mychat room","announcement":"hi","broadcasturl":"","ext":"","queuelevel":0} ext e`)

	emutest.Do(t, srv, gen.UpdateMemberEndpoint, gen.UpdateMemberForm{RoomID: id, Accid: "lisi", Nick: emutest.Ptr("L"), Ext: emutest.Ptr("x"), NeedNotify: emutest.Ptr(true), NotifyExt: ext})
	emutest.WantEvents(t, stream, `profile >lisi {"nick":"L","ext":"x"} ext e`)

	emutest.Do(t, srv, gen.UpdateMemberTagsEndpoint, gen.UpdateMemberTagsForm{RoomID: id, Accid: "lisi", Tags: []string{"a", "b"}, NotifyTargetTags: emutest.Expr(`{"tag":"a"}`)})
	emutest.WantEvents(t, stream, `tags >lisi {"tags":["a","b"]} to {"tag":"a"}`)

	if err := srv.Leave(id, "lisi"); err != nil {
		t.Fatal(err)
	}
	emutest.WantEvents(t, stream, `leave >lisi {"tags":["a","b"]} to {"tag":"a"}`)

	emutest.Join(t, srv, id, "lisi")
	emutest.Do(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "zhangsan", "lisi", gen.RoleOperationBlocked, true))
	emutest.WantEvents(t, stream,
		`enter >lisi {"nick":"lisi","type":"TEMPORARY"}`,
		`role zhangsan>lisi {"opt":-1,"optvalue":true,"type":"LIMITED"}`,
		`leave >lisi {}`)

	emutest.Join(t, srv, id, "guest")
	emutest.Do(t, srv, gen.KickMemberEndpoint, gen.KickMemberForm{RoomID: id, Accid: "zhangsan", TargetAccid: "guest", NotifyExt: ext})
	emutest.WantEvents(t, stream,
		`enter >guest {"nick":"guest","type":"TEMPORARY"}`,
		`kick zhangsan>guest ext e`,
		`leave >guest {}`)

	emutest.Join(t, srv, id, "visitor")
	emutest.WantEvents(t, stream, `enter >visitor {"nick":"visitor","type":"TEMPORARY"}`)
	emutest.Do(t, srv, gen.ToggleChatroomEndpoint, gen.ToggleChatroomForm{RoomID: id, Operator: "zhangsan", Valid: emutest.Ptr(false)})
	emutest.WantEvents(t, stream, `close zhangsan>`)
}

func TestSilentChangesAreNotNotified(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	emutest.Join(t, srv, id, "lisi", "vip")
	stream := emutest.Watch(t, srv, id, "")
	no := emutest.Ptr(false)
	emutest.Do(t, srv, gen.UpdateChatroomEndpoint, gen.UpdateChatroomForm{RoomID: id, Name: emutest.Ptr("n"), NeedNotify: no})
	emutest.Do(t, srv, gen.MuteMemberEndpoint, gen.MuteMemberForm{RoomID: id, Operator: "wangwu", Target: "lisi", MuteDuration: time.Second, NeedNotify: no})
	emutest.Do(t, srv, gen.MuteTagEndpoint, gen.MuteTagForm{RoomID: id, Operator: "wangwu", TargetTag: "vip", MuteDuration: time.Second, NeedNotify: no})
	emutest.Do(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "wangwu", Mute: emutest.Ptr(true), NeedNotify: no})
	emutest.Do(t, srv, gen.UpdateMemberEndpoint, gen.UpdateMemberForm{RoomID: id, Accid: "lisi", Nick: emutest.Ptr("L"), NeedNotify: no})
	emutest.Do(t, srv, gen.UpdateMemberEndpoint, gen.UpdateMemberForm{RoomID: id, Accid: "lisi", Nick: emutest.Ptr("L")})
	emutest.WantEvents(t, stream)

	emutest.Do(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"r"}})
	stream.Pending()
	emutest.Do(t, srv, gen.ClearRobotsEndpoint, gen.ClearRobotsForm{RoomID: id})
	emutest.WantEvents(t, stream)

	abandoned := emutest.Say(id, "1", "zhangsan")
	abandoned.AbandonRatio = emutest.Ptr(9999)
	if emutest.Do(t, srv, gen.SendMessageEndpoint, abandoned).Desc.MsgAbandonFlag != 1 {
		t.Fatal("sent after all")
	}
	again := emutest.Say(id, "1", "zhangsan")
	again.ResendFlag = emutest.Ptr(gen.ResendFlagAgain)
	emutest.Do(t, srv, gen.SendMessageEndpoint, again)
	if _, err := emulator.Call(srv, gen.SendMessageEndpoint, emutest.Say(id, "2", "lisi")); err == nil {
		t.Error("a muted member spoke")
	}
	emutest.WantEvents(t, stream)
}

func TestEntryNotificationsAreSwitchedByRoom(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	stream := emutest.Watch(t, srv, id, "")
	comeAndGo := func() {
		t.Helper()
		emutest.Join(t, srv, id, "lisi")
		if err := srv.Leave(id, "lisi"); err != nil {
			t.Fatal(err)
		}
		emutest.Do(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"r"}})
		emutest.Do(t, srv, gen.ClearRobotsEndpoint, gen.ClearRobotsForm{RoomID: id, Notify: emutest.Ptr(true)})
	}
	emutest.Do(t, srv, gen.SetEntryNotificationEndpoint, gen.SetEntryNotificationForm{RoomID: id, Close: emutest.Ptr(true)})
	comeAndGo()
	emutest.WantEvents(t, stream)
	emutest.Do(t, srv, gen.SetEntryNotificationEndpoint, gen.SetEntryNotificationForm{RoomID: id, Close: emutest.Ptr(false)})
	comeAndGo()
	if n := len(stream.Pending()); n != 4 {
		t.Errorf("%d events", n)
	}
}

// A message's expression is held against the tags of each login.
func TestAnAccountReceivesWhatItsLoginsSelect(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	offline, both, two := emutest.Watch(t, srv, id, "wangwu"), emutest.Watch(t, srv, id, "both"), emutest.Watch(t, srv, id, "two")
	emutest.Join(t, srv, id, "both", "a", "b")
	emutest.Join(t, srv, id, "two", "a")
	emutest.Join(t, srv, id, "two", "b")
	for _, stream := range []*emulator.EventStream{both, two} {
		stream.Pending()
	}
	for msgID, expression := range map[string]string{
		"all": "", "a": `{"tag":"a"}`, "and": `{"tag":"a"} and {"tag":"b"}`, "c": `{"tag":"c"}`,
	} {
		message := emutest.Say(id, msgID, "stranger")
		message.NotifyTargetTags = emutest.Expr(expression)
		emutest.Do(t, srv, gen.SendMessageEndpoint, message)
	}
	got := func(stream *emulator.EventStream) map[string]bool {
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
	emutest.WantEvents(t, offline)
}

func TestAnAccountOutsideReceivesNothing(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	emutest.Join(t, srv, id, "lisi")
	stream := emutest.Watch(t, srv, id, "lisi")
	emutest.Do(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "zhangsan", "lisi", gen.RoleOperationBlocked, true))
	emutest.WantEvents(t, stream, `role zhangsan>lisi {"opt":-1,"optvalue":true,"type":"LIMITED"}`)
	emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, "1", "zhangsan"))
	emutest.WantEvents(t, stream)

	emutest.Do(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "zhangsan", "lisi", gen.RoleOperationBlocked, false))
	emutest.Join(t, srv, id, "lisi")
	emutest.WantEvents(t, stream, `enter >lisi {"nick":"lisi","type":"TEMPORARY"}`)
	emutest.Do(t, srv, gen.ToggleChatroomEndpoint, gen.ToggleChatroomForm{RoomID: id, Operator: "zhangsan", Valid: emutest.Ptr(false)})
	emutest.WantEvents(t, stream, `close zhangsan>`)
}

func TestEnteringAndLeavingNotifiesTheConnectionsTags(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	emutest.Join(t, srv, id, "friend", "friends")
	emutest.Join(t, srv, id, "other", "others")
	friend, other := emutest.Watch(t, srv, id, "friend"), emutest.Watch(t, srv, id, "other")
	if err := srv.Join(id, emulator.JoinOptions{Accid: "lisi", NotifyTargetTags: `{"tag":"friends"}`}); err != nil {
		t.Fatal(err)
	}
	emutest.WantEvents(t, friend, `enter >lisi {"nick":"lisi","type":"TEMPORARY"} to {"tag":"friends"}`)
	emutest.WantEvents(t, other)

	retag := gen.UpdateMemberTagsForm{RoomID: id, Accid: "lisi", Tags: []string{"x"}, NotifyTargetTags: emutest.Expr(`{"tag":"others"}`)}
	lisi := emutest.Watch(t, srv, id, "lisi")
	emutest.Do(t, srv, gen.UpdateMemberTagsEndpoint, retag)
	changed := `tags >lisi {"tags":["x"]} to {"tag":"others"}`
	emutest.WantEvents(t, lisi, changed) // its own clients, whatever their tags
	emutest.WantEvents(t, other, changed)
	emutest.WantEvents(t, friend)
	if err := srv.Leave(id, "lisi"); err != nil {
		t.Fatal(err)
	}
	emutest.WantEvents(t, other, `leave >lisi {"tags":["x"]} to {"tag":"others"}`)
	emutest.WantEvents(t, friend)
}

func TestATagChangeNotifiesEveryone(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	emutest.Join(t, srv, id, "lisi", "a")
	emutest.Join(t, srv, id, "other", "b")
	lisi, other := emutest.Watch(t, srv, id, "lisi"), emutest.Watch(t, srv, id, "other")
	emutest.Do(t, srv, gen.UpdateMemberTagsEndpoint, gen.UpdateMemberTagsForm{RoomID: id, Accid: "lisi", Tags: []string{"c"}})
	emutest.WantEvents(t, lisi, `tags >lisi {"tags":["c"]}`)
	emutest.WantEvents(t, other, `tags >lisi {"tags":["c"]}`)
}

func TestATagMuteNotifiesItsMembersOrTheNamedTags(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	emutest.Join(t, srv, id, "muted", "loud")
	emutest.Join(t, srv, id, "other", "calm")
	muted, other := emutest.Watch(t, srv, id, "muted"), emutest.Watch(t, srv, id, "other")
	form := gen.MuteTagForm{RoomID: id, Operator: "zhangsan", TargetTag: "loud", MuteDuration: time.Minute}
	emutest.Do(t, srv, gen.MuteTagEndpoint, form)
	if len(muted.Pending()) != 1 || len(other.Pending()) != 0 {
		t.Error("not sent to those with the tag alone")
	}
	form.NotifyTargetTags = emutest.Expr(`{"tag":"calm"}`)
	emutest.Do(t, srv, gen.MuteTagEndpoint, form)
	if len(muted.Pending()) != 0 || len(other.Pending()) != 1 {
		t.Error("not sent to the named tags alone")
	}
}

func TestRobotsLeaveAloud(t *testing.T) {
	srv := emutest.NewServer(t, emulator.WithClock(func() time.Time { return time.UnixMilli(1456396333115) }))
	id := emutest.OpenRoom(t, srv)
	stream := emutest.Watch(t, srv, id, "")
	emutest.Do(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"r"}})
	stream.Pending()
	if err := srv.Advance(48 * time.Hour); err != nil {
		t.Fatal(err)
	}
	left := stream.Pending()
	if want := time.UnixMilli(1456396333115).Add(24 * time.Hour); len(left) != 1 || left[0].Kind != emulator.EventLeave || !left[0].Time.Equal(want) {
		t.Errorf("%+v", left)
	}
}

func TestEventsAreTheSameInEveryDialect(t *testing.T) {
	said := map[wire.Dialect][]byte{}
	for _, d := range []wire.Dialect{wire.Canonical, wire.EN2022, wire.Text} {
		srv := emutest.NewServer(t, emulator.WithDialect(d), emulator.WithClock(func() time.Time { return time.UnixMilli(1456396333115) }))
		id := emutest.OpenRoom(t, srv)
		stream := emutest.Watch(t, srv, id, "")
		emutest.Join(t, srv, id, "lisi", "vip")
		emutest.Do(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "zhangsan", "lisi", gen.RoleOperationManager, true))
		emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, "1", "lisi"))
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
