package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper"
)

// ledger is what all requests of a run go through: it paces them, and keeps
// books on what has to be cleaned up.
type ledger struct {
	next  http.RoundTripper
	pace  *rate.Limiter
	mu    sync.Mutex
	rooms []*created
	// doubtful are the names of rooms that may have been created without an
	// answer, by their creator.
	doubtful map[string][]string
}

// created is a room of this run.
type created struct {
	id      gen.RoomID
	creator string
	robots  bool // there may be some
	closed  bool
	tried   bool // to clean it up
}

func newLedger(next http.RoundTripper, interval time.Duration) *ledger {
	limit := rate.Inf
	if interval > 0 {
		limit = rate.Every(interval)
	}
	return &ledger{next: next, pace: rate.NewLimiter(limit, 1), doubtful: map[string][]string{}}
}

func (l *ledger) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := l.pace.Wait(r.Context()); err != nil {
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
	l.sending(r.URL.Path, form)
	response, err := l.next.RoundTrip(r)
	if err != nil {
		l.unanswered(r.URL.Path, form)
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	if closing := response.Body.Close(); err == nil {
		err = closing
	}
	if err != nil {
		l.unanswered(r.URL.Path, form)
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(answer))
	l.answered(r.URL.Path, form, answer)
	return response, nil
}

// sending notes the robots that a request adds, whatever comes of it.
func (l *ledger) sending(path string, form url.Values) {
	if !strings.HasSuffix(path, gen.AddRobotsEndpoint.Path) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, room := range l.rooms {
		if form.Get("roomid") == room.id.String() {
			room.robots = true
		}
	}
}

func (l *ledger) unanswered(path string, form url.Values) {
	if !strings.HasSuffix(path, gen.CreateChatroomEndpoint.Path) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	creator := form.Get("creator")
	l.doubtful[creator] = append(l.doubtful[creator], form.Get("name"))
}

// maybeDone are the codes of refusals after which a room may be there all the
// same.
var maybeDone = []int{408, 431, 500, 999, 13001}

func (l *ledger) answered(path string, form url.Values, answer []byte) {
	if !strings.HasSuffix(path, gen.CreateChatroomEndpoint.Path) {
		return
	}
	room, err := gen.CreateChatroomEndpoint.Decode(answer)
	if err == nil {
		l.add(&created{id: room.Chatroom.RoomID, creator: form.Get("creator")})
		return
	}
	var refusal *wire.APIError
	if !errors.As(err, &refusal) || slices.Contains(maybeDone, refusal.Code) {
		l.unanswered(path, form) // whatever it was, a room may be there
	}
}

func (l *ledger) add(room *created) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rooms = append(l.rooms, room)
}

// open are the rooms that are not known to be closed and without robots, with
// again those too that could not be cleaned up before.
func (l *ledger) open(again bool) []*created {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []*created
	for _, room := range l.rooms {
		if (!room.closed || room.robots) && (again || !room.tried) {
			list = append(list, room)
		}
	}
	return list
}

// settle closes the rooms of the run and removes their robots.
func (l *ledger) settle(ctx context.Context, client *wrapper.Client, again bool, done *Cleanup) {
	for _, room := range l.open(again) {
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
		_, err := client.Rooms.Toggle(ctx, gen.ToggleChatroomForm{RoomID: room.id, Operator: room.creator, Valid: false})
		switch {
		case err == nil, errors.Is(err, wrapper.ErrDuplicate), errors.Is(err, wrapper.ErrNotFound): // closed before, or gone
			room.closed = true
			done.Rooms++
		default:
			done.fail(fmt.Errorf("room %v: %w", room.id, err))
		}
	}
}

// adopt takes in the rooms that were created without an answer: open ones of
// an account that were not there before the run, with the name that was sent.
func (l *ledger) adopt(ctx context.Context, client *wrapper.Client, before map[gen.RoomID]bool, done *Cleanup) {
	l.mu.Lock()
	doubtful := l.doubtful
	l.doubtful = map[string][]string{}
	known := map[gen.RoomID]bool{}
	for _, room := range l.rooms {
		known[room.id] = true
	}
	l.mu.Unlock()
	for creator, names := range doubtful {
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
					l.add(&created{id: id, creator: creator, robots: true})
					break
				}
			}
		}
	}
}
