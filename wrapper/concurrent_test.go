package wrapper_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// TestOneClientForAll is for the race detector: one client, with all that it can be
// given, in the hands of many goroutines that use every service at once. Some calls
// fail on the way, hosts among them.
func TestOneClientForAll(t *testing.T) {
	srv := emulator.Start(t, emulator.WithoutPort())
	for _, fault := range []emulator.Fault{
		{Operation: "*", Kind: emulator.FaultStatus, Status: 502, Skip: 20, Times: 10},
		{Operation: "*", Kind: emulator.FaultCode, Code: 503, Skip: 100, Times: 20},
		{Operation: "getChatroom", Kind: emulator.FaultReset, Skip: 5, Times: 5},
	} {
		require.NoError(t, srv.AddFault(fault))
	}
	var started, attempts, ended atomic.Int64
	client, err := wrapper.New(srv.Credentials(), wrapper.WithHosts(srv.URL, srv.URL), wrapper.WithHTTPClient(srv.Client()),
		wrapper.WithRate(1_000_000), wrapper.WithLogger(slog.New(slog.DiscardHandler)), wrapper.WithApplication("test", "1"),
		wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 40, Backoff: func(int) time.Duration { return time.Microsecond }}),
		wrapper.WithRetryBudget(10_000),
		wrapper.WithHooks(wrapper.Hooks{
			Start:   func(ctx context.Context, _ wrapper.CallInfo) context.Context { started.Add(1); return ctx },
			Attempt: func(context.Context, wrapper.AttemptInfo) { attempts.Add(1) },
			End:     func(context.Context, wrapper.EndInfo) { ended.Add(1) },
		}),
		wrapper.WithMiddleware(func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			return next(r)
		}))
	require.NoError(t, err)

	shared, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "host", Name: "shared"})
	require.NoError(t, err)
	for i := range 120 {
		require.NoError(t, srv.Join(shared, emulator.JoinOptions{Accid: fmt.Sprint("guest", i), Tags: []string{"vip"}}))
	}
	// One form and one iterator for all goroutines: calls leave them as they are.
	batch := gen.GetMembersForm{RoomID: shared, Accids: []string{"guest1", "guest2", "nobody"}}
	members := client.Members.All(t.Context(), gen.ListMembersForm{RoomID: shared, Type: wrapper.Ptr(gen.MemberKindVisitors), Limit: 50})

	workers, rounds := 12, 4
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for round := range rounds {
				if err := useAll(t.Context(), client, fmt.Sprintf("user-%d-%d", w, round), srv.URL); err != nil {
					t.Errorf("worker %d: %v", w, err)
					return
				}
				outcomes, err := client.Members.GetMany(t.Context(), batch, wrapper.WithConcurrency(3))
				assert.NoError(t, err)
				assert.Len(t, outcomes, 3)
				count := 0
				for _, err := range members {
					assert.NoError(t, err)
					count++
				}
				assert.Equal(t, 120, count)
				_ = fmt.Sprintf("%v %#v", client, client)
			}
		})
	}
	group.Wait()
	assert.Equal(t, started.Load(), ended.Load())
	assert.Greater(t, attempts.Load(), ended.Load(), "some were made again")
}

// useAll uses each service, in a room of its own, and checks whether the responses are
// those to its questions.
func useAll(ctx context.Context, client *wrapper.Client, name, base string) error {
	var raw []byte
	room, err := client.Rooms.Create(ctx, gen.CreateChatroomForm{Creator: name, Name: name}, wrapper.WithTimeout(time.Minute), wrapper.WithRawResponse(&raw))
	if errors.Is(err, wrapper.ErrOutcomeUnknown) {
		return nil // a fault struck; what follows has no room to use
	}
	if err != nil {
		return err
	}
	if room.Name != name || !json.Valid(raw) {
		return fmt.Errorf("%s got the room %s: %s", name, room.Name, raw)
	}
	id := room.RoomID
	for _, use := range []func() error{
		func() error {
			room, err := client.Rooms.Get(ctx, gen.GetChatroomForm{RoomID: id}, wrapper.WithHeader("X-Name", name), wrapper.WithBaseURL(base))
			if err == nil && room.Creator != name {
				return fmt.Errorf("%s got the room of %s", name, room.Creator)
			}
			return err
		},
		func() error {
			err := client.Rooms.Unmute(ctx, wrapper.RoomMuteForm{RoomID: id, Operator: name}, wrapper.WithAttemptTimeout(time.Minute))
			return err
		},
		func() error {
			role, err := client.Members.SetRole(ctx, wrapper.MemberRoleForm{RoomID: id, Operator: name, Target: "t-" + name, Opt: gen.RoleOperationManager})
			if err == nil && role.Accid != "t-"+name {
				return fmt.Errorf("%s got the role of %s", name, role.Accid)
			}
			return err
		},
		func() error {
			sent, err := client.Messages.Send(ctx, gen.SendMessageForm{RoomID: id, FromAccid: name, Attach: &name, MsgType: wrapper.Ptr(gen.MessageTypeText)})
			if err == nil && sent.Attach != name {
				return fmt.Errorf("%s got the message %s", name, sent.Attach)
			}
			return err
		},
		func() error {
			_, err := client.Robots.AddMany(ctx, gen.AddRobotsForm{RoomID: id, Accids: []string{"r1-" + name, "r2-" + name}}, wrapper.WithConcurrency(2))
			return err
		},
		func() error {
			count, err := client.Tags.Count(ctx, gen.CountTagMembersForm{RoomID: id, Tag: "vip"})
			if err == nil && count != 0 {
				return fmt.Errorf("%s counted %d of another room", name, count)
			}
			return err
		},
		func() error {
			_, err := client.Statistics.ListTop(ctx, gen.ListTopChatroomsForm{})
			return err
		},
		func() error {
			_, err := client.Do(ctx, "/chatroom/queryUserRoomIds.action", url.Values{"creator": {name}})
			return err
		},
	} {
		if err := use(); err != nil && !errors.Is(err, wrapper.ErrOutcomeUnknown) {
			return err
		}
	}
	return nil
}
