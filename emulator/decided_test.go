package emulator

import (
	"testing"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// Decided by us.
func TestAnEmptyNameEmptiesTheName(t *testing.T) {
	srv := Start(t)
	id := newRoom(t, srv)
	got := get(t, srv, gen.UpdateChatroomEndpoint, gen.UpdateChatroomForm{RoomID: id, Name: ptr("")})
	if got.Chatroom.Name != "" || got.Chatroom.Creator != "zhangsan" {
		t.Errorf("%+v", got.Chatroom)
	}
}

// Decided by us.
func TestLiftingATemporaryMuteAnswersWhatWasLeft(t *testing.T) {
	srv := Start(t, WithStartTime(time.UnixMilli(1456396333115)))
	id := newRoom(t, srv)
	mute := gen.MuteMemberForm{RoomID: id, Operator: "zhangsan", Target: "lisi", MuteDuration: 100 * time.Second}
	for _, want := range []time.Duration{100 * time.Second, time.Minute, 0} {
		got := get(t, srv, gen.MuteMemberEndpoint, mute)
		if got.Desc.MuteDuration != want {
			t.Errorf("%v, want %v", got.Desc.MuteDuration, want)
		}
		mute.MuteDuration = 0
		if err := srv.Advance(40 * time.Second); err != nil {
			t.Fatal(err)
		}
	}
}

// Decided by us.
func TestAnOperatorThatDoesNotExistMayNothing(t *testing.T) {
	srv := Start(t, WithAccounts(StrictAccounts))
	if err := srv.AddAccounts("zhangsan", "wangwu", "lisi"); err != nil {
		t.Fatal(err)
	}
	id := newRoom(t, srv)
	refused(t, srv, gen.MuteMemberEndpoint, gen.MuteMemberForm{RoomID: id, Operator: "ghost", Target: "lisi", MuteDuration: time.Second}, gen.CodeForbidden)
	refused(t, srv, gen.ToggleChatroomEndpoint, gen.ToggleChatroomForm{RoomID: id, Operator: "ghost", Valid: ptr(false)}, gen.CodeForbidden)
	refused(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "ghost", Mute: ptr(true)}, gen.CodeForbidden)
	refused(t, srv, gen.SetMemberRoleEndpoint, role(id, "ghost", "lisi", gen.RoleOperationManager, true), gen.CodeForbidden)
}
