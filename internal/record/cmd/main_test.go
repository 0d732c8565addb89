package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	_ "github.com/nimroom/nimroom/internal/long" // less garbage collection
	"github.com/nimroom/nimroom/internal/record/live"
)

func lookup(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
}

// command runs the command in a folder and returns its exit code and what it wrote.
func command(ctx context.Context, p program, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	p.out, p.errs = &o, &e
	code = p.run(ctx, args)
	return code, o.String(), e.String()
}

func theApp(more ...string) func(string) (string, bool) {
	values := map[string]string{"NIM_APP_KEY": emulator.DefaultAppKey, "NIM_APP_SECRET": emulator.DefaultAppSecret, "NIM_ACCOUNTS": "alice-1,bob-2"}
	for i := 0; i < len(more); i += 2 {
		values[more[i]] = more[i+1]
	}
	return lookup(values)
}

// repository is a copy of what the command needs of the repository.
func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, folder := range []string{"cassettes/testdata", "spec/evidence"} {
		require.NoError(t, os.CopyFS(filepath.Join(root, folder), os.DirFS("../../../"+folder)))
	}
	spec, err := os.ReadFile("../../../spec/openapi.yaml")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(root, "spec/openapi.yaml"), spec, 0o644))
	return root
}

// TestLiveNeedsItsVariables: without them nothing is done and all are named.
func TestLiveNeedsItsVariables(t *testing.T) {
	root := t.TempDir()
	code, _, errs := command(t.Context(), program{root: root, lookup: lookup(nil)}, "live")
	assert.Equal(t, exitUsage, code)
	for _, name := range []string{"NIM_APP_KEY", "NIM_APP_SECRET", "NIM_ACCOUNTS"} {
		assert.Contains(t, errs, name)
	}
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	assert.Empty(t, entries)
	code, _, errs = command(t.Context(), program{root: root, lookup: lookup(map[string]string{"NIM_APP_KEY": "k", "NIM_ACCOUNTS": "a"})}, "live")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "set NIM_APP_SECRET in")
	for _, args := range [][]string{nil, {"document"}, {"live", "now"}, {"live", "-yes", "-yes"}} {
		code, out, errs := command(t.Context(), program{root: root, lookup: lookup(nil)}, args...)
		assert.Equal(t, exitUsage, code)
		assert.Contains(t, errs, usage)
		assert.Empty(t, out)
	}
}

// TestAnEmulatorIsNotRecordedAsLive, whoever agrees, and no file changes.
func TestAnEmulatorIsNotRecordedAsLive(t *testing.T) {
	srv := emulator.Start(t)
	root := repository(t)
	for _, base := range []string{srv.URL, strings.Replace(srv.URL, "127.0.0.1", "localhost", 1), "http://emulator.test/nimserver"} {
		p := program{root: root, lookup: theApp("NIM_BASE_URL", base), terminal: strings.NewReader("y\n")}
		code, out, errs := command(t.Context(), p, "live", "-yes")
		assert.Equal(t, exitUsage, code)
		assert.Contains(t, errs, "not the real service")
		assert.Empty(t, out)
	}
	assert.Empty(t, srv.Requests(""))
	assert.NoDirExists(t, filepath.Join(root, "cassettes/testdata/live"))
}

// behind is the network on which a public address leads to an emulator, through what
// changes its responses.
func behind(t *testing.T, srv *emulator.Server, request func(), response func(*http.Response) error) func(*live.Config) {
	t.Helper()
	target, err := url.Parse(srv.URL)
	require.NoError(t, err)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			request()
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = target.Scheme, target.Host, target.Host
		},
		ModifyResponse: response,
	}
	return func(c *live.Config) {
		c.Interval = 0
		c.Resolve = func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("8.8.8.8")}, nil
		}
		c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			w := &written{header: http.Header{}}
			proxy.ServeHTTP(w, r)
			return &http.Response{StatusCode: w.status, Header: w.header, Body: io.NopCloser(&w.body), Request: r, ContentLength: -1}, nil
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// written takes a response.
type written struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *written) Header() http.Header         { return w.header }
func (w *written) WriteHeader(status int)      { w.status = status }
func (w *written) Write(b []byte) (int, error) { return w.body.Write(b) }

