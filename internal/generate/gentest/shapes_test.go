package gentest

import (
	"errors"
	"testing"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

func members(t *testing.T, body string) []gen.Member {
	t.Helper()
	v, err := gen.DecodeListMembers([]byte(body))
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return v.Desc.Data
}

func TestAbsentMemberFieldsDifferFromZero(t *testing.T) {
	list := members(t, `{"desc":{"data":[{"accid":"a"},{"accid":"b","level":0,"tempMuteTtl":0,"robotExpirAt":"0"}]},"code":200}`)
	a, b := list[0], list[1]
	if a.Level != nil || a.TempMuteTTL != nil || a.RobotExpireAt != nil || a.Blacklisted || a.Muted {
		t.Errorf("absent fields of a: %+v", a)
	}
	if b.Level == nil || *b.Level != 0 || b.TempMuteTTL == nil || b.RobotExpireAt == nil {
		t.Errorf("zero fields of b: %+v", b)
	}
}

func TestUnknownFieldsAndValuesAreKept(t *testing.T) {
	m := members(t, `{"desc":{"data":[{"accid":"a","type":"GUEST","bid":"x","inOutNotification":{"a":[1]}}],"more":true},"code":200}`)[0]
	if m.Type != "GUEST" || m.Type.Known() || string(m.Extra["bid"]) != `"x"` || string(m.Extra["inOutNotification"]) != `{"a":[1]}` {
		t.Errorf("got %+v", m)
	}
	room, err := gen.DecodeGetChatroom([]byte(`{"chatroom":{"roomid":1,"queuelevel":7,"newField":{"status":1}},"trace":"t","code":200}`))
	if err != nil {
		t.Fatal(err)
	}
	if q := room.Chatroom.QueueLevel; q == nil || *q != 7 || q.Known() || q.String() != "QueueLevel(7)" {
		t.Errorf("queue level %v", q)
	}
	if string(room.Extra["trace"]) != `"t"` || string(room.Chatroom.Extra["newField"]) != `{"status":1}` {
		t.Errorf("extra: %v, %v", room.Extra, room.Chatroom.Extra)
	}
}

func TestLargeIDsAreExact(t *testing.T) {
	for _, id := range []string{"9007199254740993", `"9007199254740993"`, "9007199254740993.0"} {
		if m := members(t, `{"desc":{"data":[{"roomid":`+id+`,"accid":"a"}]},"code":200}`)[0]; m.RoomID != 9007199254740993 {
			t.Errorf("%s became %d", id, m.RoomID)
		}
	}
}

func TestEmptyListsAreGood(t *testing.T) {
	for _, body := range []string{
		`{"desc":{"data":[]},"code":200}`, `{"desc":{"data":null},"code":200}`, `{"desc":{"data":"[]"},"code":200}`, `{"desc":{"data":""},"code":200}`,
	} {
		if list := members(t, body); len(list) != 0 {
			t.Errorf("%s: %v", body, list)
		}
	}
	v, err := gen.DecodeListTopChatrooms([]byte(`{"code":200,"data":null}`))
	if err != nil || len(v.Data) != 0 {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestTheLastOfTwoCounts(t *testing.T) {
	v, err := gen.DecodeGetChatroom([]byte(`{"chatroom":{"roomid":1,"ext":"a","new":1},"chat room":{"roomid":2,"roomid":3},"code":500,"code":200}`))
	if err != nil || v.Chatroom.RoomID != 3 || v.Chatroom.Ext != "" || v.Chatroom.Extra != nil {
		t.Errorf("got %+v, %v", v, err)
	}
	if list := members(t, `{"desc":{"data":[{"accid":"a"},{"accid":"b"}],"data":[{"accid":"c"}]},"code":200}`); len(list) != 1 || list[0].Accid != "c" {
		t.Errorf("got %+v", list)
	}
}

func TestWhatIsKeptDoesNotPointIntoTheBody(t *testing.T) {
	body := []byte(`{"chatroom":{"roomid":1,"name":"mychat room","new":{"a":"b"}},"code":200}`)
	v, err := gen.DecodeGetChatroom(body)
	if err != nil {
		t.Fatal(err)
	}
	failure := []byte(`{"code":414,"desc":"checksum"}`)
	_, err = gen.DecodeGetChatroom(failure)
	clear(body)
	clear(failure)
	if v.Chatroom.Name != "mychat room" || string(v.Chatroom.Extra["new"]) != `{"a":"b"}` {
		t.Errorf("got %+v", v)
	}
	var r *wire.APIError
	if !errors.As(err, &r) || r.Desc != "checksum" || string(r.Body) != `{"code":414,"desc":"checksum"}` {
		t.Errorf("got %v", err)
	}
}

func TestMessageBodies(t *testing.T) {
	for _, tc := range []struct{ body, msg, extra string }{
		{`{"msg":"hi"}`, "hi", ""},
		{`"{\"msg\":\"hi\"}"`, "hi", ""},
		{`"hi"`, "hi", ""},
		{`"{hi"`, "{hi", ""},
		{`{"url":"http://x","w":1}`, "", `"http://x"`},
		{`7`, "7", ""},
		{`null`, "", ""},
	} {
		v, err := gen.DecodeListTagMessages([]byte(`{"msgs":[{"msgid":"a","body":` + tc.body + `}],"code":200}`))
		if err != nil {
			t.Errorf("%s: %v", tc.body, err)
			continue
		}
		if b := v.Msgs[0].Body; b.Msg != tc.msg || string(b.Extra["url"]) != tc.extra {
			t.Errorf("%s: got %+v", tc.body, b)
		}
	}
}

func TestEnumsNameThemselves(t *testing.T) {
	for got, want := range map[string]string{
		gen.MessageTypeCustom.String():    "Custom",
		gen.MessageType(7).String():       "MessageType(7)",
		gen.RoleManager.String():          "MANAGER",
		gen.Role("GUEST").String():        "GUEST",
		gen.RoleOperationBlocked.String(): "Blocked",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestPathsAreFound(t *testing.T) {
	for _, op := range gen.Operations {
		for _, path := range append([]string{op.Path}, op.PathAliases...) {
			for _, base := range []string{"", "/nimserver", "/private/nimserver"} {
				if found, ok := gen.LookupPath(base + path); !ok || found != op {
					t.Errorf("%s%s: found %v, want %s", base, path, found, op.ID)
				}
			}
		}
	}
	if found, ok := gen.LookupPath("/nimserver/chatroom/noSuchOperation.action"); ok {
		t.Errorf("found %s", found.ID)
	}
}

func TestCodesExplainThemselves(t *testing.T) {
	info, ok := gen.LookupCode(gen.CodeRateLimited)
	if !ok || info.Name != "RateLimited" || info.Executed != gen.NotExecuted || info.Advice == "" {
		t.Errorf("416: %+v", info)
	}
	if info, ok := gen.LookupCode(7); ok || info.Code != 7 || info.Executed != gen.MaybeExecuted || info.Transient {
		t.Errorf("7: %+v", info)
	}
	for _, op := range gen.Operations {
		for _, code := range op.StatusCodes {
			if _, ok := gen.LookupCode(code); !ok {
				t.Errorf("%s: code %d is unknown", op.ID, code)
			}
		}
	}
}
