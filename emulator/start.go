package emulator

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/emulator/internal/web"
)

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
	server, listener := web.NewServer(s.Handler(), l)
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
