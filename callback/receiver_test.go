package callback

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

const (
	message = `{"eventType":"4","attach":"hello","fromAccount":"ben","msgTimestamp":"1669118400000","msgType":"TEXT","msgidClient":"m1","roomId":"1001"}`
	login   = `{"eventType":37,"fromAccount":"ben","roomid":"1001","timestamp":"1669118400000"}`
)

var now = time.UnixMilli(1440570500855)

func clock() time.Time { return now }

func app(t testing.TB, key, secret string) sign.Credentials {
	t.Helper()
	c, err := sign.NewCredentials(key, secret)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// signed returns a callback as the service sends it.
func signed(t testing.TB, c sign.Credentials, body string) *http.Request {
	t.Helper()
	req := httptest.NewRequest(http.MethodPost, "/callbacks", strings.NewReader(body))
	if err := c.SignCallback(req.Header, []byte(body), now); err != nil {
		t.Fatal(err)
	}
	return req
}

// counting returns handlers that count the callbacks they get.
func counting(calls *atomic.Int64) Handlers {
	return Handlers{
		OnMessage: func(context.Context, *gen.MessageCallback) error { calls.Add(1); return nil },
		OnLogin: func(context.Context, *gen.LoginCallback) (gen.LoginDecision, error) {
			calls.Add(1)
			return gen.LoginDecision{ErrCode: 1, ResponseCode: 20001}, nil
		},
		OnUnknown: func(context.Context, gen.Callback) error { calls.Add(1); return nil },
	}
}

func serve(r *Receiver, req *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r.ServeHTTP(w, req)
	return w
}

func TestEachTypeHasItsFunction(t *testing.T) {
	got := ""
	note := func(name string) { got += name }
	r := New(app(t, "app-key", "secret123"), Handlers{
		OnMessage: func(_ context.Context, c *gen.MessageCallback) error { note("message " + c.Attach); return nil },
		OnMember:  func(_ context.Context, c *gen.MemberCallback) error { note("member " + c.Accid); return nil },
		OnQueue:   func(_ context.Context, c *gen.QueueCallback) error { note("queue " + c.Event.String()); return nil },
		OnUnknown: func(ctx context.Context, c gen.Callback) error {
			note(fmt.Sprintf("unknown %v of %s", c.Type(), AppKey(ctx)))
			return nil
		},
		OnModeration: func(_ context.Context, c *gen.ModerationCallback) error { note("moderation " + c.Objects); return nil },
	}, WithClock(clock))
	for body, want := range map[string]string{
		message: "message hello",
		`{"eventType":"9","roomId":"1001","event":"IN","accid":"ben","code":"200"}`:          "member ben",
		`{"eventType":"14","roomid":"48","qEvent":"3","operator":"zyy","fromWebApi":"true"}`: "queue Update",
		`{"eventType":"20","objects":[{"type":"CHATROOM_MSG_AUDIO","to":"1"}]}`:              `moderation [{"type":"CHATROOM_MSG_AUDIO","to":"1"}]`,
		`{"eventType":"84","event":"0"}`:                                                     "unknown LoginFailure of app-key", // without a function
		`{"eventType":"13","x":1}`:                                                           "unknown CallbackType(13) of app-key",
		`{"eventType":"4","roomId":"no number","msgidClient":"m"}`:                           "unknown Message of app-key",
		`{"eventType":"new"}`: "unknown CallbackType(0) of app-key",
		`{}`:                  "", // the test request
		` { } `:               "",
	} {
		got = ""
		if w := serve(r, signed(t, app(t, "app-key", "secret123"), body)); w.Code != http.StatusOK || w.Body.Len() > 0 || got != want {
			t.Errorf("%s: %d %s, %q", body, w.Code, w.Body, got)
		}
	}
}

func TestALoginIsDecidedEachTime(t *testing.T) {
	var calls atomic.Int64
	r := New(app(t, "app-key", "secret123"), counting(&calls), WithClock(clock))
	for range 2 {
		w := serve(r, signed(t, app(t, "app-key", "secret123"), login))
		if w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != `{"errCode":1,"responseCode":20001}` {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	if calls.Load() != 2 {
		t.Errorf("%d calls", calls.Load())
	}
}

func TestRepeatsAreDropped(t *testing.T) {
	var calls atomic.Int64
	first, second := app(t, "app-key", "secret123"), app(t, "second-key", "secret456")
	r := New(first, counting(&calls), WithApps(second), WithClock(clock))
	const timeless = `{"eventType":"99"}`
	at := func(c sign.Credentials, body string, when time.Time) *http.Request {
		req := signed(t, c, body)
		if err := c.SignCallback(req.Header, []byte(body), when); err != nil {
			t.Fatal(err)
		}
		return req
	}
	for _, step := range []struct {
		name string
		req  *http.Request
		want int64 // calls by then
	}{
		{"a message", signed(t, first, message), 1},
		{"again", signed(t, first, message), 1},
		{"again, signed anew", at(first, message, now.Add(time.Second)), 1},
		{"of another app", signed(t, second, message), 2},
		{"another message", signed(t, first, strings.Replace(message, "m1", "m2", 1)), 3},
		{"without a time", signed(t, first, timeless), 4},
		{"again", signed(t, first, timeless), 4},
		{"without a time, later", at(first, timeless, now.Add(time.Second)), 5},
	} {
		if w := serve(r, step.req); w.Code != http.StatusOK || calls.Load() != step.want {
			t.Errorf("%s: %d, %d calls, want %d", step.name, w.Code, calls.Load(), step.want)
		}
	}
}

// TestNothingUnverifiedIsDispatched: what is wrong gets a status and a reason, and no function is called.
func TestNothingUnverifiedIsDispatched(t *testing.T) {
	var calls atomic.Int64
	var last *Error
	c, other := app(t, "app-key", "secret123"), app(t, "other-key", "secret456")
	r := New(c, counting(&calls), WithApps(other), WithClock(clock), WithMaxBody(1000), WithErrorHook(func(e *Error) { last = e }))
	header := func(name string, values ...string) func(*http.Request) {
		return func(req *http.Request) { req.Header[http.CanonicalHeaderKey(name)] = values }
	}
	body := func(text string) func(*http.Request) {
		return func(req *http.Request) { req.Body = io.NopCloser(strings.NewReader(text)) }
	}
	resigned := func(text string) func(*http.Request) {
		return func(req *http.Request) { *req = *signed(t, c, text) }
	}
	for _, tt := range []struct {
		name   string
		edit   func(*http.Request)
		status int
		kind   error
		says   string
	}{
		{"a wrong sum", header("CheckSum", strings.Repeat("0", 40)), 401, ErrBadSignature, "CheckSum"},
		{"another body", body(`{"eventType":"4"}`), 401, ErrBadSignature, "MD5"},
		{"no sum", header("CheckSum"), 401, ErrBadSignature, "header CheckSum is missing"},
		{"no MD5", header("MD5"), 401, ErrBadSignature, "header MD5 is missing"},
		{"no time", header("CurTime"), 401, ErrBadSignature, "header CurTime is missing"},
		{"no key", header("AppKey"), 401, ErrBadSignature, "header AppKey is missing"},
		{"two keys", header("AppKey", "app-key", "app-key"), 401, ErrBadSignature, "header AppKey is there 2 times"},
		{"an old time", func(req *http.Request) {
			_ = c.SignCallback(req.Header, []byte(message), now.Add(-time.Hour)) // c has a secret
		}, 401, ErrClock, "CurTime is 2015-08-26T05:28:20Z and this machine's time 2015-08-26T06:28:20Z"},
		{"seconds", header("CurTime", "1440570500"), 401, ErrBadSignature, `CurTime \"1440570500\" is not a time in Unix milliseconds`},
		{"an unknown key", header("AppKey", "nobody"), 401, ErrBadSignature, `no app has the AppKey \"nobody\"`},
		{"another app's key", header("AppKey", "other-key"), 401, ErrBadSignature, "CheckSum"},
		{"a body over the limit", resigned(`{"eventType":"4","ext":"` + strings.Repeat("x", 1000) + `"}`), 413, ErrTooLarge, "more than 1000 bytes"},
		{"no JSON", resigned(`eventType=4`), 400, ErrBadBody, "an object"},
		{"broken JSON", resigned(message[:50]), 400, ErrBadBody, "byte"},
		{"two documents", resigned(message + message), 400, ErrBadBody, "the end"},
		{"a list", resigned(`[]`), 400, ErrBadBody, "an object"},
		{"null", resigned(`null`), 400, ErrBadBody, "an object"},
		{"JSON text in a string", resigned(`"{}"`), 400, ErrBadBody, "an object"},
		{"nothing", resigned(``), 400, ErrBadBody, "an object"},
		{"no body", func(req *http.Request) { req.Body = nil }, 401, ErrBadSignature, "MD5"},
		{"a GET", func(req *http.Request) { req.Method = http.MethodGet }, 405, ErrMethod, "POST"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			last = nil
			req := signed(t, c, message)
			tt.edit(req)
			w := serve(r, req)
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.says) || !strings.Contains(w.Body.String(), "advice") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if last == nil || !errors.Is(last, tt.kind) || last.Advice() == "" || strings.Contains(last.Error(), "\n") {
				t.Errorf("the hook got %v", last)
			}
			if calls.Load() > 0 {
				t.Error("a function was called")
			}
		})
	}
}

// TestABadMemberIsNotDropped: a function for the type never gets the callback, so somebody has to know.
func TestABadMemberIsNotDropped(t *testing.T) {
	c := app(t, "app-key", "secret123")
	var last *Error
	r := New(c, Handlers{OnMember: func(context.Context, *gen.MemberCallback) error { return nil }}, WithClock(clock), WithErrorHook(func(e *Error) { last = e }))
	bad := strings.Replace(message, "1001", "no number", 1)
	if w := serve(r, signed(t, c, bad)); w.Code != 400 || !errors.Is(last, ErrBadMember) || !strings.Contains(w.Body.String(), "roomId") || last.Type != gen.CallbackTypeMessage {
		t.Errorf("%d %s, %v", w.Code, w.Body, last)
	}
	if w := serve(r, signed(t, c, `{"eventType":"13"}`)); w.Code != 200 {
		t.Errorf("an unknown type: %d %s", w.Code, w.Body)
	}
}

func TestWrongArgumentsAreErrors(t *testing.T) {
	good := app(t, "app-key", "secret123")
	for says, r := range map[string]*Receiver{
		"credentials":     New(sign.Credentials{}, Handlers{}),
		"option 1 is nil": New(good, Handlers{}, nil),
		"two apps":        New(good, Handlers{}, WithApps(good)),
		"WithMaxBody":     New(good, Handlers{}, WithMaxBody(0)),
		"WithTimeout":     New(good, Handlers{}, WithTimeout(6*time.Second)),
		"WithConcurrency": New(good, Handlers{}, WithConcurrency(0)),
		"WithClock":       New(good, Handlers{}, WithClock(nil)),
		"WithMemory":      New(good, Handlers{}, WithMemory(nil)),
		"WithErrorHook":   New(good, Handlers{}, WithErrorHook(nil)),
	} {
		if err := r.Err(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
		if w := serve(r, signed(t, good, message)); w.Code != http.StatusInternalServerError {
			t.Errorf("%s: %d", says, w.Code)
		}
	}
	if err := New(good, Handlers{}).Err(); err != nil {
		t.Error(err)
	}
}

// TestALateFunctionIsDeliveredAgain: the response comes in time, and the repeat is handled once.
func TestALateFunctionIsDeliveredAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, calls := app(t, "app-key", "secret123"), 0
		var last *Error
		r := New(c, Handlers{OnMessage: func(ctx context.Context, _ *gen.MessageCallback) error {
			calls++
			time.Sleep(10 * time.Second) //nolint:forbidigo // in a synctest bubble
			if ctx.Err() == nil {
				t.Error("the context did not end")
			}
			return nil
		}}, WithClock(clock), WithErrorHook(func(e *Error) { last = e }))
		start := time.Now()
		w := serve(r, signed(t, c, message))
		if took := time.Since(start); w.Code != 503 || took != DefaultTimeout || w.Header().Get("Retry-After") == "" || !errors.Is(last, ErrLate) {
			t.Errorf("%d after %v, %v", w.Code, took, last)
		}
		if w := serve(r, signed(t, c, message)); w.Code != 503 || !errors.Is(last, ErrBusy) {
			t.Errorf("while the function runs: %d, %v", w.Code, last)
		}
		time.Sleep(time.Minute) //nolint:forbidigo // in a synctest bubble
		if w := serve(r, signed(t, c, message)); w.Code != 200 || calls != 1 {
			t.Errorf("afterwards: %d, %d calls", w.Code, calls)
		}
	})
}

