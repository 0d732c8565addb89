package emulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/emulator/internal/journal"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

func TestAdvancingExpiresSignaturesOfTheMachinesTime(t *testing.T) {
	srv := emulator.Start(t)
	machine := func() (int, string) {
		t.Helper()
		req := emutest.Request(t, srv, http.MethodPost, "/stats/chatroom/topn.action", "")
		if err := sign.NewSigner(srv.Credentials()).Edit(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		return emutest.Send(t, req)
	}
	if code, body := machine(); code != gen.CodeOK {
		t.Error(body)
	}
	if err := srv.Advance(24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	code, body := machine()
	emutest.WantDesc(t, code, body, gen.CodeBadParameter, "CurTime is expired")
	emutest.Get(t, srv, gen.ListTopChatroomsEndpoint, gen.ListTopChatroomsForm{})

	srv.Reset()
	if code, body := machine(); code != gen.CodeOK {
		t.Error(body)
	}
}

func TestTheClockGoesForwardOnlyAndNotTooFar(t *testing.T) {
	srv := emulator.Start(t)
	for _, d := range []time.Duration{-1, journal.MaxAdvance + 1, 1<<63 - 1} {
		if err := srv.Advance(d); err == nil {
			t.Errorf("went by %v", d)
		}
	}
	for _, d := range []time.Duration{0, journal.MaxAdvance / 2, journal.MaxAdvance / 2} {
		if err := srv.Advance(d); err != nil {
			t.Error(err)
		}
	}
	if err := srv.Advance(time.Hour); err == nil {
		t.Error("went further than the most")
	}
	emutest.Get(t, srv, gen.ListTopChatroomsEndpoint, gen.ListTopChatroomsForm{})
}

// With a start time the bytes follow from the requests alone: on one server
// after a reset, and on another one.
func TestEqualRunsGiveEqualBytesOverHTTP(t *testing.T) {
	start := time.Date(2022, 11, 22, 12, 0, 0, 0, time.UTC)
	first := emulator.Start(t, emulator.WithoutPort(), emulator.WithStartTime(start), emulator.WithSeed(7))
	second := emulator.Start(t, emulator.WithoutPort(), emulator.WithStartTime(start), emulator.WithSeed(7))
	run := func(srv *emulator.Server) string {
		t.Helper()
		var all strings.Builder
		send := func(method, path, body string) {
			t.Helper()
			req := emutest.Request(t, srv, method, path, body)
			req.URL.Path = path
			if err := sign.NewSigner(srv.Credentials(), sign.WithClock(srv.Now)).Edit(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			resp, err := srv.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			response := emutest.ReadAll(t, resp)
			fmt.Fprintf(&all, "%s: %d %v %s\n", path, resp.StatusCode, resp.Header, response)
			if resp.StatusCode != http.StatusOK {
				t.Error(all.String())
			}
		}
		send(http.MethodPost, "/nimserver/chatroom/create.action", "creator=zhangsan&name=n")
		for range 2 {
			send(http.MethodPost, "/_emulator/rooms/10010000001/join", `{"accid":"lisi","tags":["vip"]}`)
			send(http.MethodPost, "/nimserver/chatroom/temporaryMute.action", "roomid=10010000001&operator=zhangsan&target=lisi&muteDuration=3600&needNotify=true")
			for i := range 20 {
				send(http.MethodPost, "/nimserver/chatroom/sendMsg.action", fmt.Sprintf("roomid=10010000001&msgId=%d&fromAccid=zhangsan&msgType=0&attach=hi&abandonRatio=5000", i))
			}
			send(http.MethodPost, "/nimserver/chatroom/requestAddr.action", "roomid=10010000001&accid=lisi")
			send(http.MethodPost, "/nimserver/chatroom/membersByPage.action", "roomid=10010000001&type=1&endtime=0&limit=10")
			send(http.MethodPost, "/_emulator/clock", `{"advance":"90m"}`)
			send(http.MethodPost, "/nimserver/stats/chatroom/topn.action", "timestamp=1669118400000")
		}
		for _, path := range []string{"health", "clock", "rooms/10010000001", "requests", "state"} {
			send(http.MethodGet, "/_emulator/"+path, "")
		}
		return all.String()
	}
	before := run(first)
	if err := first.Reset(); err != nil {
		t.Fatal(err)
	}
	if !first.Now().Equal(start) {
		t.Errorf("a reset goes back to %v", first.Now())
	}
	if again := run(first); again != before {
		t.Errorf("before\n%s\nafter a reset\n%s", before, again)
	}
	if other := run(second); other != before {
		t.Errorf("one server\n%s\nthe other\n%s", before, other)
	}
}

func TestAStartTimeIsOneThatCanBeSigned(t *testing.T) {
	for _, start := range []time.Time{{}, time.Unix(0, 0), time.Date(9001, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if _, err := emulator.New(emulator.WithStartTime(start)); err == nil {
			t.Errorf("%v was taken", start)
		}
	}
}

// In a synctest bubble the server lives on the bubble's time.
func TestASyncTestMovesTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, err := emulator.New()
		if err != nil {
			t.Fatal(err)
		}
		do := func(path, form string) string {
			t.Helper()
			req := httptest.NewRequest(http.MethodPost, emutest.ApiPath+path, strings.NewReader(form))
			req.Header.Set("Content-Type", api.FormType)
			if err := sign.NewSigner(srv.Credentials()).Edit(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			w := httptest.NewRecorder()
			srv.Handler().ServeHTTP(w, req)
			return w.Body.String()
		}
		do("/chatroom/create.action", "creator=zhangsan&name=n")
		do("/chatroom/addRobot.action", `roomid=10010000001&accids=["a","b"]`)
		count := func() int {
			t.Helper()
			r, err := srv.Room(10_010_000_001)
			if err != nil {
				t.Fatal(err)
			}
			return r.OnlineUserCount
		}
		time.Sleep(24*time.Hour - time.Second) //nolint:forbidigo // in a synctest bubble
		if got := count(); got != 2 {
			t.Errorf("%d online", got)
		}
		time.Sleep(time.Second) //nolint:forbidigo // in a synctest bubble
		if got := count(); got != 0 {
			t.Errorf("%d online after a day", got)
		}
	})
}

// A plain signer knows nothing of the emulator's clock; the SDK follows its Date.
func TestTheClockByWhichCurTimeIsChecked(t *testing.T) {
	const far = 400 * 24 * time.Hour
	for _, tt := range []struct {
		curTime emulator.CurTime
		signed  map[time.Duration]bool // by how far CurTime is from the machine's time
	}{
		{emulator.EmulatorCurTime, map[time.Duration]bool{0: false, time.Hour: true, 30 * time.Minute: false, -far: false}},
		{emulator.MachineCurTime, map[time.Duration]bool{0: true, 4 * time.Minute: true, 6 * time.Minute: false, time.Hour: true, 30 * time.Minute: false, -far: false}},
		{emulator.UncheckedCurTime, map[time.Duration]bool{0: true, time.Hour: true, 30 * time.Minute: true, -far: true}},
	} {
		synctest.Test(t, func(t *testing.T) {
			srv := emulator.Start(t, emulator.WithoutPort(), emulator.WithCurTime(tt.curTime))
			if err := srv.Advance(time.Hour); err != nil {
				t.Fatal(err)
			}
			for off, good := range tt.signed {
				for _, path := range []string{"/stats/chatroom/topn.action", "/team/create.action"} {
					req := emutest.Request(t, srv, http.MethodPost, path, "")
					if err := sign.NewSigner(srv.Credentials(), sign.WithClock(func() time.Time { return time.Now().Add(off) })).Edit(t.Context(), req); err != nil {
						t.Fatal(err)
					}
					resp, err := srv.Client().Do(req)
					if err != nil {
						t.Fatal(err)
					}
					if body := string(emutest.ReadAll(t, resp)); strings.Contains(body, "CurTime is expired") == good {
						t.Errorf("%s, %v off: %s", tt.curTime, off, body)
					}
				}
			}
			for name, value := range map[string]string{sign.HeaderCheckSum: "x", sign.HeaderCurTime: "1669118400000", sign.HeaderAppKey: "x"} {
				req := emutest.SignedRequest(t, srv, "/stats/chatroom/topn.action", "")
				req.Header.Set(name, value)
				resp, err := srv.Client().Do(req)
				if err != nil {
					t.Fatal(err)
				}
				if code := emutest.CodeOf(t, emutest.ReadAll(t, resp)); code != gen.CodeBadParameter {
					t.Errorf("%s, wrong %s: %d", tt.curTime, name, code)
				}
			}
			client := sdk(t, srv)
			for _, step := range []time.Duration{0, 4 * time.Minute, 4 * time.Minute, 4 * time.Minute, 24 * time.Hour} {
				if err := srv.Advance(step); err != nil {
					t.Fatal(err)
				}
				if _, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "zhangsan", Name: "n"}); err != nil {
					t.Errorf("%s, the SDK: %v", tt.curTime, err)
				}
			}
			if err := srv.Reset(); err != nil {
				t.Fatal(err)
			}
			if _, err := client.Rooms.ListByCreator(t.Context(), gen.ListUserChatroomsForm{Creator: "zhangsan"}); err != nil {
				t.Errorf("%s, the SDK after a reset: %v", tt.curTime, err)
			}
		})
	}
	if _, err := emulator.New(emulator.WithCurTime("")); err == nil {
		t.Error("no clock is one")
	}
}
