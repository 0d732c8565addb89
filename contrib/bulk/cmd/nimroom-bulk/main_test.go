package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/contrib/bulk"
	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/wrapper"
)

// write makes a file in a folder of the test.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestARunFromMakeToItsResults(t *testing.T) {
	for name, tt := range map[string]struct {
		args []string
		want func(t *testing.T, r emulator.Room)
	}{
		"announce": {[]string{"--from", "lena", "--text", "<b>"}, func(t *testing.T, r emulator.Room) { assert.Equal(t, "<b>", r.Messages[len(r.Messages)-1].Attach) }},
		"close":    {[]string{"--operator", "lena"}, func(t *testing.T, r emulator.Room) { assert.False(t, r.Valid) }},
		"mute":     {[]string{"--operator", "lena"}, func(t *testing.T, r emulator.Room) { assert.True(t, r.Muted) }},
		"robots":   {[]string{"--accids", write(t, "a.txt", "ben\ncy")}, func(t *testing.T, r emulator.Room) { assert.Equal(t, 2, r.OnlineUserCount) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("NIM_LANG", map[bool]string{true: "zh", false: "en"}[name == "mute"])
			srv := emulator.Start(t)
			room, err := srv.CreateRoom(wrapper.CreateChatroomForm{Creator: "lena", Name: "n"})
			require.NoError(t, err)
			rooms := write(t, "rooms.txt", fmt.Sprintf("# ours\n%d # lobby\n\n404404\n", room))
			jobs, errOut, code := finish(t, srv, append([]string{"make", name, "--rooms", rooms}, tt.args...)...)
			require.Equal(t, exitDone, code, errOut)
			file := write(t, "jobs.ndjson", jobs)
			out, errOut, code := finish(t, srv, "run", file)
			require.Equal(t, exitFailed, code, errOut)
			assert.Contains(t, errOut, "jobs.ndjson: 1 done, 1 failed, 0 unknown, 0 open")
			list := results(t, out)
			require.Len(t, list, 2)
			assert.Equal(t, bulk.Done, list[0].Outcome)
			assert.NotEmpty(t, list[0].Response)
			assert.Equal(t, bulk.Failed, list[1].Outcome)
			assert.Equal(t, 404, list[1].Code)
			assert.NotEmpty(t, list[1].Message)
			assert.NotEmpty(t, list[1].Advice)
			assert.Equal(t, name == "mute", strings.Contains(list[1].Advice, "聊天室"), list[1].Advice)
			view, err := srv.Room(room)
			require.NoError(t, err)
			tt.want(t, view)

			_, errOut, code = finish(t, srv, "run", file)
			assert.Equal(t, exitUsage, code)
			assert.Contains(t, errOut, "was carried out at")
			for flag, want := range map[string]int{"--app-secret=wrong": exitUsage, "--base-url=http://127.0.0.1:1": exitUnknown} {
				_, errOut, code = finish(t, srv, "run", file, "--again", flag)
				assert.Equal(t, want, code, errOut)
				assert.NotContains(t, errOut, "getChatroom", "operations have one name")
			}
			again, _, code := finish(t, srv, "results", file)
			assert.Equal(t, exitFailed, code)
			assert.Equal(t, out, again, "they are kept")
			status, _, code := finish(t, srv, "status", file)
			assert.Equal(t, exitFailed, code)
			assert.Contains(t, status, "with 2 lines")
		})
	}
}

