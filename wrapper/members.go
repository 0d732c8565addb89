package wrapper

import (
	"context"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// MembersService reads the members of a room, sets their roles, mutes them and changes their profiles. It is reached as [Client].Members.
type MembersService struct{ service }

// List returns a page of up to Limit members, 1 to 100, of one kind, newest first. Start
// with the zero EndTime (now); for the next page pass the EnterTime of the last member.
// Times are exact to the millisecond. [MembersService.All] walks all pages.
//
// Errors: [ErrForbidden], [ErrNotFound].
//
// Source: en-chatroom-2022-11-25, "Getting a paginated list of members", en-members-2022-12-13, "Get a paginated list of participants".
func (s *MembersService) List(ctx context.Context, request gen.ListMembersForm, options ...CallOption) ([]gen.Member, error) {
	answer, err := run(ctx, s.client, &gen.ListMembersEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return answer.Desc.Data, nil
}

// Get returns those of up to 200 accounts (Accids) that are online in the room.
// [MembersService.GetMany] takes any number.
//
// Errors: [ErrForbidden], [ErrNotFound].
//
// Source: en-chatroom-2022-11-25, "Get mutiple online member profiles at a time", en-members-2022-12-13, "Get a list of online participants".
func (s *MembersService) Get(ctx context.Context, request gen.GetMembersForm, options ...CallOption) ([]gen.Member, error) {
	answer, err := run(ctx, s.client, &gen.GetMembersEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return answer.Desc.Data, nil
}

// ListByRole returns the fixed members with any of the roles asked for, online or
// not. A role that is nil or false is not asked for.
//
// Errors: [ErrForbidden], [ErrNotFound].
//
// Source: en-members-2022-12-13, "Query participants by role".
func (s *MembersService) ListByRole(ctx context.Context, request gen.ListMembersByRoleForm, options ...CallOption) ([]gen.Member, error) {
	answer, err := run(ctx, s.client, &gen.ListMembersByRoleEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return answer.Desc.Data, nil
}

// SetRole sets (OptValue true) or unsets a role of Target and returns the role as
// it is now. Managers are appointed by the owner alone, the other roles by the owner
// or a manager. Target need not be in the room. A member unset that is neither
// blocklisted nor muted becomes a visitor.
//
// NotifyExt takes up to 2048 characters.
//
// Errors: [ErrForbidden], [ErrNotFound], [ErrDuplicate], [ErrOverLimit],
// [ErrRoomClosed].
//
// Source: en-chatroom-2022-11-25, "Setting user roles in the chat room".
func (s *MembersService) SetRole(ctx context.Context, request gen.SetMemberRoleForm, options ...CallOption) (*gen.MemberRole, error) {
	answer, err := run(ctx, s.client, &gen.SetMemberRoleEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return &answer.Desc, nil
}

// Mute keeps Target from speaking for MuteDuration, up to 30 days, or lifts such a
// mute with 0. Parts of a second count as a whole one. It returns the length of the mute; of a
// lifted one, what was left: 0 also when an attempt of this call had lifted it whose
// answer was lost. The operator is the owner or a manager. Target need not
// be in the room.
//
// NotifyExt takes up to 2048 characters.
//
// Errors: [ErrForbidden], [ErrNotFound], [ErrDuplicate], [ErrOverLimit],
// [ErrRoomClosed].
//
// Source: en-chatroom-2022-11-25, "Setting temporary mute status".
func (s *MembersService) Mute(ctx context.Context, request gen.MuteMemberForm, options ...CallOption) (time.Duration, error) {
	answer, err := run(ctx, s.client, &gen.MuteMemberEndpoint, request, options)
	if err != nil {
		return 0, err
	}
	return answer.Desc.MuteDuration, nil
}

// Update changes an account's nickname (Nick, up to 64 characters), avatar or extension
// field in one room; what is left nil stays. With Save the change outlives the
// member's stay, which works for fixed members only.
//
// NotifyExt takes up to 2048 characters.
//
// Errors: [ErrForbidden], [ErrNotFound].
//
// Source: en-chatroom-2022-11-25, "Changing user profiles in a chat room".
func (s *MembersService) Update(ctx context.Context, request gen.UpdateMemberForm, options ...CallOption) error {
	_, err := run(ctx, s.client, &gen.UpdateMemberEndpoint, request, options)
	return err
}
