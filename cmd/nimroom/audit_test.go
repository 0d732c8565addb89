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
	assert.Equal(t, 2, report.Version)
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

// TestAuditUnreadable checks that an unreadable page is named, and does not hide the
// report on the others.
func TestAuditUnreadable(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return file
	}
	good := pageOf(t, "good.html")
	tests := map[string][]string{
		"no such file":       {"audit", filepath.Join(dir, "missing.txt")},
		"is a directory":     {"audit", dir},
		"it is empty":        {"audit", write("empty.md", "\n")},
		"it is not text":     {"audit", write("binary.txt", "\x89PNG\x00")},
		"no operation found": {"audit", write("prose.txt", "Hello.")},
		"--colour":           {"audit", "--colour", good},
		"--format":           {"audit", "--format", "xml", good},
		"FILE is missing":    {"audit"},
		"is no folder":       {"audit", "--accept", "--spec", dir, good},
	}
	for says, args := range tests {
		code, out, errOut := nimroom(t, args...)
		assert.Equal(t, exitUsage, code, says)
		assert.Contains(t, errOut, says)
		assert.Empty(t, out, says)
	}
	code, out, errOut := nimroom(t, "audit", write("first.txt", "Hello."), pageOf(t, "good.html", "<td>Yes", "<td>No"), write("second.txt", ""))
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "first.txt")
	assert.Contains(t, errOut, "second.txt")
	assert.NotContains(t, errOut, "good.html")
	assert.Contains(t, out, "form creator: required is `no`")
}

// TestAuditAccept puts a page on record, and compares newer copies with it.
func TestAuditAccept(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "evidence", "records"), 0o700))
	audit := func(flags ...string) (int, string, string) {
		return nimroom(t, append([]string{"audit", "--spec", folder}, flags...)...)
	}
	code, _, errOut := audit("--accept", pageOf(t, "notes.html"))
	assert.Equal(t, exitOK, code, errOut)
	assert.Contains(t, errOut, "list the page in spec/evidence/evidence.yaml")

	code, out, _ := audit(pageOf(t, "copy.html"))
	assert.Equal(t, exitOK, code)
	assert.Contains(t, out, "(notes; no date, en)")

	reworded := pageOf(t, "copy.html", "Creator of the rooms", "Who made the rooms")
	code, out, errOut = audit(reworded)
	assert.Equal(t, exitReview, code)
	assert.Contains(t, out, "- Creator of the rooms\n               + Who made the rooms\n")
	assert.Contains(t, errOut, "sentences to review")

	code, _, _ = audit("--accept", reworded)
	assert.Equal(t, exitOK, code)
	code, _, _ = audit(reworded)
	assert.Equal(t, exitOK, code)
	code, _, _ = audit(pageOf(t, "copy.html"))
	assert.Equal(t, exitReview, code)
	code, _, _ = audit(pageOf(t, "copy.html", "<td>String", "<td>long"))
	assert.Equal(t, exitFailed, code)
}

// TestAuditStandardInput reads a page from standard input.
func TestAuditStandardInput(t *testing.T) {
	f, err := os.Open(pageOf(t, "page.html"))
	require.NoError(t, err)
	defer func(before *os.File) { os.Stdin = before; _ = f.Close() }(os.Stdin)
	os.Stdin = f
	code, out, errOut := nimroom(t, "audit", "-")
	assert.Equal(t, exitOK, code, errOut)
	assert.Contains(t, out, "in agreement")
}
