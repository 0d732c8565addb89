package wrapper_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper"
)

// listServer responds to calls that take a list, whose elements it hands to the
// test together with the number of the call, from 1.
func listServer(t *testing.T, field string, reply func(call int, keys []string) string) roundTrip {
	var mu sync.Mutex
	calls := 0
	return func(r *http.Request) (*http.Response, error) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		var keys []string
		assert.NoError(t, json.Unmarshal([]byte(form.Get(field)), &keys))
		mu.Lock()
		calls++
		call := calls
		mu.Unlock()
		return respond(r, 200, reply(call, keys)), nil
	}
}

// rooms responds to getBatch: ids that end in 7 are missing, in 9 failed.
func rooms(_ int, ids []string) string {
	var found, missing, failed []string
	for _, id := range slices.Backward(ids) { // in an order of its own
		switch id[len(id)-1] {
		case '7':
			missing = append(missing, id)
		case '9':
			failed = append(failed, id)
		default:
			found = append(found, `{"roomid":`+id+`,"name":"n`+id+`","creator":"c"}`)
		}
	}
	return fmt.Sprintf(`{"code":200,"succRooms":[%s],"noExistRooms":[%s],"failRooms":[%s]}`,
		strings.Join(found, ","), strings.Join(missing, ","), strings.Join(failed, ","))
}

func numbers(from, to gen.RoomID) []gen.RoomID {
	var list []gen.RoomID
	for n := from; n < to; n++ {
		list = append(list, n)
	}
	return list
}

func names(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint("a", i)
	}
	return list
}

// TestManyRooms holds size of the calls, order, outcome of each id and the error.
func TestManyRooms(t *testing.T) {
	var sizes []int
	var mu sync.Mutex
	client := newTransportClient(t, listServer(t, "roomids", func(call int, ids []string) string {
		mu.Lock()
		defer mu.Unlock()
		sizes = append(sizes, len(ids))
		return rooms(call, ids)
	}))
	ids := append(numbers(100, 150), 149, 100, 100, 107) // with duplicates
	outcomes, err := client.Rooms.GetMany(t.Context(), gen.GetChatroomsForm{RoomIDs: ids})
	slices.Sort(sizes)
	assert.Equal(t, []int{10, 20, 20}, sizes, "each id is asked for once")
	require.Len(t, outcomes, len(ids))
	for i, o := range outcomes {
		assert.Equal(t, ids[i], o.Key)
		switch ids[i] % 10 {
		case 7:
			assert.Equal(t, wrapper.ItemMissing, o.Status)
			assert.NoError(t, o.Err)
			assert.Zero(t, o.Value)
		case 9:
			assert.Equal(t, wrapper.ItemFailed, o.Status)
			assert.ErrorIs(t, o.Err, wrapper.ErrItemFailed)
		default:
			assert.Equal(t, wrapper.ItemDone, o.Status)
			assert.NoError(t, o.Err)
			assert.Equal(t, ids[i], o.Value.RoomID)
		}
	}
	var e *wrapper.BatchError
	require.ErrorAs(t, err, &e)
	require.ErrorIs(t, err, wrapper.ErrItemFailed)
	assert.Equal(t, "getChatrooms", e.Operation)
	assert.Equal(t, 54, e.Total)
	require.Len(t, e.Failures, 3)
	assert.Equal(t, []int{9, 19}, e.Failures[0].Items)
	assert.Equal(t, []int{29, 39}, e.Failures[1].Items)
	assert.Equal(t, []int{49, 50}, e.Failures[2].Items)

	outcomes, err = client.Rooms.GetMany(t.Context(), gen.GetChatroomsForm{RoomIDs: []gen.RoomID{1, 7, 2}})
	require.NoError(t, err, "a missing room is not a failure")
	assert.Equal(t, wrapper.ItemMissing, outcomes[1].Status)
}

func TestNothingToAsk(t *testing.T) {
	client := newTransportClient(t, func(*http.Request) (*http.Response, error) {
		t.Error("sent")
		return nil, io.EOF
	})
	outcomes, err := client.Rooms.GetMany(t.Context(), gen.GetChatroomsForm{})
	require.NoError(t, err)
	assert.Empty(t, outcomes)
}