func TestTooManyGetStatus503(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := app(t, "app-key", "secret123")
		release := make(chan struct{})
		r := New(c, Handlers{OnMessage: func(context.Context, *gen.MessageCallback) error { <-release; return nil }}, WithClock(clock), WithConcurrency(1))
		done := make(chan int)
		go func() { done <- serve(r, signed(t, c, message)).Code }()
		synctest.Wait()
		next := strings.Replace(message, "m1", "m2", 1)
		if w := serve(r, signed(t, c, next)); w.Code != 503 || !strings.Contains(w.Body.String(), "busy") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		close(release)
		if code := <-done; code != 200 {
			t.Errorf("the first got %d", code)
		}
		synctest.Wait()
		if w := serve(r, signed(t, c, next)); w.Code != 200 {
			t.Errorf("afterwards %d", w.Code)
		}
	})
}

// TestAFailureIsDeliveredAgain: an error, a panic and an ended goroutine are no success, and do not
// count as handled.
func TestAFailureIsDeliveredAgain(t *testing.T) {
	c := app(t, "app-key", "secret123")
	for name, fail := range map[string]func() error{
		"error": func() error { return errors.New("secret detail") },
		"panic": func() error { panic("secret detail") },
		"exit":  func() error { runtime.Goexit(); return nil },
	} {
		calls := 0
		var last *Error
		r := New(c, Handlers{OnMessage: func(context.Context, *gen.MessageCallback) error {
			if calls++; calls == 1 {
				return fail()
			}
			return nil
		}}, WithClock(clock), WithErrorHook(func(e *Error) { last = e }))
		w := serve(r, signed(t, c, message))
		if w.Code != 500 || !errors.Is(last, ErrHandler) || last.Type != gen.CallbackTypeMessage || last.AppKey != "app-key" || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %d %s, %v", name, w.Code, w.Body, last)
		}
		if w := serve(r, signed(t, c, message)); w.Code != 200 || calls != 2 {
			t.Errorf("%s: the repeat got %d, %d calls", name, w.Code, calls)
		}
	}
}

