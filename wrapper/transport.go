package wrapper

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// newTransport is [http.DefaultTransport] with limits for a service that is
// called often: more idle connections for its one host, and bounds on each step
// of connecting.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          100,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       3 * time.Second, // the far side drops idle connections early
		TLSHandshakeTimeout:   5 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// longestIdle is how long a host's connections may have been idle to be used for an
// operation that is not repeated. On an older one the request can cross the far
// side's closing, and then nobody knows whether it arrived.
const longestIdle = time.Second

// freshen drops idle connections before such an operation, where the host was not
// used for a while. Where it was, net/http takes the connection that was used last.
func (c *call) freshen(h *host) {
	if c.operation.Idempotency != gen.Unsafe {
		return
	}
	if used := h.used.Load(); used != 0 && c.began.UnixNano()-used > int64(longestIdle) {
		c.client.closeIdle()
	}
}

// withUserAgent returns a gen.RequestEditorFn that sets the header. All requests
// share its value.
func withUserAgent(value string) gen.RequestEditorFn {
	values := []string{value}
	return func(_ context.Context, req *http.Request) error {
		req.Header["User-Agent"] = values
		return nil
	}
}

// sending notes how far an attempt came. Without a connection no request was sent.
//
// It watches through httptrace rather than around the body: a body of an unknown
// type makes net/http send the headers in a packet of their own.
type sending struct {
	traced, connected, reused atomic.Bool
	trace                     httptrace.ClientTrace
}

// watch returns the context to send with.
func (s *sending) watch(ctx context.Context) context.Context {
	s.trace.GetConn = func(string) { s.traced.Store(true) }
	s.trace.GotConn = func(info httptrace.GotConnInfo) {
		s.connected.Store(true)
		s.reused.Store(info.Reused)
	}
	return httptrace.WithClientTrace(ctx, &s.trace)
}

// mayHaveArrived tells whether the service may have the request, given what
// sending it failed with. A transport that reports nothing may have sent it.
func (s *sending) mayHaveArrived(err error) bool {
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return false
	}
	return s.connected.Load() || !s.traced.Load()
}
