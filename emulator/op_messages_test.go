package emulator

import (
	"reflect"
	"testing"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// en-chatroom: Sending messages.
func TestSendMessage(t *testing.T) {
	now := time.UnixMilli(1456396333115).UTC()
	srv := Start(t, WithClock(func() time.Time { return now }))
	id := newRoom(t, srv)
	form := gen.SendMessageForm{
		RoomID: id, MsgID: "c9e6c306", FromAccid: "stranger", MsgType: ptr(gen.MessageTypeCustom), SubType: ptr(3),
		Attach: ptr(`{"a":1}`), Ext: ptr("e"), HighPriority: ptr(true), NotifyTargetTags: ptr(`{"tag":"a"}`),
		UseYidun: ptr(gen.GuardEaseModeGeneral), AntiSpam: ptr(true), Bid: ptr("b"), Env: ptr("prod"),
		AntiSpamCustom: &gen.AntispamContent{Type: gen.AntispamTypeText, Data: "d"}, YidunAntiCheating: []byte(`{"ip":"203.0.113.7"}`),
	}
	got := get(t, srv, gen.SendMessageEndpoint, form).Desc
	want := gen.SentMessage{
		Time: now, ClientMsgID: "c9e6c306", FromClientType: "REST", Attach: `{"a":1}`, RoomID: id,
		FromAccount: "stranger", FromNick: "stranger", Type: gen.MessageTypeCustom, Ext: "e", HighPriorityFlag: 1,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}

	again := form
	again.ResendFlag = ptr(gen.ResendFlagAgain)
	if got := get(t, srv, gen.SendMessageEndpoint, again).Desc; !reflect.DeepEqual(got, want) {
		t.Errorf("sent again: %+v", got)
	}
	if stored := messages(t, srv, id); len(stored) != 1 || stored[0].SubType != 3 || !stored[0].HighPriority || stored[0].NotifyTargetTags != `{"tag":"a"}` {
		t.Errorf("stored %+v", stored)
	}
	form.NotifyTargetTags = ptr("a and b")
	refused(t, srv, gen.SendMessageEndpoint, form, gen.CodeBadParameter)
}

func messages(t *testing.T, srv *Server, id gen.RoomID) []Message {
	t.Helper()
	r, err := srv.Room(id)
	if err != nil {
		t.Fatal(err)
	}
	return r.Messages
}

// en-chatroom: Sending messages, abandonRatio: "Flag for abandoning message,
// returned only when the abandonRatio parameter is passed".
func TestAbandonRatio(t *testing.T) {
	srv := Start(t)
	id := newRoom(t, srv)
	form := gen.SendMessageForm{RoomID: id, MsgID: "1", FromAccid: "lisi", HighPriority: ptr(true), AbandonRatio: ptr(0), MsgType: ptr(gen.MessageTypeText)}
	if got := get(t, srv, gen.SendMessageEndpoint, form).Desc; got.MsgAbandonFlag != 0 || got.HighPriorityFlag != 0 {
		t.Errorf("ratio 0: %+v", got)
	}
	form.AbandonRatio = ptr(9999)
	if got := get(t, srv, gen.SendMessageEndpoint, form).Desc; got.MsgAbandonFlag != 1 {
		t.Errorf("ratio 9999: %+v", got)
	}
	if stored := messages(t, srv, id); len(stored) != 1 {
		t.Errorf("%d stored", len(stored))
	}
}

func TestWhoMayNotSpeak(t *testing.T) {
	srv := Start(t)
	id := newRoom(t, srv)
	get(t, srv, gen.SetMemberRoleEndpoint, role(id, "zhangsan", "blocked", gen.RoleOperationBlocked, true))
	get(t, srv, gen.SetMemberRoleEndpoint, role(id, "zhangsan", "muted", gen.RoleOperationMuted, true))
	say := func(accid string) gen.SendMessageForm {
		return gen.SendMessageForm{RoomID: id, MsgID: "1", FromAccid: accid, MsgType: ptr(gen.MessageTypeText)}
	}
	refused(t, srv, gen.SendMessageEndpoint, say("blocked"), gen.CodeBlocked)
	refused(t, srv, gen.SendMessageEndpoint, say("muted"), gen.CodeMuted)
	get(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "zhangsan", Mute: ptr(true)})
	refused(t, srv, gen.SendMessageEndpoint, say("visitor"), gen.CodeMuted)
	get(t, srv, gen.SendMessageEndpoint, say("zhangsan"))
	get(t, srv, gen.SendMessageEndpoint, say("wangwu"))
}
