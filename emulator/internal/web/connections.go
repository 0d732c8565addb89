package web

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"

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

func newGate(l net.Listener) *gate {
	return &gate{Listener: l, most: maxConnections, surplus: maxSurplus}
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

// opened counts a connection, and marks it when there are too many.
func (g *gate) opened(ctx context.Context, _ net.Conn) context.Context {
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
		w.Header().Set("Connection", "close")
		WriteJSON(w, http.StatusServiceUnavailable,
			wire.AppendAPIError(nil, gen.CodeServerBusy, "too many connections, at most "+strconv.FormatInt(most, 10)))
	})
}
