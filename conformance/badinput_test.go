package conformance

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
)

const (
	createPath = "/chatroom/create.action"
	getPath    = "/chatroom/get.action"
	sendPath   = "/chatroom/sendMsg.action"
)

// TestBadInput: the emulator responds to invalid requests with an error that names
// what is wrong.
func TestBadInput(t *testing.T) {
	const good = "creator=zhangsan&name=mychat+room"
	contentType := func(kind string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Content-Type", kind) }
	}
	method := func(name string) func(*http.Request) { return func(r *http.Request) { r.Method = name } }
	tests := []struct {
		name, path, body string
		edit             func(*http.Request)
		code             int
		desc             string // part of it
	}{
		{"good", createPath, good, nil, 200, ""},
		{"nothing", createPath, "", nil, 414, "creator is empty"},
		{"a parameter missing", createPath, "creator=zhangsan", nil, 414, "name is empty"},
		{"a parameter empty", createPath, "creator=&name=a", nil, 414, "creator is empty"},
		{"a parameter without value", createPath, "creator&name=a", nil, 414, "creator is empty"},
		{"a number that is none", getPath, "roomid=sixty", nil, 414, "roomid"},
		{"a number too large", getPath, "roomid=9223372036854775808", nil, 414, "roomid"},
		{"a broken escape", createPath, "creator=zhangsan&name=50%", nil, 414, "name"},
		{"a list that is no JSON", "/chatroom/getBatch.action", `roomids=["6001","6002"`, nil, 414, "roomids: body-not-json"},
		{"a list that is a word", "/chatroom/queryMembers.action", "roomid=1&accids=abc", nil, 414, "accids: body-not-json"},
		{"an object that is a list", "/chatroom/queryMembersByRole.action", "roomid=1&roles=[]", nil, 414, "roles: body-not-json"},
		{"an object cut by an ampersand", "/chatroom/queryMembersByRole.action", `roomid=1&roles={"creator":true,&"manager":true}`, nil, 414, "roles: body-not-json"},
		{"JSON for a form", createPath, `{"creator":"zhangsan","name":"a"}`, nil, 414, "body: JSON, want a form"},
		{"JSON", createPath, `{"creator":"zhangsan","name":"a"}`, contentType("application/json"), 414, "Content-Type"},
		{"multipart", createPath, good, contentType("multipart/form-data; boundary=x"), 414, "Content-Type"},
		{"plain text", createPath, good, contentType("text/plain"), 414, "Content-Type"},
		{"no content type", createPath, good, func(r *http.Request) { r.Header.Del("Content-Type") }, 414, "Content-Type"},
		{"another charset", createPath, good, contentType(formType + ";charset=gbk"), 414, "charset"},
		{"the charset of the documents", createPath, good, contentType(formType + ";charset=utf-8"), 200, ""},
		{"the charset in capitals", createPath, good, contentType(formType + "; charset=UTF-8"), 200, ""},
		{"GET", createPath, good, method(http.MethodGet), 414, "GET, want POST"},
		{"PUT", createPath, good, method(http.MethodPut), 414, "PUT, want POST"},
		{"a body too large", createPath, good + "&ext=" + strings.Repeat("x", 1<<20), nil, 414, "body"},
		{"too many fields", createPath, good + strings.Repeat("&a=b", 256), nil, 414, "fields"},
		{"an empty field too many", createPath, good + "&", nil, 200, ""},
	}
	srv := emulator.Start(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := request(t, srv, tt.path, tt.body)
			if tt.edit != nil {
				tt.edit(r)
			}
			got := send(t, r)
			if got.Status != http.StatusOK || got.Code != tt.code || !strings.Contains(got.text(), tt.desc) {
				t.Errorf("HTTP status %d, code %d %q, want 200, %d and %q", got.Status, got.Code, got.text(), tt.code, tt.desc)
			}
			log := srv.Requests()
			if last := log[len(log)-1]; last.Code != tt.code || !strings.Contains(last.Desc, tt.desc) {
				t.Errorf("the log has %+v", last)
			}
		})
	}
}

// TestLimitsCountWhatIsSent: the blanks of JSON text belong to its length.
func TestLimitsCountWhatIsSent(t *testing.T) {
	srv := emulator.Start(t)
	id := createRoom(t, srv)
	form := "roomid=" + id + "&msgId=1&fromAccid=zhangsan&msgType=100&antispamCustom="
	custom := `{"type":1,"data":"custom content"}`
	for blanks, code := range map[int]int{5000 - len(custom): 200, 5001 - len(custom): 414} {
		got := post(t, srv, sendPath, form+"{"+strings.Repeat("+", blanks)+custom[1:])
		if got.Code != code || (code != 200 && !strings.Contains(got.text(), "antispamCustom")) {
			t.Errorf("%d blanks: code %d %q, want %d", blanks, got.Code, got.text(), code)
		}
	}
}

