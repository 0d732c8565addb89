package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
)

// nimroom runs a command line and returns its exit code and its output.
func nimroom(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, streams{out: &o, err: &e})
	return code, o.String(), e.String()
}

func TestDemoShowsEveryOperation(t *testing.T) {
	code, out, errOut := nimroom(t, "demo")
	require.Equal(t, exitOK, code, errOut)
	for _, operation := range gen.Operations {
		row := regexp.MustCompile(`(?m)^` + operation.ID + ` +` + operation.Action + ` +200 +\d+\.\d\d ms  \S`)
		assert.Regexp(t, row, out)
	}
	assert.Contains(t, out, fmt.Sprintf("%[1]d of %[1]d operations succeeded", len(gen.Operations)))
	assert.Less(t, strings.Count(out, "as its scenario says"), 3, "give the new operations a part in the story")
	assert.NotContains(t, out, "\x1b", "colours belong on a terminal")
}

// TestDemoPlaysOtherOperations takes every operation for one without a part of its own.
func TestDemoPlaysOtherOperations(t *testing.T) {
	var out bytes.Buffer
	table := newTable(streams{out: &out})
	require.NoError(t, playOthers(t.Context(), table))
	assert.NoError(t, table.finish(), out.String())
}

func TestDemoColoursOnATerminal(t *testing.T) {
	var out bytes.Buffer
	require.Equal(t, exitOK, run(t.Context(), []string{"demo"}, streams{out: &out, err: io.Discard, color: true}))
	assert.Contains(t, out.String(), "\x1b[32m 200\x1b[0m")
}

func TestDemoRowsAreAligned(t *testing.T) {
	_, out, _ := nimroom(t, "demo")
	column := -1
	for line := range strings.Lines(out) {
		at := strings.Index(line, " ms  ")
		if at < 0 {
			continue
		}
		if column < 0 {
			column = at
		}
		assert.Equal(t, column, at, line)
	}
	assert.Positive(t, column)
}

func TestFailingDemoFails(t *testing.T) {
	var out bytes.Buffer
	table := newTable(streams{out: &out})
	table.step("getChatroom", func() (string, error) { return "", io.EOF })
	require.Error(t, table.finish())
	assert.Equal(t, exitFailed, exitCode(table.finish()))
	assert.Contains(t, out.String(), "EOF")
}

func TestSpecVariants(t *testing.T) {
	for _, args := range []string{"", "--profile canonical", "--profile sdk", "--lang zh", "--profile sdk --lang zh"} {
		code, text, _ := nimroom(t, append([]string{"spec"}, strings.Fields(args)...)...)
		require.Equal(t, exitOK, code)
		assert.Contains(t, text, "openapi: 3.0.4")
		assert.Equal(t, strings.Contains(args, "sdk"), !strings.Contains(text, "oneOf"), args)
		assert.Equal(t, strings.Contains(args, "zh"), strings.Contains(text, "聊天室服务端"), args)

		code, text, _ = nimroom(t, append([]string{"spec", "--format", "json"}, strings.Fields(args)...)...)
		require.Equal(t, exitOK, code)
		assert.True(t, json.Valid([]byte(text)))
	}
	code, _, errOut := nimroom(t, "spec", "--lang", "fr")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "lang")
}

// flags returns the flags with which call uses a test emulator.
func flags(srv *emulator.Server) []string {
	return []string{"--base-url", srv.URL, "--app-key", emulator.DefaultAppKey, "--app-secret", emulator.DefaultAppSecret}
}

func TestCall(t *testing.T) {
	srv := emulator.Start(t)
	code, out, errOut := nimroom(t, append([]string{"call", "create", "creator=lena", "name=a b&c"}, flags(srv)...)...)
	require.Equal(t, exitOK, code, errOut)
	var created struct {
		Chatroom struct {
			Roomid int64
			Name   string
		}
		Code int
	}
	require.NoError(t, json.Unmarshal([]byte(out), &created))
	assert.Equal(t, "a b&c", created.Chatroom.Name)
	assert.Equal(t, 200, created.Code)

	code, out, _ = nimroom(t, append([]string{"call", "getChatrooms", `roomids=["1"]`}, flags(srv)...)...)
	assert.Equal(t, exitOK, code)
	assert.Contains(t, out, "noExistRooms")

	code, out, errOut = nimroom(t, append([]string{"call", "get", "roomid=1"}, flags(srv)...)...)
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, out, `"code": 404`)
	assert.Contains(t, errOut, "not found")
}

