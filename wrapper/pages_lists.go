package wrapper

import (
	"context"
	"iter"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// The operations with pages; their Page says how many rows fit on one.
var (
	listMembers     = gen.ListMembersEndpoint.Operation
	listTagMembers  = gen.ListTagMembersEndpoint.Operation
	listTagMessages = gen.ListTagMessagesEndpoint.Operation
)

// All yields all members of one kind, newest first, reading page after page
// with [MembersService.List]:
//
//	for member, err := range client.Members.All(ctx, request) {
//		if err != nil {
//			return err
//		}
//		...
//	}
//
// EndTime is where the list starts, now when zero. Limit is the size of a page,
// 100 at most and when 0; pages grow where more members than that
// entered in one millisecond. Each member is yielded once; each range starts anew
// and leaves the request as it is; leaving the loop ends the requests. The list
// ends with a request that brings nothing new, so there is one more than there
// are pages. A [WithRawResponse] holds the last page's.
//
// Errors: an *[Error] as the last pair, with a zero member: those of List, and
// [ErrStuckCursor].
//
// Source: en-chatroom-2022-11-25, "Getting a paginated list of members", en-members-2022-12-13, "Get a paginated list of participants".
func (s *MembersService) All(ctx context.Context, request ListMembersForm, options ...CallOption) iter.Seq2[Member, error] {
	p := pager[Member, string]{
		operation: listMembers,
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

// login tells the logins of an account apart.
type login struct {
	accid, tags, notifyTargetTags string
	enterTime                     int64 // in milliseconds
}

// AllMembers yields all online logins with a tag, newest first, reading page
// after page with [TagsService.ListMembers]. An account is yielded once for
// each of its logins.
//
// EndTime is where the list starts, now when zero. Limit is the size of a page,
// 100 at most and when 0. What [MembersService.All] says of ranging and of equal
// times holds here too.
//
// Errors: an *[Error] as the last pair: those of ListMembers, and [ErrStuckCursor].
//
// Source: en-chatroom-2022-11-25, "Querying online member list by tag", zh-tags-2024-03-15, "根据标签查询在线成员列表".
func (s *TagsService) AllMembers(ctx context.Context, request ListTagMembersForm, options ...CallOption) iter.Seq2[TagMember, error] {
	p := pager[TagMember, login]{
		operation: listTagMembers,
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

// post tells the messages of one millisecond apart.
type post struct {
	id, from string
	time     int64 // in milliseconds
}

// AllMessages yields all stored messages that were sent to any of the tags, in
// the order that Reverse asks for (newest first when nil), reading page after
// page with [TagsService.ListMessages] and moving the near end of the time
// window along.
//
// FromTime and ToTime bound the window; nil or the zero time leaves that end
// open. Limit is the size of a page, 200 at most and when nil or 0. What
// [MembersService.All] says of ranging and of equal times holds here too. Oldest
// first, messages that are sent meanwhile are yielded as well.
//
// Errors: an *[Error] as the last pair: those of ListMessages, and [ErrStuckCursor].
//
// Source: zh-tags-2024-03-15, "根据标签查询历史消息".
func (s *TagsService) AllMessages(ctx context.Context, request ListTagMessagesForm, options ...CallOption) iter.Seq2[HistoryMessage, error] {
	oldestFirst := valueOf(request.Reverse) == HistoryOrderOldestFirst
	start := valueOf(request.ToTime)
	if oldestFirst {
		start = valueOf(request.FromTime)
	}
	p := pager[HistoryMessage, post]{
		operation:   listTagMessages,
		start:       start,
		limit:       valueOf(request.Limit),
		oldestFirst: oldestFirst,
		at:          func(m *HistoryMessage) time.Time { return m.SendTime },
		key:         func(m *HistoryMessage) post { return post{m.MsgID, m.From, m.SendTime.UnixMilli()} },
		fetch: func(ctx context.Context, cursor time.Time, limit int) ([]HistoryMessage, error) {
			page := request
			page.Limit = &limit
			switch {
			case cursor.IsZero(): // the end that the caller left open
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
