package emulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/web"
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
// them, 30 seconds for all of it, and a minute between two requests. Of more
// than 1024 connections at once the surplus gets HTTP 503.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	waits, endWaits := context.WithCancelCause(context.WithoutCancel(ctx))
	defer endWaits(nil)
	server, listener := web.NewServer(s.Handler(), l)
	server.BaseContext = func(net.Listener) context.Context { return waits }
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("emulator: serving: %w", err)
	case <-ctx.Done():
	}
	endWaits(web.ErrStopping)
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
