package emulator

import (
	"errors"
	"testing"

	"github.com/nimroom/nimroom/gen"
)

func TestCallRefusesAsARequestWouldBe(t *testing.T) {
	srv := newServer(t, WithAccounts(StrictAccounts))
	srv.AddAccounts("zhangsan")
	id, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "zhangsan", Name: "n"})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		err  error
		want APIError
	}{
		{"a limit", tried(srv, gen.ListMembersEndpoint, gen.ListMembersForm{RoomID: id, Limit: 101, Type: ptr(gen.MemberKindFixed)}), APIError{414, "limit: 101, at most 100"}},
		{"a missing field", tried(srv, gen.GetMembersEndpoint, gen.GetMembersForm{RoomID: id}), APIError{414, "accids is empty"}},
		{"no room", tried(srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: 1}), APIError{404, "chatroom not exist"}},
		{"a rule", tried(srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "a", Mute: ptr(true)}), APIError{403, "no permission"}},
		{"words of its own", tried(srv, gen.UpdateMemberTagsEndpoint, gen.UpdateMemberTagsForm{RoomID: 1, Accid: "a", Tags: []string{"a"}}), APIError{414, "error roomId"}},
	}
	for _, tt := range tests {
		var got *APIError
		if !errors.As(tt.err, &got) || *got != tt.want {
			t.Errorf("%s: got %v", tt.name, tt.err)
		}
	}
	if _, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "nobody", Name: "n"}); codeOfError(t, err) != gen.CodeBadParameter {
		t.Errorf("got %v", err)
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests logged", n)
	}
}

func TestMessagesOfARoom(t *testing.T) {
	srv := newServer(t)
	id := openRoom(t, srv)
	if stored, err := srv.Messages(id); err != nil || len(stored) != 0 {
		t.Errorf("%v, %v", stored, err)
	}
	for _, msgID := range []string{"1", "2"} {
		do(t, srv, gen.SendMessageEndpoint, say(id, msgID, "zhangsan"))
	}
	if stored, err := srv.Messages(id); err != nil || len(stored) != 2 || stored[0].MsgID != "1" || stored[1].From != "zhangsan" {
		t.Errorf("%v, %v", stored, err)
	}
	if _, err := srv.Messages(id + 1); codeOfError(t, err) != gen.CodeNotFound {
		t.Errorf("got %v", err)
	}
}
