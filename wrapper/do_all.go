package wrapper

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"strconv"
	"time"

	"github.com/nimroom/nimroom/internal/pages"
	"github.com/nimroom/nimroom/internal/wire"
)

// DoAll posts a form as [Client.Do] does, to the path of an operation that returns a long list in
// pages, and yields the items of all pages, each as the JSON that came. It is for programs that
// choose the operation by its name, such as /chatroom/membersByPage.action.
//
// The field that says where a page starts, such as endtime, is where the list starts, in milliseconds
// since 1970-01-01 UTC; the list starts at its end if the field is 0 or absent. The field limit is the
// size of a page, by default the largest. Ranging and equal times work as in [MembersService.All].
//
// Errors: an *[Error] as the last pair, with a nil item: the errors of Do; [ErrBadParameter] for a path
// whose operation has no pages, and for a start or a limit that is no number; [ErrBadResponse] for an
// item without what identifies it; [ErrStuckCursor].
//
// Source: the pages of the vendor that describe the path.
func (c *Client) DoAll(ctx context.Context, path string, form url.Values, options ...CallOption) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		p, err := c.pagerOf(path, form, options)
		if err != nil {
			yield(nil, err)
			return
		}
		for item, err := range p.all(ctx) {
			if !yield(item.JSON, err) {
				return
			}
		}
	}
}

// pagerOf returns the pager of a form.
func (c *Client) pagerOf(path string, form url.Values, options []CallOption) (*pager[pages.Item, string], error) {
	operation := operationFor(path, form)
	page := operation.Page
	wrong := func(format string, args ...any) error {
		return &Error{Operation: operation.ID, kind: ErrBadParameter, cause: fmt.Errorf(format, args...)}
	}
	if page == nil {
		return nil, wrong("the operation returns no pages")
	}
	oldestFirst := pages.OldestFirst(page, form.Get)
	cursor := pages.Cursor(page, oldestFirst)
	start, err := strconv.ParseInt(cmp.Or(form.Get(cursor), "0"), 10, 64)
	if err != nil || start < 0 {
		return nil, wrong("%s: want milliseconds since 1970-01-01 UTC", cursor)
	}
	limit, err := strconv.Atoi(cmp.Or(form.Get(page.Limit), "0"))
	if err != nil || limit < 0 || limit > page.Maximum {
		return nil, wrong("%s: want a number up to %d", page.Limit, page.Maximum)
	}
	return &pager[pages.Item, string]{
		operation:   operation,
		start:       wire.FromMillis(start),
		limit:       limit,
		oldestFirst: oldestFirst,
		at:          func(item *pages.Item) time.Time { return item.Time },
		key:         func(item *pages.Item) string { return item.Key },
		fetch: func(ctx context.Context, at time.Time, limit int) ([]pages.Item, error) {
			form := maps.Clone(form)
			if form == nil {
				form = url.Values{}
			}
			form.Set(page.Limit, strconv.Itoa(limit))
			if !at.IsZero() {
				form.Set(cursor, strconv.FormatInt(wire.Millis(at), 10))
			} else if page.Cursor != "" {
				form.Set(cursor, strconv.FormatInt(page.Start, 10))
			}
			items, err := post(ctx, c, path, form, func(d *wire.Decoder) (*[]pages.Item, error) { return pages.Read(page, d) }, options)
			if err != nil {
				return nil, err
			}
			return *items, nil
		},
	}, nil
}