// brokenMemory fails in Begin, in End, or panics.
type brokenMemory struct{ begin, end, panics bool }

func (m brokenMemory) Begin(context.Context, string) (Seen, error) {
	if m.panics {
		panic("no memory")
	}
	if m.begin {
		return Unseen, errors.New("no memory")
	}
	return Unseen, nil
}

func (m brokenMemory) End(context.Context, string, bool) error {
	if m.end {
		return errors.New("no memory")
	}
	return nil
}

func TestAMemoryThatFails(t *testing.T) {
	c := app(t, "app-key", "secret123")
	for m, want := range map[brokenMemory]struct {
		status int
		calls  int64
	}{{begin: true}: {503, 0}, {panics: true}: {503, 0}, {end: true}: {200, 1}} {
		var calls atomic.Int64
		var last *Error
		r := New(c, counting(&calls), WithClock(clock), WithMemory(m), WithErrorHook(func(e *Error) { last = e }))
		if w := serve(r, signed(t, c, message)); w.Code != want.status || calls.Load() != want.calls || !errors.Is(last, ErrMemory) {
			t.Errorf("%+v: %d, %d calls, %v", m, w.Code, calls.Load(), last)
		}
	}
}

// TestABodyOverTheLimitGetsItsResponse: also if its sender first sends everything, and then closes.
func TestABodyOverTheLimitGetsItsResponse(t *testing.T) {
	c, body := app(t, "app-key", "secret123"), strings.Repeat("x", 8<<20)
	server := httptest.NewServer(New(c, Handlers{}, WithClock(clock), WithMaxBody(1000)))
	defer server.Close()
	for name, isSigned := range map[string]bool{"signed": true, "by nobody": false} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		req := signed(t, c, body)
		if req.Close = true; !isSigned {
			req.Header.Del("CheckSum")
		}
		if err := req.Write(conn); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if resp, err := http.ReadResponse(bufio.NewReader(conn), req); err != nil || resp.StatusCode < 400 {
			t.Errorf("%s: %v, %v", name, resp, err)
		}
	}
}

