package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type typedLine struct {
	line, last string
	posix      bool
}

// typed are what a person types, with a tab at the end, and the last word that the command then gets. Some are
// in the quotes of POSIX shells.
var typed = []typedLine{
	{"nimroom dem", "demo", false},
	{"nimroom call sendMsg from", "fromAccid=", false},
	{"nimroom call sendMsg antispam=t", "antispam=true", false},
	{"nimroom call sendMsg attach=@fo", "attach=@folder/", false},
	{"nimroom serve --dialect=e", "--dialect=en-2022", false},
	{"nimroom serve --dialect e", "en-2022", false},
	{"nimroom audit fi", "fi:l=e@1", false},
	{"nimroom members list 66 --columns accid,ni", "accid,nick", false},
	{"nimroom members list 66 --columns=accid,ni", "--columns=accid,nick", false},
	{"nimroom audit tw", "two words:x", true},
	{`nimroom audit two\ w`, "two words:x", true},
	{`nimroom audit "two w`, "two words:x", true},
	{`nimroom audit 'two w`, "two words:x", true},
	{`nimroom audit 'fi:`, "fi:l=e@1", true},
	{"nimroom messages send 66 --text @tw", "@two words:x", true},
	{`nimroom messages send 66 --text=@two\ w`, "--text=@two words:x", true},
	{`nimroom messages send 66 --text="@two w`, "--text=@two words:x", true},
	{`nimroom call sendMsg "attach=@two w`, "attach=@two words:x", true},
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
	for _, name := range []string{"fi:l=e@1", "two words:x"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), nil, 0o600))
	}
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
				keys = append(keys, line.line+"\t\x01printf 'GOT[%s]\\n' \x05") // to the start of the line, and to its end
			}
			_, err = in.Write([]byte(strings.Join(append(keys, "exit\n"), "\n")))
			require.NoError(t, err)
			var all bytes.Buffer
			_, err = all.ReadFrom(out)
			require.NoError(t, err)
			_ = c.Wait() // the shell may return the code of the last command
			var got, want []string
			for _, words := range strings.Split(all.String(), "GOT[nimroom]")[1:] {
				matches := gotten.FindAllStringSubmatch(words, -1)
				got = append(got, matches[len(matches)-1][1])
			}
			for _, line := range typed {
				want = append(want, line.last)
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
			lines := slices.Clone(typed)
			if shell == "pwsh" {
				lines = slices.DeleteFunc(lines, func(l typedLine) bool { return l.posix })
			}
			for _, line := range lines {
				args = append(args, line.line)
			}
			c := shellWith(t, shell, args...)
			c.Stderr = os.Stderr
			out, err := c.Output()
			require.NoError(t, err)
			got := strings.Split(string(out), "\n\n")
			require.Len(t, got, len(lines)+1)
			for i, line := range lines {
				word, _, _ := strings.Cut(got[i], "\t")
				assert.Equal(t, line.last, word, line.line)
			}
		})
	}
}
