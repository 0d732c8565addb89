// Package proxy signs requests and turns codes into HTTP statuses, in front of the service or
// of an emulator, for clients that can do neither: those that generators make for languages
// whose hooks cannot change a status, and shells.
//
// A [Proxy] serves the API under /nimserver, without signature. It follows the service's clock.
// A request whose time the service rejects was not carried out, and is sent once more with the
// right time. Nothing else is sent again.
//
// The service responds with HTTP status 200 to every request. The proxy takes the status from
// the code in the body: codes from 400 to 599 become the status, 400 stands for all others but
// 200. The body stays as it is. Three headers explain an API error:
//
//	Nimroom-Code: 13002
//	Nimroom-Code-Name: RoomClosed
//	Nimroom-Advice: Open the room first.
//
// What is no response of the service, such as the bare status of a gateway, passes as it is. An
// error of the proxy itself has the form of an API error, whose code is the HTTP status and
// whose desc begins with "nimroom proxy:".
package proxy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
	"github.com/nimroom/nimroom/wrapper/internal/request"
)

// Prefix begins the paths that a [Proxy] serves. It stands for the base URL of the service.
const Prefix = "/nimserver"

// MaxRequestSize bounds the body of a request, in bytes. The largest valid form is far below.
const MaxRequestSize = 1 << 20

// Config describes a proxy.
type Config struct {
	// Credentials sign every request. They are required.
	Credentials sign.Credentials
	// BaseURL is the address of the service, as [wrapper.WithBaseURL] takes it. It is required.
	BaseURL string
	// Token is what each request must bring, as "Authorization: Bearer " and the token, of at
	// least 16 visible ASCII characters. The token never reaches the service. Without one,
	// requests must call the proxy by a loopback name, such as localhost.
	Token string
	// Timeout bounds the exchange with the service. The default is [wrapper.DefaultTimeout].
	Timeout time.Duration
	// Now is the clock that requests are signed with until the service's is known. The
	// default is [time.Now].
	Now func() time.Time
	// Log gets a line for each request, without its form, its query and any secret. Nil
	// means none.
	Log *slog.Logger
}

// Proxy is the handler. [New] returns a proxy. It is safe for concurrent use.
type Proxy struct {
	base    string
	token   web.Token
	timeout time.Duration
	log     *slog.Logger
	forward *httputil.ReverseProxy
	idle    func()
}

// New returns a proxy. It sends nothing. It returns an error if a value of the configuration
// is not valid.
func New(c Config) (*Proxy, error) {
	p := &Proxy{timeout: c.Timeout, log: c.Log}
	var err error
	switch {
	case c.Credentials.IsZero():
		return nil, fmt.Errorf("proxy: %w: none given", sign.ErrCredentials)
	case c.Timeout < 0:
		return nil, fmt.Errorf("proxy: timeout %v: must not be negative", c.Timeout)
	case c.Timeout == 0:
		p.timeout = wrapper.DefaultTimeout
	}
	if p.base, err = request.BaseURL(c.BaseURL); err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	if c.Token != "" {
		if p.token, err = web.NewToken("proxy token", c.Token); err != nil {
			return nil, fmt.Errorf("proxy: %w", err)
		}
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	service := newTransport(c.Credentials, c.Now)
	p.idle = service.sender.CloseIdleConnections
	p.forward = &httputil.ReverseProxy{
		Rewrite:      p.rewrite,
		Transport:    service,
		ErrorHandler: p.failed,
		ErrorLog:     log.New(io.Discard, "", 0), // the line of the request says it
	}
	return p, nil
}

// CloseIdleConnections closes the connections to the service that no request uses.
func (p *Proxy) CloseIdleConnections() { p.idle() }

// Serve serves on l until ctx ends. Then it accepts no more connections, lets requests under
// way finish within the timeout of the configuration, and returns nil, or an error if some had
// to be cut off. It has the limits of the emulator's Serve for slow and idle connections. It
// closes the listener in any case. A proxy without a token refuses to serve on an address that
// is not loopback.
func (p *Proxy) Serve(ctx context.Context, l net.Listener) error {
	if !p.token.Given() && !web.IsLoopback(l.Addr().String()) {
		return errors.Join(fmt.Errorf("proxy: %s is not a loopback address; a proxy for other machines needs a token", l.Addr()), l.Close())
	}
	defer p.idle()
	server, listener := web.NewServer(p, l, func(http.Header) {})
	if err := web.Serve(ctx, server, listener, p.timeout, func() {}); err != nil {
		return fmt.Errorf("proxy: %w", err)
	}
	return nil
}

// ServeHTTP implements [http.Handler].
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	seen := &observed{ResponseWriter: w, status: http.StatusOK}
	defer p.logged(r, seen, time.Now())
	if status, text := p.refuse(r); text != "" {
		seen.fail(status, text)
		return
	}
	body, status, text := readBody(w, r)
	if text != "" {
		seen.fail(status, text)
		return
	}
	web.AllowWait(w, p.timeout)
	ctx, cancel := context.WithTimeout(r.Context(), p.timeout)
	defer cancel()
	out := r.WithContext(ctx)
	out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	out.Body, _ = out.GetBody()
	out.ContentLength, out.TransferEncoding = int64(len(body)), nil
	p.forward.ServeHTTP(seen, out)
}

