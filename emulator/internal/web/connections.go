package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

const (
	// maxConnections are served at once.
	maxConnections = 1024
	// maxSurplus more get a response that says there are too many. Any beyond
	// these are closed unread, so that a flood costs no memory.
	maxSurplus = 1024
)

// gate is a listener that counts its connections. It hands them on as they
// are, and not wrapped as x/net/netutil.LimitListener does, because a fault
// that resets a connection needs the TCP connection itself; and it turns
// surplus ones away where that one lets them wait without a word.
type gate struct {
	net.Listener
	most, surplus int64
	open          atomic.Int64
}

// Accept returns the next connection that is to be heard.
func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil || g.open.Load() < g.most+g.surplus {
			return c, err
		}
		_ = c.Close() // nothing was said on it
	}
}

type surplusKey struct{}

type connKey struct{}

// LimitSending bounds what the system keeps of a response, in bytes, until its
// client reads it. A pipe keeps nothing.
func LimitSending(r *http.Request, size int) {
	if c, ok := r.Context().Value(connKey{}).(interface{ SetWriteBuffer(bytes int) error }); ok {
		_ = c.SetWriteBuffer(size) // a connection that has ended sends nothing
	}
}

// opened counts a connection, and marks it when there are too many.
func (g *gate) opened(ctx context.Context, c net.Conn) context.Context {
	ctx = context.WithValue(ctx, connKey{}, c)
	if g.open.Add(1) > g.most {
		return context.WithValue(ctx, surplusKey{}, g.most)
	}
	return ctx
}

// changed uncounts a connection that ends, or that a handler took over, which
// only those do that end it.
func (g *gate) changed(_ net.Conn, state http.ConnState) {
	if state == http.StateClosed || state == http.StateHijacked {
		g.open.Add(-1)
	}
}

// turnAwaySurplus responds on marked connections with 503, which says
// that nothing was done and that the client may try again.
func turnAwaySurplus(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most, marked := r.Context().Value(surplusKey{}).(int64)
		if !marked {
			next.ServeHTTP(w, r)
			return
		}
		Identify(w.Header())
		w.Header().Set("Connection", "close")
		WriteJSON(w, http.StatusServiceUnavailable,
			wire.AppendAPIError(nil, gen.CodeServerBusy, "too many connections, at most "+strconv.FormatInt(most, 10)))
	})
}

// The limits of every server of the emulator. What a client can keep busy is
// bounded in time and in size, whatever it sends and however slowly.
const (
	// HeaderTime runs from the first byte of a request to the end of its headers.
	HeaderTime = 10 * time.Second
	// RequestTime runs to the end of the body of a request.
	RequestTime = 30 * time.Second
	// ResponseTime runs from the end of the headers until the response is
	// taken. It leaves room for the error for a body which came too slowly.
	ResponseTime = RequestTime + 30*time.Second
	// IdleTime is between two requests of a connection.
	IdleTime  = time.Minute
	maxHeader = 64 << 10
)

// ErrStopping is why the context of a request ends when its server is stopped.
var ErrStopping = errors.New("emulator: the server is stopping")

// NewServer sets up a handler behind the limits. Serve it on the listener that
// comes with it.
func NewServer(handler http.Handler, l net.Listener) (*http.Server, net.Listener) {
	g := &gate{Listener: l, most: maxConnections, surplus: maxSurplus}
	return &http.Server{
		Handler:           turnAwaySurplus(handler),
		ReadHeaderTimeout: HeaderTime,
		ReadTimeout:       RequestTime,
		WriteTimeout:      ResponseTime,
		IdleTimeout:       IdleTime,
		MaxHeaderBytes:    maxHeader,
		ConnContext:       g.opened,
		ConnState:         g.changed,
	}, g
}

// AllowWait takes a request that waits on purpose out of the time limits, but
// for what is left of them after the wait. Without it the end of the time to
// read would look as if the client had gone. A negative wait has no end.
func AllowWait(w http.ResponseWriter, wait time.Duration) {
	var until time.Time
	if wait >= 0 {
		until = time.Now().Add(wait + ResponseTime)
	}
	control := http.NewResponseController(w)
	// A response that is recorded in memory has no limits to move.
	_ = control.SetReadDeadline(until)
	_ = control.SetWriteDeadline(until)
}
