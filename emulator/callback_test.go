package emulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/callback"
	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/spec"
)

// call runs an operation without a network, so that it works in a synctest bubble.
func call[F gen.Form, R any](t *testing.T, srv *emulator.Server, e gen.Endpoint[F, R], form F) *R {
	t.Helper()
	response, err := emulator.Call(srv, e, form)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func newRoom(t *testing.T, srv *emulator.Server) gen.RoomID {
	t.Helper()
	return call(t, srv, gen.CreateChatroomEndpoint, gen.CreateChatroomForm{Creator: "zhangsan", Name: "n"}).Chatroom.RoomID
}

// heard collects what an app hears.
type heard struct {
	mu   sync.Mutex
	list []string
}

func (h *heard) note(format string, args ...any) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, fmt.Sprintf(format, args...))
	return nil
}

// all waits for what is under way and returns what was heard since it was called last.
func (h *heard) all(t *testing.T, srv *emulator.Server) []string {
	t.Helper()
	if err := srv.WaitCallbacks(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	list := h.list
	h.list = nil
	return list
}

// app is an app that notes what it hears.
func (h *heard) app(srv *emulator.Server, options ...callback.Option) http.Handler {
	return callback.New(srv.Credentials(), callback.Handlers{
		OnMessage: func(_ context.Context, c *gen.MessageCallback) error {
			return h.note("%s: %s %s %s", c.FromAccount, c.MsgType, c.Attach, c.FromClientType)
		},
		OnMember: func(_ context.Context, c *gen.MemberCallback) error {
			return h.note("%s %s %v %v", c.Event, c.Accid, c.RoleType, c.Tags)
		},
		OnQueue: func(_ context.Context, c *gen.QueueCallback) error {
			return h.note("%v %v %v by %s of %s %v %v", c.Event, c.Elements, c.Keys, c.Operator, c.BelongTo, c.Transient, c.FromServerAPI)
		},
	}, append([]callback.Option{callback.WithClock(srv.Now)}, options...)...)
}

// specified checks that callbacks fit the schemas of the spec.
func specified(t *testing.T, app http.Handler) http.Handler {
	t.Helper()
	text, err := spec.Read(spec.Variant{})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		var members any
		if err := json.Unmarshal(body, &members); err != nil {
			t.Error(err)
		}
		c, err := gen.DecodeCallback(body)
		if err != nil {
			t.Error(err)
			return
		}
		if err := doc.Components.Schemas[c.Type().String()+"Callback"].Value.VisitJSON(members); err != nil {
			t.Errorf("%s: %v", body, err)
		}
		app.ServeHTTP(w, r)
	})
}

func deliver(t *testing.T, srv *emulator.Server, h http.Handler, env ...string) {
	t.Helper()
	if err := srv.Callbacks(h, env...); err != nil {
		t.Fatal(err)
	}
}