// logged writes the line of a request that began at a time.
func (p *Proxy) logged(r *http.Request, seen *observed, began time.Time) {
	line := []slog.Attr{
		slog.String("method", clip.Text(r.Method)), slog.String("path", clip.Text(r.URL.Path)),
		slog.Int("status", seen.status), slog.Duration("duration", time.Since(began).Round(time.Millisecond/10)),
	}
	for _, more := range [][2]string{{"code", seen.Header().Get(headerCode)}, {"name", seen.Header().Get(headerName)}, {"error", seen.problem}} {
		if more[1] != "" {
			line = append(line, slog.String(more[0], more[1]))
		}
	}
	p.log.LogAttrs(r.Context(), slog.LevelInfo, "request", line...)
}

// refuse says with which status and why a request is not sent to the service. The text is
// empty for a request that may be sent.
func (p *Proxy) refuse(r *http.Request) (status int, text string) {
	names := web.Names{Any: p.token.Given()}
	if text := names.Wrong(r); text != "" {
		return http.StatusForbidden, text + "; a proxy with a token takes every name"
	}
	if page := web.FromPage(r); page != "" {
		return http.StatusForbidden, "pages in a browser must not use the app's secret; " + page
	}
	if text := p.token.Wanted(r); text != "" {
		return http.StatusUnauthorized, text
	}
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), Prefix)
	if !ok || !strings.HasPrefix(path, "/") {
		return http.StatusNotFound, "nothing at " + clip.Text(r.URL.Path) + "; paths begin with " + Prefix + "/"
	}
	if err := request.CheckPath(path); err != nil {
		return http.StatusNotFound, clip.Text(err.Error())
	}
	return 0, ""
}

// readBody reads a whole request, so that it can be sent again.
func readBody(w http.ResponseWriter, r *http.Request) (body []byte, status int, text string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxRequestSize))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, http.StatusRequestEntityTooLarge, fmt.Sprintf("the body has over %d bytes", large.Limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, http.StatusRequestTimeout, fmt.Sprintf("the body was not complete after %v", web.RequestTime)
	case err != nil:
		return nil, http.StatusBadRequest, "the body is cut short"
	}
	return body, 0, ""
}

// notForwarded are the headers of a request that do not concern the service: the proxy's own
// token, what belongs to the connection with the client, and encodings, because the proxy
// reads the response.
var notForwarded = []string{"Authorization", "Cookie", "Connection", "Upgrade", "Te", "Expect", "Accept-Encoding"}

// rewrite turns a request to the proxy into one to the service.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	target, err := url.Parse(p.base + strings.TrimPrefix(r.In.URL.EscapedPath(), Prefix))
	if err != nil {
		panic(err) // impossible: New and refuse have checked both parts
	}
	target.RawQuery = r.Out.URL.RawQuery
	r.Out.URL, r.Out.Host, r.Out.RequestURI = target, "", ""
	for _, name := range notForwarded {
		r.Out.Header.Del(name)
	}
}

// failed responds to a request that got no response of the service.
func (p *Proxy) failed(w http.ResponseWriter, r *http.Request, err error) {
	status, reason := http.StatusBadGateway, wire.OneLine(err.Error())
	if errors.Is(r.Context().Err(), context.DeadlineExceeded) {
		status, reason = http.StatusGatewayTimeout, fmt.Sprintf("the service did not respond within %v", p.timeout)
	}
	outcome := "the service did not get the request, which can be sent again"
	var e *lost
	if !errors.As(err, &e) || e.mayHaveArrived {
		outcome = "whether the service carried out the request is unknown; find out before you send it again"
	}
	w.(*observed).fail(status, reason+"; "+outcome)
}

// observed notes what a client gets.
type observed struct {
	http.ResponseWriter
	status  int
	problem string // of the proxy itself
}

// Unwrap lets [http.ResponseController] find the writer.
func (o *observed) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// WriteHeader implements [http.ResponseWriter].
func (o *observed) WriteHeader(status int) {
	o.status = status
	o.ResponseWriter.WriteHeader(status)
}

// fail responds with an error of the proxy itself.
func (o *observed) fail(status int, text string) {
	o.problem = text
	if status == http.StatusUnauthorized {
		o.Header().Set("WWW-Authenticate", "Bearer")
	}
	web.WriteJSON(o, status, wire.AppendAPIError(nil, status, "nimroom proxy: "+text))
}
