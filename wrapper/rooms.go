package wrapper

import (
	"context"

	"github.com/nimroom/nimroom/gen"
)

// RoomID is the id of a room, as [gen.RoomID]; [gen.ParseRoomID] reads one.
type RoomID = gen.RoomID

// RoomsService creates, reads, updates, opens, closes and mutes chat rooms. It is reached as [Client].Rooms.
type RoomsService struct{ service }

// Create creates a room owned by Creator and returns it with its id.
//
// Creator and Name (up to 128 characters) are required; Announcement and Ext take
// up to 4096 characters, BroadcastURL up to 1024. Calling it twice makes two rooms:
// when the error matches [ErrOutcomeUnknown], look with [RoomsService.ListByCreator]
// before creating again.
//
// Errors: [ErrForbidden], [ErrOverLimit], [ErrOutcomeUnknown].
//
// Source: en-chatroom-2022-11-25, "Creating a chat room".
func (s *RoomsService) Create(ctx context.Context, request gen.CreateChatroomForm, options ...CallOption) (*gen.Chatroom, error) {
	answer, err := run(ctx, s.client, &gen.CreateChatroomEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return &answer.Chatroom, nil
}

// Get returns a room. OnlineUserCount is set when NeedOnlineUserCount is true.
//
// Errors: [ErrForbidden], [ErrNotFound].
//
// Source: en-chatroom-2022-11-25, "Querying the chat room profile".
func (s *RoomsService) Get(ctx context.Context, request gen.GetChatroomForm, options ...CallOption) (*gen.Chatroom, error) {
	answer, err := run(ctx, s.client, &gen.GetChatroomEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return &answer.Chatroom, nil
}

// GetBatch returns the rooms of up to 20 RoomIDs: those found, the ids without a
// room, and the ids that could not be read. [RoomsService.GetMany] takes any number.
//
// Errors: [ErrBadParameter] for more than 20 ids, [ErrForbidden], [ErrNotFound].
//
// Source: en-chatroom-2022-11-25, "Query chat room profiles".
func (s *RoomsService) GetBatch(ctx context.Context, request gen.GetChatroomsForm, options ...CallOption) (*gen.GetChatroomsSuccess, error) {
	return run(ctx, s.client, &gen.GetChatroomsEndpoint, request, options)
}

// Update changes the fields that are set and returns the room; a field left nil
// stays as it is, an empty text empties it. Members are notified unless NeedNotify
// is false.
//
// Name takes up to 128 characters, Announcement and Ext up to 4096, BroadcastURL up
// to 1024, NotifyExt up to 2048.
//
// Errors: [ErrForbidden], [ErrNotFound], [ErrRoomClosed].
//
// Source: en-chatroom-2022-11-25, "Updating chat room information".
func (s *RoomsService) Update(ctx context.Context, request gen.UpdateChatroomForm, options ...CallOption) (*gen.Chatroom, error) {
	answer, err := run(ctx, s.client, &gen.UpdateChatroomEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return &answer.Chatroom, nil
}

// Toggle opens (Valid true) or closes (Valid false) a room and returns it. Only
// the creator may.
//
// Errors: [ErrForbidden], [ErrNotFound], [ErrOverLimit], [ErrDuplicate] when the room
// is in that state already.
//
// Source: en-chatroom-2022-11-25, "Changing the on/off status".
func (s *RoomsService) Toggle(ctx context.Context, request gen.ToggleChatroomForm, options ...CallOption) (*gen.Chatroom, error) {
	answer, err := run(ctx, s.client, &gen.ToggleChatroomEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return &answer.Desc, nil
}

// RequestAddress returns the addresses, each host:port, at which a client of
// ClientType enters the room.
//
// Errors: [ErrForbidden], [ErrNotFound], [ErrRoomClosed].
//
// Source: en-chatroom-2022-11-25, "Requesting the URL address of a chat room", live-2022-05,
// "tests/chatroom_test.go#Test_ReqChatRoomAddr".
func (s *RoomsService) RequestAddress(ctx context.Context, request gen.RequestAddressForm, options ...CallOption) ([]string, error) {
	answer, err := run(ctx, s.client, &gen.RequestAddressEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return answer.Addresses, nil
}

// Mute mutes (Mute true) or unmutes a whole room and returns whether it was
// done. In a muted room only the owner and managers can speak. The operator is the
// owner or a manager.
//
// Errors: [ErrForbidden], [ErrNotFound].
//
// Source: en-chatroom-2022-11-25, "Muting all members in the chat room".
func (s *RoomsService) Mute(ctx context.Context, request gen.MuteChatroomForm, options ...CallOption) (bool, error) {
	answer, err := run(ctx, s.client, &gen.MuteChatroomEndpoint, request, options)
	if err != nil {
		return false, err
	}
	return answer.Desc.Success, nil
}

// ListByCreator returns the ids of the open rooms that an account created, none for
// an account without rooms.
//
// Errors: [ErrBadParameter] for an empty creator, [ErrForbidden].
//
// Source: en-chatroom-2022-11-25, "Querying the list of chat rooms created by users".
func (s *RoomsService) ListByCreator(ctx context.Context, request gen.ListUserChatroomsForm, options ...CallOption) ([]gen.RoomID, error) {
	answer, err := run(ctx, s.client, &gen.ListUserChatroomsEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return answer.Desc.RoomIDs, nil
}

// SetEntryNotification turns the notifications about members entering and
// leaving a room off (Close true) or on.
//
// Errors: [ErrForbidden] when the app lacks the feature, [ErrNotFound].
//
// Source: en-chatroom-2022-11-25, "Turning off notifications for joining or leaving specified chat rooms".
func (s *RoomsService) SetEntryNotification(ctx context.Context, request gen.SetEntryNotificationForm, options ...CallOption) error {
	_, err := run(ctx, s.client, &gen.SetEntryNotificationEndpoint, request, options)
	return err
}
