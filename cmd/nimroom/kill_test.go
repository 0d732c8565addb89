package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/long"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// TestMain makes the test binary run as nimroom if its first argument is a command. The arguments of a
// test run all begin with a dash.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-") {
		main()
	}
	if err := os.Setenv("XDG_CONFIG_HOME", filepath.Join(os.TempDir(), "nimroom-without-profiles")); err != nil { // not those of the user
		panic(err)
	}
	for _, variable := range []string{"NIM_LANG", "LC_MESSAGES", "LANG"} {
		_ = os.Unsetenv(variable)
	}
	if err := os.Setenv("LC_ALL", "C"); err != nil { // texts are in English unless a test wants others
		panic(err)
	}
	os.Exit(m.Run())
}

// process is a running nimroom serve.
type process struct {
	*exec.Cmd
	root string
}

func serveProcess(t *testing.T, args ...string) *process {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	p := &process{Cmd: exec.CommandContext(t.Context(), program, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)}
	p.Stderr = os.Stderr
	out, err := p.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.Start())
	first, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	base, ok := strings.CutPrefix(strings.TrimSpace(first), "nimroom emulator: ")
	require.True(t, ok, first)
	p.root = strings.TrimSuffix(base, "/nimserver")
	return p
}

// kill kills the process with SIGKILL.
func (p *process) kill(t *testing.T) {
	t.Helper()
	require.NoError(t, p.Process.Kill())
	_ = p.Wait() // the error says only that the process was killed
}

func (p *process) client(t *testing.T) *wrapper.Client {
	t.Helper()
	credentials, err := sign.NewCredentials(emulator.DefaultAppKey, emulator.DefaultAppSecret)
	require.NoError(t, err)
	client, err := wrapper.New(credentials, wrapper.WithBaseURL(p.root+"/nimserver"),
		wrapper.WithLimiter(nil), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}))
	require.NoError(t, err)
	return client
}

// messages lists the ids of the messages in a room.
func (p *process) messages(t *testing.T, roomID gen.RoomID) map[string]bool {
	t.Helper()
	resp, err := http.Get(fmt.Sprintf("%s/_emulator/rooms/%d", p.root, roomID))
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	var room emulator.Room
	require.NoError(t, json.Unmarshal(body, &room), string(body))
	ids := map[string]bool{}
	for _, m := range room.Messages {
		ids[m.MsgID] = true
	}
	return ids
}

// writeUntilKilled sends messages from many goroutines. After the given number of
// responses, while other requests are still running, it kills the process. It returns
// the ids of the messages that the server confirmed.
func (p *process) writeUntilKilled(t *testing.T, roomID gen.RoomID, round, responses int) []string {
	t.Helper()
	client := p.client(t)
	ctx, cancel := context.WithCancel(t.Context())
	confirmed := make(chan string)
	text := strings.Repeat("x", 4000) // so that many rounds take checkpoints, too
	var writers sync.WaitGroup
	for w := range 16 {
		writers.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d-%d", round, w, i)
				_, err := client.Messages.Send(ctx, gen.SendMessageForm{RoomID: roomID, MsgID: id, FromAccid: "zhangsan", MsgType: wrapper.Ptr(gen.MessageTypeText), Attach: &text})
				if err != nil {
					return
				}
				confirmed <- id
			}
		})
	}
	go func() {
		writers.Wait()
		close(confirmed)
	}()
	var ids []string
	for id := range confirmed {
		if ids = append(ids, id); len(ids) == responses {
			p.kill(t)
			cancel()
		}
	}
	cancel()
	return ids
}

// TestKilledServerKeepsEveryConfirmedWrite kills a server several times under load. After
// each restart, every write that the server has confirmed must be there.
func TestKilledServerKeepsEveryConfirmedWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	p := serveProcess(t, "--data", dir)
	room, err := p.client(t).Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "zhangsan", Name: "n"})
	require.NoError(t, err)
	var confirmed []string
	for round := range long.Rounds(t, 4, 12) {
		responses := []int{1, 50, 333, 1000}[round%4]
		got := p.writeUntilKilled(t, room.RoomID, round, responses)
		assert.GreaterOrEqual(t, len(got), responses)
		confirmed = append(confirmed, got...)

		p = serveProcess(t, "--data", dir)
		kept := p.messages(t, room.RoomID)
		for _, id := range confirmed {
			assert.True(t, kept[id], "message %s was confirmed and is lost", id)
		}
		t.Logf("%d confirmed, %d kept", len(confirmed), len(kept))
	}
	p.kill(t)
}

func TestSyncNeedsADirectory(t *testing.T) {
	code, _, errOut := nimroom(t, "serve", "--addr", "127.0.0.1:0", "--sync")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "--sync needs --data")
}

func TestServeRejectsADirectoryInUse(t *testing.T) {
	dir := t.TempDir()
	p := serveProcess(t, "--data", dir)
	code, _, errOut := nimroom(t, "serve", "--addr", "127.0.0.1:0", "--data", dir)
	assert.NotEqual(t, exitOK, code)
	assert.Contains(t, errOut, dir+" is in use by another process")
	p.kill(t)
}

// TestInterruptedServerKeepsItsState restarts a server that was stopped by a signal.
func TestInterruptedServerKeepsItsState(t *testing.T) {
	dir := t.TempDir()
	p := serveProcess(t, "--data", dir)
	room, err := p.client(t).Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "zhangsan", Name: "n"})
	require.NoError(t, err)
	require.NoError(t, p.Process.Signal(os.Interrupt))
	require.NoError(t, p.Wait())
	p = serveProcess(t, "--data", dir, "--sync")
	got, err := p.client(t).Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: room.RoomID})
	require.NoError(t, err)
	assert.Equal(t, "n", got.Name)
	p.kill(t)
}