// TestWhatStopsARunBeforeItsFirstLineKeepsTheEarlierResults gives the calls before the first line each kind of error.
func TestWhatStopsARunBeforeItsFirstLineKeepsTheEarlierResults(t *testing.T) {
	for _, tt := range []struct {
		operation string
		code, or  int // the code of the response; the exit code
	}{
		{"get", 315, exitUsage}, {"get", 500, exitUnknown}, {"get", 503, exitUnknown},
		{"queryUserRoomIds", 414, exitUsage}, {"queryUserRoomIds", 500, exitUnknown},
	} {
		t.Run(fmt.Sprint(tt.operation, tt.code), func(t *testing.T) {
			t.Parallel() // calls wait before they are repeated
			srv := emulator.Start(t)
			file := write(t, "jobs.ndjson", `{"action":"create","form":{"creator":"lena","name":"n"}}`)
			first, errOut, code := finish(t, srv, "run", file)
			require.Equal(t, exitDone, code, errOut)
			require.NoError(t, srv.AddFault(emulator.Fault{Operation: tt.operation, Kind: emulator.FaultCode, Code: tt.code, Times: emulator.Forever}))
			out, errOut, code := finish(t, srv, "run", file, "--again")
			assert.Equal(t, tt.or, code, errOut)
			assert.Empty(t, out)
			assert.Contains(t, errOut, fmt.Sprintf("%s: code %d", tt.operation, tt.code))
			assert.Contains(t, errOut, "\nThe earlier results are kept. Run the same command again")
			assert.Equal(t, 3, strings.Count(errOut, "\n"), "the error, its advice and what to do: %s", errOut)
			kept, _, _ := finish(t, srv, "results", file)
			assert.Equal(t, first, kept)

			srv.ClearFaults()
			again, errOut, code := finish(t, srv, "run", file, "--again")
			assert.Equal(t, exitDone, code, errOut)
			assert.NotEqual(t, results(t, first)[0].ID, results(t, again)[0].ID, "a second room")
			kept, _, _ = finish(t, srv, "results", file)
			assert.Equal(t, again, kept)
		})
	}
}

func TestAFirstRunThatDoesNotReachTheServiceDoesNotBegin(t *testing.T) {
	srv := emulator.Start(t)
	file := write(t, "jobs.ndjson", `{"action":"create","form":{"creator":"lena","name":"n"}}`)
	_, errOut, code := finish(t, srv, "run", file, "--base-url=http://127.0.0.1:1")
	assert.Equal(t, exitUnknown, code)
	assert.Contains(t, errOut, "nimroom bulk: queryUserRoomIds: unavailable")
	assert.Contains(t, errOut, "\nNo line was carried out. Run the same command again")
	assert.Equal(t, 3, strings.Count(errOut, "\n"), "the error, its advice and what to do: %s", errOut)
	_, errOut, code = finish(t, srv, "status", file)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "was not begun")
}

// TestAnInterruptBeforeTheFirstLineSaysWhatIsKept interrupts the program while the service does not respond.
func TestAnInterruptBeforeTheFirstLineSaysWhatIsKept(t *testing.T) {
	srv := emulator.Start(t)
	file := write(t, "jobs.ndjson", `{"action":"create","form":{"creator":"lena","name":"n"}}`)
	asked := make(chan struct{}, 10)
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // so that the server sees the connection end
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	defer silent.Close()
	for _, tt := range []struct{ flag, says string }{{"--verbose", "No line was carried out."}, {"--again", "The earlier results are kept."}} {
		c := program(t, srv, "run", file, tt.flag, "--base-url", silent.URL)
		var errOut strings.Builder
		c.Stderr = &errOut
		require.NoError(t, c.Start())
		<-asked
		require.NoError(t, c.Process.Signal(os.Interrupt))
		_ = c.Wait() // the code says more
		assert.Equal(t, exitOpen, c.ProcessState.ExitCode(), errOut.String())
		assert.Contains(t, errOut.String(), "nimroom bulk: interrupted\n"+tt.says)
		_, text, code := finish(t, srv, "run", file)
		require.Equal(t, map[string]int{"--verbose": exitDone, "--again": exitUsage}[tt.flag], code, text)
	}
}

