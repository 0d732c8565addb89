package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/long"
	"github.com/nimroom/nimroom/wrapper"
)

// exported is a room with much in it, behind a proxy that hears of each request before it is carried out,
// and decides whether it is.
type exported struct {
	flags  []string
	before atomic.Pointer[func(request int) bool]
	count  atomic.Int64
}

func exportedRoom(t *testing.T) *exported {
	t.Helper()
	srv := emulator.Start(t)
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 66, Creator: "lena", Name: "n"}))
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL), wrapper.WithLimiter(nil))
	require.NoError(t, err)
	for i := range 330 {
		if i%3 == 0 { // rows of one time are where pages are hard to follow
			require.NoError(t, srv.Advance(time.Millisecond))
		}
		require.NoError(t, srv.Join(66, emulator.JoinOptions{Accid: fmt.Sprint("u", i), Nick: fmt.Sprint("=", i)}))
		message := gen.SendMessageForm{RoomID: 66, MsgID: fmt.Sprint("m", i), FromAccid: "lena", MsgType: wrapper.Ptr(gen.MessageTypeText), Attach: wrapper.Ptr("hi")}
		_, err := client.Messages.Send(t.Context(), message)
		require.NoError(t, err)
	}
	err = client.Queue.Offer(t.Context(), gen.OfferQueueElementForm{RoomID: 66, Key: "seat-1", Value: "red"})
	require.NoError(t, err)

	e := new(exported)
	target, err := url.Parse(strings.TrimSuffix(srv.URL, "/nimserver"))
	require.NoError(t, err)
	forward := httputil.NewSingleHostReverseProxy(target)
	forward.ErrorLog = log.New(io.Discard, "", 0) // the other side is killed
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(e.count.Add(1))
		if before := e.before.Load(); before != nil && !(*before)(n) {
			_, _ = io.WriteString(w, `{"code":403,"desc":"not now"}`)
			return
		}
		r.Host = target.Host
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	e.flags = flags(srv)
	e.flags[1] = front.URL + "/nimserver"
	return e
}

// at sets what the proxy does, and counts requests from 1 again.
func (e *exported) at(before func(request int) bool) {
	e.before.Store(&before)
	e.count.Store(0)
}

// always lets each request through.
func always(int) bool { return true }

// run exports to a file.
func (e *exported) run(t *testing.T, file string, args ...string) (code int, errOut string) {
	t.Helper()
	code, out, errOut := nimroom(t, append(append(args, e.flags...), "--file", file)...)
	assert.Empty(t, out)
	return code, errOut
}

var exports = [][]string{
	{"members", "export", "66"},
	{"history", "export", "66", "--accid=lena"},
	{"history", "export", "66", "--accid=lena", "--direction=forward", "--timetag=1970-01-02"},
}

// TestAnExportGoesOnWhereItWasCutOff cuts the file of an interrupted export at many places, as a crash
// could, and goes on.
func TestAnExportGoesOnWhereItWasCutOff(t *testing.T) {
	e := exportedRoom(t)
	rounds := long.Rounds(t, 9, 201)
	for _, export := range exports {
		folder := t.TempDir()
		whole, file := filepath.Join(folder, "whole.csv"), filepath.Join(folder, "rows.csv")
		e.at(always)
		code, errOut := e.run(t, whole, export...)
		require.Equal(t, exitOK, code, errOut)
		want, err := os.ReadFile(whole)
		require.NoError(t, err)
		require.Greater(t, bytes.Count(want, []byte("\n")), 330)
		assert.Contains(t, errOut, fmt.Sprintf("whole.csv is complete. Rows: %d.\n", bytes.Count(want, []byte("\n"))-1))

		last := int(e.count.Load())
		e.at(func(request int) bool { return request != last })
		code, errOut = e.run(t, file, export...)
		assert.Equal(t, exitFailed, code)
		assert.Regexp(t, `code 403.*\n.*\nRows kept in .*rows\.csv\.part: \d+\. Run the same command again to go on\.`, errOut)
		assert.NoFileExists(t, file)
		part, err := os.ReadFile(file + ".part")
		require.NoError(t, err)
		e.at(always)
		for cut := 0; cut <= len(part); cut += len(part)/rounds - 1 {
			require.NoError(t, os.WriteFile(file+".part", part[:cut], 0o600))
			code, errOut = e.run(t, file, append(export, "--force")...)
			require.Equal(t, exitOK, code, errOut)
			if rows := bytes.Count(part[:cut], []byte("\n{")); bytes.HasSuffix(part[:cut], []byte("}\n")) {
				require.Contains(t, errOut, fmt.Sprintf(".csv.part: %d. The export goes on with row %d.", rows, rows+1))
			}
			got, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got), "cut at %d of %d", cut, len(part))
		}
		left, err := os.ReadDir(folder)
		require.NoError(t, err)
		assert.Len(t, left, 2, "nothing but the two files is left")
	}
}

