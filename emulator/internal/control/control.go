// Package control serves the control plane: JSON in and out, under /_emulator/.
package control

import (
	"net/http"
	"slices"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/callbacks"
	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/events"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/internal/web"
)

// Path is where the control plane is.
const Path = "/_emulator/"

// Control serves the control plane.
type Control struct {
	Engine  *engine.Engine
	API     *api.API
	Courier *callbacks.Courier
	Token   web.Token
	Views   Views
}

// Views return what the JSON of things is made of.
type Views struct {
	// Room returns a room with everything in it, or with up to a limit of its members and of its
	// latest messages.
	Room    func(r *state.Room, now time.Time, limit int) any
	Member  func(m *state.Member, now time.Time) any
	Message func(m *state.Message) any
	Event   events.View
}

// methods are the endpoints of a path.
type methods map[string]endpoint

// Handler serves the control plane to clients that bring the token, if there is
// one.
func (c *Control) Handler() http.Handler {
	paths := map[string]methods{}
	for _, e := range endpoints() {
		if paths[e.path] == nil {
			paths[e.path] = methods{}
		}
		paths[e.path][e.method] = e
	}
	mux := http.NewServeMux()
	for path, m := range paths {
		if path == "" {
			path = "{$}"
		}
		mux.HandleFunc(Path+path, func(w http.ResponseWriter, r *http.Request) {
			if err := c.serve(m, w, r); err != nil {
				web.WriteError(w, err)
			}
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		web.WriteError(w, web.NotFound(r, "; "+Path+" lists the paths"))
	})
	return c.Token.Protect(mux)
}

func (c *Control) serve(m methods, w http.ResponseWriter, r *http.Request) error {
	method := r.Method
	if method == http.MethodHead { // net/http leaves the body out
		method = http.MethodGet
	}
	e, ok := m[method]
	if !ok {
		for _, method := range m.sorted() {
			w.Header().Add("Allow", method)
		}
		return web.NotAllowed(r)
	}
	return e.serve(c, w, r)
}

// sorted lists the methods.
func (m methods) sorted() (list []string) {
	for method := range m {
		list = append(list, method)
	}
	slices.Sort(list)
	return list
}
