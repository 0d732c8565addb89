package conformance

import (
	"context"
	"fmt"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper"
)

// operation is an operation of the spec with the SDK's method for it.
type operation struct {
	*gen.Operation
	// bind makes the method's form of a form that travels. Limits are left to
	// the SDK.
	bind func(*wire.Fields) (gen.Form, error)
	// call runs the method. raw takes the answer as it came.
	call func(ctx context.Context, client *wrapper.Client, form gen.Form, raw *[]byte) error
	// canonical spells an answer as the spec does.
	canonical func(body []byte) ([]byte, error)
}

// method is a method of a service S of the client that gives a T.
type method[S any, F gen.Form, T any] func(service S, ctx context.Context, form F, options ...wrapper.CallOption) (T, error)

// entry ties an operation to its method.
func entry[S any, F gen.Form, T, R any, A interface {
	*R
	gen.Response
}](e gen.Endpoint[F, R], service func(*wrapper.Client) S, run method[S, F, T]) *operation {
	return &operation{
		Operation: e.Operation,
		bind: func(fields *wire.Fields) (gen.Form, error) {
			form, err := e.Bind(fields)
			return form, err
		},
		call: func(ctx context.Context, client *wrapper.Client, form gen.Form, raw *[]byte) error {
			typed, ok := form.(F)
			if !ok {
				return fmt.Errorf("%s does not take a %T", e.ID, form)
			}
			_, err := run(service(client), ctx, typed, wrapper.WithRawResponse(raw))
			return err
		},
		canonical: func(body []byte) ([]byte, error) {
			answer, err := e.Decode(body)
			if err != nil {
				return nil, err
			}
			return A(answer).AppendJSON(nil, wire.Canonical), nil
		},
	}
}

// done makes a method of one that gives nothing but an error.
func done[S any, F gen.Form](run func(S, context.Context, F, ...wrapper.CallOption) error) method[S, F, struct{}] {
	return func(service S, ctx context.Context, form F, options ...wrapper.CallOption) (struct{}, error) {
		return struct{}{}, run(service, ctx, form, options...)
	}
}

// operations are all that the suite can call, by id.
var operations = byID(
	entry(gen.CreateChatroomEndpoint, rooms, (*wrapper.RoomsService).Create),
	entry(gen.GetChatroomEndpoint, rooms, (*wrapper.RoomsService).Get),
	entry(gen.GetChatroomsEndpoint, rooms, (*wrapper.RoomsService).GetBatch),
	entry(gen.UpdateChatroomEndpoint, rooms, (*wrapper.RoomsService).Update),
	entry(gen.ToggleChatroomEndpoint, rooms, (*wrapper.RoomsService).Toggle),
	entry(gen.SetMemberRoleEndpoint, members, (*wrapper.MembersService).SetRole),
	entry(gen.RequestAddressEndpoint, rooms, (*wrapper.RoomsService).RequestAddress),
	entry(gen.SendMessageEndpoint, messages, (*wrapper.MessagesService).Send),
	entry(gen.AddRobotsEndpoint, robots, (*wrapper.RobotsService).Add),
	entry(gen.RemoveRobotsEndpoint, robots, (*wrapper.RobotsService).Remove),
	entry(gen.ClearRobotsEndpoint, robots, (*wrapper.RobotsService).Clear),
	entry(gen.MuteMemberEndpoint, members, (*wrapper.MembersService).Mute),
	entry(gen.MuteChatroomEndpoint, rooms, (*wrapper.RoomsService).Mute),
	entry(gen.ListTopChatroomsEndpoint, statistics, (*wrapper.StatisticsService).Top),
	entry(gen.ListMembersEndpoint, members, (*wrapper.MembersService).List),
	entry(gen.GetMembersEndpoint, members, (*wrapper.MembersService).Get),
	entry(gen.ListMembersByRoleEndpoint, members, (*wrapper.MembersService).ListByRole),
	entry(gen.UpdateMemberEndpoint, members, done((*wrapper.MembersService).Update)),
	entry(gen.ListUserChatroomsEndpoint, rooms, (*wrapper.RoomsService).ListByCreator),
	entry(gen.SetEntryNotificationEndpoint, rooms, done((*wrapper.RoomsService).SetEntryNotification)),
	entry(gen.MuteTagEndpoint, tags, (*wrapper.TagsService).Mute),
	entry(gen.CountTagMembersEndpoint, tags, (*wrapper.TagsService).Count),
	entry(gen.ListTagMembersEndpoint, tags, (*wrapper.TagsService).ListMembers),
	entry(gen.ListTagMessagesEndpoint, tags, (*wrapper.TagsService).ListMessages),
	entry(gen.UpdateMemberTagsEndpoint, tags, done((*wrapper.TagsService).UpdateMember)),
)

func rooms(c *wrapper.Client) *wrapper.RoomsService           { return c.Rooms }
func members(c *wrapper.Client) *wrapper.MembersService       { return c.Members }
func messages(c *wrapper.Client) *wrapper.MessagesService     { return c.Messages }
func robots(c *wrapper.Client) *wrapper.RobotsService         { return c.Robots }
func tags(c *wrapper.Client) *wrapper.TagsService             { return c.Tags }
func statistics(c *wrapper.Client) *wrapper.StatisticsService { return c.Statistics }

func byID(list ...*operation) map[string]*operation {
	ids := make(map[string]*operation, len(list))
	for _, o := range list {
		ids[o.ID] = o
	}
	return ids
}
