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
