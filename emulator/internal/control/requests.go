package control

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/events"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
)

// requestFilter selects requests of the log.
type requestFilter struct {
	Operation string     `json:"operation" doc:"An action (sendMsg) or an operationId (sendMessage)."`
	Room      gen.RoomID `json:"room" doc:"The id of a room that the form names."`
	Code      int        `json:"code" doc:"The code of the response."`
}

func (f requestFilter) query() api.Query {
	return api.Query{Operation: f.Operation, Room: f.Room, Code: f.Code}
}

// requestPage selects requests for a list.
type requestPage struct {
	requestFilter
	Since *int64 `json:"since" want:"the id of a request, or 0" doc:"Only requests with a greater id."`
	Limit int    `json:"limit" doc:"How many of the latest."`
}

// requestList is a list of requests, oldest first.
type requestList struct {
	Requests []api.Entry `json:"requests"`
}

func (c *Control) getRequests(r request[requestPage, none]) (list requestList, err error) {
	q := r.Query.query()
	q.Limit = r.Query.Limit
	if r.Query.Since != nil {
		q.Since = *r.Query.Since
	}
	if err := q.Check(); err != nil {
		return list, web.BadRequest("%v", err)
	}
	return requestList{c.API.Log.Latest(q)}, nil
}

func (c *Control) deleteRequests(request[none, none]) (requestList, error) {
	c.API.Log.Clear()
	return requestList{[]api.Entry{}}, nil
}

// place is where a stream begins.
type place struct {
	Since       *int64 `json:"since" want:"the id of an event, or 0" doc:"The id of the last event that the client has. Without it only new events come."`
	LastEventID *int64 `json:"Last-Event-ID" in:"header" want:"the id of an event, or 0" doc:"The same. It takes precedence, and browsers send it when they connect again."`
}

// stream is a response of server-sent events whose data are of a type.
type stream[E any] struct {
	source  events.Source
	comment string
	close   func()
}

func (s stream[E]) respond(w http.ResponseWriter, r *http.Request) {
	if s.close != nil {
		defer s.close()
	}
	events.Serve(w, r, s.source, s.comment)
}

func (stream[E]) content() (string, reflect.Type) { return "text/event-stream", reflect.TypeFor[E]() }

// requestEvents selects requests for a stream.
type requestEvents struct {
	requestFilter
	place
}

// logSource is the source of requests that a reader reads.
type logSource struct{ *api.Reader }

func (s logSource) Batch() (texts [][]byte, more bool, wake <-chan struct{}) {
	list, wake := s.Reader.Batch()
	for _, e := range list {
		texts = append(texts, events.Event(e.Seq, "request", e.Entry))
	}
	return texts, false, wake
}

func (c *Control) streamRequests(r request[requestEvents, none]) (s stream[api.Entry], err error) {
	q := r.Query.query()
	if err := q.Check(); err != nil {
		return s, web.BadRequest("%v", err)
	}
	var reader *api.Reader
	switch place := r.Query.place; {
	case place.LastEventID != nil:
		reader = c.API.Log.ReaderAfter(*place.LastEventID, q)
	case place.Since != nil:
		q.Since = *place.Since
		reader = c.API.Log.Reader(q)
	default:
		q.Since = c.API.Log.Last()
		reader = c.API.Log.Reader(q)
	}
	return stream[api.Entry]{source: logSource{reader}, comment: "requests"}, nil
}

// awaited says for which request to wait.
type awaited struct {
	requestFilter
	Form    map[string]string `json:"form" doc:"Fields that the form must have, with exactly these values. The others do not count."`
	Since   int64             `json:"since" doc:"Only requests with a greater id. Without it any that the log holds."`
	Timeout string            `json:"timeout" doc:"How long to wait by the machine's clock, such as 500ms or 10s; 10s if left out, at most 10m."`
}

const (
	usualWait = 10 * time.Second
	maxWait   = 10 * time.Minute
)

func (c *Control) awaitRequest(r request[none, awaited]) (e api.Entry, err error) {
	q := r.Body.query()
	q.Form, q.Since = r.Body.Form, r.Body.Since
	if err := q.Check(); err != nil {
		return e, web.BadRequest("%v", err)
	}
	wait := usualWait
	if text := r.Body.Timeout; text != "" {
		if wait, err = time.ParseDuration(text); err != nil || wait <= 0 || wait > maxWait {
			return e, web.BadRequest("timeout: %q, want a duration such as 500ms or 10s, at most 10m", clip.Text(text))
		}
	}
	web.AllowWait(r.Writer, wait)
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	e, err = c.API.Log.Await(ctx, q)
	switch {
	case err == nil:
		return e, nil
	case errors.Is(err, web.ErrStopping):
		return e, &web.Error{Status: http.StatusServiceUnavailable, Text: err.Error() + "; " + web.ErrStopping.Error()}
	}
	return e, &web.Error{Status: http.StatusGatewayTimeout, Text: err.Error() + "; waited for " + wait.String()}
}
