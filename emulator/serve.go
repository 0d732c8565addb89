package emulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// The limits of every server of this package. What a client may keep busy is
// bounded in time and in size, whatever it sends and however slowly.
const (
	headerTime  = 10 * time.Second // from the first byte of a request to the end of its headers
	requestTime = 30 * time.Second // to the end of its body
	// answerTime runs from the end of the headers until the answer is taken.
	// It leaves room for one that tells of a body which came too slowly.
	answerTime = requestTime + 30*time.Second
	idleTime   = time.Minute // between two requests of a connection
	maxHeader  = 64 << 10
	// shutdownTime is for requests under way. It is longer than net/http waits
	// for the first request of a new connection, which is 5 seconds.
	shutdownTime = 10 * time.Second
)

// errStopping is why the context of a request ends when its server is stopped.
var errStopping = errors.New("emulator: the server is stopping")

// Serve serves everything on l until ctx ends. Then it accepts no more, ends
// waits (delays of faults, streams of events), lets requests under way finish
// for up to 10 seconds, and returns nil, or an error when some had to be cut
// off. The listener is closed in any case.
//
// A connection has 10 seconds for the headers of a request, at most 64 KiB of
// them, 30 seconds for all of it, and a minute between two requests. Of more
// than 1024 connections at once the surplus is answered with HTTP 503.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	waits, endWaits := context.WithCancelCause(context.WithoutCancel(ctx))
	defer endWaits(nil)
	server, listener := newHTTPServer(s.Handler(), l)
	server.BaseContext = func(net.Listener) context.Context { return waits }
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("emulator: serving: %w", err)
	case <-ctx.Done():
	}
	endWaits(errStopping)
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		return errors.Join(fmt.Errorf("emulator: stopped with requests under way: %w", err), server.Close())
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("emulator: serving: %w", err)
	}
	return nil
}

// newHTTPServer sets up a handler behind the limits. Serve it on the listener
// that comes with it.
func newHTTPServer(handler http.Handler, l net.Listener) (*http.Server, *gate) {
	g := newGate(l)
	return &http.Server{
		Handler:           refuseSurplus(handler),
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      answerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ConnContext:       g.opened,
		ConnState:         g.changed,
	}, g
}

// allowWait takes a request that waits on purpose out of the time limits, but
// for what is left of them after the wait. Without it the end of the time to
// read would look as if the client had gone. A negative wait is without end.
func allowWait(w http.ResponseWriter, wait time.Duration) {
	var until time.Time
	if wait >= 0 {
		until = time.Now().Add(wait + answerTime)
	}
	control := http.NewResponseController(w)
	// An answer that is recorded in memory has no limits to move.
	_ = control.SetReadDeadline(until)
	_ = control.SetWriteDeadline(until)
}
