package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
)

const proxyToken = "token-of-a-test-ok"

// startProxy runs proxy with flags until the test ends. It returns its base URL, and a function
// that ends it and returns all that it has printed.
func startProxy(t *testing.T, flags ...string) (base string, end func() string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	exited := make(chan int, 1)
	go func() {
		exited <- run(ctx, append([]string{"proxy", "--addr", "127.0.0.1:0"}, flags...), streams{out: write, err: write})
		write.Close()
	}()
	var printed strings.Builder
	lines := bufio.NewScanner(read)
	for lines.Scan() {
		printed.WriteString(lines.Text() + "\n")
		if address, ok := strings.CutPrefix(lines.Text(), "nimroom proxy: "); ok {
			base = address
		}
		if strings.HasPrefix(lines.Text(), "Stop it") {
			break
		}
	}
	rest := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(read)
		rest <- string(text)
	}()
	end = sync.OnceValue(func() string {
		cancel()
		assert.Equal(t, exitOK, <-exited)
		return printed.String() + <-rest
	})
	t.Cleanup(func() { end() })
	require.NotEmpty(t, base, printed.String())
	return base, end
}

func TestProxySignsAndSetsTheStatus(t *testing.T) {
	srv := emulator.Start(t)
	t.Setenv("NIM_APP_SECRET", emulator.DefaultAppSecret)
	base, end := startProxy(t, "--base-url", srv.URL, "--app-key", emulator.DefaultAppKey)
	status, body := request(t, http.MethodPost, base+"/stats/chatroom/topn.action", "")
	assert.Equal(t, 414, status, body) // there is no Content-Type
	printed := end()
	assert.Contains(t, printed, "path=/nimserver/stats/chatroom/topn.action status=414")
	assert.Contains(t, printed, "name=BadParameter")
	assert.NotContains(t, printed, emulator.DefaultAppSecret)
}

func TestProxyWithATokenTakesRequestsWithItAlone(t *testing.T) {
	srv := emulator.Start(t)
	secret, token := filepath.Join(t.TempDir(), "secret"), filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(secret, []byte(emulator.DefaultAppSecret+"\n"), 0o600))
	require.NoError(t, os.WriteFile(token, []byte(proxyToken+"\n"), 0o600))
	base, end := startProxy(t, "--addr", "0.0.0.0:0", "--base-url", srv.URL, "--app-key", emulator.DefaultAppKey, "--app-secret-file", secret, "--token-file", token)
	assert.True(t, strings.HasPrefix(base, "http://127.0.0.1:"), base)
	status, _ := request(t, http.MethodGet, base+"/health/liveness.action", "")
	assert.Equal(t, http.StatusUnauthorized, status)
	status, _ = request(t, http.MethodGet, base+"/health/liveness.action", proxyToken)
	assert.Equal(t, http.StatusOK, status)
	assert.NotContains(t, end(), proxyToken)
}

func TestProxyUsageErrors(t *testing.T) {
	t.Setenv("NIM_APP_KEY", "k")
	t.Setenv("NIM_APP_SECRET", "secret-of-a-test")
	for _, tt := range []struct {
		args, token, says string
	}{
		{"--addr 0.0.0.0:0", "", "not a loopback address; use one or give a token"},
		{"--addr :0", "", "all addresses"},
		{"--addr 0.0.0.0:0", "fifteen-letters", "15 characters, want at least 16"},
		{"--addr 127.0.0.1", "", "missing port"},
		{"--app-secret=hush-hush", "", "other users of this machine can read arguments; set NIM_APP_SECRET or --app-secret-file"},
		{"--app-secret hush-hush", "", "set NIM_APP_SECRET"},
		{"--token=hush-hush-hush-hush", "", "set NIM_PROXY_TOKEN or --token-file"},
		{"--app-secret-file nowhere", "", "no such file"},
		{"--base-url ftp://h", "", "must begin with http or https"},
		{"--region mars", "", `region "mars", want china or overseas`},
		{"--timeout 0s", "", "--timeout 0s: must be more than 0"},
		{"--app-key=", "", "the app key is empty"},
	} {
		t.Setenv("NIM_PROXY_TOKEN", tt.token)
		code, out, errOut := nimroom(t, append([]string{"proxy"}, strings.Fields(tt.args)...)...)
		assert.Equal(t, exitUsage, code, tt.args)
		assert.Contains(t, errOut, tt.says)
		assert.NotContains(t, out+errOut, "hush")
	}
}
