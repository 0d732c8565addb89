package emulator

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
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

// Start serves a new server on a free loopback port until the test ends, with
// URL set. It fails the test when it cannot.
//
// The time of a testing/synctest bubble stands still while anything in it
// waits for the network: there use [New] and call its handler in memory.
func Start(t T, list ...Option) *Server {
	t.Helper()
	s, err := New(list...)
	if err != nil {
		t.Fatalf("%v", err)
		return nil
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("emulator: %v", err)
		return nil
	}
	s.URL = "http://" + listener.Addr().String() + basePath
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Fatalf("emulator: closing: %v", err)
		}
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Fatalf("emulator: serving: %v", err)
		}
	})
	return s
}
