package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/internal/eventtext"
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
func watching(t *testing.T, polls bool, c watchCommand, language ...string) *watched {
	t.Helper()
	srv := emulator.Start(t, emulator.WithoutPort())
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 66, Creator: "lena", Name: "lobby"}))
	app := environment.Settings{AppKey: emulator.DefaultAppKey, Secret: func() string { return emulator.DefaultAppSecret }, BaseURL: srv.URL}
	s, err := newService(app, wrapper.WithHTTPClient(srv.Client()), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}))
	require.NoError(t, err)
	s.http = srv.Client()
	c.Interval = 5 * time.Second
	w := &watched{srv: srv, out: &bytes.Buffer{}, err: &bytes.Buffer{}, ended: make(chan error, 1)}
	w.watch = &watch{watchCommand: &c, service: s, streams: streams{out: w.out, err: w.err, language: cmp.Or(strings.Join(language, ""), "en")}, id: 66}
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

// scene is what happens in a room, with its lines from an emulator, from the real service, and in Chinese. UNTIL
// stands for a time of day.
var scene = []struct{ does, emulated, polled, chinese string }{
	{"join mia Mia%", "mia (Mia%) entered.", "mia (Mia%) entered.", "mia (Mia%) 进入聊天室。"},
	{"sendMsg fromAccid=mia msgId=1 msgType=0 attach=hi%1b[31m%0athere", `mia (Mia%) wrote: hi\u001b[31m there`, `mia wrote: hi\u001b[31m there`, `mia (Mia%) 说：hi\u001b[31m there`},
	{"sendMsg fromAccid=mia msgId=2 msgType=100 highPriority=true attach=%7B%22a%22:1%7D", `mia (Mia%) sent a custom message with high priority: {"a":1}`, `mia sent a custom message: {"a":1}`, `mia (Mia%) 以高优先级发送了自定义消息：{"a":1}`},
	{"sendMsg fromAccid=mia msgId=3 msgType=0 attach={by}{whom}", `mia (Mia%) wrote: {by}{whom}`, `mia wrote: {by}{whom}`, `mia (Mia%) 说：{by}{whom}`},
	{"sendMsg fromAccid=mia msgId=4 msgType=0 attach=psst notifyTargetTags={%22tag%22:%22vip%22}", `mia (Mia%) wrote to those with the tags {"tag":"vip"}: psst`, `mia wrote: psst`, `mia (Mia%) 向标签为 {"tag":"vip"} 的成员说：psst`},
	{"temporaryMute operator=lena target=mia muteDuration=600", "mia was muted by lena until UNTIL (10m 0s left).", "mia was muted until UNTIL (9m 5", "mia 被 lena 临时禁言至 UNTIL（剩余 10分0秒）。"},
	{"temporaryMute operator=lena target=mia muteDuration=0", "The temporary mute of mia was lifted by lena.", "The temporary mute of mia is over.", "mia 的临时禁言已由 lena 解除。"},
	{"muteRoom operator=lena mute=true", "The whole room was muted by lena; only the owner and managers can speak.", "The whole room was muted; only the owner and managers can speak.", "聊天室被 lena 整体禁言，只有创建者和管理员可以发言。"},
	{"muteRoom operator=lena mute=false", "The mute of the whole room was lifted by lena.", "The mute of the whole room was lifted.", "聊天室的整体禁言已由 lena 解除。"},
	{"tagTemporaryMute operator=lena targetTag=vip muteDuration=60", `All members with the tag "vip" were muted by lena until UNTIL (1m 0s left).`, "", "带有标签 “vip” 的所有成员被 lena 临时禁言至 UNTIL（剩余 1分0秒）。"},
	{"setMemberRole operator=lena target=mia opt=1 optvalue=true", "mia was made a manager by lena.", "mia was made a manager.", "mia 被 lena 设为管理员。"},
	{"setMemberRole operator=lena target=mia opt=-2 optvalue=true", "mia was muted by lena without an end.", "mia was muted without an end.", "mia 被 lena 禁言，没有期限。"},
	{"queueOffer key=seat value=1 operator=lena", `A queue element was set by lena: seat="1".`, `A queue element was set: seat="1".`, "队列元素已由 lena 设置：seat=“1”。"},
	{"queueBatchUpdateElements elements=seat=2 operator=lena", `Queue elements were changed by lena: seat="2".`, `A queue element was set: seat="2".`, "队列元素已由 lena 批量更新：seat=“2”。"},
	{"queuePoll key=seat", `A queue element was taken out by lena: seat="2".`, `A queue element was taken out: seat="2".`, "队列元素已由 lena 取出：seat=“2”。"},
	{"update name=hall announcement=hi", `The room was updated: name "hall", announcement "hi".`, `The room was updated: name "hall", announcement "hi".`, "聊天室信息已更新：名称 “hall”，公告 “hi”。"},
	{"kickMember accid=lena targetAccid=mia", "mia was kicked out by lena.", "mia (Mia%) is no longer in the room.", "mia 被 lena 踢出聊天室。"},
	{"join tom", "tom entered.", "tom entered.", "tom 进入聊天室。"},
	{"setMemberRole operator=lena target=tom opt=-1 optvalue=true", "tom was put on the blocklist by lena and can no longer be in the room.", "tom is no longer in the room.", "tom 被 lena 加入黑名单，不能再留在聊天室。"},
	{"join pia", "pia entered.", "pia entered.", "pia 进入聊天室。"},
	{"leave pia", "pia left.", "pia is no longer in the room.", "pia 离开聊天室。"},
	{"toggleCloseStat operator=lena valid=false", "The room was closed by lena.", "The room was closed.", "聊天室已由 lena 关闭。"},
	{"toggleCloseStat operator=lena valid=true", "", "The room was opened.", ""},
}

