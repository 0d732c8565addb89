package audit

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// withSpec compares a page that is not on record with the spec, operation by operation.
func (c *comparer) withSpec() {
	c.report(Finding{Status: Note, Place: "page", Aspect: "record", Page: "it is not on record: its facts are compared with the spec, its sentences are new"})
	for _, row := range c.page.Listed {
		c.fact(Finding{Place: "row", Aspect: "operation", Line: row.Line, Page: row.Text, Spec: map[bool]string{true: row.Text}[c.ref.find(row.URL()) != nil]})
	}
	seen := map[string]int{}
	for i := range c.page.Operations {
		op := &c.page.Operations[i]
		c.op, c.path = op, c.ref.PathOf(op.URL)
		known := c.ref.find(op.URL)
		if known == nil {
			c.fact(Finding{Place: "operation", Aspect: "operation", Line: op.Line, Page: c.path})
			continue
		}
		if seen[c.path] > 0 {
			c.fact(Finding{Place: "operation", Aspect: "operation", Line: op.Line, Page: "described a second time"})
		}
		seen[c.path]++
		sentences, before := c.result.Sentences, len(c.findings)
		c.operation(c.expected(known, op), op, unreadable(op.Form))
		for i := range c.findings[before:] {
			f := &c.findings[before+i]
			f.Record, f.Spec = "", f.Record
		}
		c.result.Sentences = sentences
		for n, e := range op.Examples {
			c.example(known, numbered("example", n), e)
		}
		c.compareNotes(op)
	}
}

// unreadable reports whether a table has no required marks that can be read.
func unreadable(t *page.Table) bool {
	return t != nil && (t.Pictures || !slices.ContainsFunc(t.Rows, func(row page.Row) bool { return row.Required != "" }))
}

// expected returns an operation of a page as the page would print it if it agreed with
// the spec.
func (c *comparer) expected(spec *operation, op *page.Operation) *page.Operation {
	e := *op
	e.Method, e.URL = "POST", c.expectedURL(op.URL)
	if printed, charset, _ := strings.Cut(op.ContentType, ";"); printed != "" {
		e.ContentType = strings.TrimSuffix(formType+";"+charset, ";")
	}
	e.Form = c.expectedForm(spec, op.Form)
	if op.Response != nil {
		e.Response = &page.Table{Line: op.Response.Line}
		for _, row := range op.Response.Rows {
			name := row.Name[strings.LastIndexByte(row.Name, '.')+1:]
			if owner := ownerOf(spec.success, name, 0); owner != nil {
				_, s := property(owner, name)
				e.Response.Rows = append(e.Response.Rows, c.expectedRow(s, row))
			}
		}
	}
	e.Curl = slices.Clone(op.Curl)
	for i := range e.Curl {
		curl := &e.Curl[i]
		curl.URL = c.expectedURL(curl.URL)
		if curl.Method != "" {
			curl.Method = "POST"
		}
		pairs := slices.DeleteFunc(strings.Split(curl.Body, "&"), func(pair string) bool {
			name, _, _ := strings.Cut(pair, "=")
			_, s := property(spec.form, name)
			return s == nil
		})
		curl.Body = strings.Join(pairs, "&")
	}
	e.Codes = slices.DeleteFunc(slices.Clone(op.Codes), func(code page.Code) bool { return !slices.Contains(spec.codes, code.Code) })
	// A list that explains its codes has only those that are particular to the operation.
	complete := len(op.Codes) > 0 && !slices.ContainsFunc(op.Codes, func(code page.Code) bool { return code.Text != "" })
	for _, code := range spec.codes {
		if complete && !slices.ContainsFunc(op.Codes, func(listed page.Code) bool { return listed.Code == code }) {
			e.Codes = append(e.Codes, page.Code{Code: code})
		}
	}
	return &e
}

// expectedURL is a printed URL with the server and the path of the spec. Another path that
// the spec has for the operation may stay.
func (c *comparer) expectedURL(printed string) string {
	server, path := c.ref.split(printed)
	if op := c.ref.find(printed); op == nil || op.path != c.path {
		path = c.path
	}
	if server != "" && !slices.Contains(c.ref.servers, server) {
		server = c.ref.servers[0]
	}
	return server + path
}

