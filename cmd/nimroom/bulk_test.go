package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
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

// TestBulkIsCompletedAsItsHelpSays takes the help of a program that the same parser makes.
func TestBulkIsCompletedAsItsHelpSays(t *testing.T) {
	waiting(t, time.Minute)
	folder := t.TempDir()
	t.Chdir(folder)
	t.Setenv("PATH", folder)
	require.NoError(t, os.WriteFile("form.json", nil, 0o600))
	var program struct {
		Run struct {
			File   string `arg:"" help:"File."`
			Rate   int    `help:"How many calls of an operation. No more."`
			Output string `short:"o" help:"File for the results, which is the standard output if none is given, as it is for every other command of this kind."`
			Yes    bool   `help:"Agree."`
		} `cmd:"" help:"Carry it out. Again."`
		Make struct {
			Announce struct {
				Text string `required:"" help:"The text."`
			} `cmd:"" help:"Send a text."`
			Close struct{} `cmd:"" help:"Close each room."`
		} `cmd:"" help:"Print jobs."`
	}
	t.Setenv("COLUMNS", "10000")
	script := bytes.NewBufferString("#!/bin/sh\ncase \"$*\" in\n") // of the shell alone: PATH may have no other program
	for _, command := range []string{"", "run ", "make ", "make announce "} {
		var help bytes.Buffer
		parser := kong.Must(&program, kong.Name("nimroom bulk"), kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Writers(&help, &help), kong.Exit(func(int) {}))
		_, _ = parser.Parse(strings.Fields(command + "--help")) // what is missing does not matter
		fmt.Fprintf(script, "'%s--help') printf '%%s' '%s';;\n", command, help.String())
	}
	script.WriteString("esac\n")
	require.NoError(t, os.WriteFile("nimroom-bulk", script.Bytes(), 0o700)) //nolint:gosec // a program
	for line, want := range map[string][]string{
		"bulk ":                     {"run\tCarry it out.\n", "make\n"},
		"--profile live bulk r":     {"run\tCarry it out.\n"},
		"bulk run fo":               {"form.json\n"},
		"bulk run form.json --r":    {"--rate\tHow many calls of an operation.\n"},
		"bulk run --output fo":      {"form.json\n"},
		"bulk run --yes --o":        {"--output\tFile for the results, which is the standard output if none is given, as it is for every other command of this kind.\n"},
		"bulk make ":                {"announce\tSend a text.\n", "close\tClose each room.\n"},
		"bulk make announce --":     {"--help\tShow context-sensitive help.\n", "--text\tThe text.\n"},
		"bulk make announce --text": {"--text\tThe text.\n"},
	} {
		assert.Equal(t, want, completed(t, line), line)
	}
}
