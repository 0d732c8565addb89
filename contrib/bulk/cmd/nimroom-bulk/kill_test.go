package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/contrib/bulk"
	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/long"
	"github.com/nimroom/nimroom/wrapper"
)

var seed = flag.Uint64("seed", 1, "of the moments at which processes are killed")

// asProgram makes the test binary the program.
const asProgram = "NIMROOM_BULK_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" { //nolint:forbidigo // set by the tests
		main()
	}
	os.Exit(m.Run())
}

// program returns a command that runs the program against a server.
func program(t *testing.T, srv *emulator.Server, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.CommandContext(t.Context(), self, args...)
	c.Env = append(os.Environ(), asProgram+"=1", wrapper.EnvBaseURL+"="+srv.URL, wrapper.EnvAppKey+"="+emulator.DefaultAppKey, wrapper.EnvAppSecret+"="+emulator.DefaultAppSecret)
	c.Stderr = os.Stderr
	return c
}

// finish runs the program to its end and returns its output and its exit code.
func finish(t *testing.T, srv *emulator.Server, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	c := program(t, srv, args...)
	var out, errOut bytes.Buffer
	c.Stdout, c.Stderr = &out, &errOut
	if err := c.Run(); err != nil {
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit)
	}
	return out.String(), errOut.String(), c.ProcessState.ExitCode()
}

// results reads the results that the program printed, one for each line of the file, in order.
func results(t *testing.T, printed string) []bulk.Result {
	t.Helper()
	var list []bulk.Result
	for s := bufio.NewScanner(strings.NewReader(printed)); s.Scan(); {
		var r bulk.Result
		require.NoError(t, json.Unmarshal(s.Bytes(), &r))
		list = append(list, r)
		require.Equal(t, len(list), r.Line)
	}
	return list
}

// TestEachLineTakesEffectOnceWhateverIsKilled kills the program again and again, at random
// moments, while the server loses requests and responses too. The server's own state shows what
// took effect.
func TestEachLineTakesEffectOnceWhateverIsKilled(t *testing.T) {
	rounds := long.Rounds(t, 4, 50)
	random := rand.New(rand.NewPCG(*seed, 0)) //nolint:gosec // repeatable, not secret
	requests := make(chan struct{}, 1_000_000)
	srv := emulator.Start(t, emulator.WithRate(0), emulator.WithRequestHook(func(emulator.Request, time.Duration) { requests <- struct{}{} }))
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL), wrapper.WithLimiter(nil))
	require.NoError(t, err)
	room, err := client.Rooms.Create(t.Context(), wrapper.CreateChatroomForm{Creator: "lena", Name: "old"})
	require.NoError(t, err)
	require.NoError(t, client.Queue.Init(t.Context(), wrapper.InitQueueForm{RoomID: room.RoomID, SizeLimit: wrapper.Ptr(1000)}))
	lines := 40 * rounds
	var file strings.Builder
	for i := 1; i <= lines; i++ {
		switch i % 4 {
		case 0:
			fmt.Fprintf(&file, `{"action":"create","form":{"creator":"lena","name":"room %d"}}`+"\n", i)
		case 1:
			fmt.Fprintf(&file, `{"action":"queuePoll","form":{"roomid":%d}}`+"\n", room.RoomID)
			require.NoError(t, client.Queue.Offer(t.Context(), wrapper.OfferQueueElementForm{RoomID: room.RoomID, Key: strconv.Itoa(i), Value: "v"}))
		default:
			fmt.Fprintf(&file, `{"action":"sendMsg","form":{"roomid":%d,"fromAccid":"lena","msgType":0,"attach":"line %d"}}`+"\n", room.RoomID, i)
		}
	}
	name := filepath.Join(t.TempDir(), "jobs.ndjson")
	require.NoError(t, os.WriteFile(name, []byte(file.String()), 0o600))
	for i, kind := range []emulator.Fault{
		{Operation: "sendMsg", Kind: emulator.FaultReset, Phase: emulator.FaultAfter},
		{Operation: "create", Kind: emulator.FaultReset, Phase: emulator.FaultAfter},
		{Operation: "create", Kind: emulator.FaultReset, Phase: emulator.FaultBefore},
		{Operation: "queuePoll", Kind: emulator.FaultTruncate, Phase: emulator.FaultAfter},
		{Operation: "*", Kind: emulator.FaultCode, Code: 503},
		{Operation: "create", Kind: emulator.FaultDelay, Delay: 100 * time.Millisecond, Phase: emulator.FaultAfter},
	} {
		for n := range rounds {
			kind.Skip, kind.Times = 5*n+i, 1
			require.NoError(t, srv.AddFault(kind))
		}
	}
	kills := 0
	for len(requests) > 0 { // those that made the room
		<-requests
	}
	for kills < rounds {
		command := "resume"
		if _, _, code := finish(t, srv, "status", name); code == exitUsage {
			command = "run" // it was not begun, or killed before it was
		}
		c := program(t, srv, command, name, "--rate", "1000", "--settle", "250ms", "--concurrency", "16")
		require.NoError(t, c.Start())
		ended := make(chan error, 1)
		go func() { ended <- c.Wait() }()
		alive := true
		for n := 1 + random.IntN(30); alive && n > 0; n-- {
			select {
			case <-requests:
			case <-ended:
				alive = false
			}
		}
		if !alive {
			break // nothing was left to do
		}
		require.NoError(t, c.Process.Kill())
		<-ended
		kills++
	}
	out, errOut, code := finish(t, srv, "resume", name, "--rate", "1000", "--settle", "250ms", "--concurrency", "16")
	t.Logf("seed %d, %d kills: %s", *seed, kills, errOut)
	list := results(t, out)
	require.Len(t, list, lines)

	effects := map[int]int{}
	view, err := srv.Room(room.RoomID)
	require.NoError(t, err)
	for _, m := range view.Messages {
		var line int
		if _, err := fmt.Sscanf(m.Attach, "line %d", &line); err == nil {
			effects[line]++
		}
	}
	ids, err := client.Rooms.ListByCreator(t.Context(), wrapper.ListUserChatroomsForm{Creator: "lena"})
	require.NoError(t, err)
	rooms, err := client.Rooms.GetMany(t.Context(), wrapper.GetChatroomsForm{RoomIDs: ids})
	require.NoError(t, err)
	for _, r := range rooms {
		var line int
		if _, err := fmt.Sscanf(r.Value.Name, "room %d", &line); err == nil {
			effects[line]++
		}
	}
	polls, unknown := 0, 0
	for _, r := range list {
		switch {
		case r.Action == "queuePoll" && r.Outcome == bulk.Done:
			polls++
		case r.Action == "queuePoll":
			assert.Equal(t, bulk.Unknown, r.Outcome, r)
			unknown++
		default: // what the service can be asked for, or recognizes, is known
			assert.Equal(t, bulk.Done, r.Outcome, r)
			assert.Equal(t, 1, effects[r.Line], r)
			assert.NotEmpty(t, r.ID)
		}
	}
	taken := lines/4 - len(view.Queue)
	assert.GreaterOrEqual(t, taken, polls)
	assert.LessOrEqual(t, taken, polls+unknown)
	assert.Equal(t, map[bool]int{true: exitUnknown, false: exitDone}[unknown > 0], code)
}
