package emulator

import (
	"strconv"
	"testing"

	"github.com/nimroom/nimroom/gen"
)

// An attach is kept as it was sent, whatever the type: the documents point to
// a format for each, and do not say that the service checks it.
func TestEveryTypeOfMessageIsKeptAsItWasSent(t *testing.T) {
	srv := newServer(t)
	id := openRoom(t, srv)
	sent := []struct {
		kind   gen.MessageType
		attach *string
	}{
		{gen.MessageTypeText, ptr("a text")},
		{gen.MessageTypeText, nil},
		{gen.MessageTypeText, ptr(`{"msg":"a text that looks like JSON"}`)},
		{gen.MessageTypeImage, ptr(`{"name":"a.jpg","url":"http://www.example.com/a.jpg","w":1,"h":1}`)},
		{gen.MessageTypeAudio, ptr(`{"dur":4551}`)},
		{gen.MessageTypeVideo, ptr(`{"dur":8003}`)},
		{gen.MessageTypeLocation, ptr(`{"lat":30.1,"lng":120.1}`)},
		{gen.MessageTypeFile, ptr(`{"ext":"txt"}`)},
		{gen.MessageTypeTip, ptr("no JSON")},
		{gen.MessageTypeCustom, ptr("[1,2]")},
	}
	for i, m := range sent {
		form := say(id, strconv.Itoa(i), "zhangsan")
		form.MsgType, form.Attach, form.Ext = &m.kind, m.attach, ptr("e")
		if got := do(t, srv, gen.SendMessageEndpoint, form).Desc; got.Attach != deref(m.attach) || got.Type != m.kind || got.Ext != "e" {
			t.Errorf("type %d answered %+v", m.kind, got)
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
	srv := newServer(t)
	id := openRoom(t, srv)
	level := func() gen.QueueLevel {
		return *do(t, srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: id}).Chatroom.QueueLevel
	}
	if level() != gen.QueueLevelEveryone {
		t.Errorf("level %d without one", level())
	}
	do(t, srv, gen.UpdateChatroomEndpoint, gen.UpdateChatroomForm{RoomID: id, QueueLevel: ptr(gen.QueueLevelManagersOnly)})
	if level() != gen.QueueLevelManagersOnly {
		t.Errorf("level %d", level())
	}
}
