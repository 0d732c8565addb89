package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// startServe runs serve with flags until the test ends. It returns the values that serve
// prints when it starts, by the names at the beginning of the lines.
func startServe(t *testing.T, flags ...string) map[string]string {
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

// request sends a request, with a token if there is one, and returns status and body.
func request(t *testing.T, method, url, token string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	require.NoError(t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return send(t, req)
}

// send sends a request and returns status and body.
func send(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(body)
}

// exposed are the flags of a server for other machines.
var exposed = []string{"--expose", "--app-secret", "a-secret-of-a-test"}

func TestExposedControlPlaneRequiresAToken(t *testing.T) {
	for name, tt := range map[string]struct {
		flags    []string
		token    string // empty if serve generates it
		required bool
		printed  bool
	}{
		"loopback":            {},
		"exposed":             {flags: exposed, required: true, printed: true},
		"exposed with token":  {flags: append(exposed, "--control-token", "control-token-ok"), token: "control-token-ok", required: true},
		"loopback with token": {flags: []string{"--control-token", "control-token-ok"}, token: "control-token-ok", required: true},
	} {
		t.Run(name, func(t *testing.T) {
			printed := startServe(t, tt.flags...)
			health := printed["control plane"]
			require.NotEmpty(t, health, printed)
			generated := printed["control token"]
			assert.Equal(t, tt.printed, generated != "", "serve must print a token if and only if it generated it: %v", printed)
			status, _ := request(t, http.MethodGet, health, "")
			assert.Equal(t, tt.required, status == http.StatusUnauthorized)
			status, body := request(t, http.MethodGet, health, tt.token+generated)
			assert.Equal(t, http.StatusOK, status, body)
		})
	}
}

func TestServePrintsAnAddressThatClientsCanUse(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", "[::]:0", ":0", "127.0.0.1:0"} {
		printed := startServe(t, append(exposed, "--addr", addr)...)
		base := printed["nimroom emulator:"]
		assert.True(t, strings.HasPrefix(base, "http://127.0.0.1:"), base)
		status, body := request(t, http.MethodGet, base+"/health/liveness.action", "")
		assert.Equal(t, http.StatusOK, status, body)
	}
}

func TestGeneratedTokensDiffer(t *testing.T) {
	first, second := startServe(t, exposed...), startServe(t, exposed...)
	assert.NotEqual(t, first["control token"], second["control token"])
	assert.GreaterOrEqual(t, len(first["control token"]), 26)
}

// signedTopn calls an operation without fields, as a client that signs by the machine's
// time, and returns HTTP status and body.
func signedTopn(t *testing.T, printed map[string]string, credentials sign.Credentials) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, printed["nimroom emulator:"]+"/stats/chatroom/topn.action", nil)
	require.NoError(t, err)
	require.NoError(t, sign.NewSigner(credentials).Edit(t.Context(), req))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return send(t, req)
}

func TestServeLimitsTheRateAndDisablesFeatures(t *testing.T) {
	printed := startServe(t, "--rate", "1", "--without", "search,entryNotification")
	_, body := request(t, http.MethodGet, strings.Replace(printed["control plane"], "health", "features", 1), "")
	var features map[emulator.Feature]bool
	require.NoError(t, json.Unmarshal([]byte(body), &features))
	for _, f := range emulator.Features() {
		assert.Equal(t, f != emulator.EntryNotification && f != emulator.Search, features[f], f)
	}

	credentials, err := sign.NewCredentials("app-key", "app-secret")
	require.NoError(t, err)
	var responses []string
	for range 2 {
		_, body := signedTopn(t, printed, credentials)
		responses = append(responses, body)
	}
	assert.Contains(t, responses[0], `"code":200`)
	assert.JSONEq(t, `{"code":416,"desc":"query too fast"}`, responses[1])
}

func TestServeAtAFixedTime(t *testing.T) {
	printed := startServe(t, "--clock", "2022-11-22T20:00:00+08:00", "--seed", "7")
	clock := strings.Replace(printed["control plane"], "health", "clock", 1)
	for range 2 {
		_, body := request(t, http.MethodGet, clock, "")
		assert.JSONEq(t, `{"now":"2022-11-22T12:00:00Z"}`, body)
	}
}