func send(t *testing.T, srv *emulator.Server, id gen.RoomID, text string, edit ...func(*gen.SendMessageForm)) {
	t.Helper()
	form := gen.SendMessageForm{RoomID: id, MsgID: text, FromAccid: "zhangsan", MsgType: emutest.Ptr(gen.MessageTypeText), Attach: &text}
	for _, f := range edit {
		f(&form)
	}
	call(t, srv, gen.SendMessageEndpoint, form)
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestCallbacksSayWhatHappens(t *testing.T) {
	srv, h := emulator.Start(t, emulator.WithStartTime(time.UnixMilli(1669118400000))), &heard{}
	deliver(t, srv, specified(t, h.app(srv)))
	id := newRoom(t, srv)
	join := func(accid string, tags ...string) {
		t.Helper()
		if err := srv.Join(id, emulator.JoinOptions{Accid: accid, Tags: tags}); err != nil {
			t.Fatal(err)
		}
	}
	send(t, srv, id, "hi")
	send(t, srv, id, "not copied", func(f *gen.SendMessageForm) { f.Route = emutest.Ptr(gen.MessageRouteOff) })
	want(t, h.all(t, srv), "zhangsan: TEXT hi REST")

	join("visitor")
	join("zhangsan", "vip")
	if err := srv.Leave(id, "zhangsan"); err != nil {
		t.Fatal(err)
	}
	want(t, h.all(t, srv), "IN zhangsan Creator [vip]", "OUT zhangsan Creator [vip]")

	call(t, srv, gen.InitQueueEndpoint, gen.InitQueueForm{RoomID: id})
	for _, value := range []string{"a", "b"} {
		call(t, srv, gen.OfferQueueElementEndpoint, gen.OfferQueueElementForm{RoomID: id, Key: "1", Value: value, Operator: emutest.Ptr("visitor"), Transient: emutest.Ptr(true)})
	}
	call(t, srv, gen.ListQueueElementsEndpoint, gen.ListQueueElementsForm{RoomID: id})
	call(t, srv, gen.OfferQueueElementEndpoint, gen.OfferQueueElementForm{RoomID: id, Key: "2", Value: "c"})
	call(t, srv, gen.PollQueueElementEndpoint, gen.PollQueueElementForm{RoomID: id, Key: emutest.Ptr("2")})
	if err := srv.Leave(id, "visitor"); err != nil {
		t.Fatal(err)
	}
	call(t, srv, gen.DropQueueEndpoint, gen.DropQueueForm{RoomID: id})
	want(t, h.all(t, srv),
		"Init [] [] by zhangsan of  false true",
		"Add [{1 a}] [] by visitor of visitor true true",
		"Update [{1 b}] [] by visitor of visitor true true",
		"List [] [] by zhangsan of  false true",
		"Add [{2 c}] [] by zhangsan of zhangsan false true",
		"Poll [{2 c}] [] by zhangsan of zhangsan false true",
		"Delete [] [1] by visitor of visitor true false",
		"Drop [] [] by zhangsan of  false true",
	)
}

func TestEveryonesMovesAreCopiedOnRequest(t *testing.T) {
	srv, h := emulator.Start(t, emulator.WithAllMembersCopied()), &heard{}
	deliver(t, srv, h.app(srv))
	id := newRoom(t, srv)
	if err := srv.Join(id, emulator.JoinOptions{Accid: "visitor"}); err != nil {
		t.Fatal(err)
	}
	call(t, srv, gen.KickMemberEndpoint, gen.KickMemberForm{RoomID: id, Accid: "zhangsan", TargetAccid: "visitor"})
	want(t, h.all(t, srv), "IN visitor Visitor []", "KICK visitor Visitor []")
}

func TestEnvironmentsHaveTheirOwnHandlers(t *testing.T) {
	srv, test, other := emulator.Start(t), &heard{}, &heard{}
	deliver(t, srv, other.app(srv))
	deliver(t, srv, test.app(srv), "test")
	id := newRoom(t, srv)
	for _, env := range []string{"test", "new", ""} {
		send(t, srv, id, "for "+env, func(f *gen.SendMessageForm) { f.Env = &env })
	}
	want(t, test.all(t, srv), "zhangsan: TEXT for test REST")
	want(t, other.all(t, srv), "zhangsan: TEXT for new REST", "zhangsan: TEXT for  REST")
}

func TestTheAppDecidesAboutLogins(t *testing.T) {
	srv := emulator.Start(t)
	id := newRoom(t, srv)
	decision := gen.LoginDecision{}
	var failure error
	deliver(t, srv, callback.New(srv.Credentials(), callback.Handlers{
		OnLogin: func(_ context.Context, c *gen.LoginCallback) (gen.LoginDecision, error) {
			if c.FromAccount != "ben" || c.RoomID != id || !slices.Equal(c.Tags, []string{"vip"}) {
				t.Errorf("asked about %+v", c)
			}
			return decision, failure
		},
	}, callback.WithClock(srv.Now)))
	join := func() (code int) {
		err := srv.Join(id, emulator.JoinOptions{Accid: "Ben", Tags: []string{"vip"}})
		var refused *emulator.APIError
		if errors.As(err, &refused) {
			return refused.Code
		}
		return gen.CodeOK
	}
	for _, step := range []struct {
		decision gen.LoginDecision
		failure  error
		want     int
	}{
		{want: gen.CodeOK},
		{decision: gen.LoginDecision{ErrCode: 1}, want: gen.CodeForbidden},
		{decision: gen.LoginDecision{ErrCode: 1, ResponseCode: 20001}, want: 20001},
		{decision: gen.LoginDecision{ErrCode: 1, ResponseCode: gen.CodeOK}, want: gen.CodeForbidden},
		{failure: errors.New("the app is down"), want: gen.CodeOK},
	} {
		decision, failure = step.decision, step.failure
		if got := join(); got != step.want {
			t.Errorf("%+v: code %d", step, got)
		}
	}
	if room, err := srv.Room(id); err != nil || len(room.Members[len(room.Members)-1].Logins) != 2 {
		t.Errorf("%+v, %v", room, err)
	}
}

// TestWhatIsNotReceivedIsSentAgain: in order, after growing pauses of the clock.
func TestWhatIsNotReceivedIsSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, h := emulator.Start(t, emulator.WithoutPort()), &heard{}
		start, failures := time.Now(), 3
		var at []time.Duration
		app := h.app(srv)
		deliver(t, srv, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			at = append(at, time.Since(start))
			if failures--; failures >= 0 {
				http.Error(w, "later", http.StatusServiceUnavailable)
				return
			}
			app.ServeHTTP(w, r)
		}))
		id := newRoom(t, srv)
		send(t, srv, id, "1")
		send(t, srv, id, "2")
		want(t, h.all(t, srv), "zhangsan: TEXT 1 REST", "zhangsan: TEXT 2 REST")
		if fmt.Sprint(at) != "[0s 1s 3s 7s 7s]" {
			t.Errorf("sent at %v", at)
		}
		var log []string
		for _, d := range srv.Deliveries() {
			log = append(log, fmt.Sprintf("%v %d: %d %s", d.Type, d.Attempt, d.Status, d.Response))
		}
		want(t, log, "Message 1: 503 later\n", "Message 2: 503 later\n", "Message 3: 503 later\n", "Message 4: 200 ", "Message 1: 200 ")
	})
}

