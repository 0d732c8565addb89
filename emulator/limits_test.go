package emulator_test

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/control"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// zeros are n bytes that need no memory.
func zeros(n int64) io.Reader { return io.LimitReader(zeroReader{}, n) }

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// allocated is how much f allocates, in bytes, whatever is freed meanwhile.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

const gigabyte = 1 << 30

func TestABodyOfAGigabyteIsRejected(t *testing.T) {
	srv := emulator.Start(t)
	for name, length := range map[string]int64{"of known length": gigabyte, "in chunks": -1} {
		req := emutest.SignedRequest(t, srv, "/chatroom/get.action", "")
		req.Body, req.ContentLength = io.NopCloser(zeros(gigabyte)), length
		var resp *http.Response
		var err error
		cost := allocated(func() { resp, err = srv.Client().Do(req) })
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		body := emutest.ReadAll(t, resp)
		emutest.WantDesc(t, emutest.CodeOf(t, body), string(body), gen.CodeBadParameter, "body: over 262144 bytes")
		if cost > 8<<20 {
			t.Errorf("%s: cost %d bytes", name, cost)
		}
	}
}

func TestTheControlPlaneRejectsAGigabyte(t *testing.T) {
	srv := emulator.Start(t)
	for _, path := range []string{"accounts", "faults", "features", "clock", "rooms/1/join"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, strings.TrimSuffix(srv.URL, emutest.ApiPath)+control.Path+path,
			io.MultiReader(strings.NewReader(`{"accids":["`), zeros(gigabyte)))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if body := string(emutest.ReadAll(t, resp)); resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(body, "body: over 1048576 bytes") {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
	}
}

// As much as fits into a body, and no more than it would take as JSON of any
// other kind.
func TestLargeListsAndDeepJSONAreRejected(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	few := api.MaxBody - 1000
	for _, tt := range []struct{ name, path, form, want string }{
		{"a list of numbers", "/chatroom/getBatch.action", "roomids=[" + strings.Repeat("1,", few/2) + "1]", "roomids: ..."},
		{"a list of texts", "/chatroom/addRobot.action", fmt.Sprintf(`roomid=%d&accids=["a"%s]`, id, strings.Repeat(`,"a"`, few/4)), "accids: ..."},
		{"a list of the empty text", "/chatroom/queryMembers.action", fmt.Sprintf(`roomid=%d&accids=[""%s]`, id, strings.Repeat(`,""`, few/3)), "accids: ..."},
		{"deep lists", "/chatroom/queryMembers.action", fmt.Sprintf(`roomid=%d&accids=%s`, id, strings.Repeat("[", few)), "accids: body-not-json..."},
		{"deep objects", "/chatroom/queryMembersByRole.action", fmt.Sprintf(`roomid=%d&roles=%s`, id, strings.Repeat(`{"a":`, few/5)), "roles: body-not-json..."},
		{"deep brackets", "/chatroom/sendMsg.action",
			fmt.Sprintf(`roomid=%d&msgId=1&fromAccid=a&msgType=0&notifyTargetTags=%s`, id, strings.Repeat("(", few)), "notifyTargetTags: ..."},
		{"many fields", "/chatroom/get.action", strings.Repeat("&a", few/2), fmt.Sprintf("body: %d fields, at most 256", few/2+1)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := emutest.SignedRequest(t, srv, tt.path, tt.form)
			var code int
			var body string
			cost := allocated(func() { code, body = emutest.Send(t, req) })
			if code == gen.CodeOverLimit {
				code = gen.CodeBadParameter // which of the two is the operation's affair
			}
			emutest.WantDesc(t, code, body, gen.CodeBadParameter, tt.want)
			if len(body) > 500 || cost > 64*api.MaxBody {
				t.Errorf("cost %d bytes, responded with %d", cost, len(body))
			}
		})
	}
	deep := strings.Repeat("[", 1<<20-100)
	for _, body := range []string{deep, `{"accids":` + deep, `{"accids":["a",` + deep} {
		if status, got := emutest.ControlCall(t, srv, http.MethodPost, "accounts", body); status != http.StatusBadRequest {
			t.Errorf("%d %v", status, got)
		}
	}
	if status, got := emutest.ControlCall(t, srv, http.MethodPost, fmt.Sprintf("rooms/%d/join", id),
		`{"accid":"a","notifyTargetTags":"`+strings.Repeat("(", 1<<20/2)+`"}`); status != http.StatusBadRequest {
		t.Errorf("%d %v", status, got)
	}
}

func TestHugeHeadersAreRejected(t *testing.T) {
	srv := emulator.Start(t)
	for name, edit := range map[string]func(http.Header){
		"one": func(h http.Header) { h.Set("X-Huge", strings.Repeat("x", 1<<20)) },
		"many": func(h http.Header) {
			for i := range 10_000 {
				h.Set(fmt.Sprint("X-", i), "y")
			}
		},
	} {
		req := emutest.SignedRequest(t, srv, "/chatroom/get.action", "roomid=1")
		edit(req.Header)
		resp, err := srv.Client().Do(req)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if emutest.ReadAll(t, resp); resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
}
