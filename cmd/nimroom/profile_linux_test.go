package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

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
