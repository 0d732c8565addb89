package wrapper_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/long"
	"github.com/nimroom/nimroom/wrapper"
)

// row is what the lists below are made of.
type row struct {
	id   string
	time int64
}

// pageServer serves rows in pages as the spec's Page says that the operation
// does: which fields it reads and where it puts the list come from there.
type pageServer struct {
	operation *gen.Operation
	rows      []row
	inclusive bool // a page starts at the cursor, not after it
	shuffle   *rand.Rand
	requests  []url.Values
	change    func(request int, page []row) []row // changes a page on its way
}

func (s *pageServer) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	s.requests = append(s.requests, form)
	page := s.page(form)
	if s.change != nil {
		page = s.change(len(s.requests), page)
	}
	return respond(r, 200, s.json(page)), nil
}

func (s *pageServer) page(form url.Values) []row {
	number := func(field string) int64 { n, _ := strconv.ParseInt(form.Get(field), 10, 64); return n }
	p := s.operation.Page
	from, to, oldestFirst := int64(0), number(p.Cursor), false
	if p.Window != nil {
		from, to = number(p.Window[0]), number(p.Window[1])
	}
	if oldestFirst = p.Order != "" && form.Get(p.Order) == p.OldestFirst; oldestFirst && p.Window == nil {
		from, to = to, 0
	}
	rows := slices.Clone(s.rows)
	if s.shuffle != nil { // rows of one time in any order
		s.shuffle.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		if oldestFirst {
			a, b = b, a
		}
		return cmp.Compare(b.time, a.time)
	})
	rows = slices.DeleteFunc(rows, func(r row) bool {
		outside := from != 0 && r.time < from || to != 0 && r.time > to
		return outside || !s.inclusive && (from != 0 && r.time == from || to != 0 && r.time == to)
	})
	return rows[:min(len(rows), int(number(p.Limit)))]
}

func (s *pageServer) json(page []row) string {
	items := make([]map[string]any, len(page))
	for i, r := range page {
		id, more, _ := strings.Cut(r.id, "/")
		items[i] = map[string]any{"accid": id, "msgid": id, "tags": more, "from": more, "type": "COMMON", s.operation.Page.From: r.time}
		if s.operation.Page.Order != "" {
			items[i]["type"] = 0
		}
	}
	var value any = items
	path := strings.Split(s.operation.Page.Items, ".")
	for i := len(path) - 1; i > 0; i-- {
		value = map[string]any{path[i]: value}
	}
	text, _ := json.Marshal(map[string]any{"code": 200, path[0]: value})
	return string(text)
}

// pagedList is one way to read rows through the client.
type pagedList struct {
	name      string
	operation *gen.Operation
	all       func(ctx context.Context, c *wrapper.Client, start int64, limit int) iter.Seq2[row, error]
	oldest    bool
}

// pagedLists are all ways there are, in every order: the methods that read all pages, and DoAll.
var pagedLists = func() (lists []pagedList) {
	for _, operation := range gen.Operations {
		page := operation.Page
		if page == nil {
			continue
		}
		orders := []string{""}
		for _, f := range operation.Fields {
			if f.Name == page.Order {
				orders = append(orders, f.Values...)
			}
		}
		for _, order := range orders {
			oldest := order != "" && order == page.OldestFirst
			for _, way := range append(pagersOf(operation), way{"DoAll", rawly}) {
				lists = append(lists, pagedList{way.name + " of " + operation.ID + order, operation, func(ctx context.Context, c *wrapper.Client, start int64, limit int) iter.Seq2[row, error] {
					form, _ := url.ParseQuery(operation.Example)
					for _, field := range append([]string{page.Order}, page.Window...) {
						form.Del(field)
					}
					form.Set(page.Limit, strconv.Itoa(limit))
					if order != "" {
						form.Set(page.Order, order)
					}
					switch at := strconv.FormatInt(start, 10); {
					case page.Window == nil:
						form.Set(page.Cursor, at)
					case start != 0 && oldest:
						form.Set(page.Window[0], at)
					case start != 0:
						form.Set(page.Window[1], at)
					}
					return way.all(ctx, c, operation, form)
				}, oldest})
			}
		}
	}
	return lists
}()