// TestASlowBodyIsCutOff: a client that stops sending holds nothing up for longer than the timeout.
func TestASlowBodyIsCutOff(t *testing.T) {
	c := app(t, "app-key", "secret123")
	failed := make(chan *Error, 1)
	server := httptest.NewServer(New(c, Handlers{}, WithClock(clock), WithTimeout(50*time.Millisecond), WithErrorHook(func(e *Error) { failed <- e })))
	defer server.Close()
	body, stop := io.Pipe()
	defer func() { _ = stop.Close() }()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = signed(t, c, message).Header
	go func() {
		if resp, err := server.Client().Do(req); err == nil {
			_ = resp.Body.Close()
		}
	}()
	if _, err := io.WriteString(stop, message[:20]); err != nil {
		t.Fatal(err)
	}
	if e := <-failed; !errors.Is(e, ErrBadBody) {
		t.Errorf("got %v", e)
	}
}

// TestABodyThatDoesNotComeIsNotWaitedFor: a request that nobody signed gets its response in time, too.
func TestABodyThatDoesNotComeIsNotWaitedFor(t *testing.T) {
	server := httptest.NewServer(New(app(t, "app-key", "secret123"), Handlers{}, WithTimeout(50*time.Millisecond)))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second)) // a TCP connection has deadlines
	if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nAppKey: nobody\r\nContent-Length: 1000\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _ = resp.Body.Close(); resp.StatusCode != http.StatusUnauthorized || !resp.Close {
		t.Errorf("%+v", resp)
	}
}

