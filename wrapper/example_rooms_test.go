package wrapper_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/nimroom/nimroom/wrapper"
)

// A room is created, changed, and closed by its creator.
func ExampleRoomsService() {
	client, _ := startExample()
	ctx := context.Background()

	room, err := client.Rooms.Create(ctx, wrapper.CreateChatroomForm{
		Creator:      "zhangsan",
		Name:         "Evening show",
		Announcement: wrapper.Ptr("Starts at eight"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// A nil field stays as it is, an empty one is emptied.
	room, err = client.Rooms.Update(ctx, wrapper.UpdateChatroomForm{RoomID: room.RoomID, Announcement: wrapper.Ptr("")})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d %q announcement %q\n", room.RoomID, room.Name, room.Announcement)

	room, err = client.Rooms.Close(ctx, wrapper.RoomStateForm{RoomID: room.RoomID, Operator: "zhangsan"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("open:", room.Valid)
	// Output:
	// 10010000001 "Evening show" announcement ""
	// open: false
}

// Any number of rooms are read, with an outcome for each.
func ExampleRoomsService_GetMany() {
	client, srv := startExample()
	ids := []wrapper.RoomID{1}
	for _, name := range []string{"red", "green", "blue"} {
		id, err := srv.CreateRoom(wrapper.CreateChatroomForm{Creator: "zhangsan", Name: name})
		if err != nil {
			fmt.Println(err)
			return
		}
		ids = append(ids, id)
	}

	outcomes, err := client.Rooms.GetMany(context.Background(), wrapper.GetChatroomsForm{RoomIDs: ids},
		wrapper.WithConcurrency(2),
		wrapper.WithProgress(func(done, total int) { fmt.Println(done, "of", total) }),
	)
	for _, o := range outcomes { // even if err says that some failed
		fmt.Printf("%d %s %q\n", o.Key, o.Status, o.Value.Name)
	}
	fmt.Println(err)
	// Output:
	// 4 of 4
	// 1 missing ""
	// 10010000001 done "red"
	// 10010000002 done "green"
	// 10010000003 done "blue"
	// <nil>
}

// errors.Is says what went wrong, and errors.As returns the details.
func ExampleError() {
	client, _ := startExample()

	_, err := client.Rooms.Get(context.Background(), wrapper.GetChatroomForm{RoomID: 66})
	switch {
	case errors.Is(err, wrapper.ErrNotFound):
		fmt.Println("no such room")
	case errors.Is(err, wrapper.ErrRateLimited):
		fmt.Println("too many calls")
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		fmt.Println("it may have happened")
	}
	var e *wrapper.Error
	if errors.As(err, &e) {
		fmt.Println(e.Operation, e.Code, e.Attempts)
	}

	_, err = client.Rooms.Create(context.Background(), wrapper.CreateChatroomForm{Creator: "zhangsan"})
	if errors.As(err, &e) { // found before anything was sent
		fmt.Println(e.Field, e.Attempts)
	}
	// Output:
	// no such room
	// getChatroom 404 1
	// name 0
}

// Calls that fail do not stop the others of a batch; the error says which.
func ExampleBatchError() {
	client, srv := startExample()
	room, err := srv.CreateRoom(wrapper.CreateChatroomForm{Creator: "zhangsan", Name: "Evening show"})
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = srv.AddAccounts("robot1", "robot2")
	enter(srv, room, "lisi") // a person cannot be a robot as well

	_, err = client.Robots.AddMany(context.Background(), wrapper.AddRobotsForm{
		RoomID: room,
		Accids: []string{"robot1", "lisi", "robot2", ""},
	})
	var batch *wrapper.BatchError
	if errors.As(err, &batch) {
		for _, f := range batch.Failures {
			fmt.Println(f.Items, f.Status, errors.Is(f.Err, wrapper.ErrBadParameter))
		}
	}
	fmt.Println(err)
	// Output:
	// [1] failed false
	// [3] error true
	// addRobots: 2 of 4 items failed: 1 (failed): addRobots: the service reports that it failed; 3 (error): addRobots: bad parameter: accids[3] is empty
}
