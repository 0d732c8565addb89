// Package control serves the control plane: JSON in and out, under /_emulator/.
package control

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/callbacks"
	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/events"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
)

const (
	// Path is where the control plane is.
	Path = "/_emulator/"
	// maxBody bounds the body of a request.
	maxBody = 1 << 20
)

// Control serves the control plane.
type Control struct {
	Engine  *engine.Engine
	API     *api.API
	Courier *callbacks.Courier
	Token   web.Token
	// ViewRoom and ViewEvent return what the JSON of a room and an event is made
	// of.
	ViewRoom  func(r *state.Room, now time.Time) any
	ViewEvent events.View
}

// endpoint handles a request and returns what the JSON of the response is made
// of.
type endpoint func(*http.Request) (any, error)

// asking returns an endpoint whose requests bring JSON.
func asking[T any](f func(r *http.Request, ask T) (any, error)) endpoint {
	return func(r *http.Request) (any, error) {
		var ask T
		if err := web.ReadJSON(r, &ask); err != nil {
			return nil, err
		}
		return f(r, ask)
	}
}

// inRoom returns an endpoint of a room.
func inRoom(f func(r *http.Request, id gen.RoomID) (any, error)) endpoint {
	return func(r *http.Request) (any, error) {
		id, err := roomID(r)
		if err != nil {
			return nil, err
		}
		return f(r, id)
	}
}

// methods are the endpoints of a path.
type methods map[string]endpoint

// Handler serves the control plane to clients that bring the token, if there is
// one.
func (c *Control) Handler() http.Handler {
	mux := http.NewServeMux()
	index := map[string][]string{Path + "rooms/{roomid}/events": {http.MethodGet}, Path + "state": {http.MethodGet, http.MethodPut}}
	for path, m := range map[string]methods{
		"health":               {http.MethodGet: c.getHealth},
		"reset":                {http.MethodPost: c.postReset},
		"clock":                {http.MethodGet: c.getClock, http.MethodPost: asking(c.postClock)},
		"accounts":             {http.MethodPost: asking(c.postAccounts)},
		"rooms":                {http.MethodGet: c.getRooms, http.MethodPost: asking(c.postRoom)},
		"stubs":                {http.MethodGet: c.getStubs, http.MethodPost: asking(c.postStub), http.MethodDelete: c.deleteStubs},
		"rooms/{roomid}":       {http.MethodGet: inRoom(c.getRoom)},
		"rooms/{roomid}/join":  {http.MethodPost: inRoom(c.postJoin)},
		"rooms/{roomid}/leave": {http.MethodPost: inRoom(c.postLeave)},
		"faults":               {http.MethodGet: c.getFaults, http.MethodPost: asking(c.postFault), http.MethodDelete: c.deleteFaults},
		"features":             {http.MethodGet: c.getFeatures, http.MethodPost: asking(c.postFeatures)},
		"callbacks":            {http.MethodGet: c.getCallbacks, http.MethodDelete: c.deleteCallbacks},
		"requests":             {http.MethodGet: c.getRequests, http.MethodDelete: c.deleteRequests},
	} {
		index[Path+path] = slices.Sorted(maps.Keys(m))
		mux.HandleFunc(Path+path, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			m.serve(w, r)
		})
	}
	mux.HandleFunc(Path+"rooms/{roomid}/events", c.serveEvents)
	mux.HandleFunc(Path+"state", c.serveState)
	mux.HandleFunc(Path+"{$}", methods{http.MethodGet: func(*http.Request) (any, error) { return map[string]any{"paths": index}, nil }}.serve)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { web.WriteError(w, web.NotFound(r, "")) })
	return c.Token.Protect(mux)
}

func (m methods) serve(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if method == http.MethodHead { // net/http leaves the body out
		method = http.MethodGet
	}
	f, ok := m[method]
	if !ok {
		for _, method := range slices.Sorted(maps.Keys(m)) {
			w.Header().Add("Allow", method)
		}
		web.WriteError(w, web.NotAllowed(r))
		return
	}
	response, err := f(r)
	if err != nil {
		web.WriteError(w, err)
		return
	}
	body, err := json.Marshal(response)
	if err != nil {
		web.WriteError(w, err)
		return
	}
	web.WriteJSON(w, http.StatusOK, body)
}

func roomID(r *http.Request) (gen.RoomID, error) {
	text := r.PathValue("roomid")
	id, err := gen.ParseRoomID(text)
	if err != nil {
		return 0, web.BadRequest("roomid: %s, want a room id", clip.Text(text))
	}
	return id, nil
}
