// Moderation opens a room, moderates it and closes it again. NIM_BASE_URL may name another
// address than the service's:
//
//	NIM_APP_KEY=... NIM_APP_SECRET=... moderation -owner zhangsan -manager lisi -noisy wangwu -rude zhaoliu
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/nimroom/nimroom/wrapper"
)

func main() {
	var s show
	flag.StringVar(&s.owner, "owner", "", "account that owns the room")
	flag.StringVar(&s.manager, "manager", "", "account that moderates")
	flag.StringVar(&s.noisy, "noisy", "", "account to mute for five minutes")
	flag.StringVar(&s.rude, "rude", "", "account to block")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	client, err := wrapper.FromEnv()
	if err != nil {
		fail(err)
	}
	if err := s.run(ctx, client, os.Stdout); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// show has the accounts of the people in the room.
type show struct{ owner, manager, noisy, rude string }

func (s show) run(ctx context.Context, client *wrapper.Client, out io.Writer) error {
	room, err := client.Rooms.Create(ctx, wrapper.CreateChatroomForm{Creator: s.owner, Name: "Evening show"})
	if errors.Is(err, wrapper.ErrOutcomeUnknown) {
		// The room may exist. Creating another would leave two of them.
		ids, listErr := client.Rooms.ListByCreator(ctx, wrapper.ListUserChatroomsForm{Creator: s.owner})
		return errors.Join(fmt.Errorf("is it one of the rooms %v? %w", ids, err), listErr)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "opened room", room.RoomID)

	if _, err := client.Members.SetRole(ctx, wrapper.MemberRoleForm{
		RoomID: room.RoomID, Operator: s.owner, Target: s.manager, Opt: wrapper.RoleOperationManager,
	}); err != nil {
		return err
	}
	fmt.Fprintln(out, s.manager, "moderates")

	left, err := client.Members.Mute(ctx, wrapper.MuteMemberForm{
		RoomID: room.RoomID, Operator: s.manager, Target: s.noisy, MuteDuration: 5 * time.Minute,
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(out, s.noisy, "is muted for", left)

	if _, err := client.Members.SetRole(ctx, wrapper.MemberRoleForm{
		RoomID: room.RoomID, Operator: s.manager, Target: s.rude, Opt: wrapper.RoleOperationBlocked,
	}); err != nil {
		return err
	}
	fmt.Fprintln(out, s.rude, "is blocked")

	message, err := wrapper.NewMessage(room.RoomID, s.manager, wrapper.Tip("Please be kind to each other"))
	if err != nil {
		return err
	}
	if _, err := client.Messages.Send(ctx, message); err != nil {
		return err
	}
	if err := client.Rooms.Mute(ctx, wrapper.RoomMuteForm{RoomID: room.RoomID, Operator: s.owner}); err != nil {
		return err
	}
	fmt.Fprintln(out, "only", s.owner, "and managers can speak")

	_, err = client.Rooms.Close(ctx, wrapper.RoomStateForm{RoomID: room.RoomID, Operator: s.owner})
	if err != nil && !errors.Is(err, wrapper.ErrDuplicate) { // the room is closed already
		return err
	}
	fmt.Fprintln(out, "closed")
	return nil
}
