package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
)

// pageSize is how many rooms or members are on a page.
const pageSize = 50

// span is where a page of a list is in the list.
type span struct {
	Total int // of all pages
	// From and To are the places of the first and the last row, from 1; Back and
	// Forth are the numbers of the pages beside, 0 if there is none.
	From, To, Back, Forth int
}

// paged returns the page of a list that ?page= asks for, from 1, or the last one
// if there are fewer.
func paged[T any](r *http.Request, all []T) ([]T, span) {
	last := max(1, (len(all)+pageSize-1)/pageSize)
	number, _ := strconv.Atoi(r.FormValue("page")) // no number is the first page
	number = min(max(1, number), last)
	from := (number - 1) * pageSize
	rows := all[from:min(from+pageSize, len(all))]
	s := span{Total: len(all), From: from + 1, To: from + len(rows), Back: number - 1}
	if number < last {
		s.Forth = number + 1
	}
	return rows, s
}

// roomStates select rooms by the parameter state.
var roomStates = []choice[*state.Room]{
	{"all", func(*state.Room) bool { return true }},
	{"open", func(r *state.Room) bool { return r.Open }},
	{"closed", func(r *state.Room) bool { return !r.Open }},
	{"muted", func(r *state.Room) bool { return r.Muted }},
	{"online", func(r *state.Room) bool { return r.CountOnline() > 0 }},
}

// choice is a way to select from a list.
type choice[T any] struct {
	Name string
	has  func(T) bool
}

// tab is a choice with how many it selects.
type tab struct {
	Name  string
	Count int
	Is    bool
}

// choose returns what the choice named selects, and the tabs of all choices. The
// first one is taken for an unknown name.
func choose[T any](all []T, choices []choice[T], name string) (chosen []T, tabs []tab) {
	is := max(0, slices.IndexFunc(choices, func(c choice[T]) bool { return c.Name == name }))
	for i, c := range choices {
		count := 0
		for _, one := range all {
			if c.has(one) {
				count++
				if i == is {
					chosen = append(chosen, one)
				}
			}
		}
		tabs = append(tabs, tab{c.Name, count, i == is})
	}
	return chosen, tabs
}

// contains reports whether one of some texts has a part, without regard to case.
func contains(part string, texts ...string) bool {
	part = strings.ToLower(strings.TrimSpace(part))
	return part == "" || slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(strings.ToLower(text), part) })
}

// roomsData is what the page of the rooms shows.
type roomsData struct {
	Query string
	Tabs  []tab
	Rows  []roomRow
	Span  span
	Any   bool // there are rooms, chosen or not
}

type roomRow struct {
	ID            int64
	Name, Creator string
	Open, Muted   bool
	Online, Queue int
	Last          *Moment // the latest message
}

func (c *Console) readRooms(r *http.Request, v *view) (any, error) {
	data := roomsData{Query: r.FormValue("q")}
	err := c.Engine.Read(func(s *state.State, now time.Time) error {
		found, _ := s.Rooms(now, 0, s.CountRooms(), func(room *state.Room) bool {
			return contains(data.Query, strconv.FormatInt(room.ID, 10), room.Name, room.Creator)
		})
		slices.Reverse(found) // the latest first
		data.Any = s.CountRooms() > 0
		found, data.Tabs = choose(found, roomStates, r.FormValue("state"))
		found, data.Span = paged(r, found)
		for _, room := range found {
			row := roomRow{ID: room.ID, Name: room.Name, Creator: room.Creator, Open: room.Open, Muted: room.Muted, Online: room.CountOnline(), Queue: len(room.Queue())}
			if room.LastMessage > 0 {
				at := v.At(time.UnixMilli(room.LastMessage))
				row.Last = &at
			}
			data.Rows = append(data.Rows, row)
		}
		return nil
	})
	return data, err
}