// clock finds the time of day until which a mute lasts.
var clock = regexp.MustCompile(`\d\d:\d\d:\d\d`)

func TestWatchSaysWhatHappens(t *testing.T) {
	for _, kind := range []string{"emulated", "polled", "chinese"} {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				lang := map[bool]string{true: "zh", false: "en"}[kind == "chinese"]
				w := watching(t, kind == "polled", watchCommand{As: "lena", Output: "text"}, lang)
				for _, step := range scene {
					want := map[string]string{"emulated": step.emulated, "polled": step.polled, "chinese": step.chinese}[kind]
					got := clock.ReplaceAllString(w.does(t, step.does), "UNTIL")
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
				if kind == "emulated" {
					assert.Contains(t, w.err.String(), fmt.Sprintf("Watched for %s. Events: 22.\n", eventtext.Duration("en", time.Since(began).Truncate(time.Second))))
				}
			})
		})
	}
}

// TestWatchGivesEventsAsObjects reads them back, from an emulator and from polling.
func TestWatchGivesEventsAsObjects(t *testing.T) {
	for _, polls := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := watching(t, polls, watchCommand{Output: "ndjson"})
			assert.Empty(t, w.err.String(), "programs are not greeted")
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
			w := watching(t, polls, watchCommand{Output: "text", UntilClosed: true})
			w.does(t, "toggleCloseStat operator=lena valid=false")
			if err := <-w.ended; polls {
				assert.ErrorIs(t, err, errSeen)
			} else {
				assert.NoError(t, err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		w := watching(t, false, watchCommand{Output: "text", For: time.Minute})
		began := time.Now()
		assert.NoError(t, <-w.ended)
		assert.Less(t, time.Since(began), time.Minute, "watching waited before")
	})
	synctest.Test(t, func(t *testing.T) { // a call in between ends after the time
		w := watching(t, false, watchCommand{Output: "text", For: time.Minute + time.Millisecond})
		assert.NoError(t, <-w.ended)
		assert.Contains(t, w.err.String(), "Watched for 1m 0s. Events: 0.\n")
	})
}

// TestAServiceThatNeverRespondsIsNotWatched, whatever ends the first call: --for, or the user.
func TestAServiceThatNeverRespondsIsNotWatched(t *testing.T) {
	for cause, code := range map[error]int{context.DeadlineExceeded: exitUnknown, context.Canceled: exitFailed} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			silent := &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
				if cause == context.Canceled { //nolint:errorlint // it is that of the table
					cancel()
				}
				<-r.Context().Done()
				return nil, r.Context().Err()
			})}
			app := environment.Settings{AppKey: "k", Secret: func() string { return "s" }, BaseURL: "http://127.0.0.1:1/nimserver"}
			s, err := newService(app, wrapper.WithHTTPClient(silent), wrapper.WithTimeout(time.Minute), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}))
			require.NoError(t, err)
			var errOut bytes.Buffer
			w := &watch{watchCommand: &watchCommand{Output: "text", For: 5 * time.Second}, service: s, streams: streams{out: io.Discard, err: &errOut, language: "en"}, id: 66}
			err = w.run(ctx)
			require.Error(t, err)
			assert.Equal(t, code, exitCode(err), err)
			assert.Empty(t, errOut.String(), "it is not said to be watched")
		})
	}
}

