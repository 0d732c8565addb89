package wrapper

import (
	"context"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// TagsService works on members by the tags they logged in with. It is reached as [Client].Tags.
type TagsService struct{ service }

// Mute keeps everyone with TargetTag from speaking for MuteDuration, up to 30
// days, or lifts such a mute with 0.
// Parts of a second count as a whole one. It returns the length of the mute; of a
// lifted one, what was left: 0 also when an attempt of this call had lifted it whose
// answer was lost. The operator is the owner or a manager.
//
// Errors: [ErrForbidden], [ErrNotFound].
//
// Source: en-chatroom-2022-11-25, "Muting members by tag", zh-tags-2024-03-15, "标签禁言".
func (s *TagsService) Mute(ctx context.Context, request gen.MuteTagForm, options ...CallOption) (time.Duration, error) {
	answer, err := run(ctx, s.client, &gen.MuteTagEndpoint, request, options)
	if err != nil {
		return 0, err
	}
	return answer.Desc.MuteDuration, nil
}

// Count returns how many accounts with a tag are online; several logins of one
// account count once.
//
// Errors: [ErrForbidden], [ErrNotFound].
//
// Source: en-chatroom-2022-11-25, "Querying the number of online users by tag", zh-tags-2024-03-15, "查询标签下的在线用户数".
func (s *TagsService) Count(ctx context.Context, request gen.CountTagMembersForm, options ...CallOption) (int, error) {
	answer, err := run(ctx, s.client, &gen.CountTagMembersEndpoint, request, options)
	if err != nil {
		return 0, err
	}
	return answer.Data.OnlineUserCount, nil
}

// ListMembers returns a page of up to Limit online logins, 1 to 100, with a tag, newest first.
// Start with the zero EndTime (now); for the next page pass the EnterTime of the
// last one. Times are exact to the millisecond. An account is listed once for each of its logins.
// [TagsService.AllMembers] walks all pages.
//
// Errors: [ErrForbidden], [ErrNotFound].
//
// Source: en-chatroom-2022-11-25, "Querying online member list by tag", zh-tags-2024-03-15, "根据标签查询在线成员列表".
func (s *TagsService) ListMembers(ctx context.Context, request gen.ListTagMembersForm, options ...CallOption) ([]gen.TagMember, error) {
	answer, err := run(ctx, s.client, &gen.ListTagMembersEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return answer.Desc.Data, nil
}

// ListMessages returns up to Limit stored messages, 1 to 200, that were sent to any
// of the Tags (unproven), newest first unless Reverse says otherwise; FromTime and ToTime bound
// the time, to the millisecond; the zero time leaves that end open, as nil does.
// [TagsService.AllMessages] walks all pages.
//
// Errors: [ErrForbidden] when the app lacks the search feature, [ErrBadParameter] for
// a room id that is not valid.
//
// Source: zh-tags-2024-03-15, "根据标签查询历史消息", java-sdk-1.2.0, "IChatRoomV1Service.queryTagHistoryMsg".
func (s *TagsService) ListMessages(ctx context.Context, request gen.ListTagMessagesForm, options ...CallOption) ([]gen.HistoryMessage, error) {
	answer, err := run(ctx, s.client, &gen.ListTagMessagesEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return answer.Msgs, nil
}

// UpdateMember replaces the tags of an account in a room; an empty list takes all
// of them away. The account's clients and the room are told.
//
// Errors: [ErrNotFound] when the account is not in the room, [ErrBadParameter] for a
// room id that is not valid.
//
// Source: zh-tags-2024-03-15, "修改聊天室用户标签", java-sdk-1.2.0, "IChatRoomV1Service.updateChatRoomRoleTag".
func (s *TagsService) UpdateMember(ctx context.Context, request gen.UpdateMemberTagsForm, options ...CallOption) error {
	_, err := run(ctx, s.client, &gen.UpdateMemberTagsEndpoint, request, options)
	return err
}
