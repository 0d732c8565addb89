package gentest

import (
	"reflect"
	"testing"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// endpoint is a gen.Endpoint without its type parameters.
type endpoint struct {
	*gen.Operation
	decode  func(body []byte) (gen.Response, error)
	bind    func(f *wire.Fields) (gen.Form, error)
	success reflect.Type
	form    reflect.Type
}

func erase[F gen.Form, R any](e gen.Endpoint[F, R]) endpoint {
	return endpoint{
		Operation: e.Operation,
		decode: func(body []byte) (gen.Response, error) {
			v, err := e.Decode(body)
			if err != nil {
				return nil, err
			}
			return any(v).(gen.Response), nil
		},
		bind:    func(f *wire.Fields) (gen.Form, error) { return e.Bind(f) },
		success: reflect.TypeFor[R](),
		form:    reflect.TypeFor[F](),
	}
}

var endpoints = []endpoint{
	erase(gen.CreateChatroomEndpoint), erase(gen.GetChatroomEndpoint), erase(gen.GetChatroomsEndpoint),
	erase(gen.UpdateChatroomEndpoint), erase(gen.ToggleChatroomEndpoint), erase(gen.SetMemberRoleEndpoint),
	erase(gen.RequestAddressEndpoint), erase(gen.SendMessageEndpoint), erase(gen.AddRobotsEndpoint),
	erase(gen.RemoveRobotsEndpoint), erase(gen.ClearRobotsEndpoint), erase(gen.MuteMemberEndpoint),
	erase(gen.MuteChatroomEndpoint), erase(gen.ListTopChatroomsEndpoint), erase(gen.ListMembersEndpoint),
	erase(gen.GetMembersEndpoint), erase(gen.ListMembersByRoleEndpoint), erase(gen.UpdateMemberEndpoint),
	erase(gen.ListUserChatroomsEndpoint), erase(gen.SetEntryNotificationEndpoint), erase(gen.MuteTagEndpoint),
	erase(gen.CountTagMembersEndpoint), erase(gen.ListTagMembersEndpoint), erase(gen.ListTagMessagesEndpoint),
	erase(gen.UpdateMemberTagsEndpoint),
}

func find(t testing.TB, id string) endpoint {
	t.Helper()
	for _, e := range endpoints {
		if e.ID == id {
			return e
		}
	}
	t.Fatalf("no operation %s", id)
	return endpoint{}
}

func TestEveryOperationHasItsEndpoint(t *testing.T) {
	listed := map[*gen.Operation]bool{}
	for _, e := range endpoints {
		listed[e.Operation] = true
	}
	for _, op := range gen.Operations {
		if !listed[op] {
			t.Errorf("%s is not tested here", op.ID)
		}
	}
	if len(gen.Operations) != 25 || len(endpoints) != 25 {
		t.Errorf("%d operations, %d endpoints, want 25", len(gen.Operations), len(endpoints))
	}
}