// TestWatchComesBack loses the connection, and misses nothing.
func TestWatchComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watching(t, false, watchCommand{Output: "text"})
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
		assert.Equal(t, "tom entered.", w.does(t, "join tom"))
		assert.Contains(t, w.err.String(), "Interrupted: the stream of events ended. Trying again until it works.\nWorking again after 1s.\n")
		require.NoError(t, w.srv.Reset()) // there is no such room now
		var ended exitError
		require.ErrorAs(t, <-w.ended, &ended)
		assert.EqualError(t, ended, "the emulator has no room 66 any more; it was reset or started again")
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
				w := &watch{watchCommand: &watchCommand{Output: "text"}, service: s, streams: streams{out: &out, err: &errOut, language: "en"}, id: 66}
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
		w := watching(t, false, watchCommand{Output: "text"})
		w.http = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, context.Cause(r.Context())
		})}
		require.NoError(t, w.srv.Restore(must(w.srv.Snapshot())))
		require.NoError(t, pause(t.Context(), 2*time.Minute))
		assert.Equal(t, 1, strings.Count(w.err.String(), "Interrupted: "), w.err.String())
		assert.NotContains(t, w.err.String(), "Working again")
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
		w := watching(t, true, watchCommand{Output: "text", As: "lena"})
		assert.Contains(t, w.err.String(), "The service is asked every 5s, with 3600 calls an hour.")
		require.NoError(t, w.srv.AddFault(emulator.Fault{Operation: "queryChatroomMsg", Kind: emulator.FaultCode, Code: 403, Times: 1}))
		require.NoError(t, w.srv.AddFault(emulator.Fault{Operation: "get", Kind: emulator.FaultCode, Code: 416, Times: 3}))
		before := len(w.srv.Requests())
		require.NoError(t, pause(t.Context(), 85*time.Second))
		assert.Equal(t, 1, strings.Count(w.err.String(), "Interrupted: "), w.err.String())
		assert.Equal(t, 1, strings.Count(w.err.String(), "Working again after "), w.err.String())
		assert.Less(t, len(w.srv.Requests())-before, 20)
		assert.Equal(t, 1, strings.Count(w.err.String(), "queryChatroomMsg is not watched"), w.err.String())
		assert.Equal(t, "mia entered.", w.does(t, "join mia"))
		require.NoError(t, w.srv.AddFault(emulator.Fault{Operation: "get", Kind: emulator.FaultCode, Code: 404, Times: 1}))
		w.wait(t)
		assert.ErrorIs(t, <-w.ended, wrapper.ErrNotFound)
	})
}

// TestPollingALargeRoom shows who enters and leaves among the latest, and nobody who is only no longer listed.
func TestPollingALargeRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watching(t, true, watchCommand{Output: "text"})
		for i := range 150 {
			require.NoError(t, pause(t.Context(), time.Millisecond))
			require.NoError(t, w.srv.Join(66, emulator.JoinOptions{Accid: "a" + string(rune('a'+i/26)) + string(rune('a'+i%26))}))
		}
		w.wait(t)
		w.wait(t)
		assert.Contains(t, w.err.String(), "many members")
		for i := range 60 {
			accid := "b" + string(rune('a'+i/26)) + string(rune('a'+i%26))
			require.Equal(t, accid+" entered.", w.does(t, "join "+accid))
		}
		assert.Equal(t, "bbb is no longer in the room.", w.does(t, "leave bbb"))
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
	code, _, errOut := nimroom(t, append([]string{"call", "toggleCloseStat", "roomid=66", "operator=lena", "valid=false"}, flags(srv)...)...)
	require.Equal(t, exitOK, code, errOut)
	code, _, errOut = nimroom(t, append([]string{"watch", "66", "--until-closed", "--lang", "zh", "--control-token-file", keep(t, token)}, flags(srv)...)...)
	assert.Equal(t, exitOK, code, errOut)
	code, _, errOut = nimroom(t, append([]string{"watch", "66", "--until-closed", "--control-token", token}, flags(srv)...)...)
	assert.Equal(t, exitOK, code, errOut)
	assert.Contains(t, errOut, `Room 66 ("lobby\u001b[31m", owner lena) is closed. Members online: 0. `)
}
