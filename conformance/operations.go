package conformance

import (
	"context"
	"fmt"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper"
)

// operation is an operation of the spec with the SDK's methods for it.
type operation struct {
	*gen.Operation
	// bind reads a form that travels. Limits are left to
	// the SDK.
	bind func(*wire.Fields) (gen.Form, error)
	// method is the name of the SDK's method that sends a form, empty where none can.
	method func(gen.Form) string
	// call runs the method. raw takes the answer as it came.
	call func(ctx context.Context, client *wrapper.Client, form gen.Form, raw *[]byte) error
	// canonical spells an answer as the spec does.
	canonical func(body []byte) ([]byte, error)
}

// method is a way to call an operation of form F by the SDK.
type method[F gen.Form] struct {
	name string // Rooms.Create
	// fits reports whether the method can send a form; nil means that it can send any.
	fits func(F) bool
	call func(ctx context.Context, client *wrapper.Client, form F, options ...wrapper.CallOption) error
}

// entry joins an operation and its methods.
func entry[F gen.Form, R any, A interface {
	*R
	gen.Response
}](e gen.Endpoint[F, R], methods ...method[F]) *operation {
	pick := func(form gen.Form) *method[F] {
		typed, _ := form.(F)
		for i := range methods {
			if fits := methods[i].fits; fits == nil || fits(typed) {
				return &methods[i]
			}
		}
		return nil
	}
	return &operation{
		Operation: e.Operation,
		bind: func(fields *wire.Fields) (gen.Form, error) {
			form, err := e.Bind(fields)
			return form, err
		},
		method: func(form gen.Form) string {
			if m := pick(form); m != nil {
				return m.name
			}
			return ""
		},
		call: func(ctx context.Context, client *wrapper.Client, form gen.Form, raw *[]byte) error {
			m := pick(form)
			if m == nil {
				return fmt.Errorf("only raw can send this: no method of %s takes it", e.ID)
			}
			return m.call(ctx, client, form.(F), wrapper.WithRawResponse(raw))
		},
		canonical: func(body []byte) ([]byte, error) {
			response, err := e.Decode(body)
			if err != nil {
				return nil, err
			}
			return A(response).AppendJSON(nil, wire.Canonical), nil
		},
	}
}

func byID(list ...*operation) map[string]*operation {
	ids := make(map[string]*operation, len(list))
	for _, o := range list {
		ids[o.ID] = o
	}
	return ids
}
