package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// typed are what a person types, with a tab at the end, and what stands there then.
var typed = [][2]string{
	{"nimroom dem", "nimroom demo"},
	{"nimroom call sendMsg from", "nimroom call sendMsg fromAccid="},
	{"nimroom call sendMsg antispam=t", "nimroom call sendMsg antispam=true"},
	{"nimroom call sendMsg attach=@fo", "nimroom call sendMsg attach=@folder/"},
	{"nimroom serve --dialect=e", "nimroom serve --dialect=en-2022"},
	{"nimroom serve --dialect e", "nimroom serve --dialect en-2022"},
	{"nimroom audit fi", "nimroom audit fi:l=e@1"},
}

// terminals are shells that need a terminal to complete, with the line that prepares them.
var terminals = []struct{ shell, start, prepare string }{
	{"bash", "bash --norc --noprofile -i", `stty cols 200; source <(nimroom completion bash)`},
	{"zsh", "zsh -f -i", `autoload -U compinit; compinit -u -D; source <(nimroom completion zsh)`},
}

// shellWith returns a command that runs in a folder of its own, where nimroom is this program.
func shellWith(t *testing.T, shell string, args ...string) *exec.Cmd {
	t.Helper()
	if _, err := exec.LookPath(shell); err != nil {
		t.Skipf("NOT TESTED: the completion of %s, which is not installed", shell)
	}
	atHome(t)
	program, err := os.Executable()
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, os.Symlink(program, filepath.Join(folder, "nimroom")))
	require.NoError(t, os.Mkdir(filepath.Join(folder, "folder"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "fi:l=e@1"), nil, 0o600))
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH")) //nolint:forbidigo // the shell needs the other programs
	c := exec.CommandContext(t.Context(), args[0], args[1:]...)
	c.Dir = folder
	return c
}

var gotten = regexp.MustCompile(`[\r\n]GOT\[(.*)\]`)

// TestTerminalsComplete types into a shell on a terminal, which script(1) makes.
func TestTerminalsComplete(t *testing.T) {
	for _, tt := range terminals {
		t.Run(tt.shell, func(t *testing.T) {
			c := shellWith(t, tt.shell, "script", "-qec", tt.start, os.DevNull)
			c.Env = append(os.Environ(), "TERM=xterm", "LC_ALL=C.UTF-8")
			in, err := c.StdinPipe()
			require.NoError(t, err)
			out, err := c.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, c.Start())
			keys := []string{tt.prepare}
			for _, line := range typed {
				keys = append(keys, line[0]+"\t\x01printf 'GOT[%s]\\n' '\x05'") // to the start of the line, and to its end
			}
			_, err = in.Write([]byte(strings.Join(append(keys, "exit\n"), "\n")))
			require.NoError(t, err)
			var all bytes.Buffer
			_, err = all.ReadFrom(out)
			require.NoError(t, err)
			_ = c.Wait() // the shell may return the code of the last command
			var got []string
			for _, match := range gotten.FindAllStringSubmatch(all.String(), -1) {
				got = append(got, strings.TrimSpace(match[1]))
			}
			var want []string
			for _, line := range typed {
				want = append(want, line[1])
			}
			assert.Equal(t, want, got, all.String())
		})
	}
}

// TestShellsComplete asks shells that can say by themselves what a line would become.
func TestShellsComplete(t *testing.T) {
	for shell, script := range map[string]string{
		"fish": `nimroom completion fish | source; for line in $argv; complete -C $line; echo; end`,
		"pwsh": `nimroom completion powershell | Out-String | Invoke-Expression; foreach ($line in $args) { (TabExpansion2 $line $line.Length).CompletionMatches[0].CompletionText; '' }`,
	} {
		t.Run(shell, func(t *testing.T) {
			args := []string{shell, "-c", script}
			for _, line := range typed {
				args = append(args, line[0])
			}
			c := shellWith(t, shell, args...)
			c.Stderr = os.Stderr
			out, err := c.Output()
			require.NoError(t, err)
			got := strings.Split(string(out), "\n\n")
			require.Len(t, got, len(typed)+1)
			for i, line := range typed {
				word, _, _ := strings.Cut(got[i], "\t")
				words := strings.Fields(line[1])
				assert.Equal(t, words[len(words)-1], word, line[0])
			}
		})
	}
}
