package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pageOf writes a page that agrees with the spec, after it has applied changes to it.
func pageOf(t *testing.T, name string, changes ...string) string {
	t.Helper()
	text := strings.NewReplacer(changes...).Replace(`<h1>Our notes</h1>
<h2>Rooms of an account</h2>
<pre>POST https://api.netease.im/nimserver/chatroom/queryUserRoomIds.action HTTP/1.1</pre>
<table><tr><th>Parameter</th><th>Type</th><th>Required</th><th>Description</th></tr>
<tr><td>creator</td><td>String</td><td>Yes</td><td>Creator of the rooms</td></tr></table>
<pre>{"code": 200, "desc": {"roomids": ["1"]}}</pre>
<p>Status codes: 200, 403, 414, 416, 431, 500</p>`)
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

func TestAudit(t *testing.T) {
	code, out, errOut := nimroom(t, "audit", pageOf(t, "page.html"))
	assert.Equal(t, exitOK, code, errOut)
	assert.Contains(t, out, "in agreement")
	assert.Empty(t, errOut)
	assert.NotContains(t, out, "\x1b", "colours belong on a terminal")

	changed := pageOf(t, "page.html", "<td>Yes", "<td>No")
	code, out, errOut = nimroom(t, "audit", pageOf(t, "other.html"), changed)
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, out, "form creator: required is `no`, in the spec `yes`  page.html:5")
	assert.Contains(t, errOut, "differ")

	code, out, _ = nimroom(t, "audit", "--format", "json", changed)
	assert.Equal(t, exitFailed, code)
	var report struct {
		Version  int
		Drift    bool
		Findings []struct{ Status, File, Operation, Field, Aspect, Page, Spec string }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &report))
	assert.Equal(t, 1, report.Version)
	assert.True(t, report.Drift)
	var drift []string
	for _, f := range report.Findings {
		assert.Equal(t, changed, f.File)
		if f.Status != "note" {
			drift = append(drift, strings.Join([]string{f.Status, f.Operation, f.Field, f.Aspect, f.Page, f.Spec}, " "))
		}
	}
	assert.Equal(t, []string{"changed listUserChatrooms creator required no yes"}, drift)
}

func TestAuditColoursOnATerminal(t *testing.T) {
	var out bytes.Buffer
	run(t.Context(), []string{"audit", pageOf(t, "page.html", "Yes", "No")}, streams{out: &out, err: io.Discard, color: true})
	assert.Contains(t, out.String(), "\x1b[31mchanged")
}

// TestAuditUnreadable checks that one unreadable page prevents the whole report.
func TestAuditUnreadable(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return file
	}
	good := pageOf(t, "good.html")
	tests := map[string][]string{
		"no such file":       {"audit", good, filepath.Join(dir, "missing.txt")},
		"is a directory":     {"audit", dir},
		"it is empty":        {"audit", write("empty.md", "\n")},
		"not UTF-8":          {"audit", write("binary.txt", "\x89PNG\x00")},
		"no operation found": {"audit", good, write("prose.txt", "Hello.")},
		"--colour":           {"audit", "--colour", good},
		"--format":           {"audit", "--format", "xml", good},
		"file":               {"audit"},
	}
	for says, args := range tests {
		code, out, errOut := nimroom(t, args...)
		assert.Equal(t, exitUsage, code, says)
		assert.Contains(t, errOut, says)
		assert.Empty(t, out, says)
	}
	_, _, errOut := nimroom(t, "audit", write("first.txt", "Hello."), good, write("second.txt", ""))
	assert.Contains(t, errOut, "first.txt")
	assert.Contains(t, errOut, "second.txt")
	assert.NotContains(t, errOut, "good.html")
}
