// Package rules holds what each operation of the service does to the state.
//
// A rule is a method of call whose name is the operationId; generated code lists
// the rules and binds each to the form and the response of its operation, so
// that a missing rule does not compile.
package rules

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/nearest"
	"github.com/nimroom/nimroom/internal/wire"
)

// Operation is an operation that the emulator carries out.
type Operation struct {
	*gen.Operation
	// read binds a form and checks it, and returns the rule applied to it.
	read func(*wire.Fields) (rule, error)
}

// rule is what an operation does with a form that is good.
type rule func(*call) (gen.Response, error)

// bind ties a rule to its operation. Generated code binds and checks the form
// before the rule sees it.
func bind[F gen.Form, R any, A interface {
	*R
	gen.Response
}](e gen.Endpoint[F, R], apply func(operations, F) (A, error)) Operation {
	return Operation{e.Operation, func(fields *wire.Fields) (rule, error) {
		form, err := e.Bind(fields)
		if err != nil {
			return nil, err
		}
		if err := form.Validate(); err != nil {
			return nil, err
		}
		return func(c *call) (gen.Response, error) { return apply(c.operations(), form) }, nil
	}}
}

// byPath holds the operations by their path, and by the other paths that a
// document gives for them.
var byPath = index(bound())

func index(list []Operation) map[string]Operation {
	paths := make(map[string]Operation, len(list)+1)
	for _, op := range list {
		paths[op.Path] = op
		for _, alias := range op.PathAliases {
			paths[alias] = op
		}
	}
	return paths
}

// ByPath finds an operation by its path below the base URL.
func ByPath(path string) (Operation, bool) {
	op, ok := byPath[path]
	return op, ok
}

// Known reports whether a name is the action or the operationId of an
// operation.
func Known(name string) bool {
	for _, op := range byPath {
		if op.Action == name || op.ID == name {
			return true
		}
	}
	return false
}

// Request is a form of an operation that was bound and checked.
type Request struct {
	Operation *gen.Operation
	// Host is the address at which the client found the server.
	Host string
	rule rule
}

// Read binds the fields of a form and checks them.
func (op Operation) Read(fields *wire.Fields) (*Request, error) {
	rule, err := op.read(fields)
	if sent, meant, ok := fields.Misspelt(err); ok {
		return nil, advice.Because(BadParameter("%v: no field %s, did you mean %s", err, clip.Text(sent), meant), advice.FieldMisspelled, "field", meant, "got", clip.Text(sent))
	}
	if missing := (*wire.FieldError)(nil); errors.As(err, &missing) && missing.Problem == wire.Missing && len(fields.Unknown()) > 0 {
		return nil, advice.Because(BadParameter("%v: no field %s", err, clip.Text(fields.Unknown()[0])), advice.FieldMissing, "field", missing.Field)
	}
	if err != nil {
		return nil, err
	}
	return &Request{Operation: op.Operation, rule: rule}, nil
}

// Apply carries the request out. The caller lets nobody else use the state
// meanwhile. The response holds nothing of the state.
func (r *Request) Apply(s *state.State, now time.Time) (gen.Response, error) {
	return r.rule(&call{op: r.Operation, state: s, now: now, host: r.Host})
}

// Nearest returns the known path that resembles path most, first by its last
// part, to help after a typing mistake; or nothing if no last part resembles its own.
func Nearest(path string) string {
	path = strings.TrimRight(path, "/")
	last := func(path string) string {
		return strings.TrimSuffix(path[strings.LastIndexByte(path, '/')+1:], ".action")
	}
	var paths []string
	for _, op := range gen.Operations {
		if nearest.Resembles(last(path), last(op.Path)) {
			paths = append(paths, op.Path)
		}
	}
	if paths == nil {
		return ""
	}
	return slices.MinFunc(paths, func(a, b string) int {
		return cmp.Or(
			cmp.Compare(nearest.Distance(last(path), last(a)), nearest.Distance(last(path), last(b))),
			cmp.Compare(nearest.Distance(path, a), nearest.Distance(path, b)))
	})
}
