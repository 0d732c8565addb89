package events

import (
	"encoding/json"
	"net/http"
	"strconv"
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

// View returns the kind of an event on the wire, and what its JSON is made of.
type View func(roomID gen.RoomID, e *state.Event) (kind string, event any)

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
		text = append(text, "event: lost\ndata: {\"lost\":"...)
		text = append(strconv.AppendInt(text, lost, 10), "}\n\n"...)
	}
	for _, event := range events {
		kind, shown := view(s.RoomID, event)
		text = appendEvent(text, event.ID, kind, shown)
	}
	return text, wake
}

func appendEvent(dst []byte, id int64, kind string, event any) []byte {
	data, _ := json.Marshal(event) // texts and numbers always encode, on one line
	dst = append(dst, "id: "...)
	dst = strconv.AppendInt(dst, id, 10)
	dst = append(dst, "\nevent: "...)
	dst = append(dst, kind...)
	dst = append(dst, "\ndata: "...)
	dst = append(dst, data...)
	return append(dst, "\n\n"...)
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
