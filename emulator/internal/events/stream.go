// Package events reads the events of rooms: for a test in Go, and as
// server-sent events over HTTP.
package events

import (
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
	// The rest is guarded by the engine's lock.
	reader *state.Reader
	queue  []*state.Event // taken from reader, and not read yet
	lost   int64
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
	err := s.look(func(now time.Time) {
		if len(s.queue) == 0 { // else the queue of a slow reader would grow
			s.take(now)
		}
		if len(s.queue) > 0 {
			event, s.queue = s.queue[0], s.queue[1:]
			return
		}
		wake = s.wake()
	})
	if err != nil {
		return nil, nil
	}
	return event, wake
}

// Rest returns all events that have come, and a channel that is closed when
// there are more. The channel is nil at the end.
func (s *Stream) Rest() (events []*state.Event, wake <-chan struct{}) {
	err := s.look(func(now time.Time) {
		s.take(now)
		events, s.queue = s.queue, nil
		wake = s.wake()
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
	s.engine.Look(func(*state.State, time.Time) {
		lost = s.lost
		if !s.isClosed() {
			lost += s.reader.Lost()
		}
	})
	return lost
}

// Close ends the stream. Unread events are dropped.
func (s *Stream) Close() {
	s.once.Do(func() {
		s.engine.Look(func(_ *state.State, now time.Time) {
			s.reader.Close(now)
			s.queue = nil
			close(s.closed)
		})
	})
}

// look lets f look at the stream. It fails where what f saw could still be
// lost, because the disk fails.
func (s *Stream) look(f func(now time.Time)) error {
	return s.engine.Read(func(_ *state.State, now time.Time) error {
		f(now)
		return nil
	})
}

// take moves what has come into the queue.
func (s *Stream) take(now time.Time) {
	if s.isClosed() {
		return
	}
	events, lost := s.reader.Take(now)
	s.queue = append(s.queue, events...)
	s.lost += lost
}

// wake returns a channel that is closed when there is more, nil at the end.
func (s *Stream) wake() <-chan struct{} {
	if s.isClosed() || s.reader.Ended() {
		return nil
	}
	return s.reader.Wake()
}

func (s *Stream) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}