// TestAnExportSurvivesBeingKilled kills the process of an export at each of its requests.
func TestAnExportSurvivesBeingKilled(t *testing.T) {
	e := exportedRoom(t)
	program, err := os.Executable()
	require.NoError(t, err)
	folder := t.TempDir()
	e.at(always)
	code, errOut := e.run(t, filepath.Join(folder, "whole.ndjson"), exports[0]...)
	require.Equal(t, exitOK, code, errOut)
	file, kills := filepath.Join(folder, "rows.ndjson"), 0
	for killAt := 1; ; killAt++ {
		child := exec.CommandContext(t.Context(), program, append(append(exports[0], e.flags...), "--file", file)...)
		ready := make(chan struct{})
		e.at(func(request int) bool {
			<-ready
			if request == killAt {
				_ = child.Process.Kill()
			}
			return true
		})
		require.NoError(t, child.Start())
		close(ready)
		if child.Wait() == nil {
			break
		}
		kills++
		require.NoFileExists(t, file)
	}
	assert.Greater(t, kills, 3)
	want, err := os.ReadFile(filepath.Join(folder, "whole.ndjson"))
	require.NoError(t, err)
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}

func TestExports(t *testing.T) {
	e := exportedRoom(t)
	folder := t.TempDir()
	for name, want := range map[string]string{
		"q.csv": "key,value\nseat-1,red\n", "q.ndjson": "{\"seat-1\":\"red\"}\n", "q.json": "[\n  {\n    \"seat-1\": \"red\"\n  }\n]\n", "q.yaml": "- seat-1: red\n",
	} {
		code, errOut := e.run(t, filepath.Join(folder, name), "queue", "export", "66")
		require.Equal(t, exitOK, code, errOut)
		require.NotContains(t, errOut, "earlier run")
		got, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}
	for format, rows := range map[string]string{"ndjson": `(?m)^{"roomid":66,`, "csv": `(?m)^66,`, "json": `(?m)^  {`} {
		code, out, errOut := nimroom(t, append([]string{"members", "export", "66", "--output", format}, e.flags...)...)
		require.Equal(t, exitOK, code, errOut)
		assert.Len(t, regexp.MustCompile(rows).FindAllString(out, -1), 331, format)
	}
	code, out, _ := nimroom(t, append([]string{"members", "export", "66", "--output=csv", "--file=-"}, e.flags...)...)
	assert.Equal(t, exitOK, code)
	assert.Equal(t, 332, strings.Count(out, "\n"))
	code, out, _ = nimroom(t, append([]string{"members", "export", "66", "--kind=fixed", "--output=ndjson", "--columns=accid"}, e.flags...)...)
	assert.Equal(t, exitOK, code)
	assert.JSONEq(t, `{"accid":"lena"}`, out)
	code, out, _ = nimroom(t, append([]string{"members", "export", "66", "--dry-run", "--file", filepath.Join(folder, "dry.csv")}, e.flags...)...)
	assert.Equal(t, exitOK, code)
	assert.Contains(t, out, "endtime=0&limit=100&roomid=66&type=0")
	assert.NoFileExists(t, filepath.Join(folder, "dry.csv.part"))

	code, out, errOut := nimroom(t, append([]string{"members", "export", "66", "--kind=fixed", "-o", "csv"}, e.flags...)...)
	assert.Equal(t, exitOK, code, errOut)
	assert.Equal(t, 2, strings.Count(out, "\n"))
	code, out, errOut = nimroom(t, append([]string{"members", "export", "66", "--kind=fixed", "-o", filepath.Join(folder, "o.csv")}, e.flags...)...)
	assert.Equal(t, exitOK, code, errOut)
	assert.Empty(t, out)
	assert.FileExists(t, filepath.Join(folder, "o.csv"))
	_, out, _ = nimroom(t, append([]string{"rooms", "get", "66", "-o", "yaml"}, e.flags...)...)
	assert.True(t, strings.HasPrefix(out, "chatroom:\n"), out)

	code, out = typing(t, false, "66\n", append([]string{"members", "export", "@-", "-o", "csv"}, e.flags...)...)
	assert.Equal(t, exitOK, code, out)
	assert.Equal(t, 332, strings.Count(out, "\n"), "the standard input is the room of every kind of members")

	taken := filepath.Join(folder, "taken.csv")
	e.at(func(request int) bool { return request < 3 })
	code, errOut = e.run(t, taken, "members", "export", "66")
	assert.Equal(t, exitFailed, code, errOut)
	e.at(always)
	for args, want := range map[string]string{
		"members export 66 --kind=visitors --file=" + taken:          "was begun by another command (members export for app ",
		"members export 66 --file=" + filepath.Join(folder, "q.csv"): "q.csv exists; choose another name, or give --force to replace it",
		"members export 66 --file=" + folder:                         "has no ending that names a format; want .csv, .ndjson, .json or .yaml",
		"members export 66 --output=csv --file=" + folder:            "is no file; leave --file out",
		"members export 66 --output=yaml --file=x.csv":               `--file: the ending of "x.csv" says csv, and --output says yaml; leave --output out`,
		"members export 66 --columns=colour":                         "no column colour; there are roomid, accid,",
		"members export 66 -o jsn":                                   `--output: "jsn" is no format, want table, json, ndjson, csv, yaml, and no file`,
		"members export 66 -o a.csv --file b.csv":                    `--output: "a.csv" is no format`,
		"members export 66 --jq=.":                                   "--jq is not for exports",
		"history export 66":                                          "--accid is missing",
		"members export 66 -o members.xlsx":                          `--output: "members.xlsx" has no ending that names a format; want .csv, .ndjson, .json or .yaml, or give --file`,
		"members export 66 -o " + filepath.Join(folder, "q.csv"):     "--output: " + filepath.Join(folder, "q.csv") + " exists; choose another name",
		"history export 66 --accid=lena --since=-1h --until=-2h":     `--until: "-2h" is before --since "-1h"; give a later end or an earlier beginning`,
	} {
		code, out, errOut := nimroom(t, append(strings.Fields(args), e.flags...)...)
		assert.Equal(t, exitUsage, code, args)
		assert.Empty(t, out)
		assert.Contains(t, errOut, want)
	}
	require.NoError(t, os.Symlink(filepath.Join(folder, "no", "where"), filepath.Join(folder, "link.csv.part"))) // the folder is there
	for file, want := range map[string]string{
		filepath.Join(folder, "link.csv"):           "--file: " + filepath.Join(folder, "link.csv") + " cannot be written: ",
		filepath.Join(folder, "no", "where.csv"):    "--file: there is no folder " + filepath.Join(folder, "no") + "; make it, or choose another one\n",
		filepath.Join(folder, "q.csv", "where.csv"): "where.csv cannot be written: ",
	} {
		code, errOut := e.run(t, file, "members", "export", "66")
		assert.Equal(t, exitFailed, code)
		assert.Contains(t, errOut, want)
		assert.NotContains(t, errOut, "--help")
	}
	assert.Zero(t, e.count.Load(), "a mistake comes to light before the first request")
	code, errOut = e.run(t, taken, "members", "export", "66", "--kind=visitors", "--force")
	assert.Equal(t, exitOK, code, errOut)
	code, errOut = e.run(t, filepath.Join(folder, "none.csv"), "members", "export", "67")
	assert.Equal(t, exitFailed, code)
	assert.NotContains(t, errOut, "kept")
	assert.NoFileExists(t, filepath.Join(folder, "none.csv.part"))

	for language, want := range map[string]string{"en": "fixed|visitors|online-fixed, all by default)", "zh": "fixed|visitors|online-fixed、默认为全部）"} {
		_, help, _ := nimroom(t, "members", "export", "--lang", language, "--help")
		assert.Contains(t, help, want)
		assert.Contains(t, help, "-o, --output=FORMAT\n")
		assert.NotContains(t, help, "--limit")
		_, help, _ = nimroom(t, "members", "--lang", language, "--help")
		assert.Contains(t, help, "\n  export ")
	}
}