// TestAnEmulatorBehindAProxyIsNotRecordedAsLive: it shows itself by its header, or by
// what it says of a path that it does not know. Nothing was changed by then.
func TestAnEmulatorBehindAProxyIsNotRecordedAsLive(t *testing.T) {
	for name, response := range map[string]func(*http.Response) error{
		"header kept": func(*http.Response) error { return nil },
		"header replaced": func(r *http.Response) error {
			r.Header.Set("Server", "nginx")
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := emulator.Start(t)
			root := repository(t)
			code, _, errs := command(t.Context(), program{root: root, lookup: theApp(), network: behind(t, srv, func() {}, response)}, "live", "-yes")
			assert.Equal(t, exitUsage, code)
			assert.Contains(t, errs, "is a nimroom emulator")
			assert.NoDirExists(t, filepath.Join(root, "cassettes/testdata/live"))
			assert.Empty(t, srv.Requests("createChatroom"))
		})
	}
}

// TestLiveAsksBeforeItCreates, and does not begin without a yes.
func TestLiveAsksBeforeItCreates(t *testing.T) {
	srv := emulator.Start(t)
	p := program{root: repository(t), lookup: theApp(), network: behind(t, srv, func() {}, unnamed)}
	for answer, want := range map[string]string{"none": "no terminal", "": "did not agree", "n\n": "did not agree", "\n": "did not agree"} {
		if p.terminal = nil; answer != "none" {
			p.terminal = strings.NewReader(answer)
		}
		code, out, errs := command(t.Context(), p, "live")
		assert.Equal(t, exitUsage, code)
		assert.Contains(t, errs, want)
		assert.Contains(t, out, "x createChatroom", "what it would do")
	}
	assert.Empty(t, srv.Requests(""))
}

// unnamed takes out of responses what shows that they are an emulator's.
func unnamed(r *http.Response) error {
	r.Header.Set("Server", "gateway/1.0")
	if r.StatusCode == http.StatusNotImplemented {
		r.StatusCode, r.Body = http.StatusNotFound, http.NoBody
		r.Header.Del("Content-Length")
	}
	return nil
}

// TestLiveSaysWhatItDoes: a run that is interrupted after some scenarios says so, has
// cleaned up, shows neither secret nor account, and wrote what it saw of the server.
func TestLiveSaysWhatItDoes(t *testing.T) {
	srv := emulator.Start(t)
	ctx, interrupt := context.WithCancel(t.Context())
	requests := 0
	root := repository(t)
	code, out, errs := command(ctx, program{root: root, lookup: theApp(), terminal: strings.NewReader("y\n"), network: behind(t, srv, func() {
		if requests++; requests == 14 {
			interrupt()
		}
	}, unnamed)}, "live")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, errs, "interrupted")
	report, err := os.ReadFile(filepath.Join(root, "cassettes/testdata/live/report.txt"))
	require.NoError(t, err)
	assert.Contains(t, string(report), "INTERRUPTED")
	assert.Contains(t, string(report), "Seen: host api.netease.im, Server header gateway/1.0, date 20")
	index, err := os.ReadFile(filepath.Join(root, "cassettes/INDEX.md"))
	require.NoError(t, err)
	assert.Contains(t, string(index), "[live](testdata/live/createChatroom.yaml): success", "what was recorded before is listed")
	recorded, err := os.ReadFile(filepath.Join(root, "cassettes/testdata/live/createChatroom.yaml"))
	require.NoError(t, err)
	assert.Contains(t, string(recorded), "seen:\n      host: api.netease.im\n      server: gateway/1.0\n      date:")
	for _, text := range []string{out, errs, string(report), string(recorded)} {
		for _, secret := range []string{emulator.DefaultAppSecret, "alice-1", "bob-2"} {
			assert.NotContains(t, text, secret)
		}
	}
	assert.Regexp(t, `\d+ of \d+: createChatroom/success`, out)
}