// TestUnknownPaths: the response is HTTP 501, names the path and the nearest one.
func TestUnknownPaths(t *testing.T) {
	srv := emulator.Start(t)
	for path, nearest := range map[string]string{
		"/chatroom/creat.action":   createPath,
		"/chatroom/create":         createPath,
		"/chatroom/sendmsg.action": sendPath,
		"/stats/topn.action":       "/stats/chatroom/topn.action",
	} {
		got := post(t, srv, path, "creator=zhangsan&name=a")
		if got.Status != http.StatusNotImplemented || got.Code != http.StatusNotImplemented || !strings.Contains(got.text(), path) || !strings.Contains(got.text(), nearest) {
			t.Errorf("%s: HTTP status %d, code %d %q, want %s", path, got.Status, got.Code, got.text(), nearest)
		}
	}
}

// TestUnusualFieldsPassAndAreFlagged: the emulator accepts them, as the service
// does, and notes them in its log. With strict they are an error that names them.
func TestUnusualFieldsPassAndAreFlagged(t *testing.T) {
	tests := []struct {
		name, extra         string
		unknown, duplicated []string
	}{
		{"nothing unusual", "", nil, nil},
		{"unknown", "&color=red&size=2", []string{"color", "size"}, nil},
		{"sent twice", "&needOnlineUserCount=true&needOnlineUserCount=false", nil, []string{"needOnlineUserCount"}},
		{"the room sent twice", "&roomid=1", nil, []string{"roomid"}},
		{"unknown and twice", "&color=red&color=red", []string{"color"}, []string{"color"}},
	}
	for _, strict := range []bool{false, true} {
		srv := emulator.Start(t, emulator.WithStrict(strict))
		for _, tt := range tests {
			name := tt.name
			if strict {
				name += ", strict"
			}
			t.Run(name, func(t *testing.T) {
				srv.Reset()
				id := createRoom(t, srv)
				got := post(t, srv, getPath, "roomid="+id+tt.extra)
				fails := strict && tt.extra != ""
				switch {
				case fails && (got.Code != 414 || !names(got.text(), tt.unknown, tt.duplicated)):
					t.Errorf("code %d %q", got.Code, got.text())
				case !fails && got.Code != 200:
					t.Errorf("code %d %q", got.Code, got.text())
				}
				entry := lastLogged(t, srv, "get")
				if !slices.Equal(entry.Unknown, tt.unknown) || !slices.Equal(entry.Duplicated, tt.duplicated) {
					t.Errorf("the log has unknown %q, duplicated %q", entry.Unknown, entry.Duplicated)
				}
			})
		}
	}
}

func names(desc string, lists ...[]string) bool {
	return slices.ContainsFunc(slices.Concat(lists...), func(name string) bool { return strings.Contains(desc, name) })
}

// lastLogged reads the request log as other languages do.
func lastLogged(t *testing.T, srv *emulator.Server, operation string) (entry struct{ Unknown, Duplicated []string }) {
	t.Helper()
	response, err := http.Get(strings.TrimSuffix(srv.URL, "/nimserver") + "/_emulator/requests?limit=1&operation=" + operation)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var log struct {
		Requests []struct{ Unknown, Duplicated []string }
	}
	if err := json.NewDecoder(response.Body).Decode(&log); err != nil || len(log.Requests) != 1 {
		t.Fatalf("%v: %+v", err, log)
	}
	return log.Requests[0]
}

// createRoom opens a room and returns its id.
func createRoom(t *testing.T, srv *emulator.Server) string {
	t.Helper()
	target, err := NewEmulated(t.Context(), srv.URL, srv.Credentials())
	if err != nil {
		t.Fatal(err)
	}
	response, err := target.Call(t.Context(), "createChatroom", map[string]string{"creator": "zhangsan", "name": "mychat room"}, false)
	if err != nil {
		t.Fatal(err)
	}
	var body any
	if err := decode(response.Body, &body); err != nil {
		t.Fatal(err)
	}
	id, _ := lookup(body, "chatroom.roomid")
	text, _ := scalar(id)
	return text
}
