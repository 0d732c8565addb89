package wrapper

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// ErrStuckCursor means that a list could not be read to its end, because the service
// returned the same page again or a page that went back in time. This also happens if more
// rows than a page holds have the same millisecond. The iterator has yielded all rows before
// that point. To continue, start a new list at the time of the last row; it leaves out the
// other rows of that millisecond.
var ErrStuckCursor = errors.New("stuck cursor")

// pager reads a list that the service returns in pages, sorted by time. The zero time
// stands for no time.
//
// No document says whether a page starts at its cursor or right after it. The pages
// therefore overlap by one millisecond, which loses no row in either case, and the pager
// drops rows that it has seen. A page that is not full does not end the list, because the
// service may remove rows from a page. A page without new rows ends it.
type pager[T any, K comparable] struct {
	operation   *gen.Operation
	start       time.Time // cursor of the first page
	limit       int       // rows of a page, 0 for the maximum
	oldestFirst bool
	fetch       func(ctx context.Context, cursor time.Time, limit int) ([]T, error)
	at          func(*T) time.Time // the time of a row, in milliseconds
	key         func(*T) K         // distinguishes rows with the same time
}

// walk is the state of one pass over a list.
type walk[K comparable] struct {
	cursor    time.Time
	limit     int
	edge      time.Time // the time of the farthest row so far
	seen      map[K]int // how many rows of each key the next page may repeat
	inclusive bool      // a page has started at its cursor
	done      bool
}

// all returns an iterator that yields every row once. Each range over it is a new pass.
func (p *pager[T, K]) all(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		w := walk[K]{cursor: p.start.Truncate(time.Millisecond), limit: p.limit}
		if w.limit == 0 {
			w.limit = p.operation.Page.Maximum
		}
		for !w.done {
			rows, err := p.fetch(ctx, w.cursor, w.limit)
			if err == nil {
				rows, err = p.advance(&w, rows)
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if err != nil {
				yield(*new(T), err)
				return
			}
		}
	}
}

// advance returns the new rows of a page and moves the cursor. It returns an error if the
// cursor cannot move.
func (p *pager[T, K]) advance(w *walk[K], page []T) ([]T, error) {
	var fresh []T
	var edge time.Time
	counts := make(map[K]int, len(page)) // rows can be equal: an account that is logged in twice
	for i := range page {
		key, at := p.key(&page[i]), p.at(&page[i])
		if counts[key]++; counts[key] > w.seen[key] {
			fresh = append(fresh, page[i])
		}
		if at.After(epoch) && at.Equal(w.cursor) {
			w.inclusive = true
		}
		if at.After(epoch) && (edge.IsZero() || p.beyond(at, edge)) {
			edge = at
		}
	}
	full := len(page) >= w.limit
	switch {
	case !full && (len(fresh) == 0 || edge.IsZero()):
		w.done = true
		return fresh, nil
	case len(fresh) == 0 && w.limit < p.operation.Page.Maximum:
		w.limit = p.operation.Page.Maximum // the page is too small for the rows of this millisecond
		return nil, nil
	case len(fresh) == 0:
		return nil, p.stuck(w, "none of %d rows is new", len(page))
	case edge.IsZero():
		return fresh, p.stuck(w, "%d rows have no time", len(page))
	case !w.edge.IsZero() && p.beyond(w.edge, edge):
		return nil, p.stuck(w, "the page went back to %s", stamp(edge))
	}
	if edge.Equal(w.edge) {
		for key, n := range w.seen {
			counts[key] = max(counts[key], n)
		}
	}
	w.seen, w.edge, w.cursor = counts, edge, p.next(w, edge)
	return fresh, nil
}

// beyond reports whether time a comes after time b in the list's order.
func (p *pager[T, K]) beyond(a, b time.Time) bool {
	if p.oldestFirst {
		return a.After(b)
	}
	return a.Before(b)
}

// next returns the cursor of the page that follows a row of time edge.
func (p *pager[T, K]) next(w *walk[K], edge time.Time) time.Time {
	switch {
	case w.inclusive:
		return edge
	case p.oldestFirst:
		return edge.Add(-time.Millisecond)
	}
	return edge.Add(time.Millisecond)
}

func (p *pager[T, K]) stuck(w *walk[K], format string, args ...any) error {
	return &Error{
		Operation: p.operation.ID,
		kind:      ErrStuckCursor,
		cause:     fmt.Errorf("at %s: "+format, append([]any{stamp(w.cursor)}, args...)...),
	}
}

// epoch is 0 on the wire. No row has a time before it.
var epoch = time.Unix(0, 0)

// stamp returns a time as an error shows it. A list starts now if its cursor is zero.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "now"
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
