package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// wire-facts: Per operation, features switched off for an app.
func TestAFeatureThatIsOffGives403(t *testing.T) {
	srv := emulator.Start(t, emulator.WithoutFeatures(emulator.EntryNotification))
	id := emutest.NewRoom(t, srv)
	notify := func() (int, string) {
		return emutest.Post(t, srv, "/chatroom/updateInOutNotification.action", fmt.Sprintf("roomid=%d&close=true", id))
	}
	search := func() (int, string) {
		return emutest.Post(t, srv, "/history/queryTagHistoryMsg.action", fmt.Sprintf(`roomId=%d&accid=a&tags=["a"]`, id))
	}
	code, body := notify()
	emutest.WantDesc(t, code, body, gen.CodeForbidden, "app io notify closed")
	log := srv.Requests()
	if got := log[len(log)-1].Meaning; !strings.Contains(got, "The feature entryNotification is off.") {
		t.Errorf("the log says %s", got)
	}
	if code, body := search(); code != gen.CodeOK {
		t.Error(body)
	}
	if err := srv.SetFeature(emulator.Search, false); err != nil {
		t.Fatal(err)
	}
	if err := srv.SetFeature(emulator.EntryNotification, true); err != nil {
		t.Fatal(err)
	}
	code, body = search()
	emutest.WantDesc(t, code, body, gen.CodeForbidden, "search not enable")
	if code, body := notify(); code != gen.CodeOK {
		t.Error(body)
	}
	// A wrong form is rejected for what is wrong with it.
	code, body = emutest.Post(t, srv, "/history/queryTagHistoryMsg.action", "roomId=1&accid=a")
	emutest.WantDesc(t, code, body, gen.CodeBadParameter, "tags is empty: no field accid")

	srv.Reset()
	if got := fmt.Sprint(srv.Features()); got != "map[broadcast:true entryNotification:false search:true timedClosing:true]" {
		t.Errorf("after reset: %s", got)
	}
}

// wire-facts-more: 2. Its refusal is ours.
func TestTimedClosingNeedsItsFeature(t *testing.T) {
	srv := emulator.Start(t, emulator.WithoutFeatures(emulator.TimedClosing))
	id := emutest.NewRoom(t, srv)
	for _, tt := range []struct {
		path, form string
		want       int
	}{
		{"/chatroom/updateDelayClosePolicy.action", fmt.Sprintf("roomid=%d&delayClosePolicy=0", id), gen.CodeForbidden},
		{"/chatroom/create.action", "creator=a&name=n&delayClosePolicy=1", gen.CodeForbidden},
		{"/chatroom/create.action", "creator=a&name=n&delayClosePolicy=0&delaySeconds=0", gen.CodeOK},
		{"/chatroom/toggleCloseStat.action", fmt.Sprintf("roomid=%d&operator=zhangsan&valid=true&delayClosePolicy=2", id), gen.CodeForbidden},
		{"/chatroom/create.action", "creator=a&name=n", gen.CodeOK},
	} {
		if code, body := emutest.Post(t, srv, tt.path, tt.form); code != tt.want {
			t.Errorf("%s %s: %s", tt.path, tt.form, body)
		}
	}
}

func TestControlFeatures(t *testing.T) {
	srv := emulator.Start(t)
	for _, tt := range []struct {
		method, body string
		status       int
		want         string
	}{
		{http.MethodGet, "", 200, "map[broadcast:true entryNotification:true search:true timedClosing:true]"},
		{http.MethodPost, `{"search":false}`, 200, "map[broadcast:true entryNotification:true search:false timedClosing:true]"},
		{http.MethodPost, `{"search":true,"entryNotification":false}`, 200, "map[broadcast:true entryNotification:false search:true timedClosing:true]"},
		{http.MethodPost, `{}`, 200, "map[broadcast:true entryNotification:false search:true timedClosing:true]"},
		{http.MethodPost, `{"search":false,"video":true}`, 400, "map[error:video: no such feature, want broadcast or entryNotification or search or timedClosing]"},
		{http.MethodPost, `{"":true}`, 400, "map[error:none: no such feature, want broadcast or entryNotification or search or timedClosing]"},
		{http.MethodPost, `[]`, 400, "map[error:body: array, want a JSON object]"},
		{http.MethodGet, "", 200, "map[broadcast:true entryNotification:false search:true timedClosing:true]"},
	} {
		status, got := emutest.ControlCall(t, srv, tt.method, "features", tt.body)
		if status != tt.status || fmt.Sprint(got) != tt.want {
			t.Errorf("%s %s: %d %v, want %s", tt.method, tt.body, status, got, tt.want)
		}
	}
	if err := srv.SetFeature("video", true); err == nil {
		t.Error("switched on what does not exist")
	}
	if !slices.Equal(emulator.Features(), []emulator.Feature{emulator.Broadcast, emulator.EntryNotification, emulator.Search, emulator.TimedClosing}) {
		t.Errorf("%v", emulator.Features())
	}
}
