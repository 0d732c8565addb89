package cassettes_test

import (
	"errors"
	"testing"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/wrapper"
)

func TestShow(t *testing.T) {
	client, err := wrapper.New(cassettes.Credentials(t), cassettes.Use(t, "show"))
	if err != nil {
		t.Fatal(err)
	}
	room, err := client.Rooms.Create(t.Context(), wrapper.CreateChatroomForm{Creator: "lena", Name: "Evening show"})
	if err != nil {
		t.Fatal(err)
	}
	sent, err := client.Messages.Send(t.Context(), wrapper.SendMessageForm{ // its id is random
		RoomID: room.RoomID, FromAccid: "lena", MsgType: wrapper.Ptr(wrapper.MessageTypeText), Attach: wrapper.Ptr("Welcome!"),
	})
	if err != nil || sent.Attach != "Welcome!" {
		t.Fatal(sent, err)
	}
	if _, err := client.Rooms.Get(t.Context(), wrapper.GetChatroomForm{RoomID: 1}); !errors.Is(err, wrapper.ErrNotFound) {
		t.Fatal(err)
	}
}