// TestAnExportThatIsInterrupted says so, and nothing of the service.
func TestAnExportThatIsInterrupted(t *testing.T) {
	atHome(t)
	e := exportedRoom(t)
	ctx, cancel := context.WithCancel(t.Context())
	e.at(func(request int) bool {
		if request == 3 {
			cancel()
			<-ctx.Done()
		}
		return true
	})
	file := filepath.Join(t.TempDir(), "rows.csv")
	var out, errOut bytes.Buffer
	code := run(ctx, slices.Concat([]string{"members", "export", "66", "--file", file}, e.flags), streams{out: &out, err: &errOut})
	assert.Equal(t, exitFailed, code)
	assert.Regexp(t, `^nimroom: members export: interrupted\nRows kept in .*rows\.csv\.part: \d+\. Run the same command again to go on\.\n$`, errOut.String())
}

// TestAnExportSaysHowFarItIs: a room says about how many members it has, and a tag too.
func TestAnExportSaysHowFarItIs(t *testing.T) {
	atHome(t)
	e := exportedRoom(t)
	for args, want := range map[string]string{
		"members export 66":                        "Rows: 1 of about 330",
		"members export 66 --kind=visitors":        "Rows: 1 of about 330",
		"members export 66 --kind=fixed":           "Rows: 1 ",
		"members export 66 --end-time=2100-01-01":  "Rows: 1 ",
		"tags export-members 66 --tag=none":        "",
		"history export 66 --accid=lena":           "Rows: 1 ",
		"members export 66 --lang=zh":              "已导出 1 行，共约 330 行",
		"members export 66 --kind=fixed --lang=zh": "已导出 1 行 ",
	} {
		var out, errOut bytes.Buffer
		code := run(t.Context(), append(strings.Fields(args), e.flags...), streams{out: &out, err: &errOut, watched: true})
		assert.Equal(t, exitOK, code, errOut.String())
		assert.Contains(t, errOut.String(), want, args)
		if !strings.Contains(want, "330") {
			assert.NotContains(t, errOut.String(), "330", args)
		}
	}
}

