package emulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/internal/web"
)

// shutdownTime is for requests under way. It is longer than net/http waits for
// the first request of a new connection, which is 5 seconds.
const shutdownTime = 10 * time.Second

// Serve serves everything on l until ctx ends. Then it accepts no more
// connections, ends waits (delays of faults, streams of events), lets requests
// under way finish for up to 10 seconds, and returns nil, or an error when some
// had to be cut off. The listener is closed in any case.
//
// A connection has 10 seconds for the headers of a request, at most 64 KiB of
// them, 30 seconds for all of it, and a minute between two requests. There
// are 1024 connections at once, 960 of them for one address. One more takes the
// place of one whose client has not sent a whole request, or else of one whose
// response has taken over 10 seconds; if there is none, it gets HTTP 503.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	switch {
	case l == nil:
		return errors.New("emulator: Serve: the listener is nil")
	case ctx == nil:
		return errors.Join(errors.New("emulator: Serve: the context is nil"), l.Close())
	}
	waits, endWaits := context.WithCancelCause(context.WithoutCancel(ctx))
	defer endWaits(nil)
	server, listener := web.NewServer(s.Handler(), l, web.Identify)
	server.BaseContext = func(net.Listener) context.Context { return waits }
	if err := web.Serve(ctx, server, listener, shutdownTime, func() { endWaits(web.ErrStopping) }); err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	return nil
}

// T is what [Start] needs of a test. *testing.T and *testing.B have it; it is
// an interface so that programs which serve an emulator do not link testing.
type T interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Start serves a new server on a free loopback port, or in memory with
// [WithoutPort], until the test ends, with URL set. It fails the test when it
// cannot. Requests that are under way when the test ends are cut off.
func Start(t T, list ...Option) *Server {
	t.Helper()
	s, err := New(list...)
	if err != nil {
		t.Fatalf("%v", err)
		return nil
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Fatalf("%v", err)
		}
	})
	l, err := s.listen()
	if err != nil {
		t.Fatalf("emulator: %v", err)
		return nil
	}
	server, listener := web.NewServer(s.Handler(), l, web.Identify)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		s.engine.Look(func(all *state.State, _ time.Time) { all.EndWatches() })
		if err := server.Close(); err != nil {
			t.Fatalf("emulator: closing: %v", err)
		}
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Fatalf("emulator: serving: %v", err)
		}
	})
	return s
}

// listen opens a free loopback port, or a listener in memory, and sets URL and
// client to match.
func (s *Server) listen() (net.Listener, error) {
	transport := &http.Transport{DisableCompression: true}
	s.client = &http.Client{Transport: transport}
	if s.options.withoutPort {
		l := web.NewMemoryListener()
		transport.DialContext = l.Dial
		s.URL = "http://" + web.MemoryHost + basePath
		return l, nil
	}
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.URL = "http://" + l.Addr().String() + basePath
	return l, nil
}

// Client returns an HTTP client for the server's URL. That of a server which
// was started [WithoutPort] is the only one that reaches it. Its connections
// end with the test.
func (s *Server) Client() *http.Client {
	if s.client == nil {
		return new(http.Client)
	}
	return s.client
}