// TestWaitingSaysWhatIsNotReceived: an app that fails explains why a test waits.
func TestWaitingSaysWhatIsNotReceived(t *testing.T) {
	srv := emulator.Start(t, emulator.WithStartTime(time.UnixMilli(1669118400000)))
	deliver(t, srv, new(heard).app(srv, callback.WithClock(time.Now)))
	send(t, srv, newRoom(t, srv), "1")
	ctx, cancel := context.WithCancel(t.Context())
	for len(srv.Deliveries()) == 0 {
		runtime.Gosched()
	}
	cancel()
	err := srv.WaitCallbacks(ctx)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "callbacks that were not received: 1; the latest attempt was Message: status 401") || !strings.Contains(err.Error(), "clock is off") {
		t.Error(err)
	}
	if d := srv.Deliveries()[0]; !strings.Contains(string(d.Body), `"attach":"1"`) {
		t.Errorf("%+v", d)
	}
}

// TestASlowAppIsSentItAgain: what takes over five seconds counts as not received.
func TestASlowAppIsSentItAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := emulator.Start(t, emulator.WithoutPort())
		var calls atomic.Int32
		deliver(t, srv, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if calls.Add(1) == 1 {
				<-r.Context().Done()
			}
		}))
		start := time.Now()
		send(t, srv, newRoom(t, srv), "1")
		if err := srv.WaitCallbacks(t.Context()); err != nil || calls.Load() != 2 || time.Since(start) != 6*time.Second {
			t.Errorf("%d calls in %v, %v", calls.Load(), time.Since(start), err)
		}
	})
}

// TestABrokenHandlerIsSentItAgain: a panic and an ended goroutine are known at once.
func TestABrokenHandlerIsSentItAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := emulator.Start(t, emulator.WithoutPort())
		deliver(t, srv, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			switch len(srv.Deliveries()) {
			case 0:
				panic("broken")
			case 1:
				runtime.Goexit()
			}
		}))
		start := time.Now()
		send(t, srv, newRoom(t, srv), "1")
		if err := srv.WaitCallbacks(t.Context()); err != nil || time.Since(start) != 3*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		var log []string
		for _, d := range srv.Deliveries() {
			log = append(log, fmt.Sprintf("%d %s", d.Status, d.Error))
		}
		want(t, log, "0 the handler panicked: broken", "0 the handler ended its goroutine, as t.FailNow does", "200 ")
	})
}

// TestManyHandlersLetClientsIn: the questions that this leads to wait for no handler to end.
func TestManyHandlersLetClientsIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := emulator.Start(t, emulator.WithoutPort())
		deliver(t, srv, callback.New(srv.Credentials(), callback.Handlers{
			OnMessage: func(_ context.Context, c *gen.MessageCallback) error {
				time.Sleep(time.Second) //nolint:forbidigo // in a synctest bubble
				return srv.Join(c.RoomID, emulator.JoinOptions{Accid: "ben"})
			},
		}, callback.WithClock(srv.Now)))
		for range 20 {
			send(t, srv, newRoom(t, srv), "1")
		}
		if err := srv.WaitCallbacks(t.Context()); err != nil || len(srv.Deliveries()) != 40 {
			t.Errorf("%d deliveries, %v", len(srv.Deliveries()), err)
		}
	})
}

