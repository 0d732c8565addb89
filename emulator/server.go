package emulator

import (
	"net/http"
	"sync"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/world"
	"github.com/nimroom/nimroom/sign"
)

// Server is an emulated service. It is safe for use by several goroutines, and
// several servers share nothing.
type Server struct {
	// URL is the base URL for clients, ending in /nimserver. It is set by
	// [Start]; a server made by [New] does not know where it is served.
	URL string

	options options
	clock   clock
	log     requestLog
	control http.Handler

	// mu guards world. Every rule runs under it, one at a time: rules take
	// microseconds, and a state that changes one step at a time is what makes
	// two equal runs equal.
	mu    sync.Mutex
	world *world.World
}

// New returns a server that listens nowhere; serve its [Server.Handler]. The
// error tells of an option that makes no sense.
func New(list ...Option) (*Server, error) {
	o, err := newOptions(list)
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, clock: clock{source: o.now}}
	s.control = s.newControl()
	s.world = s.newWorld()
	return s, nil
}

func (s *Server) newWorld() *world.World {
	return world.New(world.Config{
		StrictAccounts: s.options.accounts == StrictAccounts,
		Seed:           s.options.seed,
	})
}

// Credentials are those of the app that may call.
func (s *Server) Credentials() sign.Credentials { return s.options.credentials }

// Handler serves everything: the API under /nimserver/, the control plane
// under /_emulator/, the spec and an index page.
//
// The control plane asks for no credentials. Serve the handler on loopback
// only.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// Now is the server's time.
func (s *Server) Now() time.Time { return s.clock.now() }

// Advance sets the server's clock forward. Whatever ends by itself (mutes,
// robots, signatures) has then ended. Negative durations and more than 100
// years are errors.
func (s *Server) Advance(d time.Duration) error { return s.clock.advance(d) }

// Reset puts the server back to its start: no rooms, no accounts, the clock of
// the options, chance from its seed, room ids from the first one, an empty
// request log.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world = s.newWorld()
	s.clock.reset()
	s.log.reset()
}
