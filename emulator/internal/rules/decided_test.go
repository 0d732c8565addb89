package rules_test

import (
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// Decided by us.
func TestAnEmptyNameEmptiesTheName(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	got := emutest.Get(t, srv, gen.UpdateChatroomEndpoint, gen.UpdateChatroomForm{RoomID: id, Name: emutest.Ptr("")})
	if got.Chatroom.Name != "" || got.Chatroom.Creator != "zhangsan" {
		t.Errorf("%+v", got.Chatroom)
	}
}

// Decided by us.
func TestLiftingATemporaryMuteReturnsTheTimeLeft(t *testing.T) {
	srv := emulator.Start(t, emulator.WithStartTime(time.UnixMilli(1456396333115)))
	id := emutest.NewRoom(t, srv)
	mute := gen.MuteMemberForm{RoomID: id, Operator: "zhangsan", Target: "lisi", MuteDuration: 100 * time.Second}
	for _, want := range []time.Duration{100 * time.Second, time.Minute, 0} {
		got := emutest.Get(t, srv, gen.MuteMemberEndpoint, mute)
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
	srv := emulator.Start(t, emulator.WithAccounts(emulator.StrictAccounts))
	if err := srv.AddAccounts("zhangsan", "wangwu", "lisi"); err != nil {
		t.Fatal(err)
	}
	id := emutest.NewRoom(t, srv)
	emutest.WantCode(t, srv, gen.MuteMemberEndpoint, gen.MuteMemberForm{RoomID: id, Operator: "ghost", Target: "lisi", MuteDuration: time.Second}, gen.CodeForbidden)
	emutest.WantCode(t, srv, gen.ToggleChatroomEndpoint, gen.ToggleChatroomForm{RoomID: id, Operator: "ghost", Valid: emutest.Ptr(false)}, gen.CodeForbidden)
	emutest.WantCode(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "ghost", Mute: emutest.Ptr(true)}, gen.CodeForbidden)
	emutest.WantCode(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "ghost", "lisi", gen.RoleOperationManager, true), gen.CodeForbidden)
}
