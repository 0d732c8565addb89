//go:build unix

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTheQuestionIsAskedAtTheTerminal when the standard input is a value, or is no terminal.
func TestTheQuestionIsAskedAtTheTerminal(t *testing.T) {
	srv, line := inProduction(t)
	line = append(line, "--text", "@-")
	for answer, code := range map[string]int{"y\n": exitOK, "n\n": exitFailed} {
		tty := filepath.Join(t.TempDir(), "tty")
		require.NoError(t, syscall.Mkfifo(tty, 0o600))
		there, err := os.OpenFile(tty, os.O_RDWR, 0)
		require.NoError(t, err)
		_, err = there.WriteString(answer)
		require.NoError(t, err)
		var out bytes.Buffer
		got := run(t.Context(), line, streams{out: &out, err: &out, in: strings.NewReader("hello"), tty: tty})
		assert.Equal(t, code, got, out.String())
		require.NoError(t, there.Close())
	}
	requests := srv.Requests()
	require.Len(t, requests, 1)
	assert.Equal(t, "hello", requests[0].Form["attach"])
	code, out := typing(t, false, "hello", line...)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, out, "give --yes, or name another profile with --profile")
}
