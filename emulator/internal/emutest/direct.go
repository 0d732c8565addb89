package emutest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/web"
)

// NewServer returns a server without connections: tests of rules call it
// directly.
func NewServer(t testing.TB, list ...emulator.Option) *emulator.Server {
	t.Helper()
	srv, err := emulator.New(list...)
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

// Do runs an operation that must succeed.
func Do[F gen.Form, R any](t testing.TB, srv *emulator.Server, e gen.Endpoint[F, R], form F) *R {
	t.Helper()
	response, err := emulator.Call(srv, e, form)
	if err != nil {
		t.Fatalf("%s: %v", e.Action, err)
	}
	return response
}

// OpenRoom is [NewRoom] without a request: a room of zhangsan with the manager
// wangwu.
func OpenRoom(t testing.TB, srv *emulator.Server) gen.RoomID {
	t.Helper()
	id, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "zhangsan", Name: "mychat room"})
	if err != nil {
		t.Fatal(err)
	}
	Do(t, srv, gen.SetMemberRoleEndpoint, Role(id, "zhangsan", "wangwu", gen.RoleOperationManager, true))
	return id
}

// Watch reads the events of a room, as an account or, without one, all.
func Watch(t testing.TB, srv *emulator.Server, id gen.RoomID, accid string) *emulator.EventStream {
	t.Helper()
	stream, err := srv.Events(id, emulator.EventOptions{Accid: accid})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stream.Close)
	return stream
}

// Events returns the events that have come, each as [EventText] has it.
func Events(t testing.TB, stream *emulator.EventStream) []string {
	t.Helper()
	list := []string{}
	for _, e := range stream.Pending() {
		list = append(list, EventText(t, e))
	}
	return list
}

// EventText returns an event as text: its kind, operator>target, and what else the
// kind sets.
func EventText(t testing.TB, e emulator.Event) string {
	t.Helper()
	parts := []string{string(e.Kind), e.Operator + ">" + e.Target}
	payload := func(v any) {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, string(text))
	}
	switch {
	case e.Message != nil:
		parts = append(parts, e.Message.MsgID)
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
		parts = append(parts, "resent")
	}
	if e.NotifyTargetTags != "" {
		parts = append(parts, "to "+e.NotifyTargetTags)
	}
	if e.NotifyExt != "" {
		parts = append(parts, "ext "+e.NotifyExt)
	}
	return strings.Join(parts, " ")
}

// WantEvents checks the texts of the events that have come.
func WantEvents(t testing.TB, stream *emulator.EventStream, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if got := Events(t, stream); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// Say returns the form of a message.
func Say(id gen.RoomID, msgID, from string) gen.SendMessageForm {
	return gen.SendMessageForm{RoomID: id, MsgID: msgID, FromAccid: from, MsgType: Ptr(gen.MessageTypeText)}
}

// CodeOfError returns the code of an error, and 200 for no error.
func CodeOfError(t testing.TB, err error) int {
	t.Helper()
	var apiError *emulator.APIError
	switch {
	case err == nil:
		return gen.CodeOK
	case errors.As(err, &apiError):
		return apiError.Code
	}
	t.Fatal(err)
	return 0
}

// Tried calls an operation for its error alone.
func Tried[F gen.Form, R any](srv *emulator.Server, e gen.Endpoint[F, R], form F) error {
	_, err := emulator.Call(srv, e, form)
	return err
}

// ServeInMemory serves srv with Serve until the test ends or stop is called,
// which returns what Serve returned. It sets the server's URL.
func ServeInMemory(t testing.TB, srv *emulator.Server) (client *http.Client, l *web.MemoryListener, stop func() error) {
	t.Helper()
	srv.URL = "http://" + web.MemoryHost + ApiPath
	l = web.NewMemoryListener()
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ctx, l) }()
	transport := &http.Transport{DialContext: l.Dial}
	stop = sync.OnceValue(func() error {
		cancel()
		err := <-served
		transport.CloseIdleConnections()
		return err
	})
	t.Cleanup(func() { _ = stop() })
	return &http.Client{Transport: transport}, l, stop
}