// TestAnInterruptedExportSaysFromWhenItGoesOn, because an hour ago is another time when the command runs again.
func TestAnInterruptedExportSaysFromWhenItGoesOn(t *testing.T) {
	atHome(t)
	e := exportedRoom(t)
	file := filepath.Join(t.TempDir(), "h.csv")
	e.at(func(request int) bool { return request < 2 })
	code, errOut := e.run(t, file, "history", "export", "66", "--accid=lena", "--timetag=@"+keep(t, "in 1h\n"))
	require.Equal(t, exitFailed, code, errOut)
	again := regexp.MustCompile(`Run the same command again with (--timetag=\d{13}) to go on`).FindStringSubmatch(errOut)
	require.NotNil(t, again, errOut)
	e.at(always)
	code, errOut = e.run(t, file, "history", "export", "66", "--accid=lena", again[1])
	assert.Equal(t, exitOK, code, errOut)
}

// TestAnExportOfARangeEndsWhereItEnds, also one that was interrupted.
func TestAnExportOfARangeEndsWhereItEnds(t *testing.T) {
	atHome(t)
	e := exportedRoom(t)
	_, out, _ := nimroom(t, append([]string{"history", "export", "66", "--accid=lena", "--since=0", "--output=ndjson"}, e.flags...)...)
	all := strings.SplitAfter(strings.TrimSuffix(out, "\n"), "\n")
	at := func(row string) string { return regexp.MustCompile(`"sendtime":(\d{13})`).FindStringSubmatch(row)[1] }
	first, last := at(all[5]), at(all[len(all)-9])
	want := strings.Join(slices.DeleteFunc(all, func(row string) bool { return at(row) < first || at(row) > last }), "")
	line := []string{"history", "export", "66", "--accid=lena", "--since", first, "--until", last}
	_, out, _ = nimroom(t, append(append(line, "--output=ndjson"), e.flags...)...)
	assert.Equal(t, want, out)

	_, out, _ = nimroom(t, slices.Concat([]string{"history", "export", "66", "--accid=lena", "--since=@" + keep(t, first), "--until=@" + keep(t, last), "--output=ndjson"}, e.flags)...)
	assert.Equal(t, want, out)

	file := filepath.Join(t.TempDir(), "h.ndjson")
	e.at(func(request int) bool { return request < 2 })
	code, errOut := e.run(t, file, line...)
	require.Equal(t, exitFailed, code)
	require.Contains(t, errOut, "Run the same command again with --until="+last+" to go on")
	e.at(always)
	code, errOut = e.run(t, file, line[:len(line)-2]...)
	assert.Equal(t, exitUsage, code, "it is another export: %s", errOut)
	code, errOut = e.run(t, file, line...)
	assert.Equal(t, exitOK, code, errOut)
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, want, string(got))
	code, _, errOut = nimroom(t, append([]string{"history", "export", "66", "--accid=lena", "--since=0", "--until=soon"}, e.flags...)...)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, `--until: "soon", want a time such as`)
}
