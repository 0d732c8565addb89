package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/sign"
)

// served runs serve with flags until the test ends and returns what it printed
// at first, by the names at the beginning of the lines.
func served(t *testing.T, flags ...string) map[string]string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	exited := make(chan int, 1)
	go func() {
		exited <- run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, flags...), streams{out: write, err: write})
		write.Close()
	}()
	t.Cleanup(func() {
		cancel()
		assert.Equal(t, exitOK, <-exited)
	})
	printed := map[string]string{}
	lines := bufio.NewScanner(read)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Stop it") {
		words := strings.Fields(lines.Text())
		printed[strings.Join(words[:len(words)-1], " ")] = words[len(words)-1]
	}
	go func() { _, _ = io.Copy(io.Discard, read) }()
	return printed
}

// ask sends a request with a token, if any, and returns status and body.
func ask(t *testing.T, method, url, token string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	require.NoError(t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(body)
}

func TestAnExposedControlPlaneAsksForAToken(t *testing.T) {
	for name, tt := range map[string]struct {
		flags   []string
		token   string // "" where one is made
		asked   bool
		printed bool
	}{
		"loopback":            {},
		"exposed":             {flags: []string{"--expose"}, asked: true, printed: true},
		"exposed with token":  {flags: []string{"--expose", "--control-token", "control-token"}, token: "control-token", asked: true},
		"loopback with token": {flags: []string{"--control-token", "control-token"}, token: "control-token", asked: true},
	} {
		t.Run(name, func(t *testing.T) {
			printed := served(t, tt.flags...)
			health := printed["control plane"]
			require.NotEmpty(t, health, printed)
			made := printed["control token"]
			assert.Equal(t, tt.printed, made != "", "a token is printed when it was made here, and only then: %v", printed)
			status, _ := ask(t, http.MethodGet, health, "")
			assert.Equal(t, tt.asked, status == http.StatusUnauthorized)
			status, body := ask(t, http.MethodGet, health, tt.token+made)
			assert.Equal(t, http.StatusOK, status, body)
		})
	}
}

func TestServePrintsAnAddressThatClientsCanUse(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", "[::]:0", ":0", "127.0.0.1:0"} {
		printed := served(t, "--expose", "--addr", addr)
		base := printed["nimroom emulator:"]
		assert.True(t, strings.HasPrefix(base, "http://127.0.0.1:"), base)
		status, body := ask(t, http.MethodGet, base+"/health/liveness.action", "")
		assert.Equal(t, http.StatusOK, status, body)
	}
}

func TestTokensMadeAreNotTheSame(t *testing.T) {
	first, second := served(t, "--expose"), served(t, "--expose")
	assert.NotEqual(t, first["control token"], second["control token"])
	assert.GreaterOrEqual(t, len(first["control token"]), 26)
}

func TestServeHasARateAndFeaturesThatAreOff(t *testing.T) {
	printed := served(t, "--rate", "1", "--without", "search,entryNotification")
	_, body := ask(t, http.MethodGet, strings.Replace(printed["control plane"], "health", "features", 1), "")
	assert.JSONEq(t, `{"entryNotification":false,"search":false}`, body)

	credentials, err := sign.NewCredentials("app-key", "app-secret")
	require.NoError(t, err)
	var answers []string
	for range 2 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, printed["nimroom emulator:"]+"/stats/chatroom/topn.action", nil)
		require.NoError(t, err)
		require.NoError(t, sign.NewSigner(credentials).Edit(t.Context(), req))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		answers = append(answers, string(body))
	}
	assert.Contains(t, answers[0], `"code":200`)
	assert.JSONEq(t, `{"code":416,"desc":"query too fast"}`, answers[1])
}

func TestServeAtAFixedTime(t *testing.T) {
	printed := served(t, "--clock", "2022-11-22T20:00:00+08:00", "--seed", "7")
	clock := strings.Replace(printed["control plane"], "health", "clock", 1)
	for range 2 {
		_, body := ask(t, http.MethodGet, clock, "")
		assert.JSONEq(t, `{"now":"2022-11-22T12:00:00Z"}`, body)
	}
}

func TestServeRefusesFlagsThatMakeNoSense(t *testing.T) {
	for _, tt := range []struct {
		flags []string
		says  string
	}{
		{[]string{"--rate=-1"}, "a rate is from 0 to 100000, not -1"},
		{[]string{"--rate", "many"}, "--rate"},
		{[]string{"--clock", "noon"}, "--clock"},
		{[]string{"--clock", "1969-01-01T00:00:00Z"}, "from 1970"},
		{[]string{"--seed=-1"}, "--seed"},
		{[]string{"--without", "video"}, "video: no such feature, want entryNotification or search"},
		{[]string{"--control-token", "two words"}, "control token"},
		{[]string{"--expose", "--addr", "nowhere"}, "--addr"},
	} {
		code, out, errOut := nimroom(t, append([]string{"serve", "--addr", "127.0.0.1:0"}, tt.flags...)...)
		assert.Equal(t, exitUsage, code, tt.flags)
		assert.Contains(t, errOut, tt.says)
		assert.NotContains(t, errOut, "two words")
		assert.Empty(t, out)
	}
}
