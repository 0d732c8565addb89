package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper"
)

// watched is a watch of a room of an emulator that a test has in memory.
type watched struct {
	*watch
	srv      *emulator.Server
	out, err *bytes.Buffer
	cancel   context.CancelFunc
	ended    chan error
}

// watching begins to watch room 66, which lena owns: as an emulator's, or as one of the real service.
func watching(t *testing.T, polls bool, c watchCommand) *watched {
	t.Helper()
	srv := emulator.Start(t, emulator.WithoutPort())
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 66, Creator: "lena", Name: "lobby"}))
	app := environment.Settings{AppKey: emulator.DefaultAppKey, Secret: func() string { return emulator.DefaultAppSecret }, BaseURL: srv.URL}
	s, err := newService(app, wrapper.WithHTTPClient(srv.Client()), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}))
	require.NoError(t, err)
	s.http = srv.Client()
	c.Interval = 5 * time.Second
	w := &watched{srv: srv, out: &bytes.Buffer{}, err: &bytes.Buffer{}, ended: make(chan error, 1)}
	w.watch = &watch{watchCommand: &c, service: s, streams: streams{out: w.out, err: w.err}, id: 66}
	var ctx context.Context
	ctx, w.cancel = context.WithCancel(t.Context())
	go func() {
		if !polls {
			w.ended <- w.run(ctx)
			return
		}
		room, err := s.Rooms.Get(ctx, wrapper.GetChatroomForm{RoomID: 66})
		if err == nil {
			err = w.poll(ctx, room)
		}
		w.ended <- err
	}()
	w.wait(t)
	return w
}

// wait lets time pass until what has happened is shown.
func (w *watched) wait(t *testing.T) {
	t.Helper()
	require.NoError(t, pause(t.Context(), 6*time.Second))
	synctest.Wait()
}

// does carries out an operation, written as for nimroom call, and returns the lines that it makes, without
// their times.
func (w *watched) does(t *testing.T, line string) string {
	t.Helper()
	w.wait(t)
	w.out.Reset()
	words := strings.Fields(line)
	switch words[0] {
	case "join":
		require.NoError(t, w.srv.Join(66, emulator.JoinOptions{Accid: words[1], Nick: strings.Join(words[2:], " ")}))
	case "leave":
		require.NoError(t, w.srv.Leave(66, words[1]))
	default:
		operation, err := command.Find(words[0])
		require.NoError(t, err)
		var fields []wire.Pair
		for _, word := range append(words[1:], "roomid=66") {
			name, value, _ := strings.Cut(word, "=")
			value, err := url.QueryUnescape(value)
			require.NoError(t, err)
			fields = append(fields, wire.Pair{Name: name, Value: value})
		}
		form, err := command.Read(operation, fields)
		require.NoError(t, err)
		_, err = w.Do(t.Context(), operation.Path, form)
		require.NoError(t, err)
	}
	w.wait(t)
	if w.Output == "ndjson" {
		return w.out.String()
	}
	var lines []string
	for line := range strings.Lines(w.out.String()) {
		_, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		lines = append(lines, text)
	}
	return strings.Join(lines, "; ")
}

// scene is what happens in a room, with its lines from an emulator, from the real service, and in Chinese.
var scene = []struct{ does, emulated, polled, chinese string }{
	{"join mia Mia%", "mia (Mia%) entered", "mia (Mia%) entered", "mia (Mia%) 进入聊天室"},
	{"sendMsg fromAccid=mia msgId=1 msgType=0 attach=hi%1b[31m%0athere", `mia (Mia%): hi\u001b[31m there`, `mia: hi\u001b[31m there`, `mia (Mia%)：hi\u001b[31m there`},
	{"sendMsg fromAccid=mia msgId=2 msgType=100 highPriority=true attach=%7B%22a%22:1%7D", `mia (Mia%): [custom, high priority] {"a":1}`, `mia: [custom] {"a":1}`, `mia (Mia%)：[自定义, 高优先级] {"a":1}`},
	{"temporaryMute operator=lena target=mia muteDuration=600", "mia muted for a while 10m 0s by lena", "mia muted for a while 9m 5", "mia 临时禁言 10分0秒 操作者 lena"},
	{"temporaryMute operator=lena target=mia muteDuration=0", "mia mute lifted by lena", "mia mute lifted", "mia 解除临时禁言 操作者 lena"},
	{"muteRoom operator=lena mute=true", "room muted by lena", "room muted", "全员禁言 操作者 lena"},
	{"muteRoom operator=lena mute=false", "room unmuted by lena", "room unmuted", "解除全员禁言 操作者 lena"},
	{"setMemberRole operator=lena target=mia opt=1 optvalue=true", "mia made manager by lena", "mia made manager", "mia 设为管理员 操作者 lena"},
	{"setMemberRole operator=lena target=mia opt=-2 optvalue=true", "mia muted by lena", "mia muted", "mia 禁言 操作者 lena"},
	{"queueOffer key=seat value=1 operator=lena", "queue element set seat=1 by lena", "queue element set seat=1", "设置队列元素 seat=1 操作者 lena"},
	{"queueOffer key=seat value=2 operator=lena", "queue element set seat=2 by lena", "queue element set seat=2", "设置队列元素 seat=2 操作者 lena"},
	{"queuePoll key=seat", "queue element taken out seat=2 by lena", "queue element taken out seat=2", "取出队列元素 seat=2 操作者 lena"},
	{"update name=hall", `room updated "hall"`, `room updated "hall"`, `聊天室信息更新 "hall"`},
	{"leave mia", "mia left", "mia (Mia%) left", "mia 离开聊天室"},
	{"toggleCloseStat operator=lena valid=false", "room closed by lena", "room closed", "聊天室关闭 操作者 lena"},
	{"toggleCloseStat operator=lena valid=true", "", "room opened", ""},
}

