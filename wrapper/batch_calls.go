package wrapper

import (
	"context"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper/internal/request"
)

// GetMany returns any number of rooms. A call takes 20 rooms, and several calls run at
// once ([WithConcurrency]). The outcomes are in the order of RoomIDs: [ItemDone] with the
// room, [ItemMissing] if the room does not exist, or an error. If an id is given twice,
// GetMany sends it once and returns its outcome in both places.
//
// A call that fails does not stop the others; the end of the context does.
//
// Errors: a *[BatchError] if anything failed, which holds the errors of
// [RoomsService.GetBatch]. GetMany returns the outcomes with it.
//
// Source: en-chatroom-2022-11-25, "Query chat room profiles".
func (s *RoomsService) GetMany(ctx context.Context, request GetChatroomsForm, options ...BatchOption) ([]RoomOutcome, error) {
	b := batch[GetChatroomsForm, RoomID, Chatroom]{
		operation: gen.GetChatroomsEndpoint.Operation,
		silent:    ItemFailed,
		form: func(ids []RoomID) GetChatroomsForm {
			part := request
			part.RoomIDs = ids
			return part
		},
		send: func(ctx context.Context, part GetChatroomsForm, options []CallOption, note noter[RoomID, Chatroom]) error {
			result, err := s.GetBatch(ctx, part, options...)
			if err != nil {
				return err
			}
			for _, room := range result.Rooms {
				note(room.RoomID, ItemDone, room, "")
			}
			noteAll(result.MissingRooms, ItemMissing, note)
			noteAll(result.FailedRooms, ItemFailed, note)
			return nil
		},
	}
	return b.run(ctx, request.RoomIDs, options)
}

// GetMany looks up any number of accounts among the members that are online in a room. A
// call takes 200 accounts, and several calls run at once ([WithConcurrency]). The outcomes
// are in the order of Accids: [ItemDone] with the member, [ItemMissing] if the account is
// not online in the room, or an error. GetMany treats duplicates and failures as
// [RoomsService.GetMany] does.
//
// Errors: a *[BatchError] with the errors of [MembersService.GetBatch].
//
// Source: en-chatroom-2022-11-25, "Get mutiple online member profiles at a time", en-members-2022-12-13, "Get a list of online participants".
func (s *MembersService) GetMany(ctx context.Context, request GetMembersForm, options ...BatchOption) ([]MemberOutcome, error) {
	b := batch[GetMembersForm, string, Member]{
		operation: gen.GetMembersEndpoint.Operation,
		silent:    ItemMissing,
		same:      strings.EqualFold, // according to public clients the service lower-cases accounts
		form: func(accids []string) GetMembersForm {
			part := request
			part.Accids = accids
			return part
		},
		send: func(ctx context.Context, part GetMembersForm, options []CallOption, note noter[string, Member]) error {
			members, err := s.GetBatch(ctx, part, options...)
			if err != nil {
				return err
			}
			for _, member := range members {
				note(member.Accid, ItemDone, member, "")
			}
			return nil
		},
	}
	return b.run(ctx, request.Accids, options)
}

// AddMany adds any number of accounts to a room as robots. A call takes 100 accounts, and
// several calls run at once ([WithConcurrency]). The outcomes are in the order of Accids:
//
//   - [ItemDone] for an account that was added
//   - [ItemUnchanged] for one that was a robot in the room already, perhaps because of an
//     attempt whose response was lost
//   - [ItemFailed] for one that the service did not add
//   - [ItemError] if the call failed without effect
//   - [ItemUnknown] if the call may have been carried out; to add these accounts again does
//     no harm
//
// AddMany treats duplicates and failures as [RoomsService.GetMany] does.
//
// RoleExt holds up to 4096 characters, NotifyExt up to 2048.
//
// Errors: a *[BatchError] with the errors of [RobotsService.AddBatch].
//
// Source: en-chatroom-2022-11-25, "Adding a chatbot to the chat room".
func (s *RobotsService) AddMany(ctx context.Context, request AddRobotsForm, options ...BatchOption) ([]RobotOutcome, error) {
	b := batch[AddRobotsForm, string, struct{}]{
		operation: gen.AddRobotsEndpoint.Operation,
		silent:    ItemUnknown,
		same:      strings.EqualFold,
		form: func(accids []string) AddRobotsForm {
			part := request
			part.Accids = accids
			return part
		},
		send: func(ctx context.Context, part AddRobotsForm, options []CallOption, note noter[string, struct{}]) error {
			result, err := s.AddBatch(ctx, part, options...)
			if err != nil {
				return err
			}
			noteAll(result.SuccessAccids, ItemDone, note)
			noteAll(result.OldAccids, ItemUnchanged, note)
			noteAll(result.FailedAccids, ItemFailed, note)
			return nil
		},
	}
	return b.run(ctx, request.Accids, options)
}