func TestCallReadsTheEnvironment(t *testing.T) {
	srv := emulator.Start(t)
	t.Setenv("NIM_BASE_URL", srv.URL)
	t.Setenv("NIM_APP_KEY", emulator.DefaultAppKey)
	t.Setenv("NIM_APP_SECRET", emulator.DefaultAppSecret)
	code, _, errOut := nimroom(t, "call", "queryUserRoomIds", "creator=lena")
	assert.Equal(t, exitOK, code, errOut)
}

// TestAValueComesFromAFile sends what is in a file, what is on the standard input, and a text that begins with @.
func TestAValueComesFromAFile(t *testing.T) {
	srv := emulator.Start(t)
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 7, Creator: "lena", Name: "n"}))
	file := filepath.Join(t.TempDir(), "attach.json")
	require.NoError(t, os.WriteFile(file, []byte("{\"a\": 1}\n\r\n"), 0o600))
	code, out := typing(t, false, "from the input\n", append([]string{"call", "sendMsg", "roomid=7", "msgId=@@m", "fromAccid=lena", "msgType=0", "attach=@" + file, "ext=@-"}, flags(srv)...)...)
	require.Equal(t, exitOK, code, out)
	form := srv.Requests()[0].Form
	assert.Equal(t, "{\"a\": 1}\n", form["attach"], "without the end of the last line")
	assert.Equal(t, "from the input", form["ext"])
	for label, args := range map[string][]string{
		"ext": {"call", "sendMsg", "attach=@-", "ext=@-"}, "--ext": {"rooms", "update", "7", "--name", "@-", "--ext", "@-"},
	} {
		code, out = typing(t, false, "from the input", args...)
		assert.Equal(t, exitUsage, code)
		assert.Regexp(t, label+": the standard input is the value of .+; give @FILE here", out)
	}
	assert.Equal(t, "@m", form["msgId"])
	for _, nothing := range []string{"", "\n", " \r\n\n"} {
		code, out = typing(t, false, nothing, "messages", "send", "7", "--from", "lena", "--text", "@-")
		assert.Equal(t, exitUsage, code)
		assert.Contains(t, out, "--text: there is nothing in the standard input; write '' for an empty value")
	}
	require.NoError(t, os.Truncate(file, 1<<20))
	_, out = typing(t, false, "", "call", "get", "roomid=@"+file)
	assert.Contains(t, out, "more than 262144 bytes")
}

// TestErrorsNameAnOperationInOneWay compares an error of the command line with one of the service: both name what was
// called, the operation of call by its action and a command by itself.
func TestErrorsNameAnOperationInOneWay(t *testing.T) {
	srv := emulator.Start(t)
	for _, action := range []string{"sendMsg", "sendMessage"} {
		_, _, missing := nimroom(t, "call", action, "roomid=1")
		_, _, refused := nimroom(t, append([]string{"call", action, "roomid=1", "msgId=m", "fromAccid=a", "msgType=0"}, flags(srv)...)...)
		assert.True(t, strings.HasPrefix(missing, "nimroom: sendMsg: "), missing)
		assert.True(t, strings.HasPrefix(refused, "nimroom: sendMsg: code 404"), refused)
	}
	_, _, missing := nimroom(t, "messages", "send", "1")
	_, _, refused := nimroom(t, append([]string{"messages", "send", "1", "--from=a", "--text=hi"}, flags(srv)...)...)
	assert.True(t, strings.HasPrefix(missing, "nimroom: messages send: "), missing)
	assert.True(t, strings.HasPrefix(refused, "nimroom: messages send: code 404"), refused)
}

