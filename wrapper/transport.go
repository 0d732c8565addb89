package wrapper

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
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
		IdleConnTimeout:       30 * time.Second,
		TLSHandshakeTimeout:   5 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// headers sets the headers that are the same for every request.
type headers struct{ userAgent string }

func (h headers) edit(_ context.Context, req *http.Request) error {
	req.Header["User-Agent"] = []string{h.userAgent}
	return nil
}

// sentBody notes whether the transport has begun to send a request's body.
// Without its body no request is carried out, so while nothing was read a
// failed attempt had no effect.
type sentBody struct {
	io.ReadCloser
	begun atomic.Bool
}

// attach puts itself around the body of a request; it is a gen.RequestEditorFn.
func (b *sentBody) attach(_ context.Context, req *http.Request) error {
	b.ReadCloser, req.Body = req.Body, b
	return nil
}

func (b *sentBody) Read(p []byte) (int, error) {
	b.begun.Store(true)
	return b.ReadCloser.Read(p)
}
