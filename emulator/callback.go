package emulator

import (
	"context"
	"errors"
	"net/http"

	"github.com/nimroom/nimroom/emulator/internal/callbacks"
)

// Callbacks delivers callbacks to a handler from now on, as [WithCallback] does to
// an address. Without an environment it gets those of all environments that have
// no handler or address of their own.
//
// A handler may call the server. Its requests have the path /. [Server.WaitCallbacks]
// waits for what is under way.
func (s *Server) Callbacks(h http.Handler, environments ...string) error {
	if h == nil {
		return errors.New("emulator: Callbacks: the handler is nil")
	}
	if len(environments) == 0 {
		environments = []string{""}
	}
	for _, env := range environments {
		s.courier.Deliver(env, callbacks.ToHandler(h))
	}
	return nil
}

// WaitCallbacks waits until every callback about what has happened so far is
// received, or given up. The error wraps that of ctx and says what is not received,
// and what became of the latest attempt; or it says that the server is closed.
//
// An app that fails is tried again for a day of the server's clock. Give ctx a
// deadline.
func (s *Server) WaitCallbacks(ctx context.Context) error {
	if ctx == nil {
		return errors.New("emulator: WaitCallbacks: the context is nil")
	}
	return s.courier.Wait(ctx)
}

// Delivery is an attempt to deliver a callback, or to ask a question.
type Delivery = callbacks.Delivery

// Deliveries lists the latest 1000 attempts, the oldest first.
func (s *Server) Deliveries() []Delivery { return s.courier.Deliveries() }
