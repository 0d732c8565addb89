// Package conn has the parts of the client that concern connections: the default transport,
// and a watch that reports how far a request got.
package conn

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
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
	multiplexed, written      atomic.Bool
	trace                     httptrace.ClientTrace
}

// Context returns the context to send the request with.
func (w *Watch) Context(ctx context.Context) context.Context {
	w.trace.GetConn = func(string) { w.traced.Store(true) }
	w.trace.GotConn = func(info httptrace.GotConnInfo) {
		w.connected.Store(true)
		w.reused.Store(info.Reused)
		if secure, ok := info.Conn.(*tls.Conn); ok {
			w.multiplexed.Store(secure.ConnectionState().NegotiatedProtocol == "h2")
		}
	}
	w.trace.WroteRequest = func(info httptrace.WroteRequestInfo) {
		if info.Err == nil {
			w.written.Store(true)
		}
	}
	return httptrace.WithClientTrace(ctx, &w.trace)
}

// Once keeps the transport from sending a request again after it was written, which net/http
// does with some headers. It may still send a request again that it has not written, or that
// an HTTP/2 server has not looked at.
//
// The transport gets an empty body then, and gives up before it writes anything, because the
// length is wrong. An error would also be that of a redirect, for which [http.Client] asks for
// the body before it asks whether to follow it.
func (w *Watch) Once(req *http.Request) {
	body := req.GetBody
	if body == nil {
		return
	}
	req.GetBody = func() (io.ReadCloser, error) {
		if w.written.Load() && !w.multiplexed.Load() {
			return io.NopCloser(bytes.NewReader(nil)), nil
		}
		return body()
	}
}

// Sender sends requests.
type Sender interface {
	Do(req *http.Request) (*http.Response, error)
}

// WithoutReplay returns a sender that spells the headers in small letters by which net/http
// recognizes requests that it may send again by itself. Servers read either spelling.
func WithoutReplay(sender Sender) Sender { return withoutReplay{sender} }

type withoutReplay struct{ Sender }

func (s withoutReplay) Do(req *http.Request) (*http.Response, error) {
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if values, found := req.Header[name]; found {
			delete(req.Header, name)
			req.Header[strings.ToLower(name)] = values
		}
	}
	return s.Sender.Do(req)
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