// RemoveMany removes any number of robots from a room. A call takes 100 accounts, and
// several calls run at once ([WithConcurrency]). The outcomes are in the order of Accids:
//
//   - [ItemDone] for a robot that was removed
//   - [ItemFailed] for an account that the service did not remove, for example because it
//     is not a robot in the room
//   - [ItemError] if the call failed without effect
//   - [ItemUnknown] if the call may have been carried out, and for accounts that the service
//     reports as failed after the response to an earlier attempt was lost, because that
//     attempt may have removed them
//
// RemoveMany treats duplicates and failures as [RoomsService.GetMany] does.
//
// Errors: a *[BatchError] with the errors of [RobotsService.RemoveBatch].
//
// Source: en-chatroom-2022-11-25, "Deleting a chatbot from the chat room".
func (s *RobotsService) RemoveMany(ctx context.Context, request RemoveRobotsForm, options ...BatchOption) ([]RobotOutcome, error) {
	b := batch[RemoveRobotsForm, string, struct{}]{
		operation: gen.RemoveRobotsEndpoint.Operation,
		silent:    ItemUnknown,
		same:      strings.EqualFold,
		form: func(accids []string) RemoveRobotsForm {
			part := request
			part.Accids = accids
			return part
		},
		send: func(ctx context.Context, part RemoveRobotsForm, options []CallOption, note noter[string, struct{}]) error {
			result, err := s.RemoveBatch(ctx, part, options...)
			if result == nil {
				return err
			}
			noteAll(result.SuccessAccids, ItemDone, note)
			if err != nil {
				return err // accounts reported as failed may have been removed, see RemoveBatch
			}
			noteAll(result.FailedAccids, ItemFailed, note)
			return nil
		},
	}
	return b.run(ctx, request.Accids, options)
}

// SendMany sends any number of messages to a room. A call takes 10 messages. One call
// follows another, so that the messages keep their order; [WithConcurrency] lets more run
// at once. A MsgID that is empty becomes a random one, which the outcome has as its Key.
// The outcomes are in the order of MsgList:
//
//   - [ItemDone] with the message as the service sent it
//   - [ItemFailed] for one that the service did not send, with its reason in the error's
//     Message
//   - [ItemError] if the call failed without effect
//   - [ItemUnknown] if the call may have been carried out; to send these messages again
//     under the same MsgID with ResendFlag 1 does no harm
//
// A call that fails does not stop the others; the end of the context does. Messages with
// the same MsgID are one message, and the first of them is sent.
//
// Errors: a *[BatchError] with the errors of [MessagesService.SendBatch].
//
// Source: java-sdk-1.2.0, "IChatroomMessageV1Service.batchSendMsg".
func (s *MessagesService) SendMany(ctx context.Context, request SendMessagesForm, options ...BatchOption) ([]MessageOutcome, error) {
	b := batch[SendMessagesForm, string, SentMessage]{operation: gen.SendMessagesEndpoint.Operation}
	b.send = func(ctx context.Context, part SendMessagesForm, options []CallOption, note noter[string, SentMessage]) error {
		result, err := s.SendBatch(ctx, part, options...)
		if err == nil {
			noteMessages(result.Success, result.Fail, note)
		}
		return err
	}
	return sendMany(ctx, b, request.MsgList, func(list []MessageItem) SendMessagesForm {
		part := request
		part.MsgList = list
		return part
	}, options)
}

// SendManyTo sends any number of messages to the accounts in ToAccids, up to 100, in a
// room. Otherwise it is like [MessagesService.SendMany].
//
// Errors: a *[BatchError] with the errors of [MessagesService.SendBatchTo].
//
// Source: java-sdk-1.2.0, "IChatroomMessageV1Service.batchSendMsgToSomeone".
func (s *MessagesService) SendManyTo(ctx context.Context, request SendMessagesToAccountsForm, options ...BatchOption) ([]MessageOutcome, error) {
	b := batch[SendMessagesToAccountsForm, string, SentMessage]{operation: gen.SendMessagesToAccountsEndpoint.Operation}
	b.send = func(ctx context.Context, part SendMessagesToAccountsForm, options []CallOption, note noter[string, SentMessage]) error {
		result, err := s.SendBatchTo(ctx, part, options...)
		if err == nil {
			noteMessages(result.Success, result.Fail, note)
		}
		return err
	}
	return sendMany(ctx, b, request.MsgList, func(list []MessageItem) SendMessagesToAccountsForm {
		part := request
		part.MsgList = list
		return part
	}, options)
}

// sendMany runs a batch whose elements are messages, which are known by their ids.
func sendMany[F gen.Form](ctx context.Context, b batch[F, string, SentMessage], list []MessageItem, form func([]MessageItem) F, options []BatchOption) ([]MessageOutcome, error) {
	ids, messages := make([]string, len(list)), make(map[string]MessageItem, len(list))
	for i, m := range list {
		if m.MsgID == "" {
			m.MsgID = request.NewID()
		}
		ids[i] = m.MsgID
		if _, known := messages[m.MsgID]; !known {
			messages[m.MsgID] = m
		}
	}
	b.silent, b.inOrder = ItemUnknown, true
	b.form = func(ids []string) F {
		part := make([]MessageItem, len(ids))
		for i, id := range ids {
			part[i] = messages[id]
		}
		return form(part)
	}
	return b.run(ctx, ids, options)
}

func noteMessages(sent []EntryOf[SentMessage], failed []Entry, note noter[string, SentMessage]) {
	for _, m := range sent {
		note(m.Key, ItemDone, m.Value, "")
	}
	for _, m := range failed {
		note(m.Key, ItemFailed, SentMessage{}, m.Value)
	}
}

// noteAll notes the same status for several elements.
func noteAll[K comparable, V any](keys []K, status ItemStatus, note noter[K, V]) {
	for _, key := range keys {
		note(key, status, *new(V), "")
	}
}
