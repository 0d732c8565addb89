package emulator_test

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

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/console"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/spec"
)

func TestOptionsThatMakeNoSense(t *testing.T) {
	for name, option := range map[string]emulator.Option{
		"accounts": emulator.WithAccounts("some"),
		"dialect":  emulator.WithDialect(wire.Text + 1),
		"clock":    emulator.WithClock(nil),
	} {
		if _, err := emulator.New(option); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestStartStopsWithItsTest(t *testing.T) {
	var f emutest.FakeT
	srv := emulator.Start(&f)
	if !strings.HasSuffix(srv.URL, emutest.ApiPath) || !strings.HasPrefix(srv.URL, "http://127.0.0.1:") {
		t.Errorf("URL %s", srv.URL)
	}
	resp, err := http.Get(srv.URL + "/health/liveness.action")
	if err != nil {
		t.Fatal(err)
	}
	emutest.ReadAll(t, resp)
	for _, c := range f.Cleanups {
		c()
	}
	if _, err := http.Get(srv.URL); err == nil || f.Failed != "" {
		t.Errorf("still there, or %s", f.Failed)
	}
	emulator.Start(&f, emulator.WithAccounts("some"))
	if f.Failed == "" {
		t.Error("started with an option that makes no sense")
	}
}

func TestCredentialsAreTheGivenOnes(t *testing.T) {
	c, err := sign.NewCredentials("other-key", "other-secret")
	if err != nil {
		t.Fatal(err)
	}
	srv := emulator.Start(t, emulator.WithCredentials(c))
	if srv.Credentials().AppKey() != "other-key" {
		t.Errorf("got %v", srv.Credentials())
	}
	emutest.NewRoom(t, srv)
}

// A recording of the real service must not be one of the emulator.
func TestEveryResponseIsTheEmulators(t *testing.T) {
	srv := emulator.Start(t)
	if err := srv.Stub("/team/create.action", []byte(`{"code":200}`)); err != nil {
		t.Fatal(err)
	}
	root := strings.TrimSuffix(srv.URL, emutest.ApiPath)
	check := func(req *http.Request) {
		t.Helper()
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		name, version, found := strings.Cut(resp.Header.Get("Server"), "/")
		if name != web.ServerName || !found || version == "" {
			t.Errorf("%s %s: %s, %v", req.Method, req.URL, resp.Status, resp.Header)
		}
	}
	for _, path := range []string{"/", "/docs", "/docs/config.json", "/openapi.yaml", "/nothing", "/_emulator/health", "/_emulator/nothing", "/_emulator/state", "/nimserver/chatroom/get.action"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
			req, err := http.NewRequestWithContext(t.Context(), method, root+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			check(req)
		}
	}
	signed := []string{"/chatroom/get.action", "/health/liveness.action", "/team/create.action", "/team/remove.action"}
	for _, fault := range []emulator.Fault{{Kind: emulator.FaultCode, Code: 500}, {Kind: emulator.FaultStatus, Status: 502}, {Kind: emulator.FaultMalformed}, {Kind: emulator.FaultTruncate}} {
		fault.Operation = "topn"
		emutest.AddFault(t, srv, fault)
		signed = append(signed, "/stats/chatroom/topn.action")
	}
	for _, path := range signed {
		check(emutest.SignedRequest(t, srv, path, "roomid=1"))
	}
}

func TestServersShareNothing(t *testing.T) {
	first, second := emulator.Start(t), emulator.Start(t)
	id := emutest.NewRoom(t, first)
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

func TestErrorsOfTheGoFunctions(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	tests := []struct {
		name string
		err  error
		want emulator.APIError
	}{
		{"no room", srv.Join(1, emulator.JoinOptions{Accid: "a"}), emulator.APIError{404, "chatroom not exist"}},
		{"no account", srv.Join(id, emulator.JoinOptions{}), emulator.APIError{414, "accid is empty"}},
		{"not in the room", srv.Leave(id, "a"), emulator.APIError{404, "chatroom role not exists"}},
		{"no text", srv.Join(id, emulator.JoinOptions{Accid: "\xff"}), emulator.APIError{414, `accid: "\xff", want UTF-8`}},
		{"no nickname", srv.Join(id, emulator.JoinOptions{Accid: "a", Nick: "\xff"}), emulator.APIError{414, "join: not UTF-8"}},
		{"no account's id", srv.Join(id, emulator.JoinOptions{Accid: "a b"}), emulator.APIError{414, "accid: a b, want letters, digits and _ @ . -"}},
		{"no account's id to add", srv.AddAccounts("a", "莉娜"), emulator.APIError{414, "accids[1]: accid: 莉娜, want letters, digits and _ @ . -"}},
		{"no account's id to place a room", srv.PlaceRoom(emulator.PlaceOptions{RoomID: 5, Creator: "a/b", Name: "n"}), emulator.APIError{414, "creator: a/b, want letters, digits and _ @ . -"}},
		{"bad expression", srv.Join(id, emulator.JoinOptions{Accid: "a", NotifyTargetTags: "("}), emulator.APIError{414, `notifyTargetTags: tag expression at byte 1: want {"tag":"..."}`}},
	}
	for _, tt := range tests {
		var got *emulator.APIError
		if !errors.As(tt.err, &got) || *got != tt.want {
			t.Errorf("%s: got %v", tt.name, tt.err)
		}
	}
	if got := (&emulator.APIError{404, "gone"}).Error(); got != "code 404: gone" {
		t.Errorf("got %s", got)
	}
}

// run does a bit of everything and returns all responses.
func run(t *testing.T, srv *emulator.Server) []byte {
	t.Helper()
	var responses bytes.Buffer
	call := func(path, form string) {
		req := httptest.NewRequest(http.MethodPost, emutest.ApiPath+path, strings.NewReader(form))
		req.Header.Set("Content-Type", api.FormType)
		if err := sign.NewSigner(srv.Credentials(), sign.WithClock(srv.Now)).Edit(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		srv.Handler().ServeHTTP(w, req)
		responses.Write(w.Body.Bytes())
	}
	call("/chatroom/create.action", "creator=zhangsan&name=n")
	for i := range 20 {
		call("/chatroom/sendMsg.action", fmt.Sprintf("roomid=10010000001&fromAccid=a&msgType=0&msgId=%d&abandonRatio=5000", i))
	}
	emutest.Join(t, srv, 10_010_000_001, "b", "vip")
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
		if err := json.NewEncoder(&responses).Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	return responses.Bytes()
}

func TestAResetServerRepeatsTheSameRun(t *testing.T) {
	srv, err := emulator.New(emulator.WithClock(func() time.Time { return time.UnixMilli(1456396333115) }))
	if err != nil {
		t.Fatal(err)
	}
	first := run(t, srv)
	srv.Reset()
	if second := run(t, srv); !bytes.Equal(first, second) {
		t.Errorf("first\n%s\nthen\n%s", first, second)
	}
}

func TestAllDialectsSayTheSame(t *testing.T) {
	seen := map[wire.Dialect]any{}
	for _, d := range []wire.Dialect{wire.Canonical, wire.EN2022, wire.Text} {
		srv := emulator.Start(t, emulator.WithDialect(d), emulator.WithClock(func() time.Time { return time.UnixMilli(1456396333115) }))
		id := emutest.NewRoom(t, srv)
		emutest.Join(t, srv, id, "lisi", "vip")
		emutest.Get(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"robot"}})
		seen[d] = []any{
			emutest.Get(t, srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: id, NeedOnlineUserCount: emutest.Ptr(true)}),
			emutest.Get(t, srv, gen.ListMembersEndpoint, gen.ListMembersForm{RoomID: id, Limit: 9, Type: emutest.Ptr(gen.MemberKindFixed)}),
			emutest.Get(t, srv, gen.ListTagMembersEndpoint, gen.ListTagMembersForm{RoomID: id, Tag: "vip", Limit: 9}),
			emutest.Get(t, srv, gen.ListTopChatroomsEndpoint, gen.ListTopChatroomsForm{}),
			emutest.Get(t, srv, gen.RequestAddressEndpoint, gen.RequestAddressForm{RoomID: id, Accid: "a"}).Code,
		}
	}
	for d, got := range seen {
		if !reflect.DeepEqual(got, seen[wire.Canonical]) {
			t.Errorf("dialect %d: %+v, canonical: %+v", d, got, seen[wire.Canonical])
		}
	}
}

func TestPages(t *testing.T) {
	srv := emulator.Start(t)
	root := strings.TrimSuffix(srv.URL, emutest.ApiPath)
	fetch := func(path string) (int, string, string) {
		t.Helper()
		resp, err := http.Get(root + path)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, resp.Header.Get("Content-Type"), string(emutest.ReadAll(t, resp))
	}
	status, kind, _ := fetch("/")
	if status != http.StatusOK || !strings.HasPrefix(kind, "text/html") {
		t.Errorf("console: %d %s", status, kind)
	}
	_, _, body := fetch("/operations")
	for _, op := range gen.Operations {
		if !strings.Contains(body, op.Path) {
			t.Errorf("the page of the operations does not name %s", op.Path)
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
	if emutest.ReadAll(t, resp); resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST /: %d", resp.StatusCode)
	}
}
