package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/wrapper"
)

// inProduction returns an emulator that a profile calls production, and the beginning of a command line for it.
func inProduction(t *testing.T) (*emulator.Server, []string) {
	t.Helper()
	atHome(t)
	srv := emulator.Start(t)
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 66, Creator: "lena", Name: "lobby"}))
	code, out := typing(t, false, emulator.DefaultAppSecret, "profile", "add", "live", "--app-key", emulator.DefaultAppKey, "--base-url", srv.URL, "--production")
	require.Equal(t, exitOK, code, out)
	return srv, []string{"messages", "send", "66", "--from", "lena", "--profile", "live"}
}

func TestTheQuestionNamesWhatItIsAbout(t *testing.T) {
	srv, _ := inProduction(t)
	for language, want := range map[string]string{
		"en": "This changes something in production (profile live, app " + emulator.DefaultAppKey + " at " + srv.URL + ").\n" +
			"members mute (room 66, operator lena, target ben, mute-duration 10m, need-notify true): Mutes ",
		"zh": "该操作会更改生产环境（配置 live，应用 " + emulator.DefaultAppKey + "，地址 " + srv.URL + "）。\nmembers mute（room 66、operator lena、target ben、mute-duration 10m、need-notify true）：",
	} {
		code, out := typing(t, true, "n\n", "members", "mute", "66", "--operator", "lena", "--target", "ben", "--mute-duration", "10m", "--need-notify", "--profile", "live", "--lang", language)
		assert.Equal(t, exitFailed, code, out)
		assert.Contains(t, out, want)
		assert.NotContains(t, out, "--help")
	}
	for says, args := range map[string][]string{
		"rooms update (room 66, name 'new name', announcement ''): ":          {"rooms", "update", "66", "--name", "new name", "--announcement", ""},
		"history delete (room 66, from lena, msg-timetag 2026-01-02T20:00:00": {"history", "delete", "66", "--from", "lena", "--msg-timetag", "2026-01-02 20:00"},
		"(creator lena, name n, ext '" + strings.Repeat("x", 100) + "…')":     {"call", "create", "creator=lena", "name=n", "ext=" + strings.Repeat("x", 101)},
		"token REDACTED": {"accounts", "create", "anna", "--token", "hidden"},
		"(from lena, text 'hello all'): Sends a message to everyone who is online in any open room of the app, or to those whose tags match, and returns it as the service sent it.\n": {"messages", "broadcast", "lena", "--text", "hello all"},
	} {
		code, out := typing(t, true, "n\n", append(args, "--profile", "live")...)
		assert.Equal(t, exitFailed, code, out)
		assert.Contains(t, out, says)
		assert.NotContains(t, out, "hidden")
	}
	assert.Empty(t, srv.Requests())
}

func TestAnswers(t *testing.T) {
	srv, line := inProduction(t)
	line = append(line, "--text", "hi")
	for answer, code := range map[string]int{
		"y": exitOK, "Yes": exitOK, " YES ": exitOK, "是": exitOK, "好": exitOK, "what?\ny": exitOK, "a\nb\nyes": exitOK,
		"n": exitFailed, "no": exitFailed, "否": exitFailed, "": exitFailed, "a\nb\nc\ny": exitFailed, "yes, please": exitFailed,
	} {
		before := len(srv.Requests())
		got, out := typing(t, true, answer+"\n", line...)
		assert.Equal(t, code, got, "%q: %s", answer, out)
		assert.Equal(t, code == exitFailed, strings.HasSuffix(out, "nimroom: Nothing was sent.\n"), "%q: %s", answer, out)
		assert.Len(t, srv.Requests(), before+1-code, answer)
	}
}

func TestAnInterruptionIsNoConsent(t *testing.T) {
	srv, line := inProduction(t)
	ctx, interrupt := context.WithCancel(t.Context())
	in, user := io.Pipe()
	defer func() { _ = user.Close() }()
	var out bytes.Buffer
	s := streams{out: &out, err: writerFunc(func(p []byte) (int, error) {
		if strings.Contains(string(p), "[y/N]") {
			interrupt()
		}
		return out.Write(p)
	}), in: in, asks: true}
	assert.Equal(t, exitFailed, run(ctx, append(line, "--text", "hi"), s), out.String())
	assert.Contains(t, out.String(), "Nothing was sent.")
	assert.Empty(t, srv.Requests())
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// TestAServiceIsTheSameHoweverItIsSpelled: another spelling of the address of a profile does not take its mark away.
func TestAServiceIsTheSameHoweverItIsSpelled(t *testing.T) {
	srv, line := inProduction(t)
	port := srv.URL[strings.LastIndex(srv.URL, ":"):strings.LastIndex(srv.URL, "/")]
	for _, spelling := range []string{
		"http://localhost" + port + "/nimserver", "HTTP://LocalHost" + port + "/nimserver/", "http://[::1]" + port + "/nimserver",
		"http://127.0.0.1" + port + "/", "https://localhost." + port, "http://127.1.2.3" + port + "/nimserver",
	} {
		code, out := typing(t, false, "", append(line, "--text", "hi", "--base-url", spelling)...)
		assert.Equal(t, exitUsage, code, spelling)
		assert.Contains(t, out, "production", spelling)
	}
	for _, spelling := range []string{"https://API.NETEASE.IM/nimserver", "https://api.netease.im.:443/nimserver/", "http://api.netease.im"} {
		code, out := typing(t, false, "", append(line, "--text", "hi", "--base-url", spelling, "--app-key", "k", "--app-secret", "s")...)
		assert.Equal(t, exitUsage, code, spelling)
		assert.Contains(t, out, "production", spelling)
	}
	assert.Empty(t, srv.Requests())
	assert.Equal(t, wrapper.DefaultBaseURL, "https://api.netease.im/nimserver")
}
