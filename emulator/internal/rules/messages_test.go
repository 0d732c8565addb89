package rules_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// en-chatroom: Sending messages.
func TestSendMessage(t *testing.T) {
	now := time.UnixMilli(1456396333115).UTC()
	srv := emulator.Start(t, emulator.WithClock(func() time.Time { return now }))
	id := emutest.NewRoom(t, srv)
	form := gen.SendMessageForm{
		RoomID: id, MsgID: "c9e6c306", FromAccid: "stranger", MsgType: emutest.Ptr(gen.MessageTypeCustom), SubType: emutest.Ptr(3),
		Attach: emutest.Ptr(`{"a":1}`), Ext: emutest.Ptr("e"), HighPriority: emutest.Ptr(true), NotifyTargetTags: emutest.Expr(`{"tag":"a"}`),
		UseYidun: emutest.Ptr(gen.GuardEaseModeGeneral), AntiSpam: emutest.Ptr(true), Bid: emutest.Ptr("b"), Env: emutest.Ptr("prod"),
		AntiSpamCustom: &gen.AntispamContent{Type: emutest.Ptr(gen.AntispamTypeText), Data: emutest.Ptr("d")}, YidunAntiCheating: []byte(`{"ip":"203.0.113.7"}`),
	}
	got := emutest.Get(t, srv, gen.SendMessageEndpoint, form).Desc
	want := gen.SentMessage{
		Time: now.Add(time.Millisecond) /* after the role of emutest.NewRoom */, ClientMsgID: "c9e6c306", FromClientType: "REST", Attach: `{"a":1}`, RoomID: id,
		FromAccount: "stranger", FromNick: "stranger", Type: gen.MessageTypeCustom, Ext: "e", HighPriorityFlag: 1,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}

	again := form
	again.ResendFlag = emutest.Ptr(gen.ResendFlagAgain)
	if got := emutest.Get(t, srv, gen.SendMessageEndpoint, again).Desc; !reflect.DeepEqual(got, want) {
		t.Errorf("sent again: %+v", got)
	}
	if stored := messages(t, srv, id); len(stored) != 1 || stored[0].SubType != 3 || !stored[0].HighPriority || stored[0].NotifyTargetTags != `{"tag":"a"}` {
		t.Errorf("stored %+v", stored)
	}
	form.NotifyTargetTags = emutest.Expr("a and b")
	emutest.WantCode(t, srv, gen.SendMessageEndpoint, form, gen.CodeBadParameter)
}

func messages(t *testing.T, srv *emulator.Server, id gen.RoomID) []emulator.Message {
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
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	form := gen.SendMessageForm{RoomID: id, MsgID: "1", FromAccid: "lisi", HighPriority: emutest.Ptr(true), AbandonRatio: emutest.Ptr(0), MsgType: emutest.Ptr(gen.MessageTypeText)}
	if got := emutest.Get(t, srv, gen.SendMessageEndpoint, form).Desc; got.MsgAbandonFlag != 0 || got.HighPriorityFlag != 0 {
		t.Errorf("ratio 0: %+v", got)
	}
	form.AbandonRatio = emutest.Ptr(9999)
	if got := emutest.Get(t, srv, gen.SendMessageEndpoint, form).Desc; got.MsgAbandonFlag != 1 {
		t.Errorf("ratio 9999: %+v", got)
	}
	if stored := messages(t, srv, id); len(stored) != 1 {
		t.Errorf("%d stored", len(stored))
	}
}

func TestErrorsOfSpeaking(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	emutest.Get(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "zhangsan", "blocked", gen.RoleOperationBlocked, true))
	emutest.Get(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "zhangsan", "muted", gen.RoleOperationMuted, true))
	say := func(accid string) gen.SendMessageForm {
		return gen.SendMessageForm{RoomID: id, MsgID: "1", FromAccid: accid, MsgType: emutest.Ptr(gen.MessageTypeText)}
	}
	emutest.WantCode(t, srv, gen.SendMessageEndpoint, say("blocked"), gen.CodeBlocked)
	emutest.WantCode(t, srv, gen.SendMessageEndpoint, say("muted"), gen.CodeMuted)
	emutest.Get(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "zhangsan", Mute: emutest.Ptr(true)})
	emutest.WantCode(t, srv, gen.SendMessageEndpoint, say("visitor"), gen.CodeMuted)
	emutest.Get(t, srv, gen.SendMessageEndpoint, say("zhangsan"))
	emutest.Get(t, srv, gen.SendMessageEndpoint, say("wangwu"))
}