type way struct {
	name string
	all  func(ctx context.Context, c *wrapper.Client, operation *gen.Operation, form url.Values) iter.Seq2[row, error]
}

// pagersOf finds the methods that read all pages of an operation.
func pagersOf(operation *gen.Operation) (ways []way) {
	bind := func(form url.Values) reflect.Value {
		fields, err := gen.ParseForm(form.Encode())
		if err != nil {
			panic(err)
		}
		bound, err := operation.Bind(fields)
		if err != nil {
			panic(err)
		}
		return reflect.ValueOf(bound)
	}
	example, _ := url.ParseQuery(operation.Example)
	services := reflect.TypeFor[wrapper.Services]()
	for i := range services.NumField() {
		for j := range services.Field(i).Type.NumMethod() {
			method := services.Field(i).Type.Method(j)
			if method.Type.NumIn() < 3 || method.Type.In(2) != bind(example).Type() || method.Type.Out(0).Kind() != reflect.Func {
				continue
			}
			ways = append(ways, way{services.Field(i).Name + "." + method.Name, func(ctx context.Context, c *wrapper.Client, operation *gen.Operation, form url.Values) iter.Seq2[row, error] {
				list := method.Func.Call([]reflect.Value{reflect.ValueOf(c.Services).Field(i), reflect.ValueOf(ctx), bind(form)})[0]
				return func(yield func(row, error) bool) {
					for item, e := range list.Seq2() {
						text, _ := json.Marshal(item.Interface())
						err, _ := e.Interface().(error)
						if !yield(rowOf(operation.Page, text), err) {
							return
						}
					}
				}
			}})
		}
	}
	if len(ways) == 0 {
		panic("no method reads all pages of " + operation.ID)
	}
	return ways
}

// rawly reads a list through DoAll.
func rawly(ctx context.Context, c *wrapper.Client, operation *gen.Operation, form url.Values) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for item, err := range c.DoAll(ctx, operation.Path, form) {
			if !yield(rowOf(operation.Page, item), err) {
				return
			}
		}
	}
}

// rowOf returns an item as a row, whose id is the key of the item without its time.
func rowOf(page *gen.Page, item json.RawMessage) (r row) {
	var members map[string]any
	if item == nil || json.Unmarshal(item, &members) != nil {
		return row{}
	}
	for _, name := range page.Key {
		if text, _ := members[name].(string); text != "" && name != page.From {
			r.id = strings.TrimPrefix(r.id+"/"+text, "/")
		}
	}
	switch at := members[page.From].(type) {
	case float64:
		r.time = int64(at)
	case string:
		r.time, _ = strconv.ParseInt(at, 10, 64)
	}
	return r
}

// collect reads a list until its end or error.
func collect[T any](list iter.Seq2[T, error]) ([]T, error) {
	all := []T{}
	for v, e := range list {
		if e != nil {
			return all, e
		}
		all = append(all, v)
	}
	return all, nil
}

