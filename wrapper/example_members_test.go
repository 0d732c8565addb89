package wrapper_test

import (
	"context"
	"fmt"
	"time"

	"github.com/nimroom/nimroom/wrapper"
)

// A manager is appointed and mutes someone for five minutes.
func ExampleMembersService() {
	client, srv := startExample()
	ctx := context.Background()
	room, err := srv.CreateRoom(wrapper.CreateChatroomForm{Creator: "zhangsan", Name: "Evening show"})
	if err != nil {
		fmt.Println(err)
		return
	}
	enter(srv, room, "wangwu")

	role, err := client.Members.SetRole(ctx, wrapper.MemberRoleForm{
		RoomID: room, Operator: "zhangsan", Target: "lisi", Opt: wrapper.RoleOperationManager,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(role.Accid, role.Type)

	_, err = client.Members.Mute(ctx, wrapper.MuteMemberForm{
		RoomID: room, Operator: "lisi", Target: "wangwu", MuteDuration: 5 * time.Minute,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	members, err := client.Members.GetBatch(ctx, wrapper.GetMembersForm{RoomID: room, Accids: []string{"wangwu"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(members[0].Accid, "is muted for", *members[0].TempMuteTTL)
	// Output:
	// lisi MANAGER
	// wangwu is muted for 5m0s
}

// Lists of any length are read by ranging over them.
func ExampleMembersService_All() {
	client, srv := startExample()
	room, err := srv.CreateRoom(wrapper.CreateChatroomForm{Creator: "zhangsan", Name: "Evening show"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range 250 {
		enter(srv, room, fmt.Sprint("guest", i))
	}

	count := 0
	request := wrapper.ListMembersForm{RoomID: room, Type: wrapper.Ptr(wrapper.MemberKindVisitors)}
	for member, err := range client.Members.All(context.Background(), request) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if count == 0 {
			fmt.Println("the latest is", member.Accid)
		}
		count++
	}
	fmt.Println(count, "visitors")
	// Output:
	// the latest is guest249
	// 250 visitors
}

// A room is filled with robots, and they are taken out again.
func ExampleRobotsService() {
	client, srv := startExample()
	ctx := context.Background()
	room, err := srv.CreateRoom(wrapper.CreateChatroomForm{Creator: "zhangsan", Name: "Evening show"})
	if err != nil {
		fmt.Println(err)
		return
	}
	robots := make([]string, 250) // more than one call takes
	for i := range robots {
		robots[i] = fmt.Sprint("robot", i)
	}
	_ = srv.AddAccounts(robots...)
	outcomes, err := client.Robots.AddMany(ctx, wrapper.AddRobotsForm{RoomID: room, Accids: robots})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(outcomes[249].Key, outcomes[249].Status)

	gone, err := client.Robots.Clear(ctx, wrapper.ClearRobotsForm{RoomID: room})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(gone, "robots left")
	// Output:
	// robot249 done
	// 250 robots left
}