// TestTheClockOfTheServerDecides: pauses pass when the clock is set forward, and CurTime is its time.
func TestTheClockOfTheServerDecides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, h := emulator.Start(t, emulator.WithoutPort(), emulator.WithStartTime(time.UnixMilli(1669118400000))), &heard{}
		app, down := h.app(srv), true
		deliver(t, srv, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if down {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			app.ServeHTTP(w, r)
		}))
		send(t, srv, newRoom(t, srv), "1")
		synctest.Wait()
		down = false
		time.Sleep(time.Hour) //nolint:forbidigo // in a synctest bubble
		if len(srv.Deliveries()) != 1 {
			t.Errorf("%+v", srv.Deliveries())
		}
		if err := srv.Advance(time.Second); err != nil {
			t.Fatal(err)
		}
		want(t, h.all(t, srv), "zhangsan: TEXT 1 REST")
	})
}

// TestADayLaterItIsGivenUp: an app that never responds holds nothing up for ever.
func TestADayLaterItIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := emulator.Start(t, emulator.WithoutPort())
		deliver(t, srv, http.NotFoundHandler())
		start := time.Now()
		id := newRoom(t, srv)
		for _, text := range []string{"1", "2", "3"} { // the later ones do not wait for another day
			send(t, srv, id, text)
		}
		if err := srv.WaitCallbacks(t.Context()); err != nil || time.Since(start) < 24*time.Hour || time.Since(start) > 25*time.Hour {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

func TestFaultsOfCallbacks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, h := emulator.Start(t, emulator.WithoutPort()), &heard{}
		var raw []string // every body that arrives
		app := h.app(srv)
		deliver(t, srv, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			raw = append(raw, r.Header.Get("CheckSum")[:4])
			app.ServeHTTP(w, r)
		}))
		id := newRoom(t, srv)
		fault := func(kind emulator.FaultKind, delay time.Duration) {
			t.Helper()
			if err := srv.AddFault(emulator.Fault{Operation: "onMessage", Kind: kind, Delay: delay}); err != nil {
				t.Fatal(err)
			}
		}
		says := func(texts ...string) (list []string) {
			for _, text := range texts {
				list = append(list, "zhangsan: TEXT "+text+" REST")
			}
			return list
		}
		fault(emulator.FaultLoss, 0)
		send(t, srv, id, "1")
		send(t, srv, id, "2")
		want(t, h.all(t, srv), says("2")...)

		fault(emulator.FaultDouble, 0)
		raw = nil
		send(t, srv, id, "3")
		want(t, h.all(t, srv), says("3")...) // the app drops the repeat
		if len(raw) != 2 {
			t.Errorf("%d deliveries", len(raw))
		}

		fault(emulator.FaultDisorder, 0)
		send(t, srv, id, "4")
		send(t, srv, id, "5")
		want(t, h.all(t, srv), says("5", "4")...)

		if err := srv.AddFault(emulator.Fault{Operation: "callbacks", Kind: emulator.FaultDisorder, Times: 2}); err != nil {
			t.Fatal(err)
		}
		if err := srv.Join(id, emulator.JoinOptions{Accid: "visitor"}); err != nil { // a question takes no part
			t.Fatal(err)
		}
		for _, text := range []string{"a", "b", "c", "d"} {
			send(t, srv, id, text)
		}
		want(t, h.all(t, srv), says("b", "a", "d", "c")...)

		fault(emulator.FaultSignature, 0)
		raw = nil
		send(t, srv, id, "6")
		want(t, h.all(t, srv), says("6")...)
		if len(raw) != 2 || raw[0] != "0000" || raw[1] == "0000" {
			t.Errorf("sums %v", raw)
		}

		fault(emulator.FaultDelay, time.Minute)
		start := time.Now()
		send(t, srv, id, "7")
		want(t, h.all(t, srv), says("7")...)
		if took := time.Since(start); took != time.Minute {
			t.Errorf("took %v", took)
		}
		for _, bad := range []emulator.Fault{
			{Operation: "onMessage", Kind: emulator.FaultCode, Code: 500}, {Operation: "sendMsg", Kind: emulator.FaultLoss},
			{Operation: "onNothing", Kind: emulator.FaultLoss}, {Operation: "callbacks", Kind: emulator.FaultLoss, Phase: emulator.FaultAfter},
			{Operation: "onMessage", Kind: emulator.FaultDelay}, {Operation: "onLogin", Kind: emulator.FaultDouble},
		} {
			if err := srv.AddFault(bad); err == nil {
				t.Errorf("%+v passed", bad)
			}
		}
	})
}