// TestAnUnknownOutcomeSaysHowToGoOn wants the operation to ask by its one name, and the id of a message that got one.
func TestAnUnknownOutcomeSaysHowToGoOn(t *testing.T) {
	fault := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }))
	defer fault.Close()
	to := []string{"--base-url", fault.URL, "--app-key", "k", "--app-secret", "s", "--yes", "--timeout", "1s"}
	for says, args := range map[string][]string{
		`nimroom: queue poll: unreadable response`:                                         {"queue", "poll", "66"},
		`(it may have taken effect; to find out, ask "nimroom queue list 66")`:             {"queue", "poll", "66"},
		`Ask "nimroom queue list 66" whether it was`:                                       {"call", "queuePoll", "roomid=66"},
		`请用 nimroom queue list 66 查明`:                                                      {"queue", "poll", "66", "--lang", "zh"},
		"(it may have taken effect)\nThe response":                                         {"messages", "send", "66", "--from", "a", "--text", "x", "--msg-id", "m1"},
		"run the same command again with --msg-id=m1: the service takes the message once.": {"messages", "send", "66", "--from", "a", "--text", "x", "--msg-id", "m1"},
		"请加上 --msg-id=m1 重新运行同一命令：服务对同一消息只接收一次。":                                           {"messages", "send", "66", "--from", "a", "--text", "x", "--msg-id", "m1", "--lang", "zh"},
		"run the same command again with msgId='m 1': the service":                         {"call", "sendMsg", "roomid=66", "fromAccid=a", "msgType=0", "attach=x", "msgId=m 1"},
		"with the same msgId (m1): the service takes each message once":                    {"call", "batchSendMsg", "roomid=66", "fromAccid=a", `msgList=[{"msgId":"m1","msgType":0,"attach":"x"}]`},
		"Run the same command again: if it took effect, the service refuses it":            {"accounts", "create", "ann"},
		`run "nimroom doctor"`: {"rooms", "get", "66"},
	} {
		code, _, errOut := nimroom(t, append(args, to...)...)
		assert.Equal(t, exitUnknown, code)
		assert.Contains(t, errOut, says)
	}
}

// TestAnInterruptedCallIsNoFaultOfTheService: whoever pressed Ctrl-C needs to know only what has happened.
func TestAnInterruptedCallIsNoFaultOfTheService(t *testing.T) {
	atHome(t)
	came := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // so that the server notices that the client is gone
		came <- struct{}{}
		<-r.Context().Done()
	}))
	defer server.Close()
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"rooms", "get", "66"}, exitFailed, "nimroom: rooms get: interrupted\n"},
		{[]string{"rooms", "get", "66", "--lang", "zh"}, exitFailed, "nimroom: rooms get：已中断\n"},
		{[]string{"members", "export", "66", "--file", filepath.Join(t.TempDir(), "m.csv")}, exitFailed, "nimroom: members export: interrupted\n"},
		{[]string{"rooms", "close", "66", "--operator", "a"}, exitUnknown, "nimroom: rooms close: interrupted\nThe request may have been carried out, and no response says so. Ask \"nimroom rooms get 66\""},
		{[]string{"messages", "send", "66", "--from", "a", "--text", "x", "--msg-id", "m"}, exitUnknown, "nimroom: messages send: interrupted\nThe request may have been carried out, and no response says so. Find out before you send it again.\nTo be sure, run the same command again with --msg-id=m"},
		{[]string{"doctor"}, exitFailed, "nimroom: interrupted\n"},
	} {
		ctx, interrupt := context.WithCancelCause(t.Context())
		go func() {
			<-came
			interrupt(errors.New("interrupt signal received"))
		}()
		var out, errOut strings.Builder
		args := append(slices.Clone(tt.args), "--base-url", server.URL, "--app-key", "k", "--app-secret", "s")
		assert.Equal(t, tt.code, run(ctx, args, streams{out: &out, err: &errOut}), tt.args)
		assert.Contains(t, errOut.String(), tt.says)
		assert.NotContains(t, out.String()+errOut.String(), "unavailable")
	}
}

// TestHelpOfAnOperation wants each field with its type, and an example that the emulator takes.
func TestHelpOfAnOperation(t *testing.T) {
	for _, operation := range gen.Operations {
		code, out, errOut := nimroom(t, "call", operation.Action, "--help")
		require.Equal(t, exitOK, code, errOut)
		for _, field := range operation.Fields {
			assert.Regexp(t, "(?m)^  "+regexp.QuoteMeta(field.Name)+` \((string|integer|number|boolean|duration|time|JSON (array|object))`, out)
		}
		_, example, found := strings.Cut(out, "Example:\n  nimroom call "+operation.Action+" ")
		assert.True(t, found && strings.Contains(example, "="), out)
		assert.NotContains(t, out, "Evidence")
	}
	_, out, _ := nimroom(t, "call", "sendMsg", "--help")
	for _, want := range []string{"roomid (integer, 1 or more, required)", "attach (string, up to 4096 characters)", "resendFlag (integer, 0|1)", "abandonRatio (integer, 0 to 9999, default 0)", "'attach=This is test msg'"} {
		assert.Contains(t, out, want)
	}
	_, out, _ = nimroom(t, "call", "sendMsg", "--lang", "zh", "--help")
	assert.Contains(t, out, "聊天室 ID。\n")
	_, out, _ = nimroom(t, "call", "--app-key", "get", "create", "name=zh", "--help")
	assert.Contains(t, out, "Usage: nimroom call create name=value")
	assert.NotContains(t, out, "聊天室")
}

