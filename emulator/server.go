package emulator

import (
	"net/http"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/callbacks"
	"github.com/nimroom/nimroom/emulator/internal/console"
	"github.com/nimroom/nimroom/emulator/internal/control"
	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/sign"
)

// basePath is where the API is below a host.
const basePath = "/nimserver"

// ServerName begins the Server header of every response of an emulator, followed by a
// slash and the version. What records a service can tell an emulator by it.
const ServerName = web.ServerName

// Server is an emulated service. It is safe for use by several goroutines, and
// several servers share nothing.
type Server struct {
	// URL is the base URL for clients, ending in /nimserver. [Start] sets it; a
	// server made by [New] does not know where it is served.
	URL    string
	client *http.Client // for URL

	options options
	engine  *engine.Engine
	api     *api.API
	courier *callbacks.Courier
	control http.Handler
	console http.Handler
}

// New returns a server that listens nowhere; serve its [Server.Handler]. The
// error names an option that makes no sense.
func New(list ...Option) (*Server, error) {
	o, err := newOptions(list)
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, api: api.New(api.Config{
		Credentials: o.credentials, CurTime: o.curTime, Dialect: o.dialect, Strict: o.strict, Rate: o.rate, Without: o.without,
		Language: o.language, OnRequest: o.notify(),
	})}
	s.engine, err = engine.New(engine.Config{
		Clock: o.now, StrictAccounts: o.accounts == StrictAccounts, Accounts: o.created, Seed: o.seed, Open: o.open,
		OnReset: func() {
			s.api.Reset()
			s.courier.ClearLog()
		},
		OnJump: func() { s.courier.Moved() },
	})
	if err != nil {
		return nil, err
	}
	s.api.Engine = s.engine
	s.courier = callbacks.New(s.engine, s.api.Faults, o.credentials, o.everyone)
	plane := control.Control{
		Engine: s.engine, API: s.api, Courier: s.courier, Token: o.token,
		Views: control.Views{
			Room:    func(r *state.Room, now time.Time, limit int) any { return viewRoom(r, now, limit) },
			Member:  func(m *state.Member, now time.Time) any { return viewMember(m, now) },
			Message: func(m *state.Message) any { return viewMessage(m) },
			Event:   func(id gen.RoomID, e *state.Event) any { return viewEvent(id, e) },
		},
	}
	s.control = plane.Handler()
	pages := console.Console{
		Engine: s.engine, API: s.api, Courier: s.courier, Token: o.token,
		BasePath: basePath, Credentials: o.credentials, Secret: o.docsSecret,
	}
	s.console = pages.Handler()
	for env, to := range o.targets {
		s.courier.Deliver(env, to)
	}
	return s, nil
}

// Credentials returns those of the app that may call.
func (s *Server) Credentials() sign.Credentials { return s.options.credentials }

// Handler serves everything: the API under /nimserver/, the control plane
// under /_emulator/, the reference page under /docs/, the spec, and the console
// at /.
//
// [Server.Serve] serves it behind limits of time and size. Without
// [WithControlToken] the control plane asks for no credentials: then serve the
// handler on loopback only.
//
// Requests that come over a network have to call the server localhost or by a
// loopback address, unless it is [WithAnyHost]: others get HTTP 403, with code
// 403 from the API. So do requests that a browser sends for a page of another
// site. Pages that this machine serves from other ports may call the API, not
// the control plane.
//
// Every response says in its Server header that it is the emulator's, and of
// which version: nimroom-emulator/v1.2.3.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		web.Identify(w.Header())
		w.Header().Set("Date", s.Now().UTC().Format(http.TimeFormat))
		// Not by ServeMux: it redirects a path that it would write differently,
		// which turns a POST into a GET.
		path, isAPI := strings.CutPrefix(r.URL.Path, basePath+"/")
		switch {
		case !s.options.names.Allow(w, r, isAPI):
		case isAPI:
			s.api.Serve(w, r, "/"+path)
		case strings.HasPrefix(r.URL.Path, control.Path):
			s.control.ServeHTTP(w, r)
		default:
			s.console.ServeHTTP(w, r)
		}
	})
}

// Now returns the server's time.
func (s *Server) Now() time.Time { return s.engine.Now() }

// Advance sets the server's clock forward. Whatever ends by itself (mutes,
// robots, signatures) has then ended. Negative durations and more than 100
// years are errors.
func (s *Server) Advance(d time.Duration) error { return public(s.engine.Advance(d)) }

// Reset puts the server back to its start: no rooms, no accounts, the clock of
// the options, chance from its seed, room ids from the first one, no faults,
// the features of the options, no operation blocked, an empty request log.
// Requests that a fault holds back before anything was done fail.
//
// The error is nil except on a server with [WithData] whose disk fails.
func (s *Server) Reset() error { return public(s.engine.Reset()) }

// Close ends the delivery of callbacks, and a server with [WithData]: it keeps what
// there is to keep and lets the directory go. From then on changes fail. Closing
// again does nothing.
func (s *Server) Close() error {
	s.courier.Close()
	return s.engine.Close()
}