func TestWatchSaysWhatHappens(t *testing.T) {
	for _, kind := range []string{"emulated", "polled", "chinese"} {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				lang := map[bool]string{true: "zh", false: "en"}[kind == "chinese"]
				w := watching(t, kind == "polled", watchCommand{As: "lena", Lang: lang, Output: "text"})
				for _, step := range scene {
					want := map[string]string{"emulated": step.emulated, "polled": step.polled, "chinese": step.chinese}[kind]
					got := w.does(t, step.does)
					if want == "" {
						assert.Empty(t, got, step.does)
						continue
					}
					assert.Truef(t, strings.HasPrefix(got, want), "%s: %q, want %q", step.does, got, want)
				}
				w.cancel()
				synctest.Wait()
				err := <-w.ended
				assert.True(t, err == nil || kind == "polled", err)
			})
		})
	}
}

// TestWatchGivesEventsAsObjects reads them back, from an emulator and from polling.
func TestWatchGivesEventsAsObjects(t *testing.T) {
	for _, polls := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := watching(t, polls, watchCommand{Output: "ndjson", Lang: "en"})
			var e emulator.Event
			require.NoError(t, json.Unmarshal([]byte(w.does(t, "join mia <M>")), &e))
			assert.Equal(t, emulator.EventEnter, e.Kind)
			assert.Equal(t, 301, e.NotificationID)
			assert.Equal(t, int64(1), e.ID)
			assert.Equal(t, "66 mia <M>", e.RoomID.String()+" "+e.Target+" "+e.Member.Nick)
			w.cancel()
		})
	}
}

func TestWatchEnds(t *testing.T) {
	for _, polls := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := watching(t, polls, watchCommand{Output: "text", Lang: "en", UntilClosed: true})
			w.does(t, "toggleCloseStat operator=lena valid=false")
			if err := <-w.ended; polls {
				assert.ErrorIs(t, err, errSeen)
			} else {
				assert.NoError(t, err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		w := watching(t, false, watchCommand{Output: "text", Lang: "en", For: time.Minute})
		began := time.Now()
		assert.NoError(t, <-w.ended)
		assert.Less(t, time.Since(began), time.Minute, "watching waited before")
	})
}

// TestWatchComesBack loses the connection, and misses nothing.
func TestWatchComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watching(t, false, watchCommand{Output: "text", Lang: "en"})
		w.does(t, "join mia")
		var resp *http.Response
		inner := w.http.Transport
		w.http.CloseIdleConnections()
		w.http = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			got, err := inner.RoundTrip(r)
			resp = got
			return got, err
		})}
		state, err := w.srv.Snapshot()
		require.NoError(t, err)
		require.NoError(t, w.srv.Restore(state)) // ends all streams
		w.wait(t)
		require.NotNil(t, resp, w.err.String())
		assert.Equal(t, "tom entered", w.does(t, "join tom"))
		assert.Contains(t, w.err.String(), "the stream of events ended; trying again in 1s.")
		require.NoError(t, w.srv.Reset()) // there is no such room now
		var ended exitError
		require.ErrorAs(t, <-w.ended, &ended)
		assert.Equal(t, exitFailed, ended.code)
	})
}

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// TestAHostileStreamIsReadSlowly: whatever it sends, watch asks for it seldom, and shows what is right.
func TestAHostileStreamIsReadSlowly(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":          "",
		"a line too long":  "data: " + strings.Repeat("x", 2*maxEvent),
		"data too long":    strings.Repeat("data: "+strings.Repeat("x", 1000)+"\n", 2000),
		"broken JSON":      strings.Repeat("id: 1\ndata: {\"id\":\n\n", 1000),
		"other JSON":       "id: 1\ndata: [1]\n\ndata: {}\n\ndata: null\n\nevent: lost\ndata: x\n\n",
		"escape sequences": "id: \x1b[2J\nevent: \x1b\ndata: {\"kind\":\"\\u001b[2J\",\"target\":\"\\u001b]0;x\\u0007\",\"time\":-1}\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked int
				var out, errOut bytes.Buffer
				s, err := newService(environment.Settings{AppKey: "k", Secret: func() string { return "s" }, BaseURL: "http://127.0.0.1:1/nimserver"})
				require.NoError(t, err)
				s.http = &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
					asked++
					return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body))}, nil
				})}
				w := &watch{watchCommand: &watchCommand{Output: "text", Lang: "en"}, service: s, streams: streams{out: &out, err: &errOut}, id: 66}
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
				defer cancel()
				assert.Error(t, w.follow(ctx))
				assert.Error(t, ctx.Err(), "it goes on until the end")
				assert.LessOrEqual(t, asked, 601)
				assert.GreaterOrEqual(t, asked, 10)
				assert.NotContains(t, out.String()+errOut.String(), "\x1b")
			})
		})
	}
}

