package emulator_test

import (
	"errors"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

func TestCallReturnsTheErrorOfARequest(t *testing.T) {
	srv := emutest.NewServer(t, emulator.WithAccounts(emulator.StrictAccounts))
	srv.AddAccounts("zhangsan")
	id, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "zhangsan", Name: "n"})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		err  error
		want emulator.APIError
	}{
		{"a limit", emutest.Tried(srv, gen.ListMembersEndpoint, gen.ListMembersForm{RoomID: id, Limit: 101, Type: emutest.Ptr(gen.MemberKindFixed)}), emulator.APIError{414, "limit: 101, at most 100"}},
		{"a missing field", emutest.Tried(srv, gen.GetMembersEndpoint, gen.GetMembersForm{RoomID: id}), emulator.APIError{414, "accids is empty"}},
		{"no room", emutest.Tried(srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: 1}), emulator.APIError{404, "chatroom not exist"}},
		{"a rule", emutest.Tried(srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "a", Mute: emutest.Ptr(true)}), emulator.APIError{403, "no permission"}},
		{"words of its own", emutest.Tried(srv, gen.UpdateMemberTagsEndpoint, gen.UpdateMemberTagsForm{RoomID: 1, Accid: "a", Tags: []string{"a"}}), emulator.APIError{414, "error roomId"}},
	}
	for _, tt := range tests {
		var got *emulator.APIError
		if !errors.As(tt.err, &got) || *got != tt.want {
			t.Errorf("%s: got %v", tt.name, tt.err)
		}
	}
	if _, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "nobody", Name: "n"}); emutest.CodeOfError(t, err) != gen.CodeBadParameter {
		t.Errorf("got %v", err)
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests logged", n)
	}
}

func TestMessagesOfARoom(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	if stored, err := srv.Messages(id); err != nil || len(stored) != 0 {
		t.Errorf("%v, %v", stored, err)
	}
	for _, msgID := range []string{"1", "2"} {
		emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, msgID, "zhangsan"))
	}
	if stored, err := srv.Messages(id); err != nil || len(stored) != 2 || stored[0].MsgID != "1" || stored[1].From != "zhangsan" {
		t.Errorf("%v, %v", stored, err)
	}
	if _, err := srv.Messages(id + 1); emutest.CodeOfError(t, err) != gen.CodeNotFound {
		t.Errorf("got %v", err)
	}
}
