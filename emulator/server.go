package emulator

import (
	"net/http"
	"sync"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/sign"
)

// Server is an emulated service. It is safe for use by several goroutines, and
// several servers share nothing.
type Server struct {
	// URL is the base URL for clients, ending in /nimserver. It is set by
	// [Start]; a server made by [New] does not know where it is served.
	URL    string
	client *http.Client // for URL

	options options
	clock   clock
	log     requestLog
	control http.Handler

	faults   *faults
	rate     *rateLimit
	features switches

	// mu guards state. Every rule runs under it, one at a time: rules take
	// microseconds, and a state that changes one step at a time is what makes
	// two equal runs equal.
	mu    sync.Mutex
	state *state.State

	// store is nil unless there is a directory to keep the state in. last is
	// the number of the last record in it, and checkpointed that of the last
	// one which a snapshot needs; mu guards both.
	store              store
	last, checkpointed uint64
	checkpointing      sync.Mutex // held by the one checkpoint that may run
	closed             bool       // guarded by checkpointing
}

// New returns a server that listens nowhere; serve its [Server.Handler]. The
// error tells of an option that makes no sense.
func New(list ...Option) (*Server, error) {
	o, err := newOptions(list)
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, clock: clock{source: o.now}, faults: newFaults(), rate: newRateLimit(o.rate)}
	s.features.reset(o.without)
	s.control = s.newControl()
	s.state = s.newState()
	if err := s.openData(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Server) newState() *state.State { return state.New(s.stateConfig()) }

func (s *Server) stateConfig() state.Config {
	return state.Config{
		StrictAccounts: s.options.accounts == StrictAccounts,
		Seed:           s.options.seed,
	}
}

// Credentials are those of the app that may call.
func (s *Server) Credentials() sign.Credentials { return s.options.credentials }

// Handler serves everything: the API under /nimserver/, the control plane
// under /_emulator/, the reference page under /docs/, the spec and an index
// page.
//
// [Server.Serve] serves it behind limits of time and size. Without
// [WithControlToken] the control plane asks for no credentials: then serve the
// handler on loopback only. It and the index page then refuse requests whose
// Host is neither localhost nor a loopback address.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.route) }

// Now is the server's time.
func (s *Server) Now() time.Time { return s.clock.now() }

// Advance sets the server's clock forward. Whatever ends by itself (mutes,
// robots, signatures) has then ended. Negative durations and more than 100
// years are errors.
func (s *Server) Advance(d time.Duration) error { return s.change(&advanceChange{By: d}) }

// Reset puts the server back to its start: no rooms, no accounts, the clock of
// the options, chance from its seed, room ids from the first one, no faults,
// the features of the options, no operation blocked, an empty request log.
// Requests that a fault holds back before anything was done come to nothing,
// with a refusal.
//
// The error is nil but for a server with [WithData] whose disk fails.
func (s *Server) Reset() error { return s.change(new(resetChange)) }

// reset needs the lock.
func (s *Server) reset() {
	s.state.EndWatches()
	s.state = s.newState()
	s.faults.clear(true)
	s.rate.reset()
	s.features.reset(s.options.without)
	s.clock.reset()
	s.log.reset()
}
