// Package events reads the events of rooms: for a test in Go, and as
// server-sent events over HTTP.
package events

import (
	"math"
	"sync"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
)

// Stream reads the events of a room. Its methods may be called by several
// goroutines; each event goes to one.
type Stream struct {
	RoomID gen.RoomID

	engine *engine.Engine
	closed chan struct{}
	once   sync.Once
	reader *state.Reader // guarded by the engine's lock
}

// Open begins to read the events of a room: those that an account receives, or
// all without one. since is the id of the last event that was read before, or
// negative.
func Open(e *engine.Engine, roomID gen.RoomID, accid string, since int64) (*Stream, error) {
	s := &Stream{RoomID: roomID, engine: e, closed: make(chan struct{})}
	err := e.Read(func(all *state.State, now time.Time) (err error) {
		s.reader, err = all.Watch(now, int64(roomID), accid, since)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Next returns the next event; where there is none yet, a channel that is
// closed when there is; and nothing at the end.
func (s *Stream) Next() (event *state.Event, wake <-chan struct{}) {
	events, wake := s.take(1)
	if len(events) > 0 {
		event = events[0]
	}
	return event, wake
}

// Rest returns all events that have come; where there are none, a channel that
// is closed when there are, and nothing at the end.
func (s *Stream) Rest() (events []*state.Event, wake <-chan struct{}) { return s.take(math.MaxInt) }

// take returns nothing where what it saw could still be lost, because the disk
// fails.
func (s *Stream) take(most int) (events []*state.Event, wake <-chan struct{}) {
	err := s.engine.Read(func(_ *state.State, now time.Time) error {
		if events = s.reader.Take(now, most); len(events) == 0 {
			wake = s.reader.Wake()
		}
		return nil
	})
	if err != nil {
		return nil, nil
	}
	return events, wake
}

// Closed returns a channel that is closed by Close.
func (s *Stream) Closed() <-chan struct{} { return s.closed }

// Lost returns how many events have been lost so far.
func (s *Stream) Lost() (lost int64) {
	s.engine.Look(func(*state.State, time.Time) { lost = s.reader.Lost() })
	return lost
}

// Close ends the stream. Unread events are dropped.
func (s *Stream) Close() {
	s.once.Do(func() {
		s.engine.Look(func(_ *state.State, now time.Time) { s.reader.Close(now) })
		close(s.closed)
	})
}
