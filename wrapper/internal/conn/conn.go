// Package conn has the parts of the client that concern connections: the default transport,
// and a watch that reports how far a request got.
package conn

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// NewClient returns an HTTP client like the given one that returns a redirect instead of
// following it. For nil it makes one with a transport of its own.
func NewClient(client *http.Client) *http.Client {
	own := &http.Client{}
	if client != nil {
		*own = *client
	} else {
		own.Transport = newTransport()
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return own
}

// newTransport returns a transport like [http.DefaultTransport] for a service that is called
// often: it keeps more idle connections to one host, and bounds each step of connecting.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          100,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       3 * time.Second, // the server closes idle connections early
		TLSHandshakeTimeout:   5 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// Watch observes how far one request gets.
//
// It uses httptrace instead of a reader around the body, because net/http sends the headers
// in a separate packet if it does not know the type of the body.
type Watch struct {
	traced, connected, reused atomic.Bool
	trace                     httptrace.ClientTrace
}

// Context returns the context to send the request with.
func (w *Watch) Context(ctx context.Context) context.Context {
	w.trace.GetConn = func(string) { w.traced.Store(true) }
	w.trace.GotConn = func(info httptrace.GotConnInfo) {
		w.connected.Store(true)
		w.reused.Store(info.Reused)
	}
	return httptrace.WithClientTrace(ctx, &w.trace)
}

// Reused reports whether the request went over a connection that had been idle.
func (w *Watch) Reused() bool { return w.reused.Load() }

// MayHaveArrived reports whether the service may have received the request, given the
// error of sending it. Nothing was sent without a connection. A transport that does not
// report its connections may have sent the request.
func (w *Watch) MayHaveArrived(err error) bool {
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return false
	}
	return w.connected.Load() || !w.traced.Load()
}
