package emulator

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

const (
	// heartbeatTime is how long a stream of events is silent at most.
	heartbeatTime = 15 * time.Second
	// sendTime is how long a client may take to take what is sent.
	sendTime = 10 * time.Second
)

// serveEvents streams a room's events as server-sent events until the client
// goes, the server is reset or stops. Each has the event's id, its kind as the
// name, and the event as JSON in data. An event "lost" without an id tells how
// many were lost, at most.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	stream, err := s.openEvents(r)
	if err != nil {
		writeControlError(w, err)
		return
	}
	defer stream.Close()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodHead {
		return
	}
	allowWait(w, -1)
	out := eventWriter{w, http.NewResponseController(w)}
	heartbeat := time.NewTicker(heartbeatTime)
	defer heartbeat.Stop()
	err = out.send([]byte(": events of room " + stream.roomID.String() + "\n\n"))
	var told int64
	for err == nil {
		text, wake := stream.text(&told)
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

// openEvents reads a request: ?accid= is who receives, ?since= or the header
// Last-Event-ID the id of the last event that the client has.
func (s *Server) openEvents(r *http.Request) (*EventStream, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil, &controlError{http.StatusMethodNotAllowed, "method " + shorten(r.Method) + " is not for " + shorten(r.URL.Path)}
	}
	id, err := pathRoomID(r)
	if err != nil {
		return nil, err
	}
	o := EventOptions{Accid: r.URL.Query().Get("accid")}
	name, text := "Last-Event-ID", r.Header.Get("Last-Event-ID")
	if text == "" {
		name, text = "since", r.URL.Query().Get("since")
	}
	if text != "" {
		since, err := strconv.ParseInt(text, 10, 64)
		if err != nil || since < 0 {
			return nil, badRequest("%s: %s, want the id of an event, or 0", name, shorten(text))
		}
		o.Since = &since
	}
	return s.Events(id, o)
}

// text is what to send now, or else a channel to wait on, or nothing at the
// end. Told are the lost events that the client knows of, which text counts up.
func (e *EventStream) text(told *int64) ([]byte, <-chan struct{}) {
	events, wake := e.rest()
	var text []byte
	if lost := e.Lost() - *told; lost > 0 {
		*told += lost
		text = append(text, "event: lost\ndata: {\"lost\":"...)
		text = append(strconv.AppendInt(text, lost, 10), "}\n\n"...)
	}
	for _, event := range events {
		text = appendEvent(text, viewEvent(e.roomID, event))
	}
	return text, wake
}

func appendEvent(dst []byte, e Event) []byte {
	data, _ := json.Marshal(e) // texts and numbers always encode, on one line
	dst = append(dst, "id: "...)
	dst = strconv.AppendInt(dst, e.ID, 10)
	dst = append(dst, "\nevent: "...)
	dst = append(dst, e.Kind...)
	dst = append(dst, "\ndata: "...)
	dst = append(dst, data...)
	return append(dst, "\n\n"...)
}

// eventWriter sends text to a client, but not to one that does not take it.
type eventWriter struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (w eventWriter) send(text []byte) error {
	// An answer that is recorded in memory has no limit to move.
	_ = w.control.SetWriteDeadline(time.Now().Add(sendTime))
	if _, err := w.Write(text); err != nil {
		return err
	}
	return w.control.Flush()
}