// TestASilentStreamIsGivenUp: a connection that is dead says nothing.
func TestASilentStreamIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watching(t, false, watchCommand{Output: "text", Lang: "en"})
		w.http = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, context.Cause(r.Context())
		})}
		require.NoError(t, w.srv.Restore(must(w.srv.Snapshot())))
		require.NoError(t, pause(t.Context(), 2*time.Minute))
		assert.GreaterOrEqual(t, strings.Count(w.err.String(), "trying again"), 2, w.err.String())
		w.cancel()
		assert.NoError(t, <-w.ended)
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestPollingBacksOff: errors that may pass make the pauses longer, and a feature that is off is left out.
func TestPollingBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watching(t, true, watchCommand{Output: "text", Lang: "en", As: "lena"})
		assert.Contains(t, w.err.String(), "The service is asked every 5s, with 3600 calls an hour.")
		require.NoError(t, w.srv.AddFault(emulator.Fault{Operation: "queryChatroomMsg", Kind: emulator.FaultCode, Code: 403, Times: 1}))
		require.NoError(t, w.srv.AddFault(emulator.Fault{Operation: "get", Kind: emulator.FaultCode, Code: 416, Times: 3}))
		before := len(w.srv.Requests())
		require.NoError(t, pause(t.Context(), 85*time.Second))
		assert.Equal(t, 3, strings.Count(w.err.String(), "; trying again in "), w.err.String())
		assert.Less(t, len(w.srv.Requests())-before, 20)
		assert.Equal(t, 1, strings.Count(w.err.String(), "queryChatroomMsg is not watched"), w.err.String())
		assert.Equal(t, "mia entered", w.does(t, "join mia"))
		require.NoError(t, w.srv.AddFault(emulator.Fault{Operation: "get", Kind: emulator.FaultCode, Code: 404, Times: 1}))
		w.wait(t)
		assert.ErrorIs(t, <-w.ended, wrapper.ErrNotFound)
	})
}

// TestPollingALargeRoom shows who enters and leaves among the latest, and nobody who is only no longer listed.
func TestPollingALargeRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watching(t, true, watchCommand{Output: "text", Lang: "en"})
		for i := range 150 {
			require.NoError(t, pause(t.Context(), time.Millisecond))
			require.NoError(t, w.srv.Join(66, emulator.JoinOptions{Accid: "a" + string(rune('a'+i/26)) + string(rune('a'+i%26))}))
		}
		w.wait(t)
		w.wait(t)
		assert.Contains(t, w.err.String(), "many members")
		for i := range 60 {
			accid := "b" + string(rune('a'+i/26)) + string(rune('a'+i%26))
			require.Equal(t, accid+" entered", w.does(t, "join "+accid))
		}
		assert.Equal(t, "bbb left", w.does(t, "leave bbb"))
		assert.Empty(t, w.does(t, "leave aab"), "too long ago to be known")
		w.cancel()
		assert.ErrorIs(t, <-w.ended, context.Canceled)
	})
}

func TestWatchOnTheCommandLine(t *testing.T) {
	atHome(t)
	token := strings.Repeat("t", 16)
	srv := emulator.Start(t, emulator.WithControlToken(token))
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 66, Creator: "lena", Name: "lobby\x1b[31m"}))
	for says, args := range map[string][]string{
		`room "x": want the id of a room`:                          {"watch", "x"},
		"--interval 10ms: want 1s or more":                         {"watch", "66", "--interval", "10ms"},
		"--for -1s: must be more than 0":                           {"watch", "66", "--for=-1s"},
		"--for 0s: must be more than 0":                            {"watch", "66", "--for=0s"},
		"code 404":                                                 {"watch", "67"},
		"give the token of the emulator with --control-token-file": {"watch", "66"},
	} {
		code, out, errOut := nimroom(t, append(args, flags(srv)...)...)
		assert.NotEqual(t, exitOK, code)
		assert.Empty(t, out)
		assert.Contains(t, errOut, says)
	}
	code, _, errOut := nimroom(t, append([]string{"watch", "66", "--for", "1ms", "--lang", "zh", "--control-token-file", keep(t, token)}, flags(srv)...)...)
	assert.Equal(t, exitOK, code, errOut)
	code, _, errOut = nimroom(t, append([]string{"call", "toggleCloseStat", "roomid=66", "operator=lena", "valid=false"}, flags(srv)...)...)
	require.Equal(t, exitOK, code, errOut)
	code, _, errOut = nimroom(t, append([]string{"watch", "66", "--until-closed", "--control-token", token}, flags(srv)...)...)
	assert.Equal(t, exitOK, code, errOut)
	assert.Contains(t, errOut, `Room 66 "lobby\x1b[31m" of "lena" is closed, with 0 online.`)
}
