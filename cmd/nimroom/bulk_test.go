package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBulkIsAProgramOfItsOwn: without it the command says how to make it, and with it the
// arguments and the exit code are those of the program.
func TestBulkIsAProgramOfItsOwn(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	code, _, errOut := nimroom(t, "bulk", "run", "jobs.ndjson")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "go -C contrib/bulk install ./cmd/nimroom-bulk")
	for language, want := range map[string]string{"en": "Carry out files of jobs", "zh": "执行任务文件"} {
		code, out, errOut := nimroom(t, "--lang", language, "bulk", "run", "--help")
		assert.Equal(t, exitOK, code)
		assert.Empty(t, errOut)
		assert.Contains(t, out, want)
		assert.Contains(t, out, "    go -C contrib/bulk install ./cmd/nimroom-bulk\n")
	}

	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "nimroom-bulk"), []byte("#!/bin/sh\necho \"$@\"\nexit 3\n"), 0o700)) //nolint:gosec // a program
	t.Setenv("PATH", folder)
	program, err := os.Executable()
	require.NoError(t, err)
	child := exec.CommandContext(t.Context(), program, "bulk", "--help", "run", "--app-key=a", "b c")
	out, err := child.Output()
	require.Error(t, err)
	assert.Equal(t, 3, child.ProcessState.ExitCode())
	assert.Equal(t, "--help run --app-key=a b c\n", string(out))
}