// TestPagesLoseAndRepeatNothing reads random lists in which many rows have the
// same time, at page sizes that cut through them, from servers of every kind.
func TestPagesLoseAndRepeatNothing(t *testing.T) {
	rounds := long.Rounds(t, 30, 120)
	for _, list := range pagedLists {
		t.Run(list.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			for round := range rounds {
				server := &pageServer{operation: list.operation, inclusive: round%2 == 0}
				if round%3 == 0 {
					server.shuffle = random
				}
				at := int64(1_700_000_000_000)
				for i := range random.IntN(250) {
					if random.IntN(4) == 0 {
						at += int64(random.IntN(3)) // gaps of 1 matter most
					}
					server.rows = append(server.rows, row{fmt.Sprint("r", i), at})
				}
				start := int64(0)
				if round%5 == 0 && len(server.rows) > 0 {
					start = server.rows[random.IntN(len(server.rows))].time
				}
				limit := []int{0, 1, 2, 3, 7, 20, 100}[random.IntN(7)]
				client := newTransportClient(t, server.RoundTrip)
				got, err := collect(list.all(t.Context(), client, start, limit))
				require.NoError(t, err, "round %d", round)

				want := slices.DeleteFunc(append([]row{}, server.rows...), func(r row) bool {
					if start == 0 || r.time == start && server.inclusive {
						return false
					}
					return r.time == start || list.oldest != (r.time > start)
				})
				assert.True(t, slices.IsSortedFunc(got, func(a, b row) int {
					if list.oldest {
						a, b = b, a
					}
					return cmp.Compare(b.time, a.time)
				}), "round %d: order", round)
				byID := func(a, b row) int { return cmp.Compare(a.id, b.id) }
				slices.SortFunc(got, byID)
				slices.SortFunc(want, byID)
				require.Equal(t, want, got, "round %d, limit %d, start %d", round, limit, start)
			}
		})
	}
}

// TestPagesAskForTheMostByDefault holds the page size to the spec's, and counts
// requests: pages overlap by a row, and the last one has nothing new.
func TestPagesAskForTheMostByDefault(t *testing.T) {
	for _, list := range pagedLists {
		server := &pageServer{operation: list.operation, rows: spread(450)}
		rows, err := collect(list.all(t.Context(), newTransportClient(t, server.RoundTrip), 0, 0))
		require.NoError(t, err, list.name)
		assert.Len(t, rows, 450)
		most := list.operation.Page.Maximum
		for _, form := range server.requests {
			assert.Equal(t, strconv.Itoa(most), form.Get(list.operation.Page.Limit))
		}
		assert.Len(t, server.requests, 450/(most-1)+2, list.name)
	}
}

// spread makes rows of different times.
func spread(n int) []row {
	rows := make([]row, n)
	for i := range rows {
		rows[i] = row{fmt.Sprint("r", i), 1_700_000_000_000 + int64(i)*10}
	}
	return rows
}

func TestEmptyListEndsAtOnce(t *testing.T) {
	for _, list := range pagedLists {
		server := &pageServer{operation: list.operation}
		rows, err := collect(list.all(t.Context(), newTransportClient(t, server.RoundTrip), 0, 0))
		require.NoError(t, err)
		assert.Empty(t, rows)
		assert.Len(t, server.requests, 1)
	}
}

// TestShortPagesDoNotEndAList is about servers that take rows off a page after
// they cut it.
func TestShortPagesDoNotEndAList(t *testing.T) {
	server := &pageServer{operation: gen.ListMembersEndpoint.Operation, rows: spread(400)}
	server.change = func(_ int, page []row) []row {
		return slices.DeleteFunc(page, func(r row) bool { return strings.HasSuffix(r.id, "7") })
	}
	members := newTransportClient(t, server.RoundTrip).Members.All(t.Context(), gen.ListMembersForm{RoomID: 1, Type: wrapper.Ptr(gen.MemberKindVisitors)})
	rows, err := collect(members)
	require.NoError(t, err)
	assert.Len(t, rows, 360)
}

func TestListsRangeAgainFromTheStart(t *testing.T) {
	for _, list := range pagedLists {
		server := &pageServer{operation: list.operation, rows: spread(250)}
		all := list.all(t.Context(), newTransportClient(t, server.RoundTrip), 0, 30)
		first, err := collect(all)
		require.NoError(t, err)
		asked := len(server.requests)
		for range all { // a pass that ends early leaves nothing behind
			break
		}
		second, err := collect(all)
		require.NoError(t, err)
		assert.Equal(t, first, second, list.name)
		assert.Len(t, server.requests, 2*asked+1, "a break stops the requests")
		assert.Equal(t, server.requests[0], server.requests[asked+1])
	}
}

