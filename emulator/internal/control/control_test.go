package control_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/control"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

func TestControlHealth(t *testing.T) {
	srv := emulator.Start(t)
	emutest.NewRoom(t, srv)
	status, got := emutest.ControlCall(t, srv, http.MethodGet, "health", "")
	if status != http.StatusOK || got["status"] != "ok" || got["rooms"] != 1.0 || got["operations"] != float64(len(gen.Operations)) {
		t.Errorf("%d %v", status, got)
	}
}

func TestControlClock(t *testing.T) {
	srv := emulator.Start(t)
	now := func(response map[string]any) time.Time {
		t.Helper()
		at, err := time.Parse(time.RFC3339, response["now"].(string))
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	_, before := emutest.ControlCall(t, srv, http.MethodGet, "clock", "")
	status, after := emutest.ControlCall(t, srv, http.MethodPost, "clock", `{"advance":"24h"}`)
	if moved := now(after).Sub(now(before)); status != http.StatusOK || moved < 24*time.Hour || moved > 24*time.Hour+10*time.Second {
		t.Errorf("%d, moved by %v", status, moved)
	}
	_, reset := emutest.ControlCall(t, srv, http.MethodPost, "reset", "")
	if back := now(reset).Sub(now(before)); back > 10*time.Second {
		t.Errorf("after reset still %v ahead", back)
	}
}

func TestControlJoinLeaveAndRoom(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	room := "rooms/" + id.String()
	status, got := emutest.ControlCall(t, srv, http.MethodPost, room+"/join", `{"accid":"a","tags":["vip"],"nick":"A","clienttype":2}`)
	if status != http.StatusOK || got["accid"] != "a" || got["onlineStat"] != true {
		t.Errorf("join: %d %v", status, got)
	}
	members := func() map[string]any {
		t.Helper()
		status, view := emutest.ControlCall(t, srv, http.MethodGet, room, "")
		if status != http.StatusOK || view["creator"] != "zhangsan" || view["valid"] != true {
			t.Errorf("room: %d %v", status, view)
		}
		byAccid := map[string]any{}
		for _, m := range view["members"].([]any) {
			byAccid[m.(map[string]any)["accid"].(string)] = m
		}
		return byAccid
	}
	a := members()["a"].(map[string]any)
	login := a["logins"].([]any)[0].(map[string]any)
	if a["nick"] != "A" || a["onlineStat"] != true || a["type"] != "TEMPORARY" || login["clienttype"] != 2.0 || login["tags"].([]any)[0] != "vip" {
		t.Errorf("member %v", a)
	}
	if status, got := emutest.ControlCall(t, srv, http.MethodPost, room+"/leave", `{"accid":"a"}`); status != http.StatusOK || got["onlineStat"] != false {
		t.Errorf("leave: %d %v", status, got)
	}
	if _, there := members()["a"]; there {
		t.Error("a visitor stayed")
	}
}

func TestControlAccounts(t *testing.T) {
	srv := emulator.Start(t, emulator.WithAccounts(emulator.StrictAccounts))
	emutest.WantCode(t, srv, gen.CreateChatroomEndpoint, gen.CreateChatroomForm{Creator: "a", Name: "n"}, gen.CodeBadParameter)
	if status, got := emutest.ControlCall(t, srv, http.MethodPost, "accounts", `{"accids":["a","b"]}`); status != http.StatusOK {
		t.Errorf("%d %v", status, got)
	}
	emutest.Get(t, srv, gen.CreateChatroomEndpoint, gen.CreateChatroomForm{Creator: "a", Name: "n"})
}

func TestControlRequests(t *testing.T) {
	srv := emulator.Start(t)
	emutest.NewRoom(t, srv)
	emutest.Post(t, srv, "/chatroom/get.action", "roomid=1")
	list := func(query string) []any {
		t.Helper()
		status, got := emutest.ControlCall(t, srv, http.MethodGet, "requests"+query, "")
		if status != http.StatusOK {
			t.Fatalf("%d %v", status, got)
		}
		return got["requests"].([]any)
	}
	if n := len(list("")); n != 3 {
		t.Errorf("%d requests", n)
	}
	for _, query := range []string{"?operation=get", "?operation=getChatroom", "?limit=1", "?room=1", "?code=404", "?operation=get&room=1&code=404&limit=5"} {
		got := list(query)
		if len(got) != 1 {
			t.Fatalf("%s: %v", query, got)
		}
		entry := got[0].(map[string]any)
		form := entry["form"].(map[string]any)
		if entry["operation"] != "get" || entry["operationId"] != "getChatroom" || entry["code"] != 404.0 || entry["signature"] != "ok" || form["roomid"] != "1" {
			t.Errorf("%s: %v", query, entry)
		}
	}
	for _, query := range []string{"?operation=sendMsg", "?room=11", "?code=13002", "?operation=get&code=200"} {
		if got := list(query); len(got) != 0 {
			t.Errorf("%s: %v", query, got)
		}
	}
	emutest.Post(t, srv, "/chatroom/getBatch.action", `roomids=["11",12]`)
	emutest.Post(t, srv, "/history/queryTagHistoryMsg.action", "roomId=12")
	for query, want := range map[string]int{"?room=11": 1, "?room=12": 2, "?room=1": 1} {
		if got := list(query); len(got) != want {
			t.Errorf("%s: %v", query, got)
		}
	}
	if status, got := emutest.ControlCall(t, srv, http.MethodDelete, "requests", ""); status != http.StatusOK || len(list("")) != 0 {
		t.Errorf("%d %v", status, got)
	}
}

// Account ids are case-insensitive, and every response has them in lower case.
func TestControlFoldsAccountIDs(t *testing.T) {
	srv := emulator.Start(t, emulator.WithAccounts(emulator.StrictAccounts))
	for _, tt := range [][3]string{
		{"accounts", `{"accids":["Lena","BEN"]}`, "map[accids:[lena ben]]"},
		{"rooms", `{"roomid":7,"creator":"LENA","name":"n"}`, "map[creator:lena name:n roomid:7]"},
		{"rooms/7/join", `{"accid":"Ben"}`, "map[accid:ben onlineStat:true roomid:7]"},
		{"rooms/7/leave", `{"accid":"bEN"}`, "map[accid:ben onlineStat:false roomid:7]"},
	} {
		if _, got := emutest.ControlCall(t, srv, http.MethodPost, tt[0], tt[1]); fmt.Sprint(got) != tt[2] {
			t.Errorf("%s: %v", tt[0], got)
		}
	}
}

func TestControlListsItsPaths(t *testing.T) {
	status, got := emutest.ControlCall(t, emulator.Start(t), http.MethodGet, "", "")
	paths, _ := got["paths"].(map[string]any)
	if status != http.StatusOK || fmt.Sprint(paths["/_emulator/requests"]) != "[DELETE GET]" || paths["/_emulator/state"] == nil {
		t.Errorf("%d %v", status, got)
	}
}

// An account is one in either case of its letters, here too.
func TestAPlacedRoomBelongsToTheAccount(t *testing.T) {
	srv := emulator.Start(t, emulator.WithAccounts(emulator.StrictAccounts))
	srv.AddAccounts("anna")
	if status, got := emutest.ControlCall(t, srv, http.MethodPost, "rooms", `{"roomid":777,"creator":"Anna","name":"n"}`); status != http.StatusOK {
		t.Fatalf("%d %v", status, got)
	}
	if got := emutest.Get(t, srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: 777}).Chatroom.Creator; got != "anna" {
		t.Error(got)
	}
}

