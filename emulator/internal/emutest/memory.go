package emutest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/control"
	"github.com/nimroom/nimroom/emulator/internal/web"
	"github.com/nimroom/nimroom/sign"
)

// Signed returns a signed request to be served in memory.
func Signed(t testing.TB, srv *emulator.Server, path, form string) *http.Request {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, ApiPath+path, strings.NewReader(form))
	req.Header.Set("Content-Type", api.FormType)
	if err := sign.NewSigner(srv.Credentials(), sign.WithClock(srv.Now)).Edit(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	return req
}

// Handle serves a signed form in memory and returns the body of the response.
func Handle(t testing.TB, srv *emulator.Server, path, form string) string {
	t.Helper()
	w := httptest.NewRecorder()
	srv.Handler().ServeHTTP(w, Signed(t, srv, path, form))
	return w.Body.String()
}

// ServeInMemory serves srv with Serve until the test ends or stop is called,
// which returns what Serve returned. It sets the server's URL.
func ServeInMemory(t testing.TB, srv *emulator.Server) (client *http.Client, l *web.MemoryListener, stop func() error) {
	t.Helper()
	srv.URL = "http://" + web.MemoryHost + ApiPath
	l = web.NewMemoryListener()
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ctx, l) }()
	transport := &http.Transport{DialContext: l.Dial}
	stop = sync.OnceValue(func() error {
		cancel()
		err := <-served
		transport.CloseIdleConnections()
		return err
	})
	t.Cleanup(func() { _ = stop() })
	return &http.Client{Transport: transport}, l, stop
}

// ControlInMemory sends a request to the control plane in memory and returns the status.
func ControlInMemory(srv *emulator.Server, method, path, body string) int {
	w := httptest.NewRecorder()
	srv.Handler().ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), method, "http://localhost"+control.Path+path, strings.NewReader(body)))
	return w.Code
}
