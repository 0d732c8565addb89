package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/record"
	"github.com/nimroom/nimroom/wrapper"
)

// tracker is the transport of all requests of a run. It paces them, and keeps track
// of what has to be cleaned up.
type tracker struct {
	next  http.RoundTripper
	pace  *rate.Limiter
	mu    sync.Mutex
	rooms []*created
	seen  record.Seen // by the last response
	ours  error       // the server is one of ours
	// uncertain are the names of rooms that may have been created although no
	// response says so, by their creator.
	uncertain map[string][]string
}

// created is a room of this run.
type created struct {
	id      gen.RoomID
	creator string
	robots  bool // there may be some
	closed  bool
	tried   bool // to clean it up
}

func newTracker(next http.RoundTripper, interval time.Duration) *tracker {
	limit := rate.Inf
	if interval > 0 {
		limit = rate.Every(interval)
	}
	return &tracker{next: next, pace: rate.NewLimiter(limit, 1), uncertain: map[string][]string{}}
}

func (t *tracker) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := t.pace.Wait(r.Context()); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(text))
	form, err := url.ParseQuery(string(text))
	if err != nil {
		return nil, err
	}
	t.sending(r.URL.Path, form)
	response, err := t.next.RoundTrip(r)
	if err != nil {
		t.lost(r.URL.Path, form)
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if closing := response.Body.Close(); err == nil {
		err = closing
	}
	if err != nil {
		t.lost(r.URL.Path, form)
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	t.saw(response, r, body)
	t.received(r.URL.Path, form, body)
	return response, nil
}

// saw notes what a response shows of its server.
func (t *tracker) saw(response *http.Response, r *http.Request, body []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen = seenIn(r, response)
	if mark := emulated(response, r.URL.Path, body); mark != "" {
		t.ours = fmt.Errorf("%w: %s is a nimroom emulator (%s)", ErrNotLive, r.URL.Host, mark)
	}
}

// identity is what was seen of the server last, and an error if it ever was ours.
func (t *tracker) identity() (record.Seen, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.seen, t.ours
}

// sending notes that a room may have robots, whatever the response will be.
func (t *tracker) sending(path string, form url.Values) {
	if !strings.HasSuffix(path, gen.AddRobotsEndpoint.Path) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, room := range t.rooms {
		if form.Get("roomid") == room.id.String() {
			room.robots = true
		}
	}
}

// lost notes the room that a request may have created although no response says so.
func (t *tracker) lost(path string, form url.Values) {
	creator := form.Get("creator")
	if !strings.HasSuffix(path, gen.CreateChatroomEndpoint.Path) || creator == "" { // without a creator there is no room
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.uncertain[creator] = append(t.uncertain[creator], form.Get("name"))
}

// received notes the room that a response says was created, or that there may be
// one although the response is an error.
func (t *tracker) received(path string, form url.Values, body []byte) {
	if !strings.HasSuffix(path, gen.CreateChatroomEndpoint.Path) {
		return
	}
	room, err := gen.CreateChatroomEndpoint.Decode(body)
	if err == nil {
		t.add(&created{id: room.Chatroom.RoomID, creator: form.Get("creator")})
		return
	}
	var failure *gen.APIError
	if errors.As(err, &failure) {
		if info, _ := gen.LookupCode(failure.Code); info.Executed == gen.NotExecuted {
			return
		}
	}
	t.lost(path, form)
}

func (t *tracker) add(room *created) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rooms = append(t.rooms, room)
}

// open are the rooms that are not known to be closed and without robots; again
// includes those that could not be cleaned up before.
func (t *tracker) open(again bool) []*created {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []*created
	for _, room := range t.rooms {
		if (!room.closed || room.robots) && (again || !room.tried) {
			list = append(list, room)
		}
	}
	return list
}

// settle closes the rooms of the run and removes their robots.
func (t *tracker) settle(ctx context.Context, client *wrapper.Client, again bool, done *Cleanup) {
	for _, room := range t.open(again) {
		room.tried = true
		if room.robots {
			if _, err := client.Robots.Clear(ctx, gen.ClearRobotsForm{RoomID: room.id}); err != nil && !errors.Is(err, wrapper.ErrNotFound) {
				done.fail(fmt.Errorf("robots of room %v: %w", room.id, err))
			} else {
				room.robots = false
				done.Robots++
			}
		}
		if room.closed {
			continue
		}
		_, err := client.Rooms.Close(ctx, wrapper.RoomStateForm{RoomID: room.id, Operator: room.creator})
		switch {
		case err == nil, errors.Is(err, wrapper.ErrDuplicate), errors.Is(err, wrapper.ErrNotFound): // closed before, or gone
			room.closed = true
			done.Rooms++
		default:
			done.fail(fmt.Errorf("room %v: %w", room.id, err))
		}
	}
}

// adopt finds the rooms that were created although no response says so: those that
// an account did not have before the run, with the name that was sent.
func (t *tracker) adopt(ctx context.Context, client *wrapper.Client, before map[gen.RoomID]bool, done *Cleanup) {
	t.mu.Lock()
	uncertain := t.uncertain
	t.uncertain = map[string][]string{}
	known := map[gen.RoomID]bool{}
	for _, room := range t.rooms {
		known[room.id] = true
	}
	t.mu.Unlock()
	for creator, names := range uncertain {
		ids, err := client.Rooms.ListByCreator(ctx, gen.ListUserChatroomsForm{Creator: creator})
		if err != nil {
			done.fail(fmt.Errorf("rooms that may have been created: %w", err))
			continue
		}
		for _, id := range ids {
			if before[id] || known[id] {
				continue
			}
			room, err := client.Rooms.Get(ctx, gen.GetChatroomForm{RoomID: id})
			if err != nil {
				done.fail(fmt.Errorf("room %v, which may be of this run: %w", id, err))
				continue
			}
			for _, name := range names {
				if room.Name == name {
					t.add(&created{id: id, creator: creator, robots: true})
					break
				}
			}
		}
	}
}
