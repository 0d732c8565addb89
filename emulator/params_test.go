package emulator

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/gen"
)

// validForms hold a form for each operation that its rule refuses or accepts,
// but whose parameters are all good.
var validForms = map[string]url.Values{
	"create":                  {"creator": {"zhangsan"}, "name": {"n"}},
	"get":                     {"roomid": {"1"}},
	"getBatch":                {"roomids": {`["1"]`}},
	"update":                  {"roomid": {"1"}},
	"toggleCloseStat":         {"roomid": {"1"}, "operator": {"a"}, "valid": {"true"}},
	"setMemberRole":           {"roomid": {"1"}, "operator": {"a"}, "target": {"b"}, "opt": {"1"}, "optvalue": {"true"}},
	"requestAddr":             {"roomid": {"1"}, "accid": {"a"}},
	"sendMsg":                 {"roomid": {"1"}, "msgId": {"m"}, "fromAccid": {"a"}, "msgType": {"0"}},
	"addRobot":                {"roomid": {"1"}, "accids": {`["a"]`}},
	"removeRobot":             {"roomid": {"1"}, "accids": {`["a"]`}},
	"cleanRobot":              {"roomid": {"1"}},
	"temporaryMute":           {"roomid": {"1"}, "operator": {"a"}, "target": {"b"}, "muteDuration": {"1"}},
	"muteRoom":                {"roomid": {"1"}, "operator": {"a"}, "mute": {"true"}},
	"topn":                    {},
	"membersByPage":           {"roomid": {"1"}, "type": {"0"}, "endtime": {"0"}, "limit": {"1"}},
	"queryMembers":            {"roomid": {"1"}, "accids": {`["a"]`}},
	"queryMembersByRole":      {"roomid": {"1"}, "roles": {`{}`}},
	"updateMyRoomRole":        {"roomid": {"1"}, "accid": {"a"}},
	"queryUserRoomIds":        {"creator": {"a"}},
	"updateInOutNotification": {"roomid": {"1"}, "close": {"true"}},
	"tagTemporaryMute":        {"roomid": {"1"}, "operator": {"a"}, "targetTag": {"t"}, "muteDuration": {"1"}},
	"tagMembersCount":         {"roomid": {"1"}, "tag": {"t"}},
	"tagMembersQuery":         {"roomid": {"1"}, "tag": {"t"}, "endTime": {"0"}, "limit": {"1"}},
	"queryTagHistoryMsg":      {"roomId": {"1"}, "tags": {`["t"]`}},
	"updateChatRoomRoleTag":   {"roomId": {"1"}, "tags": {`["t"]`}, "accid": {"a"}},
}

// with returns a copy of the operation's valid form with one field set, or
// taken out when value is "-".
func with(op *gen.Operation, field, value string) string {
	form := url.Values{}
	for name, values := range validForms[op.Action] {
		form[name] = values
	}
	if form.Set(field, value); value == "-" {
		form.Del(field)
	}
	return form.Encode()
}

func TestEachRequiredFieldIsMissed(t *testing.T) {
	srv := Start(t)
	for _, op := range gen.Operations {
		code, body := post(t, srv, op.Path, validForms[op.Action].Encode())
		if code == gen.CodeBadParameter && !strings.Contains(body, "error roomId") {
			t.Errorf("%s: its valid form is not valid: %s", op.Action, body)
		}
		for _, field := range op.Fields {
			if !field.Required {
				continue
			}
			for _, value := range []string{"-", ""} {
				code, body := post(t, srv, op.Path, with(op, field.Name, value))
				wantDesc(t, code, body, gen.CodeBadParameter, field.Name+" is empty")
			}
		}
	}
}