func TestTheLanguageOfAdviceIsAFlag(t *testing.T) {
	srv := emulator.Start(t)
	file := write(t, "jobs.ndjson", `{"action":"get","form":{"roomid":66}}`)
	out, errOut, code := finish(t, srv, "run", file, "--lang=zh_CN")
	require.Equal(t, exitFailed, code, errOut)
	assert.Contains(t, results(t, out)[0].Advice, "聊天室")
	_, errOut, code = finish(t, srv, "run", file, "--lang=fr")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, `--lang: "fr", want en or zh`)
	out, _, code = finish(t, srv, "--version")
	assert.Equal(t, exitDone, code)
	assert.Contains(t, out, "nimroom-bulk ")
}

func TestAListOfRoomsThatIsWrongNamesTheLine(t *testing.T) {
	srv := emulator.Start(t)
	for list, says := range map[string]string{
		"# ours\n66 # lobby\nx\n": `rooms.txt: line 3: "x", want the id of a room`,
		"66\n\n67\n66\n":          "rooms.txt: line 4: room 66 is in line 1, too; leave one of them out",
	} {
		out, errOut, code := finish(t, srv, "make", "close", "--operator", "lena", "--rooms", write(t, "rooms.txt", list))
		assert.Equal(t, exitUsage, code)
		assert.Empty(t, out)
		assert.Contains(t, errOut, says)
	}
}

func TestNothingIsSentOfAFileWithAWrongLine(t *testing.T) {
	srv := emulator.Start(t)
	file := write(t, "jobs.ndjson", `{"action":"create","form":{"creator":"lena","name":"n"}}`+"\n"+`{"action":"create","form":{"creator":"lena"}}`)
	_, errOut, code := finish(t, srv, "run", file)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "nothing was sent")
	assert.Contains(t, errOut, "line 2: create: name")
	assert.Empty(t, srv.Requests())
	assert.NoFileExists(t, file+".db")
}

// TestAnUnfinishedRunIsNamed stops a run whose service rejects the signature.
func TestAnUnfinishedRunIsNamed(t *testing.T) {
	srv := emulator.Start(t)
	file := write(t, "jobs.ndjson", `{"action":"get","form":{"roomid":66}}`)
	_, errOut, code := finish(t, srv, "run", file, "--app-secret", "wrong")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "bad signature")
	assert.Contains(t, errOut, "continue with resume")
	_, errOut, code = finish(t, srv, "run", file)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "has 1 of 1 lines open; continue it with resume")
	_, _, code = finish(t, srv, "status", file)
	assert.Equal(t, exitOpen, code)

	_, errOut, code = finish(t, srv, "resume", file, "--app-key", "another")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "the run belongs to the nimroom client of app")
	require.NoError(t, os.WriteFile(file, []byte(`{"action":"get","form":{"roomid":67}}`), 0o600))
	_, errOut, code = finish(t, srv, "resume", file)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "was changed since its run began")
	require.NoError(t, os.Remove(file))
	_, _, code = finish(t, srv, "resume", file)
	assert.Equal(t, exitFailed, code, "the store has all that a run needs")
}

func TestProductionWantsConsent(t *testing.T) {
	srv := emulator.Start(t)
	file := write(t, "jobs.ndjson", `{"action":"get","form":{"roomid":66}}`)
	_, errOut, code := finish(t, srv, "run", file, "--base-url", wrapper.DefaultBaseURL)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "this works in production")
	assert.Contains(t, errOut, "--yes")
}

func TestAWrongFlagIsNamed(t *testing.T) {
	srv := emulator.Start(t)
	file := write(t, "jobs.ndjson", `{"action":"get","form":{"roomid":1}}`)
	for flag, says := range map[string]string{
		"--rate=0": "--rate 0: must be at least 1", "--concurrency=-1": "--concurrency -1: must be at least 1", "--tries=0": "--tries 0: must be at least 1",
		"--settle=-1s": "--settle -1s: must not be negative", "--rescue=0s": "--rescue 0s: must be at least 1s",
	} {
		_, errOut, code := finish(t, srv, "run", file, flag)
		assert.Equal(t, exitUsage, code)
		assert.Contains(t, errOut, says)
	}
}
