package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/zalando/go-keyring"
	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/environment"
)

// TestAFileThatCannotBeSavedKeepsTheSecret, and nothing is said to be done. There is no room in the path for a file with
// a longer name beside that of the profiles.
func TestAFileThatCannotBeSavedKeepsTheSecret(t *testing.T) {
	atHome(t)
	file := filepath.Join("nimroom", "profiles.json")
	home := t.TempDir()
	for longest := unix.PathMax - 1; ; {
		rest := longest - len(filepath.Join(home, file)) - 1
		if rest <= 0 {
			break
		}
		home = filepath.Join(home, strings.Repeat("d", min(rest, 200)))
	}
	t.Setenv("XDG_CONFIG_HOME", home)
	path, err := environment.Path()
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(`{"profiles":{"x":{"appKey":"k"}}}`), 0o600))
	require.NoError(t, keyring.Set(command.KeyringService, "x", "s1"))
	for _, args := range [][]string{
		{"profile", "remove", "x"},
		{"profile", "use", "x"},
		{"profile", "add", "x", "--app-key", "k", "--force", "--app-secret-file", keep(t, "s2")},
		{"profile", "add", "x", "--app-key", "k", "--force"},
		{"profile", "add", "new", "--app-key", "k"},
	} {
		code, out := typing(t, false, "s2", args...)
		assert.Equal(t, exitFailed, code, out)
		assert.Contains(t, out, "profiles: ")
		assert.NotContains(t, out, "profile x")
		assert.NotContains(t, out, "Profile x")
		secret, err := keyring.Get(command.KeyringService, "x")
		require.NoError(t, err, args)
		assert.Equal(t, "s1", secret)
		_, err = keyring.Get(command.KeyringService, "new")
		require.ErrorIs(t, err, keyring.ErrNotFound)
	}
}

// TestTheQuestionForASecretCanBeLeft by keys and by signals. The terminal shows what is typed again then.
func TestTheQuestionForASecretCanBeLeft(t *testing.T) {
	atHome(t)
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	require.NoError(t, err)
	defer func() { _ = user.Close() }()
	require.NoError(t, unix.IoctlSetPointerInt(int(user.Fd()), unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(int(user.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	defer func() { _ = terminal.Close() }()
	before, err := term.GetState(int(terminal.Fd()))
	require.NoError(t, err)
	for _, tt := range []struct {
		name, typed string
		code        int
		says        string
	}{
		{"Control-C", "\x03", exitFailed, "Secret of app k: \nnimroom: Cancelled. Nothing was changed.\n"},
		{"Control-C behind letters", "abc\x03", exitFailed, "Cancelled."},
		{"Control-D", "\x04", exitFailed, "Cancelled."},
		{"nothing", "\r", exitUsage, "none given; type it"},
		{"a secret", "hidden\r", exitOK, "Profile x is added."},
		{"a signal", "", exitFailed, "Cancelled."}, // last, because it leaves a read behind
	} {
		ctx, interrupt := context.WithCancel(t.Context())
		var out bytes.Buffer
		code := run(ctx, []string{"profile", "add", "x", "--app-key", "k", "--force"}, streams{out: &out, err: writerFunc(func(p []byte) (int, error) {
			switch {
			case !strings.Contains(string(p), "Secret of app"):
			case tt.typed == "":
				interrupt()
			default:
				_, err := user.WriteString(tt.typed)
				assert.NoError(t, err)
			}
			return out.Write(p)
		}), in: terminal, asks: true})
		interrupt()
		assert.Equal(t, tt.code, code, tt.name)
		assert.Contains(t, out.String(), tt.says, tt.name)
		after, err := term.GetState(int(terminal.Fd()))
		require.NoError(t, err)
		assert.Equal(t, before, after, tt.name)
	}
}
