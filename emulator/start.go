package emulator

import (
	"errors"
	"net/http"
)

// T is what [Start] needs of a test. *testing.T and *testing.B have it; it is
// spelt out so that programs which serve an emulator do not link testing.
type T interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// basePath is where the API lives below a host.
const basePath = "/nimserver"

// Start serves a new server on a free loopback port, or in memory with
// [WithoutPort], until the test ends, with URL set. It fails the test when it
// cannot. What is still under way when the test ends is cut off.
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
	server, listener := newHTTPServer(s.Handler(), l)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		s.endEvents()
		if err := server.Close(); err != nil {
			t.Fatalf("emulator: closing: %v", err)
		}
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Fatalf("emulator: serving: %v", err)
		}
	})
	return s
}
