package quickstart

import (
	"errors"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/wrapper"
)

func TestShow(t *testing.T) {
	// In production: wrapper.NewCredentials(key, secret), no base URL, and client.Accounts.Create before lena does anything.
	srv := emulator.Start(t, emulator.WithCreatedAccounts("lena"))
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	room, err := client.Rooms.Create(t.Context(), wrapper.CreateChatroomForm{Creator: "lena", Name: "Evening show"})
	if err != nil {
		t.Fatal(err)
	}
	message, err := wrapper.NewMessage(room.RoomID, "lena", wrapper.Text("Welcome!"))
	if err != nil {
		t.Fatal(err)
	}
	sent, err := client.Messages.Send(t.Context(), message)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s said %q in room %d", sent.FromAccount, sent.Attach, sent.RoomID)

	_, err = client.Rooms.Get(t.Context(), wrapper.GetChatroomForm{RoomID: 1})
	if !errors.Is(err, wrapper.ErrNotFound) {
		t.Fatalf("got %v", err) // getChatroom: code 404: not found: ...
	}
}
