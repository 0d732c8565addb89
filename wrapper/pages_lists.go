package wrapper

import (
	"context"
	"iter"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// All yields all members of one kind, newest first. It reads page after page with
// [MembersService.List]:
//
//	for member, err := range client.Members.All(ctx, request) {
//		if err != nil {
//			return err
//		}
//		...
//	}
//
// The list starts at EndTime, or now if that is zero. Limit is the size of a page, at most
// 100 and by default 100. All reads larger pages where more members than that entered in one
// millisecond. It yields each member once. Each range starts again and does not change the
// request, and no request follows once the loop ends. The list ends with a page that has
// nothing new, so there is one more request than there are pages. [WithRawResponse] stores
// the last page.
//
// Errors: an *[Error] as the last pair, with a zero member: the errors of List, and
// [ErrStuckCursor].
//
// Source: en-chatroom-2022-11-25, "Getting a paginated list of members", en-members-2022-12-13, "Get a paginated list of participants".
func (s *MembersService) All(ctx context.Context, request ListMembersForm, options ...CallOption) iter.Seq2[Member, error] {
	p := pager[Member, string]{
		operation: gen.ListMembersEndpoint.Operation,
		start:     request.EndTime,
		limit:     request.Limit,
		at:        func(m *Member) time.Time { return m.EnterTime },
		key:       func(m *Member) string { return m.Accid },
		fetch: func(ctx context.Context, cursor time.Time, limit int) ([]Member, error) {
			page := request
			page.EndTime, page.Limit = cursor, limit
			return s.List(ctx, page, options...)
		},
	}
	return p.all(ctx)
}

// login distinguishes the logins of an account.
type login struct {
	accid, tags, notifyTargetTags string
	enterTime                     int64 // in milliseconds
}

// AllMembers yields all online logins with a tag, newest first. It reads page after page
// with [TagsService.ListMembers]. It yields an account once for each of its logins.
//
// The list starts at EndTime, or now if that is zero. Limit is the size of a page, at most
// 100 and by default 100. Ranging and equal times work as in [MembersService.All].
//
// Errors: an *[Error] as the last pair: the errors of ListMembers, and [ErrStuckCursor].
//
// Source: en-chatroom-2022-11-25, "Querying online member list by tag", zh-tags-2024-03-15, "根据标签查询在线成员列表".
func (s *TagsService) AllMembers(ctx context.Context, request ListTagMembersForm, options ...CallOption) iter.Seq2[TagMember, error] {
	p := pager[TagMember, login]{
		operation: gen.ListTagMembersEndpoint.Operation,
		start:     request.EndTime,
		limit:     request.Limit,
		at:        func(m *TagMember) time.Time { return m.EnterTime },
		key: func(m *TagMember) login {
			return login{m.Accid, m.Tags, m.NotifyTargetTags, m.EnterTime.UnixMilli()}
		},
		fetch: func(ctx context.Context, cursor time.Time, limit int) ([]TagMember, error) {
			page := request
			page.EndTime, page.Limit = cursor, limit
			return s.ListMembers(ctx, page, options...)
		},
	}
	return p.all(ctx)
}

// messageKey distinguishes the messages of one millisecond.
type messageKey struct {
	id, from string
	time     int64 // in milliseconds
}

// AllMessages yields all stored messages that were sent to any of the tags, newest first
// unless Reverse asks for the opposite order. It reads page after page with
// [TagsService.ListMessages] and moves one end of the time window.
//
// FromTime and ToTime bound the window; nil or the zero time leaves that end open. Limit is
// the size of a page, at most 200 and by default 200. Ranging and equal times work as in
// [MembersService.All]. If the oldest messages come first, AllMessages also yields messages
// that are sent meanwhile.
//
// Errors: an *[Error] as the last pair: the errors of ListMessages, and [ErrStuckCursor].
//
// Source: zh-tags-2024-03-15, "根据标签查询历史消息".
func (s *TagsService) AllMessages(ctx context.Context, request ListTagMessagesForm, options ...CallOption) iter.Seq2[HistoryMessage, error] {
	oldestFirst := valueOf(request.Reverse) == HistoryOrderOldestFirst
	start := valueOf(request.ToTime)
	if oldestFirst {
		start = valueOf(request.FromTime)
	}
	p := pager[HistoryMessage, messageKey]{
		operation:   gen.ListTagMessagesEndpoint.Operation,
		start:       start,
		limit:       valueOf(request.Limit),
		oldestFirst: oldestFirst,
		at:          func(m *HistoryMessage) time.Time { return m.SendTime },
		key: func(m *HistoryMessage) messageKey {
			return messageKey{m.MsgID, m.From, m.SendTime.UnixMilli()}
		},
		fetch: func(ctx context.Context, cursor time.Time, limit int) ([]HistoryMessage, error) {
			page := request
			page.Limit = &limit
			switch {
			case cursor.IsZero(): // the caller left this end open
			case oldestFirst:
				page.FromTime = &cursor
			default:
				page.ToTime = &cursor
			}
			return s.ListMessages(ctx, page, options...)
		},
	}
	return p.all(ctx)
}

// All yields all entries of a room's history from Timetag on, newest first unless Reverse
// asks for the opposite order. It reads page after page with [HistoryService.List].
//
// A zero Timetag starts at the end: now, or at the oldest entry. Limit is the size of a page,
// at most 200 and by default 200. Ranging and equal times work as in [MembersService.All]. If
// the oldest entries come first, All also yields entries that are added meanwhile.
//
// Errors: an *[Error] as the last pair: the errors of List, and [ErrStuckCursor].
//
// Source: java-sdk-1.2.0, "IHistoryV1Service.queryChatroomMsg".
func (s *HistoryService) All(ctx context.Context, request ListHistoryForm, options ...CallOption) iter.Seq2[HistoryEntry, error] {
	p := pager[HistoryEntry, messageKey]{
		operation:   gen.ListHistoryEndpoint.Operation,
		start:       request.Timetag,
		limit:       request.Limit,
		oldestFirst: valueOf(request.Reverse) == HistoryDirectionForward,
		at:          func(m *HistoryEntry) time.Time { return m.SendTime },
		key:         func(m *HistoryEntry) messageKey { return messageKey{m.MsgID, m.From, m.SendTime.UnixMilli()} },
		fetch: func(ctx context.Context, cursor time.Time, limit int) ([]HistoryEntry, error) {
			page := request
			page.Timetag, page.Limit = cursor, limit
			return s.List(ctx, page, options...)
		},
	}
	return p.all(ctx)
}
