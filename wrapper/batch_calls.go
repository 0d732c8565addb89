package wrapper

import (
	"context"
	"strings"

	"github.com/nimroom/nimroom/gen"
)

// The operations that take lists; their Batch says how long a list may be.
var (
	getChatrooms = gen.GetChatroomsEndpoint.Operation
	getMembers   = gen.GetMembersEndpoint.Operation
	addRobots    = gen.AddRobotsEndpoint.Operation
	removeRobots = gen.RemoveRobotsEndpoint.Operation
)

// GetMany returns any number of rooms, 20 a call, several calls at once
// ([WithConcurrency]). The outcomes are in the order of RoomIDs: [ItemDone] with the
// room, [ItemMissing] when there is none, or an error. An id that is given twice
// is asked for once and has its outcome in both places.
//
// A failing call does not stop the others, the end of the context does.
//
// Errors: when anything failed a *[BatchError] that tells what and why, with the
// errors of [RoomsService.GetBatch]; the outcomes are returned all the same.
//
// Source: en-chatroom-2022-11-25, "Query chat room profiles".
func (s *RoomsService) GetMany(ctx context.Context, request GetChatroomsForm, options ...BatchOption) ([]RoomOutcome, error) {
	b := batch[GetChatroomsForm, RoomID, Chatroom]{
		operation: getChatrooms,
		silent:    ItemFailed,
		form: func(ids []RoomID) GetChatroomsForm {
			part := request
			part.RoomIDs = ids
			return part
		},
		send: func(ctx context.Context, part GetChatroomsForm, options []CallOption, tell func(RoomID, ItemStatus, Chatroom)) error {
			answer, err := s.GetBatch(ctx, part, options...)
			if err != nil {
				return err
			}
			for _, room := range answer.Rooms {
				tell(room.RoomID, ItemDone, room)
			}
			tellAll(answer.MissingRooms, ItemMissing, tell)
			tellAll(answer.FailedRooms, ItemFailed, tell)
			return nil
		},
	}
	return b.run(ctx, request.RoomIDs, options)
}

// GetMany returns those of any number of accounts that are online in a room,
// 200 a call, several calls at once ([WithConcurrency]). The outcomes are in the order of
// Accids: [ItemDone] with the member, [ItemMissing] when the account is not
// online in the room, or an error. What [RoomsService.GetMany] says of duplicates
// and of failures holds here too.
//
// Errors: a *[BatchError] with those of [MembersService.GetBatch].
//
// Source: en-chatroom-2022-11-25, "Get mutiple online member profiles at a time", en-members-2022-12-13, "Get a list of online participants".
func (s *MembersService) GetMany(ctx context.Context, request GetMembersForm, options ...BatchOption) ([]MemberOutcome, error) {
	b := batch[GetMembersForm, string, Member]{
		operation: getMembers,
		silent:    ItemMissing,
		same:      strings.EqualFold, // public clients say that the service lower-cases accounts
		form: func(accids []string) GetMembersForm {
			part := request
			part.Accids = accids
			return part
		},
		send: func(ctx context.Context, part GetMembersForm, options []CallOption, tell func(string, ItemStatus, Member)) error {
			members, err := s.GetBatch(ctx, part, options...)
			if err != nil {
				return err
			}
			for _, member := range members {
				tell(member.Accid, ItemDone, member)
			}
			return nil
		},
	}
	return b.run(ctx, request.Accids, options)
}

// AddMany puts any number of accounts into a room as robots, 100 a call,
// several calls at once ([WithConcurrency]). The outcomes are in the order of Accids:
// [ItemDone] for those added, [ItemUnchanged] for those that were robots there
// already (also by an attempt whose answer was lost), [ItemFailed] for those that
// the service refused, [ItemError] when their call failed without effect,
// [ItemUnknown] when it may have been carried out; adding these again does no
// harm. What [RoomsService.GetMany] says of duplicates and of failures holds here
// too.
//
// RoleExt takes up to 4096 characters, NotifyExt up to 2048.
//
// Errors: a *[BatchError] with those of [RobotsService.AddBatch].
//
// Source: en-chatroom-2022-11-25, "Adding a chatbot to the chat room".
func (s *RobotsService) AddMany(ctx context.Context, request AddRobotsForm, options ...BatchOption) ([]RobotOutcome, error) {
	b := batch[AddRobotsForm, string, struct{}]{
		operation: addRobots,
		silent:    ItemUnknown,
		same:      strings.EqualFold,
		form: func(accids []string) AddRobotsForm {
			part := request
			part.Accids = accids
			return part
		},
		send: func(ctx context.Context, part AddRobotsForm, options []CallOption, tell func(string, ItemStatus, struct{})) error {
			answer, err := s.AddBatch(ctx, part, options...)
			if err != nil {
				return err
			}
			tellAll(answer.SuccessAccids, ItemDone, tell)
			tellAll(answer.OldAccids, ItemUnchanged, tell)
			tellAll(answer.FailedAccids, ItemFailed, tell)
			return nil
		},
	}
	return b.run(ctx, request.Accids, options)
}

// RemoveMany takes any number of robots out of a room, 100 a call, several
// calls at once ([WithConcurrency]). The outcomes are in the order of Accids: [ItemDone] for
// those removed, [ItemFailed] for those that the service did not remove, such as
// accounts that are no robots there, [ItemError] and [ItemUnknown] as for
// [RobotsService.AddMany], [ItemUnknown] also for those named as failed after an
// answer was lost: they may have been removed by the lost attempt. What [RoomsService.GetMany] says of duplicates and of
// failures holds here too.
//
// Errors: a *[BatchError] with those of [RobotsService.RemoveBatch].
//
// Source: en-chatroom-2022-11-25, "Deleting a chatbot from the chat room".
func (s *RobotsService) RemoveMany(ctx context.Context, request RemoveRobotsForm, options ...BatchOption) ([]RobotOutcome, error) {
	b := batch[RemoveRobotsForm, string, struct{}]{
		operation: removeRobots,
		silent:    ItemUnknown,
		same:      strings.EqualFold,
		form: func(accids []string) RemoveRobotsForm {
			part := request
			part.Accids = accids
			return part
		},
		send: func(ctx context.Context, part RemoveRobotsForm, options []CallOption, tell func(string, ItemStatus, struct{})) error {
			answer, err := s.RemoveBatch(ctx, part, options...)
			if answer == nil {
				return err
			}
			tellAll(answer.SuccessAccids, ItemDone, tell)
			if err != nil {
				return err // of what is told as failed nobody knows, see RemoveBatch
			}
			tellAll(answer.FailedAccids, ItemFailed, tell)
			return nil
		},
	}
	return b.run(ctx, request.Accids, options)
}

// tellAll tells the same of several elements.
func tellAll[K comparable, V any](keys []K, status ItemStatus, tell func(K, ItemStatus, V)) {
	for _, key := range keys {
		tell(key, status, *new(V))
	}
}
