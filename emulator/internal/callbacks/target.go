package callbacks

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/internal/web"
)

// maxResponse bounds what is read of a response.
const maxResponse = 64 << 10

// Target is where callbacks go: an address, or a handler of this process.
type Target struct {
	url  string // as the log shows it
	http http.RoundTripper
}

// To returns the target of an address. It must be one of this machine, unless any
// host is allowed.
func To(address string, anyHost bool) (*Target, error) {
	const want = "want an address such as http://127.0.0.1:8080/callbacks, without a user and a password"
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("callback: no URL, " + want) // whose text may hold a password
	}
	port, err := strconv.ParseUint(cmp.Or(u.Port(), "80"), 10, 16)
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || err != nil || port == 0 {
		return nil, fmt.Errorf("callback: %q, %s", u.Redacted(), want)
	}
	if ip := net.ParseIP(u.Hostname()); !anyHost && !strings.EqualFold(u.Hostname(), "localhost") && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("callback: %s is not on this machine; --callback-any-host, in Go WithAnyCallbackHost, allows others", u.Host)
	}
	return &Target{u.String(), &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: workers}}, nil
}

// ToHandler returns the target of a handler.
func ToHandler(h http.Handler) *Target { return &Target{"http://handler/", handlerTransport{h}} }

// close closes the connections that are idle.
func (t *Target) close() { (&http.Client{Transport: t.http}).CloseIdleConnections() }

func (t *Target) post(ctx context.Context, header http.Header, body []byte) (status int, response []byte, err error) {
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
	response, err = io.ReadAll(io.LimitReader(resp.Body, maxResponse))
	return resp.StatusCode, response, err
}

// handlerTransport calls a handler in place of a server. A handler that panics
// is an error, and one that goes on too long is left alone.
type handlerTransport struct{ http.Handler }

func (t handlerTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	w := new(web.Recorder)
	ended := make(chan error, 1)
	go func() {
		err := errors.New("the handler ended its goroutine, as t.FailNow does")
		defer func() {
			if v := recover(); v != nil {
				err = fmt.Errorf("the handler panicked: %v", v)
			}
			ended <- err
		}()
		t.ServeHTTP(w, req)
		err = nil
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
	return &http.Response{StatusCode: w.Status, Header: w.Header(), Body: io.NopCloser(&w.Body), Request: req}, nil
}
