package audit

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// examples compares the JSON of the responses.
func (c *comparer) examples() {
	p := c.printed
	if c.missing(func(p *page.Operation) bool { return len(p.Examples) > 0 }) {
		c.report(Finding{Status: Gone, Place: "example", Aspect: "example", Page: none, Spec: "an example of the response"})
	}
	shown := map[string]int{}
	success := false
	for _, e := range p.Examples {
		place, schema := "example", c.op.success
		if e.APIError {
			place, schema = "error", c.op.apiError
		}
		if e.Err != nil {
			c.report(Finding{Status: Changed, Place: place, Aspect: "example", Line: e.Line, Page: "no JSON: " + e.Err.Error(), Spec: "JSON"})
		}
		success = success || !e.APIError
		if e.APIError {
			c.apiError(e)
		} else {
			shown[""]++
		}
		for _, f := range e.Fields {
			c.item("example fields", func() {
				canonical := c.exampleField(place, schema, f)
				if !e.APIError {
					shown[canonical]++
				}
				if e.APIError && f.Path == "code" && !slices.Contains(c.op.codes, f.Value) {
					c.report(Finding{Status: New, Place: place, Field: "code", Aspect: "codes", Line: f.Line, Page: f.Value, Spec: strings.Join(c.op.codes, " ")})
				}
			})
		}
	}
	if !success {
		return
	}
	if c.op.example == nil {
		return
	}
	expected := map[string]int{}
	flatten("", c.op.example, expected)
	for _, path := range slices.Sorted(maps.Keys(expected)) {
		parent := path[:max(strings.LastIndexByte(path, '.'), 0)]
		if path == "" || strings.HasSuffix(path, "[]") || shown[parent] == 0 {
			continue
		}
		// The field is in as many elements as the spec's example has.
		if missing := expected[path] - shown[path]; shown[path] == 0 || shown[parent] == expected[parent] && missing > 0 {
			f := Finding{Status: Gone, Place: "example", Field: path, Aspect: "field", Page: none, Spec: path}
			if shown[path] > 0 {
				f.Page = fmt.Sprintf("missing in %d of %d", missing, expected[path])
			}
			c.report(f)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(shown)) {
		if path != "" && expected[path] == 0 && !strings.HasSuffix(path, "[]") {
			c.report(Finding{Status: Note, Place: "example", Field: path, Aspect: "field", Page: path, Spec: "not in the example"})
		}
	}
}

// apiError checks that the example of an API error has the fields of every API error.
func (c *comparer) apiError(e page.Example) {
	for _, name := range c.op.apiError.Required {
		if !slices.ContainsFunc(e.Fields, func(f page.Field) bool { return f.Path == name }) {
			c.report(Finding{Status: Gone, Place: "error", Field: name, Aspect: "field", Line: e.Line, Page: none, Spec: name})
		}
	}
}

// flatten counts the paths of a value, written as in page.Field.
func flatten(path string, value any, paths map[string]int) {
	paths[path]++
	switch v := value.(type) {
	case map[string]any:
		for name, child := range v {
			flatten(strings.TrimPrefix(path+"."+name, "."), child, paths)
		}
	case []any:
		for _, child := range v {
			flatten(path+"[]", child, paths)
		}
	}
}

// exampleField compares one field and returns its path in the spec's spelling, or ""
// if the spec has no such field.
func (c *comparer) exampleField(place string, s *openapi3.Schema, f page.Field) string {
	canonical := ""
	steps := strings.Split(f.Path, ".")
	for i, step := range steps {
		bare := strings.TrimRight(step, "[]")
		name, child := property(s, bare)
		if child == nil {
			if len(s.Properties) == 0 {
				return "" // an object that the spec leaves open
			}
			if i == len(steps)-1 && !strings.HasSuffix(step, "[]") {
				c.report(Finding{
					Status: New, Place: place, Field: strings.TrimPrefix(canonical+"."+bare, "."), Aspect: "field", Line: f.Line,
					Page: f.Path + " " + f.Kind, Spec: none,
				})
			}
			return ""
		}
		canonical = strings.TrimPrefix(canonical+"."+name, ".")
		if i == len(steps)-1 && bare == step {
			c.named(place, canonical, bare, f.Line)
		}
		s = child
		elements := strings.Count(step, "[]")
		for range elements {
			if s.Items == nil {
				return ""
			}
			s = s.Items.Value
		}
		canonical += strings.Repeat("[]", elements)
	}
	c.exampleValue(Finding{Place: place, Field: canonical, Line: f.Line}, s, f)
	return canonical
}

// exampleValue compares the JSON type and the value.
func (c *comparer) exampleValue(at Finding, s *openapi3.Schema, f page.Field) {
	want := kindOf(s)
	if want == "integer" {
		want = "number"
	}
	at.Status, at.Aspect, at.Page, at.Spec = Changed, "kind", f.Kind, want
	switch {
	case f.Kind == "null":
		if !s.Nullable {
			c.report(at)
		}
		return
	case f.Kind != want && want != "any":
		c.report(at)
		return
	}
	integer := kindOf(s) == "integer" || strings.HasPrefix(s.Format, "int")
	if _, err := strconv.ParseInt(f.Value, 10, 64); integer && err != nil {
		at.Aspect, at.Page, at.Spec = "value", f.Value, "an integer"
		c.report(at)
	}
	if inner, ok := s.Extensions["x-json-text"].(map[string]any); ok {
		var value any
		err := json.Unmarshal([]byte(f.Value), &value)
		if _, list := value.([]any); err != nil || list != (inner["type"] == "array") {
			at.Aspect, at.Page, at.Spec = "value", f.Value, fmt.Sprintf("JSON text of %v", inner["type"])
			c.report(at)
		}
	}
	if len(s.Enum) > 0 {
		c.enumerated(at, s, f.Value)
	}
	if f.Comment != "" && len(f.Comment) < maxText {
		known := 0
		for _, v := range s.Enum {
			if hasWord(f.Comment, scalar(v)) {
				known++
			}
		}
		c.listed(Finding{Place: at.Place, Field: at.Field, Line: f.Line}, s, f.Comment, known > 1)
	}
}

// enumerated checks that a value is a value of the enum.
func (c *comparer) enumerated(at Finding, s *openapi3.Schema, value string) {
	canonical, ok := enumValue(s, value)
	switch {
	case !ok:
		at.Status, at.Aspect, at.Page, at.Spec = Changed, "enum", value, enumText(s)
		c.report(at)
	case canonical != value:
		at.Status, at.Aspect, at.Page, at.Spec = Changed, "value", value, canonical
		c.report(at)
	}
}

func enumText(s *openapi3.Schema) string {
	var values []string
	for _, v := range s.Enum {
		values = append(values, scalar(v))
	}
	return strings.Join(values, " ")
}

// curl compares the cURL line.
func (c *comparer) curl() {
	p := c.printed
	if p.Curl == nil {
		if c.missing(func(p *page.Operation) bool { return p.Curl != nil }) {
			c.report(Finding{Status: Gone, Place: "cURL", Aspect: "example", Page: none, Spec: "a cURL line"})
		}
		return
	}
	line := p.Curl.Line
	c.address("cURL", p.Curl.URL, p.Curl.Method, line)
	for _, header := range c.ref.headers {
		if !slices.ContainsFunc(p.Curl.Headers, func(h string) bool { return strings.EqualFold(h, header) }) {
			c.report(Finding{Status: Gone, Place: "cURL", Aspect: "header", Field: header, Line: line, Page: none, Spec: header})
		}
	}
	sent := map[string]bool{}
	for pair := range strings.SplitSeq(p.Curl.Body, "&") {
		if pair == "" {
			continue
		}
		c.item("cURL fields", func() {
			printed, raw, _ := strings.Cut(pair, "=")
			name, s := property(c.op.form, printed)
			if s == nil {
				c.report(Finding{Status: New, Place: "cURL", Field: printed, Aspect: "field", Line: line, Page: printed, Spec: none})
				return
			}
			sent[name] = true
			c.named("cURL", name, printed, line)
			value, err := url.QueryUnescape(raw)
			if err != nil {
				value = raw
			}
			c.sent(Finding{Place: "cURL", Field: name, Line: line}, s, value)
		})
	}
	for _, name := range slices.Sorted(maps.Keys(c.op.formExample)) {
		if !sent[name] {
			c.report(Finding{Status: Gone, Place: "cURL", Field: name, Aspect: "field", Line: line, Page: none, Spec: name})
		}
	}
}

// sent compares a value of a form with its field.
func (c *comparer) sent(at Finding, s *openapi3.Schema, value string) {
	at.Status, at.Aspect, at.Page, at.Spec = Changed, "value", value, typeName(s)
	switch kindOf(s) {
	case "integer":
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			c.report(at)
			return
		}
	case "boolean":
		if value != "true" && value != "false" {
			c.report(at)
		}
		return
	case "array", "object":
		var parsed any
		if json.Unmarshal([]byte(value), &parsed) != nil {
			c.report(at)
			return
		}
		c.sample(at, s, parsed)
		return
	}
	if len(s.Enum) > 0 {
		c.enumerated(at, s, value)
	}
}

// sample compares JSON that a description or a form shows with a field.
func (c *comparer) sample(at Finding, s *openapi3.Schema, value any) {
	at.Status = Changed
	switch v := value.(type) {
	case []any:
		if kindOf(s) != "array" {
			return
		}
		for _, element := range v {
			c.sample(at, s.Items.Value, element)
		}
	case map[string]any:
		if kindOf(s) != "object" || len(s.Properties) == 0 {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			f := at
			f.Field += "." + name
			_, child := property(s, name)
			if child == nil {
				f.Status, f.Aspect, f.Page, f.Spec = New, "field", name, none
				c.report(f)
				continue
			}
			c.sample(f, child, v[name])
		}
	default:
		kind := map[bool]string{true: "string", false: "number"}[isText(v)]
		if _, ok := v.(bool); ok {
			kind = "boolean"
		}
		want := kindOf(s)
		if want == "integer" {
			want = "number"
		}
		if kind != want && want != "array" && want != "object" {
			at.Aspect, at.Page, at.Spec = "kind", kind, want
			c.report(at)
		} else if len(s.Enum) > 0 {
			c.enumerated(at, s, scalar(v))
		}
	}
}

func isText(v any) bool { _, ok := v.(string); return ok }
