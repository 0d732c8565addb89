package emulator

import (
	"time"

	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/state"
)

// ShutdownTime is how long a server waits for requests under way.
const ShutdownTime = shutdownTime

// Look lets f look at the state of a server.
func Look(s *Server, f func(all *state.State)) {
	s.engine.Look(func(all *state.State, _ time.Time) { f(all) })
}

// OptionsOf returns the options of a server, to be printed.
func OptionsOf(s *Server) any { return s.options }

// WithStore puts another store in the place of the one that the options open.
func WithStore(wrap func(engine.Store) engine.Store) Option {
	return func(o *options) {
		open := o.open
		o.open = func() (engine.Store, error) {
			l, err := open()
			return wrap(l), err
		}
	}
}