func TestEachFieldOfTheWrongKindIsNamed(t *testing.T) {
	srv := Start(t)
	for _, op := range gen.Operations {
		for _, field := range op.Fields {
			if field.Kind == gen.TextField {
				continue
			}
			for _, bad := range []string{"<x>", `{"a":`, "[1,", "[", `[]]`} {
				code, body := post(t, srv, op.Path, with(op, field.Name, bad))
				want := field.Name + ": "
				switch {
				case field.Kind.IsJSON():
					want += "body-not-json"
				case field.Name == roomIDField:
					want = "error roomId"
				}
				wantDesc(t, code, body, gen.CodeBadParameter, want+"...")
			}
		}
	}
}

func TestEachNumberOutOfRangeIsNamed(t *testing.T) {
	srv := Start(t)
	for _, op := range gen.Operations {
		for _, field := range op.Fields {
			if field.Kind != gen.IntegerField || field.Name == roomIDField {
				continue
			}
			code, body := post(t, srv, op.Path, with(op, field.Name, "-9223372036854775808"))
			wantDesc(t, code, body, gen.CodeBadParameter, field.Name+": ...")
		}
	}
}

// en-chatroom: the lists of status codes. 419 where it is listed, else 414.
func TestTooManyElements(t *testing.T) {
	srv := Start(t)
	list := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat(`"1",`, n), ",") + "]" }
	tests := []struct {
		endpoint *gen.Operation
		limit    int
		code     int
	}{
		{gen.GetChatroomsEndpoint.Operation, 20, gen.CodeBadParameter},
		{gen.AddRobotsEndpoint.Operation, 100, gen.CodeOverLimit},
		{gen.RemoveRobotsEndpoint.Operation, 100, gen.CodeOverLimit},
		{gen.GetMembersEndpoint.Operation, 200, gen.CodeBadParameter},
	}
	for _, tt := range tests {
		field := tt.endpoint.Batch.Field
		code, body := post(t, srv, tt.endpoint.Path, with(tt.endpoint, field, list(tt.limit+1)))
		wantDesc(t, code, body, tt.code, fmt.Sprintf("%s: %d ...", field, tt.limit+1))
		if code, body := post(t, srv, tt.endpoint.Path, with(tt.endpoint, field, list(tt.limit))); code == tt.code {
			t.Errorf("%s with %d: %s", tt.endpoint.Action, tt.limit, body)
		}
	}
}

// Every operation about a room says the same of one that does not exist, but
// for the two that have words of their own.
func TestAnUnknownRoom(t *testing.T) {
	srv := Start(t)
	elsewhere := []string{"create", "getBatch", "topn", "queryUserRoomIds"}
	for _, op := range gen.Operations {
		if slices.Contains(elsewhere, op.Action) {
			continue
		}
		wantCode, want := gen.CodeNotFound, "chatroom not exist"
		if namesRoomID(op) {
			wantCode, want = gen.CodeBadParameter, "error roomId"
		}
		code, body := post(t, srv, op.Path, validForms[op.Action].Encode())
		wantDesc(t, code, body, wantCode, want)
	}
}

// The operations whose lists have 13002 refuse a closed room, the others do
// not, except where someone would enter it or speak in it.
func TestAClosedRoom(t *testing.T) {
	srv := Start(t)
	id := newRoom(t, srv)
	get(t, srv, gen.ToggleChatroomEndpoint, gen.ToggleChatroomForm{RoomID: id, Operator: "zhangsan", Valid: ptr(false)})
	for _, op := range gen.Operations {
		form := validForms[op.Action].Encode()
		form = strings.Replace(strings.Replace(form, "roomid=1", fmt.Sprintf("roomid=%d", id), 1), "roomId=1", fmt.Sprintf("roomId=%d", id), 1)
		want := slices.Contains(op.StatusCodes, gen.CodeRoomClosed) || op.Action == "sendMsg" || op.Action == "addRobot"
		if code, body := post(t, srv, op.Path, form); (code == gen.CodeRoomClosed) != want {
			t.Errorf("%s: %s", op.Action, body)
		}
	}
}