// TestEachFlagOfAServerIsAnEnvironmentVariable looks for the variable of each flag in the help, and sets it.
func TestEachFlagOfAServerIsAnEnvironmentVariable(t *testing.T) {
	for command, prefix := range serverVariables {
		_, help, _ := nimroom(t, command, "--help")
		flags := regexp.MustCompile(`(?m)^ +(?:-h, )?--([a-z-]+)`).FindAllStringSubmatch(help, -1)
		require.Greater(t, len(flags), 5, help)
		for _, flag := range flags {
			if name := flag[1]; name != "help" && name != "version" && name != "lang" { // whose variable is NIM_LANG everywhere
				assert.Contains(t, strings.Join(strings.Fields(help), " "), "$"+prefix+strings.ToUpper(strings.ReplaceAll(name, "-", "_")), command)
			}
		}
	}
	for variable, want := range map[string]string{
		"NIM_EMULATOR_CLOCK": "want a time such as", "NIM_EMULATOR_ADDR": "missing port", "NIM_PROXY_TIMEOUT": "want a duration such as", "NIM_PROXY_ADDR": "missing port",
	} {
		t.Run(variable, func(t *testing.T) {
			t.Setenv(variable, "nonsense")
			_, _, errOut := nimroom(t, map[bool]string{true: "serve", false: "proxy"}[strings.HasPrefix(variable, "NIM_EMULATOR")])
			assert.Contains(t, errOut, want)
		})
	}
}

func TestTheVersion(t *testing.T) {
	code, out, _ := nimroom(t, "--version")
	assert.Equal(t, exitOK, code)
	assert.Regexp(t, `^nimroom \S+\ncommit \S.*\nspec \d+\.\d+\.\d+\n$`, out)
	text := version(&debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}}})
	assert.Contains(t, text, "commit abc, with changes\n")
}

