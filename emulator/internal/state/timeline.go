package state

import (
	"cmp"
	"slices"
)

// timed is what has a place in a timeline, in Unix milliseconds.
type timed interface {
	comparable
	moment() int64
}

// timeline keeps values by their time, oldest first. A room gives no two of
// its members, logins or messages the same time, so that a time is a cursor
// no page loses or repeats a row at.
type timeline[T timed] []T

func (t timeline[T]) search(at int64) int {
	i, _ := slices.BinarySearchFunc(t, at, func(v T, at int64) int { return cmp.Compare(v.moment(), at) })
	return i
}

func (t *timeline[T]) insert(v T) {
	if n := len(*t); n == 0 || (*t)[n-1].moment() < v.moment() {
		*t = append(tight(*t), v) // nearly always: time goes forward
		return
	}
	*t = slices.Insert(*t, t.search(v.moment()), v)
}

func (t *timeline[T]) remove(v T) {
	if i := t.search(v.moment()); i < len(*t) && (*t)[i] == v {
		*t = slices.Delete(*t, i, i+1)
	}
}

// page returns up to limit values that keep wants, newest first, strictly
// before the time end; all times when end is 0.
func (t timeline[T]) page(end int64, limit int, keep func(T) bool) []T {
	from := len(t)
	if end > 0 {
		from = t.search(end)
	}
	page := make([]T, 0, min(limit, from))
	for i := from - 1; i >= 0 && len(page) < limit; i-- {
		if keep == nil || keep(t[i]) {
			page = append(page, t[i])
		}
	}
	return page
}
