package emulator

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
)

// EventOptions say what of a room's events to read.
type EventOptions struct {
	// Accid is the account that receives them: what its connections with their
	// tags get while they are in the room. Empty reads everything that anyone
	// could receive.
	Accid string
	// Since is the id of the last event that was read before, for who comes
	// back: events after it that are still kept are read first. A room keeps
	// the latest 1024 of each reading account, up to a minute after the last
	// reader of it has gone. Nil reads only what is to come.
	Since *int64
}

// EventStream reads the events of a room. What was done before a call answers
// is there when it answers: a test acts, and then looks at [EventStream.Pending].
//
// The methods may be called by several goroutines; each event goes to one.
type EventStream struct {
	server *Server
	roomID gen.RoomID
	closed chan struct{}
	once   sync.Once
	// The rest is guarded by the server's mutex.
	reader *state.Reader
	queue  []*state.Event // taken from reader, and not read yet
	lost   int64
}

// Events begins to read the events of a room. Nobody waits for who reads
// slowly: of more than 1024 unread events the oldest are lost, and counted.
//
// The stream ends by Close, by [Server.Reset], with a restored state and with
// the test of [Start]. Until then its room notes events, so close it when
// done. The error is a [*APIError] with code 404.
func (s *Server) Events(roomID gen.RoomID, o EventOptions) (*EventStream, error) {
	e := &EventStream{server: s, roomID: roomID, closed: make(chan struct{})}
	err := s.step(nil, func(w *state.State, now time.Time) (err error) {
		e.reader, err = w.Watch(now, int64(roomID), o.Accid, valueOr(o.Since, -1))
		return err
	})
	if err != nil {
		return nil, asAPIError(err, nil)
	}
	return e, nil
}

// Pending returns the events that have come and were not read yet, without
// waiting for any.
func (e *EventStream) Pending() []Event {
	events, _ := e.rest()
	list := make([]Event, len(events))
	for i, event := range events {
		list[i] = viewEvent(e.roomID, event)
	}
	return list
}

// All reads the events one by one and waits for those to come, until the
// stream or ctx ends. It can be ranged again: it goes on where it was left.
func (e *EventStream) All(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for {
			event, wake := e.next()
			switch {
			case event != nil:
				if !yield(viewEvent(e.roomID, event)) {
					return
				}
			case wake == nil:
				return
			default:
				select {
				case <-wake:
				case <-e.closed:
					return
				case <-ctx.Done():
					return
				}
			}
		}
	}
}

// Lost is how many events have been lost so far.
func (e *EventStream) Lost() int64 {
	e.server.mu.Lock()
	defer e.server.mu.Unlock()
	if e.isClosed() {
		return e.lost
	}
	return e.lost + e.reader.Lost()
}

// Close ends the stream. Unread events are dropped.
func (e *EventStream) Close() {
	e.once.Do(func() {
		e.server.mu.Lock()
		defer e.server.mu.Unlock()
		e.reader.Close(e.server.Now())
		e.queue = nil
		close(e.closed)
	})
}

// next returns the next event; where there is none yet, a channel to wait on;
// and nothing at the end.
func (e *EventStream) next() (event *state.Event, wake <-chan struct{}) {
	err := e.look(func(now time.Time) {
		if len(e.queue) == 0 { // else the queue of a slow reader would grow
			e.take(now)
		}
		if len(e.queue) > 0 {
			event, e.queue = e.queue[0], e.queue[1:]
			return
		}
		wake = e.wake()
	})
	if err != nil {
		return nil, nil
	}
	return event, wake
}

// rest returns all that has come, and what to wait on for more.
func (e *EventStream) rest() (events []*state.Event, wake <-chan struct{}) {
	err := e.look(func(now time.Time) {
		e.take(now)
		events, e.queue = e.queue, nil
		wake = e.wake()
	})
	if err != nil {
		return nil, nil
	}
	return events, wake
}

// look lets f look at the stream. It fails where what f saw could still be
// lost, because the disk does.
func (e *EventStream) look(f func(now time.Time)) error {
	return e.server.step(nil, func(_ *state.State, now time.Time) error {
		f(now)
		return nil
	})
}

// take moves what has come into the queue.
func (e *EventStream) take(now time.Time) {
	if e.isClosed() {
		return
	}
	events, lost := e.reader.Take(now)
	e.queue = append(e.queue, events...)
	e.lost += lost
}

// wake is a channel that is closed when there is more, nil at the end.
func (e *EventStream) wake() <-chan struct{} {
	if e.isClosed() || e.reader.Ended() {
		return nil
	}
	return e.reader.Wake()
}

func (e *EventStream) isClosed() bool {
	select {
	case <-e.closed:
		return true
	default:
		return false
	}
}

// endEvents ends all streams.
func (s *Server) endEvents() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.EndWatches()
}