func TestTheMemoryIsBounded(t *testing.T) {
	m, ok := NewMemory(3).(*memory)
	if !ok {
		t.Fatal("another memory")
	}
	for i := range 10 {
		key := strconv.Itoa(i)
		if seen, _ := m.Begin(t.Context(), key); seen != Unseen {
			t.Fatalf("%s is %v", key, seen)
		}
		_ = m.End(t.Context(), key, true) // has no error to give
	}
	for key, want := range map[string]Seen{"9": Handled, "8": Handled, "7": Handled, "6": Unseen} {
		if seen, _ := m.Begin(t.Context(), key); seen != want {
			t.Errorf("%s is %v, want %v", key, seen, want)
		}
	}
	if len(m.handled) != 4 || len(m.order) != 3 {
		t.Errorf("it holds %d and %d", len(m.handled), len(m.order))
	}
}

// FuzzReceiver sends anything that the service might have signed: no panic, and only JSON objects
// reach a function.
func FuzzReceiver(f *testing.F) {
	for _, body := range []string{message, login, `{}`, `{"eventType":"14","elements":"{\"a\":1}","keys":"[]"}`, `{"EVENTTYPE":9}`, `[`, ``} {
		f.Add([]byte(body))
	}
	c := app(f, "app-key", "secret123")
	f.Fuzz(func(t *testing.T, body []byte) {
		var calls atomic.Int64
		r := New(c, counting(&calls), WithClock(clock))
		w := serve(r, signed(t, c, string(body)))
		isObject := bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n\ufeff"), []byte("{"))
		if w.Code != 200 && w.Code != 400 || calls.Load() > 0 && !isObject {
			t.Errorf("%q: %d %s", body, w.Code, w.Body)
		}
	})
}

// BenchmarkReceiver is the cost of a callback beside that of the app's function.
func BenchmarkReceiver(b *testing.B) {
	c := app(b, "app-key", "secret123")
	r := New(c, Handlers{}, WithClock(clock))
	header := signed(b, c, message).Header
	b.ReportAllocs()
	for b.Loop() {
		r.ServeHTTP(httptest.NewRecorder(), &http.Request{Method: http.MethodPost, Header: header, Body: io.NopCloser(strings.NewReader(message))})
	}
}
