// Package rules checks the rules that our specs must follow beyond those of OpenAPI and
// its linters.
package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/internal/check/evidence"
	"github.com/nimroom/nimroom/internal/reconciliation"
)

const formType = "application/x-www-form-urlencoded"

// Against holds what a spec cites and is checked against.
type Against struct {
	Evidence       *evidence.Evidence
	Reconciliation *reconciliation.Record
}

// Check lists the violations of the rules in a spec.
func Check(doc *openapi3.T, against Against) []string {
	c := &checker{
		Against: against, doc: doc, forms: map[string]bool{}, shown: map[string]bool{}, operations: map[string]string{},
	}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			c.operations[op.OperationID], _ = op.Extensions["x-idempotency"].(string)
		}
	}
	c.root()
	c.signature("x-signature", "Nonce")
	c.signature("x-callback-signature", "MD5")
	c.codes()
	if c.doc.Extensions["x-rate-limit"] == nil {
		c.errorf("x-rate-limit: the limit of most operations is missing")
	}
	c.rateLimit("x-rate-limit", c.doc.Extensions)
	c.features()
	c.limits()
	for _, path := range doc.Paths.InMatchingOrder() {
		c.operation(path, doc.Paths.Value(path))
	}
	for name, callback := range doc.Components.Callbacks {
		for address, item := range callback.Value.Map() {
			if !strings.HasSuffix(address, "#"+name) {
				c.errorf("%s: the address %s does not end in #%s; Swagger UI takes callbacks with the same address for one", name, address, name)
			}
			c.callback(name, item)
		}
	}
	for name, ref := range doc.Components.Schemas {
		c.schema(name, ref.Value)
	}
	slices.Sort(c.found)
	return c.found
}

// checker collects violations.
type checker struct {
	Against
	doc        *openapi3.T
	known      []int             // codes of x-codes
	forms      map[string]bool   // schemas that requests use
	shown      map[string]bool   // properties that success examples show
	operations map[string]string // their idempotency, by id
	found      []string
}

func (c *checker) errorf(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

// ints reads a list of numbers from an extension.
func ints(v any) []int {
	list, _ := v.([]any)
	out := make([]int, 0, len(list))
	for _, e := range list {
		if f, ok := e.(float64); ok {
			out = append(out, int(f))
		}
	}
	return out
}

// texts reads a list of texts from an extension.
func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, e := range list {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