func TestManyMembers(t *testing.T) {
	var calls atomic.Int32
	client := newTransportClient(t, listServer(t, "accids", func(_ int, accids []string) string {
		calls.Add(1)
		var found []string
		for _, accid := range accids {
			if !strings.HasSuffix(accid, "3") {
				found = append(found, `{"roomid":1,"accid":"`+strings.ToLower(accid)+`","type":"COMMON","onlineStat":true}`)
			}
		}
		return `{"code":200,"desc":{"data":[{"roomid":1,"accid":"stranger","type":"COMMON"},` + strings.Join(found, ",") + `]}}`
	}))
	accids := append(names(401), "Lena", "LENA") // one account to the service
	outcomes, err := client.Members.GetMany(t.Context(), gen.GetMembersForm{RoomID: 1, Accids: accids})
	require.NoError(t, err)
	assert.EqualValues(t, 3, calls.Load())
	for i, o := range outcomes {
		assert.Equal(t, accids[i], o.Key)
		if strings.HasSuffix(accids[i], "3") {
			assert.Equal(t, wrapper.ItemMissing, o.Status)
			continue
		}
		assert.Equal(t, wrapper.ItemDone, o.Status, o.Key)
		assert.Equal(t, strings.ToLower(accids[i]), o.Value.Accid)
	}
}

// TestManyRobotsReportEachAccount: every account of every call has an outcome,
// that of a lost response is unknown.
func TestManyRobotsReportEachAccount(t *testing.T) {
	const added = `{"code":200,"desc":{"failAccids":"[\"a1\"]","successAccids":"[\"a0\"]","oldAccids":"[\"a2\"]"}}`
	const removed = `{"code":200,"desc":{"failAccids":"[\"a1\"]","successAccids":"[\"a0\"]"}}`
	tests := []struct {
		name    string
		status  int
		body    string
		add     []wrapper.ItemStatus
		remove  []wrapper.ItemStatus
		unknown bool
	}{
		{"success", 200, added,
			[]wrapper.ItemStatus{wrapper.ItemDone, wrapper.ItemFailed, wrapper.ItemUnchanged, wrapper.ItemUnknown}, nil, true},
		{"success", 200, removed,
			nil, []wrapper.ItemStatus{wrapper.ItemDone, wrapper.ItemFailed, wrapper.ItemUnknown, wrapper.ItemUnknown}, true},
		{"API error", 200, `{"code":403}`, repeated(wrapper.ItemError, 4), repeated(wrapper.ItemError, 4), false},
		{"fault", 200, `{"code":500}`, repeated(wrapper.ItemUnknown, 4), repeated(wrapper.ItemUnknown, 4), true},
		{"gateway", 502, ``, repeated(wrapper.ItemUnknown, 4), repeated(wrapper.ItemUnknown, 4), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // where calls are repeated, pauses take no time
				client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
					_, _ = io.Copy(io.Discard, r.Body)
					return respond(r, tt.status, tt.body), nil
				})
				check := func(want []wrapper.ItemStatus, outcomes []wrapper.RobotOutcome, err error) {
					t.Helper()
					if want == nil {
						return
					}
					require.Error(t, err)
					assert.Equal(t, tt.unknown, errors.Is(err, wrapper.ErrOutcomeUnknown))
					for i, o := range outcomes {
						assert.Equal(t, names(4)[i], o.Key)
						assert.Equal(t, want[i], o.Status, o.Key)
						assert.Equal(t, o.Status == wrapper.ItemUnknown, errors.Is(o.Err, wrapper.ErrOutcomeUnknown))
						assert.Equal(t, o.Status == wrapper.ItemDone || o.Status == wrapper.ItemUnchanged, o.Err == nil)
					}
				}
				if tt.add != nil {
					outcomes, err := client.Robots.AddMany(t.Context(), gen.AddRobotsForm{RoomID: 1, Accids: names(4)})
					check(tt.add, outcomes, err)
				}
				if tt.remove != nil {
					outcomes, err := client.Robots.RemoveMany(t.Context(), gen.RemoveRobotsForm{RoomID: 1, Accids: names(4)})
					check(tt.remove, outcomes, err)
				}
			})
		})
	}
}

