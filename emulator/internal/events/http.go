package events

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/web"
)

const (
	// HeartbeatTime is how long a stream of events is silent at most.
	HeartbeatTime = 15 * time.Second
	// sendTime is how long a client may take to receive what is sent.
	sendTime = 10 * time.Second
	// pauseTime is between two sendings, so that a stream of a busy room wakes for
	// many events and not for each.
	pauseTime = 10 * time.Millisecond
	// sendBuffer is how much the system keeps for a client that does not read, in
	// bytes. What is more waits in the room, once for all clients.
	sendBuffer = 16 << 10
)

// View returns what the JSON of an event is made of.
type View func(roomID gen.RoomID, e *state.Event) any

// Source is what a stream of server-sent events sends.
type Source interface {
	// Batch returns some events as text, and whether more may be there already. If there is none,
	// wake is closed when there may be one, and nil at the end.
	Batch() (texts [][]byte, more bool, wake <-chan struct{})
	// Lost returns how many events the source has lost so far.
	Lost() int64
}

// Event returns the text of a server-sent event.
func Event(id int64, name string, data any) []byte {
	text, _ := json.Marshal(data) // texts and numbers always encode, on one line
	return fmt.Appendf(nil, "id: %d\nevent: %s\ndata: %s\n\n", id, name, text)
}

// OfRoom returns the source of a room's events. Each has the event's id, its kind as the name, and
// the event as JSON in data.
func OfRoom(s *Stream, view View) Source { return roomSource{s, view} }

type roomSource struct {
	*Stream
	view View
}

func (s roomSource) Batch() (texts [][]byte, more bool, wake <-chan struct{}) {
	list, wake := s.Stream.Batch()
	for _, e := range list {
		texts = append(texts, e.Text(func(e *state.Event) []byte { return Event(e.ID, string(e.Kind), s.view(s.RoomID, e)) }))
	}
	return texts, len(list) == batchSize, wake
}

// Serve sends a source as server-sent events until the client goes or the
// source ends. It begins with a comment. An event "lost" without an id says how
// many were lost, at most.
func Serve(w http.ResponseWriter, r *http.Request, source Source, comment string) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodHead {
		return
	}
	web.AllowWait(w, -1)
	web.LimitSending(r, sendBuffer)
	out := &writer{ResponseWriter: w, control: http.NewResponseController(w)}
	heartbeat := time.NewTicker(HeartbeatTime)
	defer heartbeat.Stop()
	pause := time.NewTimer(0)
	defer pause.Stop()
	err := out.send([]byte(": " + comment + "\n\n"))
	var reported int64
	for err == nil {
		texts, more, wake := source.Batch()
		if lost := source.Lost() - reported; lost > 0 {
			reported += lost
			texts = slices.Insert(texts, 0, fmt.Appendf(nil, "event: lost\ndata: {\"lost\":%d}\n\n", lost))
		}
		pause.Stop()
		switch {
		case len(texts) > 0:
			if err = out.send(texts...); more {
				continue
			}
			wake = nil // until the pause is over
			pause.Reset(pauseTime)
		case wake == nil:
			return
		}
		select {
		case <-wake:
		case <-pause.C:
		case <-heartbeat.C:
			err = out.send([]byte(": still here\n\n"))
		case <-r.Context().Done():
			return
		}
	}
}

// writer sends text to a client, but not to one that does not receive it in
// time.
type writer struct {
	http.ResponseWriter
	control *http.ResponseController
	joined  []byte
}

func (w *writer) send(texts ...[]byte) error {
	// A response that is recorded in memory has no limit to move.
	_ = w.control.SetWriteDeadline(time.Now().Add(sendTime))
	w.joined = w.joined[:0]
	for i, text := range texts {
		w.joined = append(w.joined, text...)
		if len(w.joined) < sendBuffer && i < len(texts)-1 {
			continue
		}
		if _, err := w.Write(w.joined); err != nil {
			return err
		}
		w.joined = w.joined[:0]
	}
	return w.control.Flush()
}
