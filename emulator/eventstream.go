package emulator

import (
	"context"
	"iter"

	"github.com/nimroom/nimroom/emulator/internal/events"
	"github.com/nimroom/nimroom/gen"
)

// EventOptions say what of a room's events to read.
type EventOptions struct {
	// Accid is the account that receives them: what its connections with their
	// tags get while they are in the room. Empty reads everything that anyone
	// could receive.
	Accid string
	// Since is the id of the last event that was read before, for a reader that
	// comes back: events after it that are still kept are read first. A room
	// keeps the latest 1024 of each reading account, up to a minute after the
	// last reader of it has gone. Nil reads only what is to come.
	Since *int64
}

// EventStream reads the events of a room. The events of a call are there when
// the call returns: a test acts, and then looks at [EventStream.Pending].
//
// The methods may be called by several goroutines; each event goes to one.
type EventStream struct{ stream *events.Stream }

// Events begins to read the events of a room. A slow reader holds nobody up: of
// more than 1024 unread events the oldest are lost, and counted.
//
// The stream ends by Close, by [Server.Reset], with a restored state and with
// the test of [Start]. Until then its room notes events, so close it when
// done. The error is a [*APIError] with code 404.
func (s *Server) Events(roomID gen.RoomID, o EventOptions) (*EventStream, error) {
	since := int64(-1)
	if o.Since != nil {
		since = *o.Since
	}
	stream, err := events.Open(s.engine, roomID, o.Accid, since)
	if err != nil {
		return nil, asAPIError(err, nil)
	}
	return &EventStream{stream}, nil
}

// Pending returns the events that have come and were not read yet, without
// waiting for any.
func (e *EventStream) Pending() []Event {
	pending, _ := e.stream.Rest()
	list := make([]Event, len(pending))
	for i, event := range pending {
		list[i] = viewEvent(e.stream.RoomID, event)
	}
	return list
}

// All reads the events one by one and waits for those to come, until the
// stream or ctx ends. It can be ranged again: it goes on where it was left.
func (e *EventStream) All(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for {
			event, wake := e.stream.Next()
			switch {
			case event != nil:
				if !yield(viewEvent(e.stream.RoomID, event)) {
					return
				}
			case wake == nil:
				return
			default:
				select {
				case <-wake:
				case <-e.stream.Closed():
					return
				case <-ctx.Done():
					return
				}
			}
		}
	}
}

// Lost returns how many events have been lost so far.
func (e *EventStream) Lost() int64 { return e.stream.Lost() }

// Close ends the stream. Unread events are dropped.
func (e *EventStream) Close() { e.stream.Close() }