func TestServeLetsAPlainSignerAdvanceTheClock(t *testing.T) {
	credentials, err := sign.NewCredentials("app-key", "app-secret")
	require.NoError(t, err)
	for curTime, good := range map[string]bool{"": true, "machine": true, "off": true, "emulator": false} {
		var flags []string
		if curTime != "" {
			flags = []string{"--curtime", curTime}
		}
		printed := startServe(t, flags...)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, strings.Replace(printed["control plane"], "health", "clock", 1), strings.NewReader(`{"advance":"1h"}`))
		require.NoError(t, err)
		status, _ := send(t, req)
		require.Equal(t, http.StatusOK, status)
		_, body := signedTopn(t, printed, credentials)
		assert.Equal(t, good, !strings.Contains(body, "CurTime is expired"), "%s: %s", curTime, body)
	}
}

func TestServeRejectsInvalidFlags(t *testing.T) {
	for _, tt := range []struct {
		flags []string
		says  string
	}{
		{[]string{"--rate=-1"}, "a rate is from 0 to 100000, not -1"},
		{[]string{"--rate", "many"}, "--rate"},
		{[]string{"--clock", "noon"}, "--clock"},
		{[]string{"--curtime", "mine"}, "--curtime"},
		{[]string{"--clock", "1969-01-01T00:00:00Z"}, "from 1970"},
		{[]string{"--seed=-1"}, "--seed"},
		{[]string{"--without", "video"}, "video: no such feature, want "},
		{[]string{"--control-token", "two words of length"}, "control token"},
		{[]string{"--control-token", "fifteen-letters"}, "the control token has 15 characters, want at least 16"},
		{[]string{"--expose"}, "--expose needs an app secret other than the default one"},
		{[]string{"--expose", "--addr", "nowhere"}, "--addr"},
	} {
		code, out, errOut := nimroom(t, append([]string{"serve", "--addr", "127.0.0.1:0"}, tt.flags...)...)
		assert.Equal(t, exitUsage, code, tt.flags)
		assert.Contains(t, errOut, tt.says)
		assert.NotContains(t, errOut, "two words")
		assert.Empty(t, out)
	}
}

// TestServeDeliversCallbacks: to the address of --callback, and to that of an environment.
func TestServeDeliversCallbacks(t *testing.T) {
	heard := make(chan string, 4)
	app := func(name string) string {
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			heard <- name + " " + r.Header.Get(sign.HeaderAppKey)
		}))
		t.Cleanup(server.Close)
		return server.URL + "/callbacks?a=b"
	}
	printed := startServe(t, "--app-key", "K", "--app-secret", "S", "--callback", app("default"), "--callback", "test="+app("test"))
	credentials, err := sign.NewCredentials("K", "S")
	require.NoError(t, err)
	client, err := wrapper.New(credentials, wrapper.WithBaseURL(printed["nimroom emulator:"]))
	require.NoError(t, err)
	room, err := client.Rooms.Create(t.Context(), wrapper.CreateChatroomForm{Creator: "zhangsan", Name: "n"})
	require.NoError(t, err)
	for _, env := range []string{"", "test"} {
		message, err := wrapper.NewMessage(room.RoomID, "zhangsan", wrapper.Text("hi"))
		require.NoError(t, err)
		message.Env = &env
		_, err = client.Messages.Send(t.Context(), message)
		require.NoError(t, err)
	}
	assert.ElementsMatch(t, []string{"default K", "test K"}, []string{<-heard, <-heard})
}

func TestServeRefusesCallbacksToOtherMachines(t *testing.T) {
	var out strings.Builder
	code := run(t.Context(), []string{"serve", "--addr", "127.0.0.1:0", "--callback", "http://198.51.100.1/"}, streams{out: &out, err: &out})
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, out.String(), "198.51.100.1 is not on this machine")
}
