package emulator

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/gen"
)

// newServer is one that no one connects to: tests of rules call it directly.
func newServer(t testing.TB, list ...Option) *Server {
	t.Helper()
	srv, err := New(list...)
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

// do carries out what must succeed.
func do[F gen.Form, R any](t testing.TB, srv *Server, e gen.Endpoint[F, R], form F) *R {
	t.Helper()
	answer, err := Call(srv, e, form)
	if err != nil {
		t.Fatalf("%s: %v", e.Action, err)
	}
	return answer
}

// openRoom is newRoom without a request: a room of zhangsan with the manager
// wangwu.
func openRoom(t testing.TB, srv *Server) gen.RoomID {
	t.Helper()
	id, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "zhangsan", Name: "mychat room"})
	if err != nil {
		t.Fatal(err)
	}
	do(t, srv, gen.SetMemberRoleEndpoint, role(id, "zhangsan", "wangwu", gen.RoleOperationManager, true))
	return id
}

// watch reads the events of a room, as an account or, without one, all.
func watch(t testing.TB, srv *Server, id gen.RoomID, accid string) *EventStream {
	t.Helper()
	stream, err := srv.Events(id, EventOptions{Accid: accid})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stream.Close)
	return stream
}

// told puts what has come into words: kind, operator>target, and what else the
// kind sets.
func told(t testing.TB, stream *EventStream) []string {
	t.Helper()
	list := []string{}
	for _, e := range stream.Pending() {
		list = append(list, words(t, e))
	}
	return list
}

func words(t testing.TB, e Event) string {
	t.Helper()
	said := []string{string(e.Kind), e.Operator + ">" + e.Target}
	payload := func(v any) {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, string(text))
	}
	switch {
	case e.Message != nil:
		said = append(said, e.Message.MsgID)
	case e.Member != nil:
		payload(e.Member)
	case e.Role != nil:
		payload(e.Role)
	case e.Mute != nil:
		payload(e.Mute)
	case e.Room != nil:
		payload(e.Room)
	}
	if e.Resent {
		said = append(said, "resent")
	}
	if e.NotifyTargetTags != "" {
		said = append(said, "to "+e.NotifyTargetTags)
	}
	if e.NotifyExt != "" {
		said = append(said, "ext "+e.NotifyExt)
	}
	return strings.Join(said, " ")
}

func wantTold(t testing.TB, stream *EventStream, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if got := told(t, stream); !reflect.DeepEqual(got, want) {
		t.Errorf("told\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func say(id gen.RoomID, msgID, from string) gen.SendMessageForm {
	return gen.SendMessageForm{RoomID: id, MsgID: msgID, FromAccid: from, MsgType: ptr(gen.MessageTypeText)}
}

// codeOfError is the code of a refusal, and 200 when there is none.
func codeOfError(t testing.TB, err error) int {
	t.Helper()
	var refusal *APIError
	switch {
	case err == nil:
		return gen.CodeOK
	case errors.As(err, &refusal):
		return refusal.Code
	}
	t.Fatal(err)
	return 0
}

// tried calls an operation for its error alone.
func tried[F gen.Form, R any](srv *Server, e gen.Endpoint[F, R], form F) error {
	_, err := Call(srv, e, form)
	return err
}