// TestPartialFailureIsReported: one call of several fails; the others' outcomes
// stand, and the error names the elements and the reason.
func TestPartialFailureIsReported(t *testing.T) {
	client := newTransportClient(t, listServer(t, "roomids", func(call int, ids []string) string {
		if call == 2 {
			return string(wire.AppendAPIError(nil, 403, "no"))
		}
		return rooms(call, ids)
	}))
	ids := []gen.RoomID{}
	for n := gen.RoomID(1); len(ids) < 50; n++ {
		if n%10 != 7 && n%10 != 9 {
			ids = append(ids, n)
		}
	}
	outcomes, err := client.Rooms.GetMany(t.Context(), gen.GetChatroomsForm{RoomIDs: ids}, wrapper.WithConcurrency(1))
	require.ErrorIs(t, err, wrapper.ErrForbidden)
	var e *wrapper.BatchError
	require.ErrorAs(t, err, &e)
	require.Len(t, e.Failures, 1)
	assert.Equal(t, wrapper.ItemError, e.Failures[0].Status)
	assert.Len(t, e.Failures[0].Items, 20)
	assert.Equal(t, "getChatrooms: 20 of 50 items failed: 20-39 (error): getChatrooms: code 403: forbidden: no", err.Error())
	for i, o := range outcomes {
		assert.Equal(t, i >= 20 && i < 40, o.Err != nil)
	}
}

// TestElementAtFaultFailsAlone: a call is not lost for one of its elements.
func TestElementAtFaultFailsAlone(t *testing.T) {
	client := newTransportClient(t, listServer(t, "accids", func(_ int, accids []string) string {
		text, _ := json.Marshal(accids)
		quoted, _ := json.Marshal(string(text))
		return `{"code":200,"desc":{"failAccids":"[]","successAccids":` + string(quoted) + `,"oldAccids":"[]"}}`
	}))
	outcomes, err := client.Robots.AddMany(t.Context(), gen.AddRobotsForm{RoomID: 1, Accids: []string{"a", "", "b"}})
	require.ErrorIs(t, err, wrapper.ErrBadParameter)
	assert.Equal(t, wrapper.ItemDone, outcomes[0].Status)
	assert.Equal(t, wrapper.ItemError, outcomes[1].Status)
	assert.Equal(t, wrapper.ItemDone, outcomes[2].Status)
	var e *wrapper.BatchError
	require.ErrorAs(t, err, &e)
	require.Len(t, e.Failures, 1)
	assert.Equal(t, []int{1}, e.Failures[0].Items)

	_, err = client.Robots.AddMany(t.Context(), gen.AddRobotsForm{Accids: []string{"a", "b"}})
	require.ErrorIs(t, err, wrapper.ErrBadParameter)
	require.ErrorAs(t, err, &e)
	require.Len(t, e.Failures, 1, "the call reports mistakes in the rest of the form")
}

// TestConcurrencyIsBounded counts the calls under way at once.
func TestConcurrencyIsBounded(t *testing.T) {
	for _, tt := range []struct {
		options []wrapper.BatchOption
		want    int32
	}{
		{nil, wrapper.DefaultConcurrency},
		{[]wrapper.BatchOption{wrapper.WithConcurrency(1)}, 1},
		{[]wrapper.BatchOption{wrapper.WithConcurrency(7)}, 7},
		{[]wrapper.BatchOption{wrapper.WithConcurrency(100)}, 10},
	} {
		synctest.Test(t, func(t *testing.T) {
			var under, most atomic.Int32
			server := listServer(t, "roomids", rooms)
			client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
				defer under.Add(-1)
				for now := under.Add(1); now > most.Load(); {
					most.Store(now)
				}
				<-time.After(time.Second)
				return server(r)
			})
			start := time.Now()
			_, _ = client.Rooms.GetMany(t.Context(), gen.GetChatroomsForm{RoomIDs: numbers(0, 200)}, tt.options...)
			assert.Equal(t, tt.want, most.Load())
			assert.Equal(t, time.Duration((10+tt.want-1)/tt.want)*time.Second, time.Since(start))
		})
	}
}

