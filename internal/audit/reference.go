package audit

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/internal/reconciliation"
)

// Reference holds what pages are compared with: the spec and the record of known
// deviations from it.
type Reference struct {
	servers    []string
	headers    []string // names of the signing headers
	documents  []document
	operations []*operation // by path
	record     *record
	names      map[string]bool
	numbers    map[*openapi3.Schema]map[string]bool // what allowedNumbers finds for each schema
}

// operation is one operation of the spec.
type operation struct {
	id, path, action  string
	aliases           []string        // other paths
	numbers           map[string]bool // of summary and description
	form              *openapi3.Schema
	formExample       map[string]any
	success, apiError *openapi3.Schema
	example           any
	codes             []string
	sources           []source
}

// document is a page that the spec cites, an entry of x-evidence.
type document struct{ id, title, language, date string }

type source struct{ document, heading string }

// heading returns the name that a document gives the operation.
func (o *operation) heading(document string) (string, bool) {
	for _, s := range o.sources {
		if s.document == document {
			return s.heading, true
		}
	}
	return "", false
}

// NewReference reads the texts of the canonical spec and of the record.
func NewReference(spec, recorded []byte) (*Reference, error) {
	doc, err := openapi3.NewLoader().LoadFromData(spec)
	if err != nil {
		return nil, fmt.Errorf("audit: the spec: %w", err)
	}
	rec, err := reconciliation.Parse(recorded)
	if err != nil {
		return nil, err
	}
	for _, s := range doc.Components.Schemas {
		listKnown(s)
	}
	ref := &Reference{names: map[string]bool{}, numbers: map[*openapi3.Schema]map[string]bool{}}
	for _, s := range doc.Servers {
		ref.servers = append(ref.servers, s.URL)
	}
	for _, scheme := range doc.Components.SecuritySchemes {
		ref.headers = append(ref.headers, scheme.Value.Name)
	}
	slices.Sort(ref.headers)
	evidence, _ := doc.Extensions["x-evidence"].([]any)
	for _, item := range evidence {
		if e, _ := item.(map[string]any); e["kind"] == "page" {
			ref.documents = append(ref.documents, document{
				fmt.Sprint(e["id"]), fmt.Sprint(e["title"]), fmt.Sprint(e["language"]), fmt.Sprint(e["date"]),
			})
		}
	}
	for _, p := range slices.Sorted(maps.Keys(doc.Paths.Map())) {
		op, err := readOperation(p, doc.Paths.Value(p).Post)
		if err != nil {
			return nil, fmt.Errorf("audit: %s: %w", p, err)
		}
		ref.operations = append(ref.operations, op)
		for _, s := range []*openapi3.Schema{op.form, op.success, op.apiError} {
			ref.collect(s, 0)
		}
	}
	ref.record, err = newRecord(rec, ref)
	return ref, err
}

// listKnown lets the known values of an open enum stand for it.
func listKnown(s *openapi3.SchemaRef) {
	if known, ok := s.Value.Extensions["x-known-values"].([]any); ok {
		s.Value.Enum = known
	}
	for _, property := range s.Value.Properties {
		if property.Ref == "" {
			listKnown(property)
		}
	}
}

const formType = "application/x-www-form-urlencoded"

func readOperation(p string, post *openapi3.Operation) (*operation, error) {
	if post == nil || post.RequestBody == nil || post.RequestBody.Value.Content[formType] == nil {
		return nil, errors.New("no POST with a form")
	}
	response := post.Responses.Status(200)
	if response == nil || response.Value.Content["application/json"] == nil {
		return nil, errors.New("no JSON response")
	}
	form, reply := post.RequestBody.Value.Content[formType], response.Value.Content["application/json"]
	op := &operation{
		id: post.OperationID, path: p, action: actionOf(p), numbers: numbersIn(post.Summary + "\n" + post.Description), form: form.Schema.Value,
		aliases: texts(post.Extensions["x-path-aliases"]), codes: texts(post.Extensions["x-status-codes"]),
	}
	for _, alternative := range reply.Schema.Value.OneOf {
		if strings.HasSuffix(alternative.Ref, "/Error") {
			op.apiError = alternative.Value
		} else {
			op.success = alternative.Value
		}
	}
	if op.success == nil || op.apiError == nil {
		return nil, errors.New("no success or no error")
	}
	if e := reply.Examples["success"]; e != nil {
		op.example = e.Value.Value
	}
	if e := form.Examples["documented"]; e != nil { // the body of the page's cURL line
		op.formExample, _ = e.Value.Value.(map[string]any)
	}
	list, _ := post.Extensions["x-source"].([]any)
	for _, item := range list {
		s, _ := item.(map[string]any)
		op.sources = append(op.sources, source{fmt.Sprint(s["evidence"]), fmt.Sprint(s["at"])})
	}
	return op, nil
}

// actionOf returns the last part of a path, without .action.
func actionOf(p string) string { return strings.TrimSuffix(path.Base(p), ".action") }

// texts reads a list of scalars.
func texts(list any) []string {
	items, _ := list.([]any)
	var all []string
	for _, item := range items {
		all = append(all, scalar(item))
	}
	return all
}

func (ref *Reference) collect(s *openapi3.Schema, depth int) {
	if s == nil || depth > 8 {
		return
	}
	ref.numbers[s] = allowedNumbers(s, 0)
	for name, child := range s.Properties {
		ref.names[name] = true
		for _, alias := range aliasesOf(s, name) {
			ref.names[alias] = true
		}
		ref.collect(child.Value, depth+1)
	}
	if s.Items != nil {
		ref.collect(s.Items.Value, depth+1)
	}
}

// Known reports whether a name is a field of the spec. page.Read uses it.
func (ref *Reference) Known(name string) bool { return ref.names[name] }