func TestControlNamesWhatWasWrong(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv).String()
	tests := []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "nothing", "", 404, "nothing at /_emulator/nothing; /_emulator/ lists the paths"},
		{"POST", "", "", 405, "method POST is not for /_emulator/"},
		{"POST", "rooms", `{"roomid":5,"name":"n"}`, 400, "creator is empty, want an account"},
		{"POST", "rooms", `{"roomid":5,"creator":"a"}`, 400, "name is empty, want a text"},
		{"POST", "rooms", `{"creator":"a","name":"n"}`, 400, "roomid is empty, want a room id"},
		{"POST", "health", "", 405, "method POST is not for /_emulator/health"},
		{"GET", "reset", "", 405, "method GET is not for /_emulator/reset"},
		{"POST", "clock", "", 400, "body: empty, want a JSON object"},
		{"POST", "clock", "{", 400, "body: unexpected EOF"},
		{"POST", "clock", `{"advance":"24h"}{}`, 400, "body: more than one JSON object"},
		{"POST", "clock", `{"advance":24}`, 400, "advance: number, want string"},
		{"POST", "clock", `{"advance":"a day"}`, 400, `advance: "a day", want a duration such as 24h or 1h30m`},
		{"POST", "clock", `{"advance":"-1h"}`, 400, "advance: the clock goes forward only, not by -1h0m0s"},
		{"POST", "clock", `{"now":"x"}`, 400, `body: json: unknown field "now"`},
		{"POST", "accounts", `{}`, 400, "accids is empty, want a list of accounts"},
		{"POST", "accounts", `{"accids":["a",""]}`, 400, "accids[1] is empty"},
		{"POST", "accounts", `{"accids":"a"}`, 400, "accids: string, want []string"},
		{"GET", "rooms/x", "", 400, "roomid: x, want a room id"},
		{"GET", "rooms/0", "", 400, "roomid: 0, want a room id"},
		{"GET", "rooms/1", "", 404, "chatroom not exist"},
		{"POST", "rooms/1/join", `{"accid":"a"}`, 404, "chatroom not exist"},
		{"POST", "rooms/" + id + "/join", `{}`, 400, "accid is empty, want an account"},
		{"POST", "rooms/" + id + "/join", `{"accid":"a","tags":[""]}`, 400, "tags[0] is empty"},
		{"POST", "rooms/" + id + "/join", `{"accid":"a","clienttype":4}`, 400, "clienttype: 4, want 1, 2 or 3"},
		{"POST", "rooms/" + id + "/join", `{"accid":"a","notifyTargetTags":"x"}`, 400, `notifyTargetTags: tag expression at byte 0: want {"tag":"..."}`},
		{"POST", "rooms/" + id + "/leave", `{}`, 400, "accid is empty, want an account"},
		{"POST", "rooms/" + id + "/leave", `{"accid":"a"}`, 404, "chatroom role not exists"},
		{"GET", "requests?limit=0", "", 400, "limit: 0, want a number from 1"},
		{"GET", "requests?limit=x", "", 400, "limit: x, want a number from 1"},
		{"GET", "requests?code=0", "", 400, "code: 0, want a number from 1"},
		{"GET", "requests?code=", "", 400, "code: none, want a number from 1"},
		{"GET", "requests?room=-1", "", 400, "room: -1, want a room id"},
		{"GET", "requests?operation=dance", "", 400, "operation: dance, want an action such as sendMsg, or an operationId such as sendMessage"},
		{"GET", "requests?roomid=1", "", 400, "roomid: no such parameter, want operation or room or code or since or limit"},
		{"GET", "rooms?limits=1", "", 400, "limits: no such parameter, want text or limit or after"},
		{"GET", "requests?limit=1&limit=2", "", 400, "limit: sent twice"},
		{"DELETE", "requests?limit=1", "", 400, "limit: DELETE /_emulator/requests takes no parameters"},
	}
	for _, tt := range tests {
		status, got := emutest.ControlCall(t, srv, tt.method, tt.path, tt.body)
		if status != tt.status || got["error"] != tt.want {
			t.Errorf("%s %s %s: %d %v, want %d %s", tt.method, tt.path, tt.body, status, got, tt.status, tt.want)
		}
	}
}

