package rules_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// zh-tags: 标签禁言.
func TestTagTemporaryMute(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	emutest.Join(t, srv, id, "lisi", "abc")
	mute := func(operator string, length time.Duration) gen.MuteTagForm {
		return gen.MuteTagForm{RoomID: id, Operator: operator, TargetTag: "abc", MuteDuration: length}
	}
	emutest.WantCode(t, srv, gen.MuteTagEndpoint, mute("lisi", 100), gen.CodeForbidden)
	wrong := mute("wangwu", 100*time.Second)
	wrong.NotifyTargetTags = emutest.Expr("abc")
	emutest.WantCode(t, srv, gen.MuteTagEndpoint, wrong, gen.CodeBadParameter)
	if got := emutest.Get(t, srv, gen.MuteTagEndpoint, mute("wangwu", 100*time.Second)).Desc.MuteDuration; got != 100*time.Second {
		t.Errorf("muted for %d", got)
	}
	emutest.WantCode(t, srv, gen.SendMessageEndpoint, gen.SendMessageForm{RoomID: id, MsgID: "1", FromAccid: "lisi", MsgType: emutest.Ptr(gen.MessageTypeText)}, gen.CodeMuted)
	if err := srv.Advance(40 * time.Second); err != nil {
		t.Fatal(err)
	}
	if got := emutest.Get(t, srv, gen.MuteTagEndpoint, mute("zhangsan", 0)).Desc.MuteDuration; got < 59*time.Second || got > 60*time.Second {
		t.Errorf("lifted with %d left", got)
	}
	if got := emutest.Get(t, srv, gen.MuteTagEndpoint, mute("zhangsan", 0)).Desc.MuteDuration; got != 0 {
		t.Errorf("lifted again with %d left", got)
	}
}

// zh-tags: 查询标签下的在线用户数, 根据标签查询在线成员列表, 修改聊天室用户标签.
func TestTagMembers(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	emutest.Join(t, srv, id, "lisi", "a", "b")
	emutest.Join(t, srv, id, "lisi", "a")
	emutest.Join(t, srv, id, "wangwu", "a")
	count := func(tag string) int {
		t.Helper()
		data := emutest.Get(t, srv, gen.CountTagMembersEndpoint, gen.CountTagMembersForm{RoomID: id, Tag: tag}).Data
		if data.Tag != tag {
			t.Errorf("tag %q", data.Tag)
		}
		return data.OnlineUserCount
	}
	list := func(tag string, end time.Time) (rows [][2]string, last time.Time) {
		t.Helper()
		for _, m := range emutest.Get(t, srv, gen.ListTagMembersEndpoint, gen.ListTagMembersForm{RoomID: id, Tag: tag, EndTime: end, Limit: 2}).Desc.Data {
			rows, last = append(rows, [2]string{m.Accid, m.Tags}), m.EnterTime
		}
		return rows, last
	}
	if a, b, c := count("a"), count("b"), count("c"); a != 2 || b != 1 || c != 0 {
		t.Errorf("counts %d %d %d", a, b, c)
	}
	first, end := list("a", time.Time{})
	second, _ := list("a", end)
	if !reflect.DeepEqual(first, [][2]string{{"wangwu", "a"}, {"lisi", "a"}}) || !reflect.DeepEqual(second, [][2]string{{"lisi", "a,b"}}) {
		t.Errorf("pages %v, %v", first, second)
	}

	retag := gen.UpdateMemberTagsForm{RoomID: id, Accid: "lisi", Tags: []string{"c"}, NotifyTargetTags: emutest.Expr(`{"tag":"c"} and {"tag":"d"}`)}
	emutest.Get(t, srv, gen.UpdateMemberTagsEndpoint, retag)
	if a, c := count("a"), count("c"); a != 1 || c != 1 {
		t.Errorf("counts %d %d", a, c)
	}
	tagged := emutest.Get(t, srv, gen.ListTagMembersEndpoint, gen.ListTagMembersForm{RoomID: id, Tag: "c", Limit: 9}).Desc.Data
	if len(tagged) != 2 || tagged[0].NotifyTargetTags != retag.NotifyTargetTags.String() || tagged[0].Type != gen.RoleTemporary || !tagged[0].Online {
		t.Errorf("tagged %+v", tagged)
	}

	code, body := emutest.Post(t, srv, "/chatroom/updateChatRoomRoleTag.action", `roomId=1&tags=["a"]&accid=lisi`)
	emutest.WantDesc(t, code, body, gen.CodeBadParameter, "error roomId")
	retag.Accid = "stranger"
	emutest.WantCode(t, srv, gen.UpdateMemberTagsEndpoint, retag, gen.CodeNotFound)
	retag.Accid, retag.NotifyTargetTags = "lisi", emutest.Expr("c")
	emutest.WantCode(t, srv, gen.UpdateMemberTagsEndpoint, retag, gen.CodeBadParameter)
}

