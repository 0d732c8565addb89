package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/internal/output"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/wrapper"
)

// service is a client that finds out whether an emulator responds, and can ask its control plane.
type service struct {
	*wrapper.Client
	host     string // the base URL
	token    string // of the control plane, or ""
	emulator atomic.Bool
	ahead    atomic.Int64 // by how much the clock of the service is ahead of this one
	http     *http.Client // of the control plane
}

func newService(app environment.Settings, options ...wrapper.Option) (*service, error) {
	// It follows no redirects, because the token must not reach another host.
	s := &service{host: app.Hosts()[0], http: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	credentials, err := credentialsOf(app)
	if err != nil {
		return nil, err
	}
	options = append(options, wrapper.WithHosts(app.Hosts()...), wrapper.WithMiddleware(s.identify))
	if s.Client, err = wrapper.New(credentials, options...); err != nil {
		return nil, wrongHost(err)
	}
	return s, nil
}

// identify notes what the header of a response says of the server.
func (s *service) identify(req *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	resp, err := next(req)
	if err == nil {
		s.emulator.Store(strings.HasPrefix(resp.Header.Get("Server"), web.ServerName+"/"))
		if date, bad := http.ParseTime(resp.Header.Get("Date")); bad == nil {
			s.ahead.Store(int64(time.Until(date)))
		}
	}
	return resp, err
}

// isEmulator reports whether the last response was that of an emulator.
func (s *service) isEmulator() bool { return s.emulator.Load() }

// now returns the time of the service, to the second.
func (s *service) now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

// maxControl bounds a response of the control plane, in bytes.
const maxControl = 4 << 20

// control reads what the control plane of an emulator has at a path.
func (s *service) control(ctx context.Context, path string, to any) error {
	resp, err := s.open(ctx, path, nil)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // nothing was written
	return json.NewDecoder(io.LimitReader(resp.Body, maxControl)).Decode(to)
}

// open asks the control plane of an emulator. A response other than 200 is a *controlError.
func (s *service) open(ctx context.Context, path string, header http.Header) (*http.Response, error) {
	u, err := url.Parse(s.host)
	if err != nil {
		return nil, err
	}
	u.Path = "/_emulator/" + path
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	if header != nil {
		req.Header = header
	}
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	resp, err := s.http.Do(req)
	if err != nil || resp.StatusCode == http.StatusOK {
		return resp, err
	}
	defer func() { _ = resp.Body.Close() }() // nothing was written
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 1000))
	return nil, &controlError{resp.StatusCode, output.Visible(string(text))}
}

// controlError is the error of a control plane.
type controlError struct {
	status int
	text   string
}

func (e *controlError) Error() string {
	return fmt.Sprintf("the control plane: HTTP %d: %s", e.status, e.text)
}