func TestUsageErrors(t *testing.T) {
	srv := emulator.Start(t)
	tests := []struct {
		name string
		args []string
		says string
	}{
		{"unknown command", []string{"dance"}, "dance"},
		{"unknown flag", []string{"demo", "--fast"}, "--fast"},
		{"no action", []string{"call"}, "ACTION is missing"},
		{"unknown action", []string{"call", "destroy"}, "unknown operation \"destroy\"; nimroom call --help lists all\n"},
		{"no value", []string{"call", "get", "roomid"}, "name=value"},
		{"missing field", []string{"call", "create", "name=n"}, "creator is empty"},
		{"unknown field", []string{"call", "get", "roomid=1", "colour=red"}, "colour"},
		{"misspelt field", []string{"call", "get", "room_id=99"}, "get: no field room_id; did you mean roomid"},
		{"misspelt roomId", []string{"call", "queryTagHistoryMsg", "roomID=1"}, "no field roomID; did you mean roomId"},
		{"text for a number", []string{"call", "temporaryMute", "roomid=1", "operator=a", "target=b", "muteDuration=ten"}, `muteDuration: "ten", want a duration such as 30s, 10m, 1h30m, 7d or 2w`},
		{"field given twice", []string{"call", "get", "roomid=1", "roomid=2"}, "roomid is given twice"},
		{"not a number", []string{"call", "get", "roomid=one"}, "roomid"},
		{"broken JSON", []string{"call", "getBatch", "roomids=[1"}, "roomids"},
		{"over the limit", []string{"call", "topn", "topn=501"}, "at most 500"},
		{"no credentials", []string{"call", "get", "roomid=1", "--base-url", srv.URL, "--app-key", "", "--app-secret", ""}, "--app-key"},
		{"base URL", []string{"call", "get", "roomid=1", "--base-url", "ftp://h", "--app-key", "k", "--app-secret", "s"}, "http or https"},
		{"dialect", []string{"serve", "--dialect", "fr"}, "dialect"},
		{"all addresses", []string{"serve", "--addr", ":0"}, "--expose"},
		{"public address", []string{"serve", "--addr", "192.0.2.1:0"}, "--expose"},
		{"no port", []string{"serve", "--addr", "127.0.0.1"}, "--addr"},
		{"another name of an operation", []string{"call", "kick", "roomid=1"}, "did you mean kickMember?\nRun \"nimroom call --help\" for help."},
		{"another name of a field", []string{"call", "get", "rooomid=1"}, "get: no field rooomid; did you mean roomid?\nRun \"nimroom call get --help\" for help."},
		{"no scheme", []string{"call", "get", "roomid=1", "--base-url", "127.0.0.1:8500", "--app-key", "k", "--app-secret", "s"}, "http:// is missing"},
		{"no scheme, a name", []string{"call", "get", "roomid=1", "--base-url", "localhost:8500/nimserver", "--app-key", "k", "--app-secret", "s"}, "http:// is missing"},
		{"a port alone", []string{"serve", "--addr", "18519"}, "want HOST:PORT, such as 127.0.0.1:8500\nRun \"nimroom serve --help\" for help."},
		{"no such port", []string{"proxy", "--addr", "127.0.0.1:99999"}, "want a port from 0 to 65535"},
		{"no time", []string{"serve", "--clock", "noon"}, `--clock: "noon", want a time such as 2026-01-02 20:00`},
		{"no time at all", []string{"rooms", "get", "7", "--timeout", "0s"}, "--timeout 0s: must be more than 0"},
		{"no format", []string{"rooms", "get", "1", "-o", "tabel"}, `--output: "tabel", want one of auto, table, json, ndjson, csv, yaml; did you mean table?`},
		{"no choice of format", []string{"doctor", "-o", "json"}, "unknown flag -o: nimroom doctor has one format"},
		{"no date", []string{"serve", "--clock", "-1h5"}, `--clock: "-1h5" has no unit`},
		{"no duration", []string{"proxy", "--timeout", "5"}, `--timeout: "5" has no unit; write 5s`},
		{"a flag of a command in a command", []string{"profile", "add", "x", "--rate"}, `Run "nimroom profile add --help" for help.`},
		{"no file", []string{"call", "get", "roomid=@/nowhere/at-all"}, "roomid: @ stands for a file here, but the file \"/nowhere/at-all\" cannot be opened: no such file or directory; a text that begins with @ is written with @@"},
		{"no name of a file", []string{"call", "get", "roomid=@"}, "want @FILE, @- for the standard input"},
		{"bad secret", []string{"serve", "--app-secret", "a b"}, "secret"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, out, errOut := nimroom(t, tt.args...)
			assert.Equal(t, exitUsage, code)
			assert.Contains(t, errOut, tt.says)
			assert.Empty(t, out)
		})
	}
	assert.Empty(t, srv.Requests(), "a request was sent")
}

func TestUnreachableAndUnknown(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	html := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }))
	defer html.Close()
	fault := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"code":500}`) }))
	defer fault.Close()
	for name, url := range map[string]string{"unreachable": gone.URL, "HTML": html.URL, "code 500": fault.URL} {
		code, _, errOut := nimroom(t, "call", "create", "creator=a", "name=b", "--base-url", url, "--app-key", "k", "--app-secret", "s")
		assert.Equal(t, exitUnknown, code, name)
		assert.NotEmpty(t, errOut, name)
	}
}

func TestServe(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	exited := make(chan int, 1)
	go func() {
		exited <- run(ctx, []string{"serve", "--addr", "127.0.0.1:0", "--app-key", "k", "--app-secret", "s", "--dialect", "en-2022", "--accounts", "strict", "--strict"},
			streams{out: write, err: io.Discard})
		write.Close()
	}()
	head := make([]byte, 512)
	n, err := read.Read(head)
	require.NoError(t, err)
	go func() { _, _ = io.Copy(io.Discard, read) }()
	base := regexp.MustCompile(`http://\S+/nimserver`).FindString(string(head[:n]))
	require.NotEmpty(t, base, string(head[:n]))

	response, err := http.Get(strings.TrimSuffix(base, "/nimserver") + "/_emulator/health")
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	response.Body.Close()
	assert.Contains(t, string(body), `"status":"ok"`)

	code, out, _ := nimroom(t, "call", "create", "creator=lena", "name=n", "--base-url", base, "--app-key", "k", "--app-secret", "s")
	assert.Equal(t, exitFailed, code, "accounts are strict and lena does not exist")
	assert.Contains(t, out, "code")

	cancel()
	assert.Equal(t, exitOK, <-exited)
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"call", "--help"}, {"serve", "--help"}} {
		code, out, _ := nimroom(t, args...)
		assert.Equal(t, exitOK, code)
		assert.Contains(t, out, "Usage: nimroom")
	}
}