func TestControlRejectsABodyOverTheLimit(t *testing.T) {
	srv := emulator.Start(t)
	for _, path := range []string{"clock", "accounts", "faults"} {
		status, got := emutest.ControlCall(t, srv, http.MethodPost, path, `{"advance":"`+strings.Repeat("x", 1<<20)+`"}`)
		if status != http.StatusRequestEntityTooLarge || got["error"] != "body: over 1048576 bytes" {
			t.Errorf("%s: %d %v", path, status, got)
		}
	}
}

func head(t *testing.T, srv *emulator.Server, path string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodHead, strings.TrimSuffix(srv.URL, emutest.ApiPath)+control.Path+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestControlServesHEAD(t *testing.T) {
	srv := emulator.Start(t)
	room := "rooms/" + emutest.NewRoom(t, srv).String()
	for path, want := range map[string]int{
		"health": 200, "clock": 200, "faults": 200, "features": 200, "requests": 200, "state": 200, room: 200, room + "/events": 200,
		"rooms/1": 404, "rooms/1/events": 404, "reset": 405, "accounts": 405,
	} {
		resp, err := http.DefaultClient.Do(head(t, srv, path))
		if err != nil {
			t.Fatal(err)
		}
		if body := emutest.ReadAll(t, resp); resp.StatusCode != want || len(body) > 0 {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
	}
}

func TestControlReturnsTheCodeOfARule(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	emutest.Get(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "zhangsan", "blocked", gen.RoleOperationBlocked, true))
	path := "rooms/" + id.String() + "/join"
	if status, got := emutest.ControlCall(t, srv, http.MethodPost, path, `{"accid":"blocked"}`); status != http.StatusConflict || got["code"] != 13003.0 {
		t.Errorf("%d %v", status, got)
	}
	emutest.Get(t, srv, gen.ToggleChatroomEndpoint, gen.ToggleChatroomForm{RoomID: id, Operator: "zhangsan", Valid: emutest.Ptr(false)})
	if status, got := emutest.ControlCall(t, srv, http.MethodPost, path, `{"accid":"a"}`); status != http.StatusConflict || got["code"] != 13002.0 {
		t.Errorf("%d %v", status, got)
	}
}

func TestAForeignPageControlsNothing(t *testing.T) {
	srv := emulator.Start(t)
	emutest.NewRoom(t, srv)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, strings.TrimSuffix(srv.URL, emutest.ApiPath)+"/_emulator/reset", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "https://example.com")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if body := emutest.ReadAll(t, resp); resp.StatusCode != http.StatusForbidden || !strings.Contains(string(body), `"error"`) {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if _, got := emutest.ControlCall(t, srv, http.MethodGet, "health", ""); got["rooms"] != 1.0 {
		t.Errorf("%v", got)
	}
}