// zh-tags: 根据标签查询历史消息.
func TestTagHistory(t *testing.T) {
	now := time.UnixMilli(1666072876187).UTC()
	srv := emulator.Start(t, emulator.WithClock(func() time.Time { return now }))
	id := emutest.NewRoom(t, srv)
	for _, m := range []struct {
		id, attach string
		kind       gen.MessageType
		skip       gen.SkipHistory
	}{
		{"text", "hello", gen.MessageTypeText, gen.SkipHistoryKeep},
		{"skipped", "hello", gen.MessageTypeText, gen.SkipHistorySkip},
		{"image", `{"name":"x","w":10,"msg":"m"}`, gen.MessageTypeImage, gen.SkipHistoryKeep},
		{"odd", `[1]`, gen.MessageTypeCustom, gen.SkipHistoryKeep},
		{"custom", `{"a":1}`, gen.MessageTypeCustom, gen.SkipHistoryKeep},
	} {
		emutest.Get(t, srv, gen.SendMessageEndpoint, gen.SendMessageForm{
			RoomID: id, MsgID: m.id, FromAccid: "jiajia01", MsgType: emutest.Ptr(m.kind), Attach: &m.attach,
			SkipHistory: &m.skip, NotifyTargetTags: emutest.Expr(`{"tag":"tag1"}`),
		})
		if err := srv.Advance(time.Second); err != nil {
			t.Fatal(err)
		}
	}
	form := gen.ListTagMessagesForm{RoomID: id, Tags: []string{"tag2", "tag1"}, FromTime: &now, ToTime: emutest.Ptr(now.Add(time.Minute))}
	got := emutest.Get(t, srv, gen.ListTagMessagesEndpoint, form)
	entry := func(id string, kind gen.MessageType, after time.Duration, body gen.MessageBody) gen.HistoryMessage {
		return gen.HistoryMessage{MsgID: id, From: "jiajia01", Type: kind, SendTime: now.Add(after), Body: body, FromClientType: 64}
	}
	image := gen.MessageBody{Msg: "m", Extra: map[string]json.RawMessage{"name": []byte(`"x"`), "w": []byte(`10`)}}
	want := []gen.HistoryMessage{
		entry("custom", gen.MessageTypeCustom, 4*time.Second, gen.MessageBody{Extra: map[string]json.RawMessage{"a": []byte(`1`)}}),
		entry("odd", gen.MessageTypeCustom, 3*time.Second, gen.MessageBody{Msg: "[1]"}),
		entry("image", gen.MessageTypeImage, 2*time.Second, image),
		entry("text", gen.MessageTypeText, time.Millisecond, // after the role of emutest.NewRoom
			gen.MessageBody{Msg: "hello"}),
	}
	if !reflect.DeepEqual(got.Msgs, want) || got.Size != 4 {
		t.Errorf("size %d, got %+v", got.Size, got.Msgs)
	}
	// What the attach does not hold is not added to it.
	raw := `roomId=` + id.String() + `&accid=a&tags=["tag1"]&limit=1`
	if _, body := emutest.Post(t, srv, "/history/queryTagHistoryMsg.action", raw); !strings.Contains(body, `"body":{"a":1}`) {
		t.Errorf("got %s", body)
	}
	form.Types, form.Reverse, form.Limit = []gen.MessageType{gen.MessageTypeText, gen.MessageTypeImage}, emutest.Ptr(gen.HistoryOrderOldestFirst), emutest.Ptr(1)
	if got := emutest.Get(t, srv, gen.ListTagMessagesEndpoint, form); len(got.Msgs) != 1 || got.Msgs[0].MsgID != "text" {
		t.Errorf("got %+v", got.Msgs)
	}
	form.RoomID++
	emutest.WantCode(t, srv, gen.ListTagMessagesEndpoint, form, gen.CodeBadParameter)
}