func TestProgressIsReported(t *testing.T) {
	client := newTransportClient(t, listServer(t, "roomids", rooms))
	ids := append(numbers(0, 50), 0, 1)
	var done []int // without a lock: never called twice at once
	_, _ = client.Rooms.GetMany(t.Context(), gen.GetChatroomsForm{RoomIDs: ids}, wrapper.WithProgress(func(n, total int) {
		assert.Equal(t, 52, total)
		done = append(done, n)
	}))
	assert.Len(t, done, 3)
	assert.True(t, slices.IsSorted(done))
	assert.Equal(t, 52, done[2])

	done = nil
	_, _ = client.Rooms.GetMany(t.Context(), gen.GetChatroomsForm{RoomIDs: []gen.RoomID{-1, -1, 5}}, wrapper.WithProgress(func(n, _ int) {
		done = append(done, n)
	}))
	assert.Equal(t, []int{2, 3}, done, "elements that cannot be sent are settled first")
}

// TestCancelStopsABatch: what was asked keeps its outcome, the call under way
// fails, the rest says that it was not sent.
func TestCancelStopsABatch(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := listServer(t, "roomids", rooms)
	calls := 0
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
		if calls++; calls == 2 {
			cancel()
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
		return server(r)
	})
	outcomes, err := client.Rooms.GetMany(ctx, gen.GetChatroomsForm{RoomIDs: numbers(100, 200)}, wrapper.WithConcurrency(1))
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 2, calls)
	assert.Equal(t, wrapper.ItemDone, outcomes[0].Status)
	assert.Equal(t, wrapper.ItemError, outcomes[20].Status)
	for _, o := range outcomes[40:] {
		assert.Equal(t, wrapper.ItemNotSent, o.Status)
		assert.ErrorIs(t, o.Err, context.Canceled)
	}
	assert.ErrorContains(t, err, "40-99 (not sent)")
}

// What panics in a batch's goroutine is the caller's to recover, as in a single call.
func TestPanicInABatchReachesItsCaller(t *testing.T) {
	for name, option := range map[string]wrapper.BatchOption{
		"retry policy": wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 2, Allow: func(*wrapper.Error) bool { panic("boom") }}),
		"progress":     wrapper.WithProgress(func(int, int) { panic("boom") }),
	} {
		t.Run(name, func(t *testing.T) {
			client := newTransportClient(t, func(r *http.Request) (*http.Response, error) { return respond(r, 200, `{"code":503}`), nil })
			assert.PanicsWithValue(t, "boom", func() {
				_, _ = client.Rooms.GetMany(t.Context(), gen.GetChatroomsForm{RoomIDs: numbers(100, 200)}, option)
			})
		})
	}
}

func TestCallOptionsReachEveryCall(t *testing.T) {
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
		deadline, ok := r.Context().Deadline()
		assert.True(t, ok)
		assert.Greater(t, time.Until(deadline), time.Minute)
		return listServer(t, "roomids", rooms)(r)
	})
	_, _ = client.Rooms.GetMany(t.Context(), gen.GetChatroomsForm{RoomIDs: numbers(0, 100)},
		wrapper.WithTimeout(time.Hour), wrapper.WithAttemptTimeout(time.Hour))
}

func TestBatchErrorIsBounded(t *testing.T) {
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) { return respond(r, 200, `{"code":403}`), nil })
	_, err := client.Rooms.GetMany(t.Context(), gen.GetChatroomsForm{RoomIDs: numbers(0, 10_000)})
	assert.ErrorContains(t, err, "; and 495 more failures")
	assert.Less(t, len(err.Error()), 1000)

	odd := []gen.RoomID{}
	for n := range gen.RoomID(20) {
		odd = append(odd, 10*n+9, 10*n+1) // every second one fails
	}
	client = newTransportClient(t, listServer(t, "roomids", rooms))
	_, err = client.Rooms.GetMany(t.Context(), gen.GetChatroomsForm{RoomIDs: odd[:20]})
	assert.ErrorContains(t, err, "10 of 20 items failed: 0, 2, 4, 6, 8, ... (failed)")
}

func TestItemStatusHasAName(t *testing.T) {
	assert.Equal(t, "not sent", wrapper.ItemNotSent.String())
	assert.Equal(t, "unknown", wrapper.ItemUnknown.String())
	assert.Equal(t, "status 99", wrapper.ItemStatus(99).String())
}

func repeated[T any](v T, n int) []T { return slices.Repeat([]T{v}, n) }
