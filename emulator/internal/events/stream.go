// Package events reads the events of rooms: for a test in Go, and as
// server-sent events over HTTP.
package events

import (
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
)

// Stream reads the events of a room. Its methods may be called by several
// goroutines; each event goes to one.
type Stream struct {
	RoomID gen.RoomID

	engine  *engine.Engine
	closed  chan struct{}
	once    sync.Once
	reader  *state.Reader
	settled atomic.Int64 // when the room was last settled, in Unix milliseconds
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
func (s *Stream) Next() (event *state.Emitted, wake <-chan struct{}) {
	events, wake := s.take(1, settleTime)
	if len(events) > 0 {
		event = events[0]
	}
	return event, wake
}

// Batch returns some of the events that have come, so that a stream that is not
// read holds few of them; where there are none, it is like Next.
func (s *Stream) Batch() (events []*state.Emitted, wake <-chan struct{}) {
	return s.take(batchSize, settleTime)
}

// Rest returns all events that have come; where there are none, it is like Next.
func (s *Stream) Rest() (events []*state.Emitted, wake <-chan struct{}) {
	return s.take(math.MaxInt, 0)
}

const (
	batchSize = 64
	// settleTime is how often a stream that waits for events looks for what has
	// ended meanwhile. All else that happens in a room settles it too.
	settleTime = time.Second
)

// take settles the room unless the stream has done so within a time. It returns
// nothing where what it saw could still be lost, because the disk fails.
func (s *Stream) take(most int, within time.Duration) (events []*state.Emitted, wake <-chan struct{}) {
	if s.engine.Now().UnixMilli()-s.settled.Load() >= within.Milliseconds() {
		err := s.engine.Read(func(_ *state.State, now time.Time) error {
			s.settled.Store(now.UnixMilli())
			s.reader.Settle(now)
			return nil
		})
		if err != nil {
			return nil, nil
		}
	}
	events, wake = s.reader.Take(most)
	if len(events) > 0 && s.engine.Kept() != nil {
		return nil, nil
	}
	return events, wake
}

// Closed returns a channel that is closed by Close.
func (s *Stream) Closed() <-chan struct{} { return s.closed }

// Lost returns how many events have been lost so far.
func (s *Stream) Lost() int64 { return s.reader.Lost() }

// Close ends the stream. Unread events are dropped.
func (s *Stream) Close() {
	s.once.Do(func() {
		s.reader.Close(s.engine.Now())
		close(s.closed)
	})
}