// TestUndeliveredCallbacksSurviveAKill: the directory has them, and the next server delivers them.
func TestUndeliveredCallbacksSurviveAKill(t *testing.T) {
	dir := t.TempDir()
	first := emulator.Start(t, emulator.WithData(dir))
	h := &heard{}
	up := make(chan struct{})
	deliver(t, first, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		defer close(up)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	id := newRoom(t, first)
	send(t, first, id, "1")
	send(t, first, id, "2")
	<-up
	second := emulator.Start(t, emulator.WithData(killed(t, dir))) // as a kill leaves it
	deliver(t, second, h.app(second))
	want(t, h.all(t, second), "zhangsan: TEXT 1 REST", "zhangsan: TEXT 2 REST")
	third := emulator.Start(t, emulator.WithData(killed(t, dir)))
	snapshot, err := third.Snapshot()
	if err != nil || strings.Count(string(snapshot), `"body":`) != 2 {
		t.Errorf("%s, %v", snapshot, err)
	}
	fourth := emulator.Start(t)
	deliver(t, fourth, h.app(fourth))
	if err := fourth.Restore(snapshot); err != nil {
		t.Fatal(err)
	}
	want(t, h.all(t, fourth), "zhangsan: TEXT 1 REST", "zhangsan: TEXT 2 REST")
}

func TestCallbacksGoToAnAddressOfThisMachine(t *testing.T) {
	h := &heard{}
	var app http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(w, r) }))
	defer server.Close()
	srv := emulator.Start(t, emulator.WithCallback("", server.URL))
	app = h.app(srv)
	send(t, srv, newRoom(t, srv), "1")
	want(t, h.all(t, srv), "zhangsan: TEXT 1 REST")
	status, got := emutest.ControlCall(t, srv, http.MethodGet, "callbacks", "")
	list, _ := got["deliveries"].([]any)
	if status != http.StatusOK || got["pending"] != 0.0 || len(list) != 1 || list[0].(map[string]any)["status"] != 200.0 {
		t.Errorf("%d %v", status, got)
	}
	resp, err := http.Get(strings.TrimSuffix(srv.URL, emutest.ApiPath) + "/callbacks")
	if err != nil {
		t.Fatal(err)
	}
	if page := emutest.ReadAll(t, resp); !strings.Contains(string(page), server.URL) {
		t.Errorf("%s", page)
	}
	if status, got := emutest.ControlCall(t, srv, http.MethodDelete, "callbacks", ""); status != http.StatusOK || len(got["deliveries"].([]any)) > 0 {
		t.Errorf("%d %v", status, got)
	}
	for says, options := range map[string][]emulator.Option{
		"WithAnyCallbackHost, allows others": {emulator.WithCallback("", "http://198.51.100.1/callbacks")},
		"want an address such as":            {emulator.WithCallback("", "ftp://127.0.0.1/")},
		`environment "a"`:                    {emulator.WithCallback("a", server.URL), emulator.WithCallback("a", server.URL)},
		"http://u:xxxxx@127.0.0.1/":          {emulator.WithCallback("", "http://u:secret@127.0.0.1/")},
		"no URL, want":                       {emulator.WithCallback("", "http://u:secret@[::1/")},
		"http://127.0.0.1:65536/":            {emulator.WithCallback("", "http://127.0.0.1:65536/")},
		"localhost.example.com:80 is not":    {emulator.WithCallback("", "http://localhost.example.com:80/")},
	} {
		if _, err := emulator.New(options...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
	for _, options := range [][]emulator.Option{
		{emulator.WithCallback("", "http://198.51.100.1/"), emulator.WithAnyCallbackHost()},
		{emulator.WithCallback("", "http://LocalHost:65535/"), emulator.WithCallback("test", "https://[::1]")},
	} {
		if _, err := emulator.New(options...); err != nil {
			t.Error(err)
		}
	}
}

// TestCallbacksAreStringsOnTheWire: as the service writes them, verified by the rule alone.
func TestCallbacksAreStringsOnTheWire(t *testing.T) {
	srv := emulator.Start(t, emulator.WithStartTime(time.UnixMilli(1669118400000)))
	got := make(chan map[string]any, 1)
	deliver(t, srv, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := sign.VerifyCallback(r.Header, r.Body, 1<<20, time.UnixMilli(1669118400000), srv.Credentials())
		if err != nil || r.Header.Get("CurTime") != "1669118400000" || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			t.Errorf("%v, %v", r.Header, err)
		}
		var members map[string]any
		if err := json.Unmarshal(body, &members); err != nil {
			t.Error(err)
		}
		got <- members
	}))
	id := newRoom(t, srv)
	send(t, srv, id, "hi")
	for name, value := range <-got {
		if _, ok := value.(string); !ok {
			t.Errorf("%s is %v", name, value)
		}
	}
}
