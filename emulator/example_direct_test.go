package emulator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// What the members of a room receive, as a client of lisi would show it.
func ExampleServer_Events() {
	t := new(exampleT) // your *testing.T
	defer t.done()
	srv := emulator.Start(t, emulator.WithCreatedAccounts("zhangsan", "lisi", "robot1", "robot2"))
	id, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "zhangsan", Name: "mychat room"})
	if err != nil {
		t.Fatalf("%v", err)
	}
	events, err := srv.Events(id, emulator.EventOptions{Accid: "lisi"})
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer events.Close()

	if err := srv.Join(id, emulator.JoinOptions{Accid: "lisi", Nick: "Li Si", Tags: []string{"vip"}}); err != nil {
		t.Fatalf("%v", err)
	}
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, tag := range []string{"vip", "press"} {
		if _, err := client.Messages.Send(context.Background(), gen.SendMessageForm{
			RoomID: id, MsgID: "to-" + tag, FromAccid: "zhangsan", NotifyTargetTags: wrapper.Ptr(wrapper.Tag(tag)), MsgType: wrapper.Ptr(gen.MessageTypeText),
		}); err != nil {
			t.Fatalf("%v", err)
		}
	}
	for _, e := range events.Pending() {
		switch e.Kind {
		case emulator.EventEnter:
			fmt.Println(e.Member.Nick, "entered")
		case emulator.EventMessage:
			fmt.Println(e.Operator, "sent", e.Message.MsgID)
		}
	}
	// Output:
	// Li Si entered
	// zhangsan sent to-vip
}

// One clock moves everything that ends by itself.
func ExampleServer_Advance() {
	t := new(exampleT) // your *testing.T
	defer t.done()
	srv := emulator.Start(t, emulator.WithCreatedAccounts("zhangsan", "lisi", "robot1", "robot2"))
	id, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "zhangsan", Name: "mychat room"})
	if err != nil {
		t.Fatalf("%v", err)
	}
	if _, err := emulator.Call(srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"robot1", "robot2"}}); err != nil {
		t.Fatalf("%v", err)
	}
	for range 2 {
		room, err := srv.Room(id)
		if err != nil {
			t.Fatalf("%v", err)
		}
		fmt.Println(room.OnlineUserCount, "online")
		if err := srv.Advance(24 * time.Hour); err != nil {
			t.Fatalf("%v", err)
		}
	}
	// Output:
	// 2 online
	// 0 online
}

// The message is stored, and its sender does not learn of it.
func ExampleServer_AddFault() {
	t := new(exampleT) // your *testing.T
	defer t.done()
	srv := emulator.Start(t, emulator.WithCreatedAccounts("zhangsan", "lisi", "robot1", "robot2"))
	id, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "zhangsan", Name: "mychat room"})
	if err != nil {
		t.Fatalf("%v", err)
	}
	if err := srv.AddFault(emulator.Fault{Operation: "sendMsg", Kind: emulator.FaultStatus, Status: 502, Phase: emulator.FaultAfter}); err != nil {
		t.Fatalf("%v", err)
	}
	client, err := gen.NewClient(srv.URL, gen.WithRequestEditorFn(sign.NewSigner(srv.Credentials()).Edit))
	if err != nil {
		t.Fatalf("%v", err)
	}
	form := gen.SendMessageForm{RoomID: id, MsgID: "1", FromAccid: "zhangsan", Attach: wrapper.Ptr("hello"), MsgType: wrapper.Ptr(gen.MessageTypeText)}
	response, err := client.SendMessageWithBody(context.Background(), "application/x-www-form-urlencoded", bytes.NewReader(form.AppendForm(nil)))
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer response.Body.Close()
	fmt.Println(response.Status)
	stored, err := srv.Messages(id)
	if err != nil {
		t.Fatalf("%v", err)
	}
	fmt.Println(len(stored), "stored:", stored[0].Attach)
	// Output:
	// 502 Bad Gateway
	// 1 stored: hello
}

// In memory nothing leaves the process; use it in a testing/synctest bubble,
// and where ports are scarce.
func ExampleWithoutPort() {
	t := new(exampleT) // your *testing.T
	defer t.done()
	srv := emulator.Start(t, emulator.WithoutPort())
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL), wrapper.WithHTTPClient(srv.Client()))
	if err != nil {
		t.Fatalf("%v", err)
	}
	room, err := client.Rooms.Create(context.Background(), gen.CreateChatroomForm{Creator: "zhangsan", Name: "mychat room"})
	if err != nil {
		t.Fatalf("%v", err)
	}
	fmt.Println(room.Name, "of", room.Creator)
	// Output: mychat room of zhangsan
}

// Any operation, called directly with its typed form: no signature, no entry
// in the request log.
func ExampleCall() {
	srv, err := emulator.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	id, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "zhangsan", Name: "mychat room"})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = emulator.Call(srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "lisi", Mute: wrapper.Ptr(true)})
	var apiError *emulator.APIError
	if errors.As(err, &apiError) {
		fmt.Println(apiError.Code, apiError.Desc)
	}
	// Output: 403 no permission
}
