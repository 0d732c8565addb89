package rules_test

import (
	"strconv"
	"testing"

	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// An attach is kept as it was sent, whatever the type: the documents point to
// a format for each, and do not say that the service checks it.
func TestEveryTypeOfMessageIsKeptAsItWasSent(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	sent := []struct {
		kind   gen.MessageType
		attach *string
	}{
		{gen.MessageTypeText, emutest.Ptr("a text")},
		{gen.MessageTypeText, nil},
		{gen.MessageTypeText, emutest.Ptr(`{"msg":"a text that looks like JSON"}`)},
		{gen.MessageTypeImage, emutest.Ptr(`{"name":"a.jpg","url":"http://www.example.com/a.jpg","w":1,"h":1}`)},
		{gen.MessageTypeAudio, emutest.Ptr(`{"dur":4551}`)},
		{gen.MessageTypeVideo, emutest.Ptr(`{"dur":8003}`)},
		{gen.MessageTypeLocation, emutest.Ptr(`{"lat":30.1,"lng":120.1}`)},
		{gen.MessageTypeFile, emutest.Ptr(`{"ext":"txt"}`)},
		{gen.MessageTypeTip, emutest.Ptr("no JSON")},
		{gen.MessageTypeCustom, emutest.Ptr("[1,2]")},
	}
	for i, m := range sent {
		form := emutest.Say(id, strconv.Itoa(i), "zhangsan")
		form.MsgType, form.Attach, form.Ext = &m.kind, m.attach, emutest.Ptr("e")
		if got := emutest.Do(t, srv, gen.SendMessageEndpoint, form).Desc; got.Attach != deref(m.attach) || got.Type != m.kind || got.Ext != "e" {
			t.Errorf("type %d gave %+v", m.kind, got)
		}
	}
	stored, err := srv.Messages(id)
	if err != nil || len(stored) != len(sent) {
		t.Fatalf("%d stored, %v", len(stored), err)
	}
	for i, m := range stored {
		if m.Type != sent[i].kind || m.Attach != deref(sent[i].attach) || m.Ext != "e" || m.MsgID != strconv.Itoa(i) {
			t.Errorf("stored %+v", m)
		}
	}
}

func TestQueueLevelIsKept(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	level := func() gen.QueueLevel {
		return *emutest.Do(t, srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: id}).Chatroom.QueueLevel
	}
	if level() != gen.QueueLevelEveryone {
		t.Errorf("level %d without one", level())
	}
	emutest.Do(t, srv, gen.UpdateChatroomEndpoint, gen.UpdateChatroomForm{RoomID: id, QueueLevel: emutest.Ptr(gen.QueueLevelManagersOnly)})
	if level() != gen.QueueLevelManagersOnly {
		t.Errorf("level %d", level())
	}
}

// deref returns what p points to, or the zero value.
func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