func (c *comparer) expectedForm(spec *operation, t *page.Table) *page.Table {
	e := &page.Table{}
	if t != nil {
		e.Line = t.Line
	}
	marks := map[bool]string{true: "yes", false: "no"}
	seen := map[string]bool{}
	for _, row := range t.All() {
		if name, s := property(spec.form, row.Name); s != nil && !seen[name] {
			seen[name] = true
			row = c.expectedRow(s, row)
			row.Required = marks[slices.Contains(spec.form.Required, name)]
			e.Rows = append(e.Rows, row)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(spec.form.Properties)) {
		if !seen[name] && (slices.Contains(spec.form.Required, name) || c.printed(name) || len(t.All()) == 0) {
			e.Rows = append(e.Rows, page.Row{Name: name})
		}
	}
	return e
}

// expectedRow is a row with a type that the spec allows.
func (c *comparer) expectedRow(s *openapi3.Schema, row page.Row) page.Row {
	printed := strings.ToLower(strings.ReplaceAll(row.Type, " ", ""))
	base := strings.TrimSuffix(generic.ReplaceAllString(printed, ""), "[]")
	allowed := printedTypes(s)
	switch {
	case printed == "" || slices.Contains(allowed, base):
	case base == "string":
		c.report(Finding{Status: Note, Place: "form", Field: row.Name, Aspect: "type", Line: row.Line, Page: printed, Record: allowed[0]}) // how a form writes it
	default:
		row.Type = allowed[0]
	}
	return row
}

var generic = regexp.MustCompile(`<.*>$`)

// printed reports whether a page on record has a row of that name for the operation. The
// spec has other fields too, which no page describes.
func (c *comparer) printed(name string) bool {
	for _, record := range c.ref.Records {
		if op := record.At(c.ref.PathOf, c.path); op != nil && slices.ContainsFunc(op.Form.All(), func(row page.Row) bool { return row.Name == name }) {
			return true
		}
	}
	return false
}

// printedTypes returns the types that a page may print for a schema, in lower case.
func printedTypes(s *openapi3.Schema) []string {
	kind := "string"
	if s.Type != nil && len(*s.Type) == 1 {
		kind = (*s.Type)[0]
	}
	switch {
	case kind == "integer" && s.Format == "int64":
		return []string{"long", "int64"}
	case kind == "integer":
		return []string{"int", "integer", "int32"}
	case kind == "boolean":
		return []string{"boolean", "bool"}
	case kind == "array":
		return []string{"jsonarray", "array", "list"}
	case kind == "object":
		return []string{"jsonobject", "object", "map", "json"}
	}
	return []string{"string", "text"}
}

// ownerOf finds the object in a response that has a property of that name.
func ownerOf(s *openapi3.Schema, name string, depth int) *openapi3.Schema {
	if s == nil || depth > 8 {
		return nil
	}
	if _, found := property(s, name); found != nil {
		return s
	}
	for _, child := range slices.Sorted(maps.Keys(s.Properties)) {
		if owner := ownerOf(s.Properties[child].Value, name, depth+1); owner != nil {
			return owner
		}
	}
	if s.Items != nil {
		return ownerOf(s.Items.Value, name, depth+1)
	}
	return nil
}

// element is an element of a list in the path of a field.
var element = regexp.MustCompile(`\[\d+\]`)

// example compares the names and the JSON types of a response.
func (c *comparer) example(op *operation, place string, e page.Example) {
	body := e.Body()
	if body.Fault != "" {
		c.fact(Finding{Place: place, Aspect: "JSON", Line: e.Line, Page: "no JSON: " + body.Fault})
	}
	schema := op.success
	if code := body.Get("code"); code != "200" && code != "" {
		schema = op.apiError
		f := Finding{Place: place, Field: "code", Aspect: "code", Line: e.Line, Page: code}
		if slices.Contains(op.codes, code) {
			f.Spec = code
		}
		c.fact(f)
	}
	reported := map[string]bool{}
	for _, f := range body.Fields {
		path := element.ReplaceAllString(f.Path, "[]")
		s := member(schema, path)
		finding := Finding{Place: place, Field: path, Aspect: "field", Line: f.Line, Page: path}
		above := path[:max(0, strings.LastIndexAny(path, ".["))]
		switch {
		case reported[above] || reported[path]:
			reported[path] = true
		case s == nil:
			reported[path] = true
			c.fact(finding)
		default:
			finding.Aspect, finding.Page, finding.Spec = "kind", f.Kind, jsonKind(s)
			if s.Nullable && f.Kind == "null" || f.Kind == "string" || finding.Spec == "" {
				finding.Page = finding.Spec // the service writes any scalar as text now and then
			}
			c.fact(finding)
		}
	}
}

// member finds a value in a schema by its path. It returns nil without one.
func member(s *openapi3.Schema, path string) *openapi3.Schema {
	for part := range strings.SplitSeq(path, ".") {
		name, elements := part, 0
		for strings.HasSuffix(name, "[]") {
			name, elements = strings.TrimSuffix(name, "[]"), elements+1
		}
		if _, s = property(s, name); s == nil {
			return nil
		}
		for ; elements > 0; elements-- {
			if s.Items == nil {
				return nil
			}
			s = s.Items.Value
		}
	}
	return s
}

// jsonKind is the JSON type of a schema, empty for any.
func jsonKind(s *openapi3.Schema) string {
	if s.Type == nil || len(*s.Type) != 1 {
		return ""
	}
	if (*s.Type)[0] == "integer" {
		return "number"
	}
	return (*s.Type)[0]
}

// compareNotes shows the sentences of a page that is not on record beside those of a
// page on record that describes the same operation.
func (c *comparer) compareNotes(op *page.Operation) {
	old := c.elsewhere(c.path)
	if old == nil {
		old = &page.Operation{}
	}
	was := byKey(itemsOf(old, c.ref))
	for _, i := range itemsOf(op, c.ref) {
		if i.aspect != "text" || i.field == "heading" {
			continue
		}
		lost, added := differences(was[i.key()].texts, i.texts)
		if i.place == "text" {
			lost = nil // of other sections
		}
		if len(added) > 0 {
			c.report(Finding{Status: Note, Place: i.place, Field: i.field, Aspect: "text", Line: added[0].Line, Page: join(added), Record: join(lost)})
		}
	}
}
