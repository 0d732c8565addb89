package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// requests are a success and an API error whose texts would colour a terminal.
var requests = []emulator.Request{
	{Time: noon, Operation: "get", Path: "/chatroom/get.action", Form: map[string]string{"roomid": "66"}, Code: 200, Notices: []string{"odd"}},
	{
		Time: noon, Operation: "sendMsg", Path: "/chatroom/sendMsg.action", Form: map[string]string{"roomid": "\x1b[31m66\n"}, Code: 13004,
		Desc: "muted", Meaning: "ben is muted\x07.", Advice: "Wait.", Unknown: []string{"a\tb"}, Fault: "delay 1s before",
	},
}

func TestRequestsArePrintedForPeople(t *testing.T) {
	var out bytes.Buffer
	hook := logFlags{Log: "auto"}.hook(streams{out: &out, terminal: true})
	for _, r := range requests {
		hook(r, 1500*time.Microsecond)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 2, "one line each: %q", out.String())
	assert.Regexp(t, `^12:00:00\.000  get +66 +200   1\.50 ms  odd$`, lines[0])
	assert.Regexp(t, `^12:00:00\.000  sendMsg +\?\[31m66\? +13004   1\.50 ms  \[delay 1s before\] muted\. ben is muted\?\. Wait\. \? a\?b$`, lines[1])
	assert.Equal(t, strings.Index(lines[0], "1.50"), strings.Index(lines[1], "1.50"), "aligned")

	out.Reset()
	logFlags{Log: "text"}.hook(streams{out: &out, color: true})(requests[1], 0)
	assert.Contains(t, out.String(), "\x1b[31m 13004\x1b[0m")
	for name, none := range map[string]func(emulator.Request, time.Duration){
		"no terminal": logFlags{Log: "auto"}.hook(streams{out: &out}),
		"quiet":       logFlags{Log: "json", Quiet: true}.hook(streams{out: &out, terminal: true}),
	} {
		assert.Nil(t, none, name)
	}
}

func TestRequestsArePrintedForPrograms(t *testing.T) {
	var out bytes.Buffer
	logFlags{Log: "json"}.hook(streams{out: &out})(requests[1], 1500*time.Microsecond)
	var entry struct {
		emulator.Request
		TookMillis float64
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &entry))
	assert.Equal(t, requests[1], entry.Request)
	assert.InDelta(t, 1.5, entry.TookMillis, 1e-9)
	assert.Equal(t, 1, strings.Count(out.String(), "\n"))
}

func TestReadyFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ready.json")
	read, write := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	exited := make(chan int, 1)
	var errs bytes.Buffer
	go func() {
		exited <- run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0", "--log", "json", "--lang", "zh", "--ready-file", file}, exposed...), streams{out: write, err: &errs})
		write.Close()
	}()
	lines := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(read)
		lines <- string(text)
	}()
	var ready struct{ Address, BaseURL, AppKey, ControlToken string }
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(file)
		return err == nil && json.Unmarshal(text, &ready) == nil
	}, time.Minute, time.Millisecond)
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	status, _ := request(t, "GET", ready.Address+"/_emulator/requests", ready.ControlToken)
	assert.Equal(t, 200, status)
	status, _ = request(t, "POST", ready.BaseURL+"/chatroom/get.action", "")
	assert.Equal(t, 200, status)
	cancel()
	require.Equal(t, exitOK, <-exited)
	var entry emulator.Request
	require.NoError(t, json.Unmarshal([]byte(<-lines), &entry), "nothing but the request")
	assert.Equal(t, "headerMissing", entry.Circumstance)
	assert.Equal(t, "缺少签名请求头。", entry.Meaning)
	assert.Contains(t, errs.String(), "nimroom emulator: "+ready.Address)

	code, _, stderr := nimroom(t, "serve", "--addr", "127.0.0.1:0", "--ready-file", filepath.Join(t.TempDir(), "no", "such", "folder"))
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, stderr, "no such file or directory")
}

func TestWideLettersKeepTheColumns(t *testing.T) {
	for text, want := range map[string]string{"get": "get     ", "房间1": "房间1   ", "ＩＤ": "ＩＤ    ", "かな": "かな    ", "longer than it": "longer than it", "": "        "} {
		assert.Equal(t, want, pad(text, 8))
	}
}