// TestListsRangeAtOnce is for the race detector: passes share nothing.
func TestListsRangeAtOnce(t *testing.T) {
	for _, list := range pagedLists {
		server := &pageServer{operation: list.operation, rows: spread(100)}
		var mu sync.Mutex
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			return server.RoundTrip(r)
		})
		all := list.all(t.Context(), client, 0, 10)
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				rows, err := collect(all)
				assert.NoError(t, err)
				assert.Len(t, rows, 100)
			})
		}
		group.Wait()
	}
}

func TestRequestStaysAsItIs(t *testing.T) {
	server := &pageServer{operation: gen.ListTagMessagesEndpoint.Operation, rows: spread(250)}
	request := gen.ListTagMessagesForm{
		RoomID: 1, Tags: []string{"a"}, Limit: wrapper.Ptr(20),
		FromTime: wrapper.Ptr(time.UnixMilli(1_700_000_000_100)), ToTime: wrapper.Ptr(time.UnixMilli(1_700_000_001_000)),
	}
	before, _ := json.Marshal(request)
	messages, err := collect(newTransportClient(t, server.RoundTrip).Tags.AllMessages(t.Context(), request))
	require.NoError(t, err)
	assert.Len(t, messages, 89)
	after, _ := json.Marshal(request)
	assert.JSONEq(t, string(before), string(after))
	for _, form := range server.requests {
		assert.Equal(t, "1700000000100", form.Get("fromTime"), "the far end of the window stays")
	}
}

// TestStuckCursor holds that a list which cannot be read to its end says so and
// asks no further.
func TestStuckCursor(t *testing.T) {
	same := make([]row, 300)
	for i := range same {
		same[i] = row{fmt.Sprint("r", i), 1_700_000_000_000}
	}
	firstPage := func(rows []row) func(int, []row) []row {
		return func(int, []row) []row { return rows }
	}
	odd := func(rows, others []row) func(int, []row) []row {
		return func(request int, _ []row) []row {
			if request%2 == 1 {
				return rows
			}
			return others
		}
	}
	for _, list := range pagedLists {
		most := list.operation.Page.Maximum
		untimed := make([]row, most)
		for i := range untimed {
			untimed[i].id = fmt.Sprint("r", i)
		}
		near, far := spread(2 * most)[:most], spread(2 * most)[most:]
		if !list.oldest {
			near, far = far, near
		}
		tests := []struct {
			name   string
			server pageServer
			rows   int
			says   string
		}{
			{"more rows of one time than fit on a page", pageServer{rows: same}, most, "rows is new"},
			{"the same page for ever", pageServer{change: firstPage(near)}, most, "rows is new"},
			{"two pages for ever", pageServer{change: odd(near, far)}, 2 * most, "went back"},
			{"rows without a time", pageServer{change: firstPage(untimed)}, most, "have no time"},
		}
		for _, tt := range tests {
			t.Run(list.name+"/"+tt.name, func(t *testing.T) {
				server := tt.server
				server.operation = list.operation
				rows, err := collect(list.all(t.Context(), newTransportClient(t, server.RoundTrip), 0, 0))
				require.ErrorIs(t, err, wrapper.ErrStuckCursor)
				assert.ErrorContains(t, err, tt.says)
				var e *wrapper.Error
				require.ErrorAs(t, err, &e)
				assert.Equal(t, list.operation.ID, e.Operation)
				assert.Len(t, rows, tt.rows)
				assert.LessOrEqual(t, len(server.requests), 3)
			})
		}
	}
}

