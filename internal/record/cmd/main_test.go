package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
)

func lookup(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
}

// TestLiveNeedsItsVariables: without them nothing is done and all are named.
func TestLiveNeedsItsVariables(t *testing.T) {
	var out, errs bytes.Buffer
	root := t.TempDir()
	assert.Equal(t, exitUsage, run(t.Context(), []string{"live"}, root, lookup(nil), &out, &errs))
	for _, name := range []string{"NIM_APP_KEY", "NIM_APP_SECRET", "NIM_ACCOUNTS"} {
		assert.Contains(t, errs.String(), name)
	}
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	assert.Empty(t, entries)
	errs.Reset()
	assert.Equal(t, exitUsage, run(t.Context(), []string{"live"}, root, lookup(map[string]string{"NIM_APP_KEY": "k", "NIM_ACCOUNTS": "a"}), &out, &errs))
	assert.Contains(t, errs.String(), "set NIM_APP_SECRET in")
	for _, args := range [][]string{nil, {"document"}, {"live", "now"}} {
		errs.Reset()
		assert.Equal(t, exitUsage, run(t.Context(), args, root, lookup(nil), &out, &errs))
		assert.Contains(t, errs.String(), usage)
	}
	assert.Empty(t, out.String())
}

// TestLiveOverTheNetwork: a run that is interrupted after some scenarios says
// so, has cleaned up, and shows neither secret nor account.
func TestLiveOverTheNetwork(t *testing.T) {
	srv := emulator.Start(t)
	ctx, interrupt := context.WithCancel(t.Context())
	target, err := url.Parse(srv.URL)
	require.NoError(t, err)
	target.Path = ""
	proxy := httputil.NewSingleHostReverseProxy(target)
	requests := 0
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests++; requests == 12 {
			interrupt()
		}
		proxy.ServeHTTP(w, r)
	}))
	defer front.Close()

	root := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(root, "cassettes"), os.DirFS("../../../cassettes")))
	require.NoError(t, os.CopyFS(filepath.Join(root, "spec"), os.DirFS("../../../spec")))
	var out, errs bytes.Buffer
	code := run(ctx, []string{"live"}, root, lookup(map[string]string{
		"NIM_APP_KEY": emulator.DefaultAppKey, "NIM_APP_SECRET": emulator.DefaultAppSecret, "NIM_ACCOUNTS": "alice-1,bob-2",
		"NIM_BASE_URL": front.URL + "/nimserver",
	}), &out, &errs)
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, errs.String(), "interrupted")
	report, err := os.ReadFile(filepath.Join(root, "cassettes/testdata/live/report.txt"))
	require.NoError(t, err)
	assert.Contains(t, string(report), "INTERRUPTED")
	index, err := os.ReadFile(filepath.Join(root, "cassettes/INDEX.md"))
	require.NoError(t, err)
	assert.Contains(t, string(index), "[live](testdata/live/createChatroom.yaml): success", "what was recorded before is listed")
	for _, r := range srv.Requests("createChatroom") {
		assert.NotEmpty(t, r.Form["creator"])
	}
	for _, text := range []string{out.String(), errs.String(), string(report)} {
		for _, secret := range []string{emulator.DefaultAppSecret, "alice-1", "bob-2"} {
			assert.NotContains(t, text, secret)
		}
	}
	assert.Contains(t, out.String(), "createChatroom/success")
}
