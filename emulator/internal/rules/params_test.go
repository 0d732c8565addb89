package rules_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

func TestEachRequiredFieldIsMissed(t *testing.T) {
	srv := emulator.Start(t)
	for _, op := range gen.Operations {
		code, body := emutest.Post(t, srv, op.Path, emutest.Example(t, op, 1).Encode())
		if code == gen.CodeBadParameter && !strings.Contains(body, "error roomId") {
			t.Errorf("%s: its example is no valid form: %s", op.Action, body)
		}
		for _, field := range op.Fields {
			if !field.Required {
				continue
			}
			for _, value := range []string{"-", ""} {
				code, body := emutest.Post(t, srv, op.Path, with(t, op, 1, field.Name, value))
				emutest.WantDesc(t, code, body, gen.CodeBadParameter, cmp.Or(field.Missing, field.Name+" is empty"))
			}
		}
	}
}

func TestEachFieldOfTheWrongKindIsNamed(t *testing.T) {
	srv := emulator.Start(t)
	for _, op := range gen.Operations {
		for _, field := range op.Fields {
			if field.Kind == gen.TextField {
				continue
			}
			for _, bad := range []string{"<x>", `{"a":`, "[1,", "[", `[]]`} {
				code, body := emutest.Post(t, srv, op.Path, with(t, op, 1, field.Name, bad))
				want := field.Name + ": "
				switch {
				case field.Kind.IsJSON():
					want += "body-not-json"
				case field.Name == roomIDField:
					want = "error roomId"
				}
				emutest.WantDesc(t, code, body, gen.CodeBadParameter, want+"...")
			}
		}
	}
}

func TestEachNumberOutOfRangeIsNamed(t *testing.T) {
	srv := emulator.Start(t)
	for _, op := range gen.Operations {
		for _, field := range op.Fields {
			if field.Kind != gen.IntegerField || field.Name == roomIDField {
				continue
			}
			code, body := emutest.Post(t, srv, op.Path, with(t, op, 1, field.Name, "-9223372036854775808"))
			emutest.WantDesc(t, code, body, gen.CodeBadParameter, field.Name+": ...")
		}
	}
}

// en-chatroom: the lists of status codes. 419 where it is listed, else 414.
func TestTooManyElements(t *testing.T) {
	srv := emulator.Start(t)
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
		code, body := emutest.Post(t, srv, tt.endpoint.Path, with(t, tt.endpoint, 1, field, list(tt.limit+1)))
		emutest.WantDesc(t, code, body, tt.code, fmt.Sprintf("%s: %d ...", field, tt.limit+1))
		if code, body := emutest.Post(t, srv, tt.endpoint.Path, with(t, tt.endpoint, 1, field, list(tt.limit))); code == tt.code {
			t.Errorf("%s with %d: %s", tt.endpoint.Action, tt.limit, body)
		}
	}
}

// Every operation about a room says the same of one that does not exist, but
// for the two that have words of their own.
func TestAnUnknownRoom(t *testing.T) {
	srv := emulator.Start(t)
	for _, op := range gen.Operations {
		if emutest.RoomField(op) == "" {
			continue
		}
		wantCode, want := gen.CodeNotFound, "chatroom not exist"
		if namesRoomID(op) {
			wantCode, want = gen.CodeBadParameter, "error roomId"
		}
		code, body := emutest.Post(t, srv, op.Path, emutest.Example(t, op, 1).Encode())
		emutest.WantDesc(t, code, body, wantCode, want)
	}
}

// The operations whose lists have 13002 reject a closed room, the others do
// not, except where someone would enter it or speak in it.
func TestAClosedRoom(t *testing.T) {
	srv := emulator.Start(t)
	for _, op := range gen.Operations { // a room each: one of them opens it
		id := emutest.NewRoom(t, srv)
		emutest.Get(t, srv, gen.ToggleChatroomEndpoint, gen.ToggleChatroomForm{RoomID: id, Operator: "zhangsan", Valid: emutest.Ptr(false)})
		form := emutest.Example(t, op, id).Encode()
		want := slices.Contains(op.StatusCodes, gen.CodeRoomClosed) || op.Action == "sendMsg" || op.Action == "addRobot"
		if code, body := emutest.Post(t, srv, op.Path, form); (code == gen.CodeRoomClosed) != want {
			t.Errorf("%s: %s", op.Action, body)
		}
	}
}

// roomIDField is the spelling of two operations for what all others call roomid.
const roomIDField = "roomId"

// namesRoomID reports whether an operation has the field roomId.
func namesRoomID(op *gen.Operation) bool {
	return slices.ContainsFunc(op.Fields, func(f gen.Field) bool { return f.Name == roomIDField })
}

// with returns the example form of an operation about a room with one field set,
// or taken out when value is "-".
func with(t testing.TB, op *gen.Operation, id gen.RoomID, field, value string) string {
	t.Helper()
	form := emutest.Example(t, op, id)
	if form.Set(field, value); value == "-" {
		form.Del(field)
	}
	return form.Encode()
}
