package callbacks

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
)

// maxAnswer bounds what is read of an answer.
const maxAnswer = 64 << 10

// target is where callbacks go: an address, or a handler of this process.
type target struct {
	url  string // as the log shows it
	http http.RoundTripper
}

// To returns the target of an address. It must be one of this machine, unless any
// host is allowed.
func To(address string, anyHost bool) (Target, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("callback: %q, want an address such as http://127.0.0.1:8080/callbacks", address)
	}
	if ip := net.ParseIP(u.Hostname()); !anyHost && u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("callback: %s is not on this machine; --callback-any-host, in Go WithAnyCallbackHost, allows others", u.Host)
	}
	return &target{u.String(), &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: workers}}, nil
}

// ToHandler returns the target of a handler.
func ToHandler(h http.Handler) Target { return &target{"http://handler/", handlerTransport{h}} }

// Target is where callbacks go.
type Target interface {
	post(ctx context.Context, header http.Header, body []byte) (status int, answer []byte, err error)
	String() string
}

func (t *target) String() string { return t.url }

func (t *target) post(ctx context.Context, header http.Header, body []byte) (status int, answer []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header = header
	resp, err := t.http.RoundTrip(req) // which follows no redirects
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return resp.StatusCode, answer, err
}

// handlerTransport calls a handler in place of a server. A handler that panics
// is an error, and one that goes on too long is left alone.
type handlerTransport struct{ http.Handler }

func (t handlerTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	w := &answer{header: http.Header{}}
	ended := make(chan error, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				ended <- fmt.Errorf("the handler panicked: %v", v)
			}
		}()
		t.ServeHTTP(w, req)
		ended <- nil
	}()
	select {
	case err := <-ended:
		if err != nil {
			return nil, err
		}
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	w.WriteHeader(http.StatusOK) // unless the handler did
	return &http.Response{StatusCode: w.status, Header: w.header, Body: io.NopCloser(&w.body), Request: req}, nil
}

// answer is what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}
