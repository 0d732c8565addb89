package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/sign"
)

// TestADryRunPrintsASignedRequest, in production too, and sends nothing.
func TestADryRunPrintsASignedRequest(t *testing.T) {
	srv := emulator.Start(t)
	for _, production := range []bool{false, true} {
		base := srv.URL
		if production {
			base = ""
		}
		code, out, errOut := nimroom(t, "call", "create", "creator=lena", "name=a b", "--dry-run", "--base-url", base, "--app-key", "k", "--app-secret", "the-secret-of-k")
		require.Equal(t, exitOK, code, errOut)
		assert.NotContains(t, out, "the-secret-of-k")
		first, rest, _ := strings.Cut(out, "\n")
		assert.True(t, strings.HasPrefix(first, "POST http") && strings.HasSuffix(first, "/nimserver/chatroom/create.action"), first)
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader("POST / HTTP/1.1\n" + rest)))
		require.NoError(t, err)
		credentials, err := sign.NewCredentials("k", "the-secret-of-k")
		require.NoError(t, err)
		assert.NoError(t, sign.Verify(r.Header, time.Now(), credentials))
		assert.True(t, strings.HasSuffix(out, "\n\ncreator=lena&name=a+b\n"), out)
	}
	assert.Empty(t, srv.Requests())
	_, help, _ := nimroom(t, "call", "--help")
	assert.Contains(t, strings.Join(strings.Fields(help), " "), "with the CheckSum anybody can make calls for five minutes")
}

// TestADryRunPrintsWhatWouldBeSent: a message that may be sent again is marked as such in the first request.
func TestADryRunPrintsWhatWouldBeSent(t *testing.T) {
	srv := emulator.Start(t)
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 66, Creator: "lena", Name: "n"}))
	line := append([]string{"messages", "send", "66", "--from", "lena", "--text", "hi", "--msg-id", "m"}, flags(srv)...)
	code, dry, errOut := nimroom(t, append(line, "--dry-run")...)
	require.Equal(t, exitOK, code, errOut)
	require.Empty(t, srv.Requests())
	code, _, wire := nimroom(t, append(line, "-v")...)
	require.Equal(t, exitOK, code)
	_, body, _ := strings.Cut(dry, "\n\n")
	assert.Contains(t, wire, "> "+body)
}

// TestVerboseShowsEachAttempt without secrets, and without anything that controls a terminal.
func TestVerboseShowsEachAttempt(t *testing.T) {
	calls := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Set-Cookie", "session=abcdef")
		_, _ = io.WriteString(w, `{"code":200,"chatroom":{"roomid":1,"valid":true,"name":"\u009b2J`+"\u009b2J"+`","creator":"a","ext":"{\"token\":\"t0pS3cret\"}","sum":"`+r.Header.Get(sign.HeaderCheckSum)+`"}}`)
	}))
	defer srv.Close()
	code, out, errOut := nimroom(t, "call", "get", "roomid=1", "-v", "--base-url", srv.URL, "--app-key", "k", "--app-secret", "the-secret-of-k")
	require.Equal(t, exitOK, code, errOut)
	assert.Contains(t, out, "t0pS3cret", "the output itself is whole")
	for _, want := range []string{
		"> POST " + srv.URL + "/chatroom/get.action\n", "> Appkey: k\n", "> Checksum: REDACTED\n", ">\n> roomid=1\n",
		"< HTTP/1.1 503 Service Unavailable\n", "* attempt 1 took ", "; the next one follows in ", "< HTTP/1.1 200 OK\n", "< Set-Cookie: REDACTED\n", "* attempt 2 took ", "REDACTED",
	} {
		assert.Contains(t, errOut, want)
	}
	for _, secret := range []string{"the-secret-of-k", "t0pS3cret", "abcdef", "\u009b"} {
		assert.NotContains(t, errOut, secret)
	}
	assert.NotRegexp(t, "[0-9a-f]{40}", errOut)
}

// TestADryRunIsAnObject in a format that is asked for. What is secret in the form is not in it.
func TestADryRunIsAnObject(t *testing.T) {
	to := []string{"--base-url", "http://127.0.0.1:1/nimserver", "--app-key", "k", "--app-secret", "s", "--dry-run", "-v"}
	for format, begins := range map[string]string{"json": "{\n  \"method\": \"POST\"", "ndjson": `{"method":"POST"`, "yaml": "method: POST\n", "auto": "POST http"} {
		code, out, errOut := nimroom(t, append([]string{"accounts", "create", "lena", "--token", "t0pS3cret", "--output", format}, to...)...)
		require.Equal(t, exitOK, code, errOut)
		assert.True(t, strings.HasPrefix(out, begins), out)
		assert.NotContains(t, out+errOut, "t0pS3cret")
		assert.Contains(t, out, "REDACTED")
		assert.False(t, strings.HasSuffix(out, "\n\n"), out)
		assert.Equal(t, "Secrets are REDACTED here. The request that is sent has them.\n", errOut, "and nothing about an attempt")
	}
	_, out, errOut := nimroom(t, append([]string{"call", "membersByPage", "roomid=66", "type=1", "endtime=2026-01-02 20:00Z", "limit=9", "--output=json"}, to...)...)
	var shown struct {
		Headers, Form map[string]string
		URL, Curl     string
	}
	require.NoError(t, json.Unmarshal([]byte(out), &shown))
	assert.Equal(t, map[string]string{"roomid": "66", "type": "1", "endtime": "1767384000000", "limit": "9"}, shown.Form)
	assert.Equal(t, "http://127.0.0.1:1/nimserver/chatroom/membersByPage.action", shown.URL)
	assert.Regexp(t, "^curl "+shown.URL+" -H .*Checksum: "+shown.Headers["Checksum"]+".* --data-raw 'endtime=1767384000000&limit=9&roomid=66&type=1'$", shown.Curl)
	assert.Equal(t, "* endtime is "+time.UnixMilli(1767384000000).Format(time.RFC3339Nano)+" (1767384000000)\n", errOut)
	_, _, errOut = nimroom(t, append([]string{"members", "mute", "66", "--operator", "a", "--target", "b", "--mute-duration", "90 min"}, to...)...)
	assert.Equal(t, "* --mute-duration is 1h30m (5400)\n", errOut)
	for _, tt := range []struct {
		flags     string
		code      int
		out, says string
	}{
		{"--jq .form.roomid", exitOK, "66\n", ""},
		{"--columns url,form.roomid", exitOK, "{\n  \"url\": \"http://127.0.0.1:1/nimserver/chatroom/queueList.action\",\n  \"form.roomid\": \"66\"\n}\n", ""},
		{"--columns key", exitUsage, "", "no column key; there are method, url, headers, form, curl"},
		{"--jq .url.x", exitFailed, "", "--jq: expected an object"},
		{"-o csv --columns method", exitOK, "method\nPOST\n", ""},
	} {
		code, out, errOut := nimroom(t, append(append([]string{"queue", "list", "66"}, strings.Fields(tt.flags)...), to...)...)
		assert.Equal(t, tt.code, code, errOut)
		assert.Equal(t, tt.out, out)
		assert.Contains(t, errOut, tt.says)
	}
}
