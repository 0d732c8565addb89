package emulator

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

func TestAdvancingExpiresSignaturesOfTheMachinesTime(t *testing.T) {
	srv := Start(t)
	machine := func() (int, string) {
		t.Helper()
		req := request(t, srv, http.MethodPost, "/stats/chatroom/topn.action", "")
		if err := sign.NewSigner(srv.Credentials()).Edit(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		return send(t, req)
	}
	if code, body := machine(); code != gen.CodeOK {
		t.Error(body)
	}
	if err := srv.Advance(24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	code, body := machine()
	wantDesc(t, code, body, gen.CodeBadParameter, "CurTime is expired")
	get(t, srv, gen.ListTopChatroomsEndpoint, gen.ListTopChatroomsForm{})

	srv.Reset()
	if code, body := machine(); code != gen.CodeOK {
		t.Error(body)
	}
}

func TestTheClockGoesForwardOnlyAndNotTooFar(t *testing.T) {
	srv := Start(t)
	for _, d := range []time.Duration{-1, maxAdvance + 1, 1<<63 - 1} {
		if err := srv.Advance(d); err == nil {
			t.Errorf("went by %v", d)
		}
	}
	for _, d := range []time.Duration{0, maxAdvance / 2, maxAdvance / 2} {
		if err := srv.Advance(d); err != nil {
			t.Error(err)
		}
	}
	if err := srv.Advance(time.Hour); err == nil {
		t.Error("went further than the most")
	}
	get(t, srv, gen.ListTopChatroomsEndpoint, gen.ListTopChatroomsForm{})
}

// In a synctest bubble the server lives on the bubble's time.
func TestASyncTestMovesTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, err := New()
		if err != nil {
			t.Fatal(err)
		}
		do := func(path, form string) string {
			t.Helper()
			req := httptest.NewRequest(http.MethodPost, basePath+path, strings.NewReader(form))
			req.Header.Set("Content-Type", formType)
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
