package events

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/emulator/internal/web"
	"github.com/nimroom/nimroom/gen"
)

const (
	// HeartbeatTime is how long a stream of events is silent at most.
	HeartbeatTime = 15 * time.Second
	// sendTime is how long a client may take to receive what is sent.
	sendTime = 10 * time.Second
)

// View returns what the JSON of an event is made of.
type View func(roomID gen.RoomID, e *state.Event) any

// Serve sends a stream as server-sent events until the client goes or the
// stream ends. Each has the event's id, its kind as the name, and the event as
// JSON in data. An event "lost" without an id says how many were lost, at most.
func Serve(w http.ResponseWriter, r *http.Request, stream *Stream, view View) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodHead {
		return
	}
	web.AllowWait(w, -1)
	out := writer{w, http.NewResponseController(w)}
	heartbeat := time.NewTicker(HeartbeatTime)
	defer heartbeat.Stop()
	err := out.send([]byte(": events of room " + stream.RoomID.String() + "\n\n"))
	var reported int64
	for err == nil {
		text, wake := stream.text(&reported, view)
		switch {
		case len(text) > 0:
			err = out.send(text)
			continue
		case wake == nil:
			return
		}
		select {
		case <-wake:
		case <-heartbeat.C:
			err = out.send([]byte(": still here\n\n"))
		case <-r.Context().Done():
			return
		}
	}
}

// text returns what to send now, or else a channel to wait on, or nothing at the
// end. reported counts the lost events that the client knows of.
func (s *Stream) text(reported *int64, view View) ([]byte, <-chan struct{}) {
	events, wake := s.Rest()
	var text []byte
	if lost := s.Lost() - *reported; lost > 0 {
		*reported += lost
		text = fmt.Appendf(text, "event: lost\ndata: {\"lost\":%d}\n\n", lost)
	}
	for _, e := range events {
		data, _ := json.Marshal(view(s.RoomID, e)) // texts and numbers always encode, on one line
		text = fmt.Appendf(text, "id: %d\nevent: %s\ndata: %s\n\n", e.ID, e.Kind, data)
	}
	return text, wake
}

// writer sends text to a client, but not to one that does not receive it in
// time.
type writer struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (w writer) send(text []byte) error {
	// A response that is recorded in memory has no limit to move.
	_ = w.control.SetWriteDeadline(time.Now().Add(sendTime))
	if _, err := w.Write(text); err != nil {
		return err
	}
	return w.control.Flush()
}
