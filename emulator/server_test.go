package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/console"
	"github.com/nimroom/nimroom/emulator/internal/web"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/spec"
)

func TestOptionsThatMakeNoSense(t *testing.T) {
	for name, option := range map[string]Option{
		"accounts": WithAccounts("some"),
		"dialect":  WithDialect(wire.Text + 1),
		"clock":    WithClock(nil),
	} {
		if _, err := New(option); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// fakeT is a test that fails without stopping.
type fakeT struct {
	failed   string
	cleanups []func()
}

func (f *fakeT) Helper()                           {}
func (f *fakeT) Cleanup(c func())                  { f.cleanups = append(f.cleanups, c) }
func (f *fakeT) Fatalf(format string, args ...any) { f.failed = fmt.Sprintf(format, args...) }

func TestStartStopsWithItsTest(t *testing.T) {
	var f fakeT
	srv := Start(&f)
	if !strings.HasSuffix(srv.URL, basePath) || !strings.HasPrefix(srv.URL, "http://127.0.0.1:") {
		t.Errorf("URL %s", srv.URL)
	}
	resp, err := http.Get(srv.URL + "/health/liveness.action")
	if err != nil {
		t.Fatal(err)
	}
	readAll(t, resp)
	for _, c := range f.cleanups {
		c()
	}
	if _, err := http.Get(srv.URL); err == nil || f.failed != "" {
		t.Errorf("still there, or %s", f.failed)
	}
	Start(&f, WithAccounts("some"))
	if f.failed == "" {
		t.Error("started with an option that makes no sense")
	}
}

func TestCredentialsAreTheGivenOnes(t *testing.T) {
	c, err := sign.NewCredentials("other-key", "other-secret")
	if err != nil {
		t.Fatal(err)
	}
	srv := Start(t, WithCredentials(c))
	if srv.Credentials().AppKey() != "other-key" {
		t.Errorf("got %v", srv.Credentials())
	}
	newRoom(t, srv)
}

func TestServersShareNothing(t *testing.T) {
	first, second := Start(t), Start(t)
	id := newRoom(t, first)
	if err := first.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Room(id); err == nil {
		t.Error("a room of another server")
	}
	if off := first.Now().Sub(second.Now()); off < time.Hour-time.Minute {
		t.Errorf("the clocks are %v apart", off)
	}
}

func TestRefusalsOfTheGoFunctions(t *testing.T) {
	srv := Start(t)
	id := newRoom(t, srv)
	tests := []struct {
		name string
		err  error
		want APIError
	}{
		{"no room", srv.Join(1, JoinOptions{Accid: "a"}), APIError{404, "chatroom not exist"}},
		{"no account", srv.Join(id, JoinOptions{}), APIError{414, "accid is empty"}},
		{"not in the room", srv.Leave(id, "a"), APIError{404, "chatroom role not exists"}},
		{"no text", srv.Join(id, JoinOptions{Accid: "\xff"}), APIError{414, "join: not UTF-8"}},
		{"bad expression", srv.Join(id, JoinOptions{Accid: "a", NotifyTargetTags: "("}), APIError{414, `notifyTargetTags: tag expression at byte 1: want {"tag":"..."}`}},
	}
	for _, tt := range tests {
		var got *APIError
		if !errors.As(tt.err, &got) || *got != tt.want {
			t.Errorf("%s: got %v", tt.name, tt.err)
		}
	}
	if got := (&APIError{404, "gone"}).Error(); got != "code 404: gone" {
		t.Errorf("got %s", got)
	}
}

// story plays a bit of everything and returns all that was answered.
func story(t *testing.T, srv *Server) []byte {
	t.Helper()
	var told bytes.Buffer
	call := func(path, form string) {
		req := httptest.NewRequest(http.MethodPost, basePath+path, strings.NewReader(form))
		req.Header.Set("Content-Type", api.FormType)
		if err := sign.NewSigner(srv.Credentials(), sign.WithClock(srv.Now)).Edit(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		srv.Handler().ServeHTTP(w, req)
		told.Write(w.Body.Bytes())
	}
	call("/chatroom/create.action", "creator=zhangsan&name=n")
	for i := range 20 {
		call("/chatroom/sendMsg.action", fmt.Sprintf("roomid=10010000001&fromAccid=a&msgType=0&msgId=%d&abandonRatio=5000", i))
	}
	join(t, srv, 10_010_000_001, "b", "vip")
	if err := srv.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	call("/chatroom/tagMembersQuery.action", "roomid=10010000001&tag=vip&endTime=0&limit=9")
	call("/chatroom/addRobot.action", `roomid=10010000001&accids=["r"]`)
	r, err := srv.Room(10_010_000_001)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{r, srv.Requests()} {
		if err := json.NewEncoder(&told).Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	return told.Bytes()
}

func TestAResetServerTellsTheSameStory(t *testing.T) {
	srv, err := New(WithClock(func() time.Time { return time.UnixMilli(1456396333115) }))
	if err != nil {
		t.Fatal(err)
	}
	first := story(t, srv)
	srv.Reset()
	if second := story(t, srv); !bytes.Equal(first, second) {
		t.Errorf("first\n%s\nthen\n%s", first, second)
	}
}

func TestAllDialectsSayTheSame(t *testing.T) {
	seen := map[wire.Dialect]any{}
	for _, d := range []wire.Dialect{wire.Canonical, wire.EN2022, wire.Text} {
		srv := Start(t, WithDialect(d), WithClock(func() time.Time { return time.UnixMilli(1456396333115) }))
		id := newRoom(t, srv)
		join(t, srv, id, "lisi", "vip")
		get(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"robot"}})
		seen[d] = []any{
			get(t, srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: id, NeedOnlineUserCount: ptr(true)}),
			get(t, srv, gen.ListMembersEndpoint, gen.ListMembersForm{RoomID: id, Limit: 9, Type: ptr(gen.MemberKindFixed)}),
			get(t, srv, gen.ListTagMembersEndpoint, gen.ListTagMembersForm{RoomID: id, Tag: "vip", Limit: 9}),
			get(t, srv, gen.ListTopChatroomsEndpoint, gen.ListTopChatroomsForm{}),
			get(t, srv, gen.RequestAddressEndpoint, gen.RequestAddressForm{RoomID: id, Accid: "a"}).Code,
		}
	}
	for d, got := range seen {
		if !reflect.DeepEqual(got, seen[wire.Canonical]) {
			t.Errorf("dialect %d: %+v, canonical: %+v", d, got, seen[wire.Canonical])
		}
	}
}

func TestPages(t *testing.T) {
	srv := Start(t)
	root := strings.TrimSuffix(srv.URL, basePath)
	fetch := func(path string) (int, string, string) {
		t.Helper()
		resp, err := http.Get(root + path)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, resp.Header.Get("Content-Type"), string(readAll(t, resp))
	}
	status, kind, body := fetch("/")
	if status != http.StatusOK || !strings.HasPrefix(kind, "text/html") {
		t.Errorf("index: %d %s", status, kind)
	}
	for _, op := range gen.Operations {
		if !strings.Contains(body, op.Path) {
			t.Errorf("the index does not name %s", op.Path)
		}
	}
	for path, variant := range console.Specs {
		want, err := spec.Read(variant)
		if err != nil {
			t.Fatal(err)
		}
		status, kind, body := fetch(path)
		if status != http.StatusOK || body != string(want) || strings.Contains(kind, "json") != (variant.Format == "json") {
			t.Errorf("%s: %d %s, %d bytes", path, status, kind, len(body))
		}
	}
	for _, path := range []string{"/nothing", "/nimserver", "/_emulator", "/favicon.ico"} {
		if status, kind, body := fetch(path); status != http.StatusNotFound || kind != web.JSONType || !strings.Contains(body, `"error"`) {
			t.Errorf("%s: %d %s %s", path, status, kind, body)
		}
	}
	resp, err := http.Post(root+"/", api.FormType, nil)
	if err != nil {
		t.Fatal(err)
	}
	if readAll(t, resp); resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST /: %d", resp.StatusCode)
	}
}
