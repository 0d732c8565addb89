package rules_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// en-chatroom: Adding a chatbot to the chat room; Deleting a chatbot from the
// chat room; Deleting chatbots.
func TestRobots(t *testing.T) {
	srv := emulator.Start(t, emulator.WithAccounts(emulator.StrictAccounts))
	srv.AddAccounts("zhangsan", "wangwu", "robot1", "robot2", "robot3", "blocked")
	id := emutest.NewRoom(t, srv)
	add := func(accids ...string) gen.AddRobotsForm { return gen.AddRobotsForm{RoomID: id, Accids: accids} }
	emutest.Get(t, srv, gen.AddRobotsEndpoint, add("robot1"))
	if err := srv.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	got := emutest.Get(t, srv, gen.AddRobotsEndpoint, add("nobody", "robot2", "robot1", "robot3")).Desc
	want := gen.AddedRobots{FailedAccids: []string{"nobody"}, SuccessAccids: []string{"robot2", "robot3"}, OldAccids: []string{"robot1"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	seen := emutest.Get(t, srv, gen.GetMembersEndpoint, gen.GetMembersForm{RoomID: id, Accids: []string{"robot1"}}).Desc.Data
	if len(seen) != 1 || !seen[0].IsRobot || seen[0].RobotExpireAt == nil || *seen[0].RobotExpireAt > 23*time.Hour || *seen[0].RobotExpireAt < 23*time.Hour-10*time.Second {
		t.Errorf("seen %+v", seen)
	}
	removed := emutest.Get(t, srv, gen.RemoveRobotsEndpoint, gen.RemoveRobotsForm{RoomID: id, Accids: []string{"robot2", "zhangsan"}}).Desc
	if want := (gen.RemovedRobots{FailedAccids: []string{"zhangsan"}, SuccessAccids: []string{"robot2"}}); !reflect.DeepEqual(removed, want) {
		t.Errorf("removed %+v", removed)
	}
	if size := emutest.Get(t, srv, gen.ClearRobotsEndpoint, gen.ClearRobotsForm{RoomID: id}).Desc.Size; size != 2 {
		t.Errorf("cleared %d", size)
	}

	emutest.Get(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "zhangsan", "blocked", gen.RoleOperationBlocked, true))
	emutest.WantCode(t, srv, gen.AddRobotsEndpoint, add("blocked"), gen.CodeBlocked)
	emutest.Get(t, srv, gen.AddRobotsEndpoint, add("robot1", "robot2"))
	if err := srv.Advance(24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	if size := emutest.Get(t, srv, gen.ClearRobotsEndpoint, gen.ClearRobotsForm{RoomID: id}).Desc.Size; size != 0 {
		t.Errorf("%d robots after a day", size)
	}
}