// TestItemsThatLookAlike: items that have the same key and time, such as two logins of an account, are two
// items, and so are those that differ in a part of the key. This also holds where a page ends between them.
func TestItemsThatLookAlike(t *testing.T) {
	for _, list := range pagedLists {
		if len(list.operation.Page.Key) == 1 {
			continue // its items are never alike
		}
		server := &pageServer{operation: list.operation, shuffle: rand.New(rand.NewPCG(1, 2))}
		for i := range int64(30) {
			at := 1_700_000_000_000 + i
			server.rows = append(server.rows, row{"a", at}, row{"a", at}, row{"a/x", at}, row{"a/y", at})
		}
		for limit := 5; limit < 12; limit++ {
			got, err := collect(list.all(t.Context(), newTransportClient(t, server.RoundTrip), 0, limit))
			require.NoError(t, err, list.name)
			assert.ElementsMatch(t, server.rows, got, "%s, limit %d", list.name, limit)
		}
	}
}

func TestErrorIsTheLastPair(t *testing.T) {
	for _, list := range pagedLists {
		server := &pageServer{operation: list.operation, rows: spread(100)}
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			if len(server.requests) == 3 {
				return respond(r, 200, `{"code":403,"desc":"search not enable"}`), nil
			}
			return server.RoundTrip(r)
		})
		var rows, failures int
		for row, err := range list.all(t.Context(), client, 0, 10) {
			require.Zero(t, failures, "a pair after the error")
			if err != nil {
				failures++
				assert.ErrorIs(t, err, wrapper.ErrForbidden)
				assert.Zero(t, row)
				continue
			}
			rows++
		}
		assert.Equal(t, 1, failures)
		assert.Equal(t, 28, rows, list.name)
	}
}

func TestPageSizeIsChecked(t *testing.T) {
	for _, list := range pagedLists {
		server := &pageServer{operation: list.operation}
		for _, limit := range []int{-1, list.operation.Page.Maximum + 1} {
			_, err := collect(list.all(t.Context(), newTransportClient(t, server.RoundTrip), 0, limit))
			assert.ErrorIs(t, err, wrapper.ErrBadParameter)
		}
		assert.Empty(t, server.requests)
	}
}

func TestCancelEndsAList(t *testing.T) {
	for _, list := range pagedLists {
		server := &pageServer{operation: list.operation, rows: spread(100)}
		ctx, cancel := context.WithCancel(t.Context())
		var last error
		rows := 0
		for _, err := range list.all(ctx, newTransportClient(t, server.RoundTrip), 0, 10) {
			if last = err; err == nil {
				rows++
			}
			if rows == 15 {
				cancel()
			}
		}
		assert.ErrorIs(t, last, context.Canceled)
		assert.Equal(t, 19, rows, "the page at hand is yielded")
		assert.Len(t, server.requests, 2)
		cancel()
	}
}

// FuzzPages reads lists from servers that respond with anything: it ends, and what it
// yields it yields once.
func FuzzPages(f *testing.F) {
	f.Add([]byte{0, 1, 2, 2, 2, 9}, uint8(2))
	f.Add([]byte{9, 9, 9, 9, 1, 0, 0}, uint8(3))
	f.Fuzz(func(t *testing.T, times []byte, limit uint8) {
		times = times[:min(len(times), 100)]
		for _, list := range pagedLists {
			server := &pageServer{operation: list.operation}
			server.change = func(request int, _ []row) []row {
				from := min((request-1)*int(limit), len(times))
				page := make([]row, 0, limit)
				for i, b := range times[from:min(from+int(limit), len(times))] {
					page = append(page, row{strconv.Itoa(from + i), int64(b)})
				}
				return page
			}
			client := newTransportClient(t, server.RoundTrip)
			seen := map[string]bool{}
			for row, err := range list.all(t.Context(), client, 0, int(limit)) {
				if err == nil && seen[row.id] {
					t.Fatalf("%s: %s was yielded twice", list.name, row.id)
				}
				seen[row.id] = true
			}
			if len(server.requests) > len(times)+2 {
				t.Fatalf("%s: %d requests for %d rows", list.name, len(server.requests), len(times))
			}
		}
	})
}
