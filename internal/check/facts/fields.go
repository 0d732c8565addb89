package facts

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/internal/check/evidence"
)

// table compares the rows of a table of request parameters with the form.
func (c *comparer) table(form *openapi3.Schema) {
	for _, r := range c.claim.Request {
		c.Checked["form field"]++
		name, field := property(form, r.Name)
		if field == nil {
			c.differ(r.Name, "a form field", "no such field")
			continue
		}
		c.spelling(r.Name, r.Name, name)
		mark(c.fields, form, name)
		if want := r.ExpectedRequired(); want != "unknown" {
			c.same("required", r.Name, want, evidence.Text(slices.Contains(form.Required, name)), r.Settled.Why)
		}
		c.rowType(r, name, field)
		c.unit(r.Name, r.Unit, field)
		if rowKind(r) != kindBoolean {
			c.values(r.Name, r.Enum, field)
		}
		limits := limitsOf(field)
		for limit, want := range r.ExpectedLimits() {
			if limit == "default" {
				want, _ = enumValue(field, want)
			}
			c.same(limit, r.Name, want, limits[limit], r.Settled.Why)
		}
		if r.Example != "" {
			c.Checked["row example"]++
			c.walk(r.Name, field, r.Example)
		}
	}
}

// rowKind returns the kind of schema that a printed type stands for.
func rowKind(r evidence.Row) string {
	switch {
	case r.Format == "json-array" || r.Type == "JSONArray":
		return kindArray
	case r.Format == "json-object":
		return kindObject
	case slices.Equal(r.Enum, []any{"true", "false"}):
		return kindBoolean
	}
	return printedKinds[strings.ToLower(r.Type)]
}

var printedKinds = map[string]string{
	"string": kindString, "boolean": kindBoolean, "int": kindInteger, "integer": kindInteger, "long": kindInteger, "double": kindNumber,
}

func (c *comparer) rowType(r evidence.Row, name string, s *openapi3.Schema) {
	want := rowKind(r)
	if want == "" {
		return
	}
	c.same("type", r.Name, want, kindOf(s), "")
	if strings.EqualFold(r.Type, "long") && r.Limits.Max == nil {
		c.same("width", r.Name, "int64", s.Format, "")
	}
	if want == kindArray || want == kindObject {
		contentType := "none"
		if e := c.op.RequestBody.Value.Content[formType].Encoding[name]; e != nil {
			contentType = e.ContentType
		}
		c.same("encoding", r.Name, "application/json", contentType, "")
	}
	if r.Items != "" && s.Items != nil {
		c.kind(r.Name+"[]", r.Items, s.Items.Value)
	}
	for key, printed := range r.Keys {
		at := r.Name + "." + key
		_, child := property(s, key)
		if child == nil {
			c.differ(at, "a member of the JSON object", "no such field")
			continue
		}
		mark(c.fields, s, key)
		if list, ok := printed.([]any); ok {
			c.values(at, list, child)
			continue
		}
		c.kind(at, evidence.Text(printed), child)
	}
}

// kind checks a printed or a JSON type. Text may also be a decimal number.
func (c *comparer) kind(at, printed string, s *openapi3.Schema) {
	want, ok := printedKinds[strings.ToLower(printed)]
	if !ok {
		want = printed
	}
	got := kindOf(s)
	if want == kindString && got == kindDecimal {
		got = kindString
	}
	c.same("type", at, want, got, "")
}

// values checks that the spec's enum has every printed value.
func (c *comparer) values(at string, page []any, s *openapi3.Schema) {
	for _, value := range page {
		c.Checked["enum value"]++
		c.enumValue(at, s, evidence.Text(value))
	}
}

// unit checks that the spec's description names the printed unit.
func (c *comparer) unit(at, unit string, s *openapi3.Schema) {
	if unit == "" {
		return
	}
	words := strings.FieldsFunc(s.Description, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, u := range strings.Split(unit, " or ") {
		c.Checked["unit"]++
		if !slices.Contains(words, u) {
			c.differ(at, "unit "+u, "description: "+s.Description)
		}
	}
}

// undocumented reports limits and defaults that no evidence prints. A minimum of 0 or
// 1 only says that an id or a count is not negative.
func (c *comparer) undocumented(form *openapi3.Schema) {
	printed := map[string]bool{}
	for _, claim := range c.claims[c.claim.Path] {
		for _, r := range claim.Request {
			name, _ := property(form, r.Name)
			for limit := range r.ExpectedLimits() {
				printed[name+" "+limit] = true
			}
		}
	}
	for name, child := range form.Properties {
		if child.Value.Extensions["x-guess"] != nil {
			continue
		}
		for limit, value := range limitsOf(child.Value) {
			if limit == "min" && (value == "0" || value == "1") || printed[name+" "+limit] {
				continue
			}
			c.differ(name, "no "+limit, limit+" "+value)
		}
	}
}

// jsonKinds are the schema kinds of the JSON types in an example.
var jsonKinds = map[string]string{
	"number": kindInteger, "string": kindString, "boolean": kindBoolean, "object": kindObject, "array": kindArray,
}

// members compares the printed members of a response with the success schema.
func (c *comparer) members(success *openapi3.Schema) {
	for _, field := range c.claim.Response {
		c.Checked["response field"]++
		parent, name, s := c.locate(success, field.Field)
		if s == nil {
			c.differ(field.Field, "a response field", "no such field")
			continue
		}
		if parent != nil {
			mark(c.fields, parent, name)
		}
		if field.Type != "" {
			c.kind(field.Field, field.Type, s)
		}
		for _, seen := range field.JSON {
			if seen == "null" {
				c.same("nullable", field.Field, "true", evidence.Text(s.Nullable), "")
				continue
			}
			c.kind(field.Field, jsonKinds[seen], s)
		}
		if field.Format == "json-array" {
			inner, _ := s.Extensions["x-json-text"].(map[string]any)
			c.same("JSON text of", field.Field, kindArray, evidence.Text(inner["type"]), "")
		}
		if field.AbsentWhen != "" {
			described := s.Extensions["x-absent"] != nil || s.Extensions["x-omit-zero"] == true
			if parent != nil {
				texts, _ := parent.Extensions["x-property-absent"].(map[string]any)
				described = described || texts[name] != nil
			}
			c.same("absence described", field.Field, "true", evidence.Text(described), "")
			c.same("always there", field.Field, "false", evidence.Text(parent != nil && slices.Contains(parent.Required, name)), "")
		}
		c.unit(field.Field, field.Unit, s)
		c.values(field.Field, field.Enum, s)
	}
}

// examples reads the printed bodies as the spec describes them.
func (c *comparer) examples(success, failure *openapi3.Schema) {
	if c.claim.ExampleResponse != "" {
		c.Checked["example"]++
		c.walk("", success, evidence.JSON(c.claim.ExampleResponse))
	}
	for _, raw := range c.claim.ExampleErrors {
		c.Checked["error"]++
		body := evidence.JSON(raw)
		c.walk("", failure, body)
		object, _ := body.(map[string]any)
		c.member("error code", "x-status-codes", evidence.Text(object["code"]), codeSet(c.op.Extensions["x-status-codes"]))
	}
}

// curl reads the printed form body and the names of the printed headers.
func (c *comparer) curl(form *openapi3.Schema) {
	if c.claim.Curl == nil {
		return
	}
	_, path := evidence.SplitURL(c.claim.Curl.URL)
	c.same("path", "cURL URL", path, c.claim.Path, "")
	for _, pair := range strings.Split(c.claim.Curl.Body, "&") {
		c.Checked["cURL field"]++
		key, escaped, _ := strings.Cut(pair, "=")
		value, err := url.QueryUnescape(escaped)
		name, field := property(form, key)
		if err != nil || field == nil {
			c.differ(key, "cURL field "+pair, "no such field")
			continue
		}
		c.spelling(key, key, name)
		c.walk(key, field, value)
	}
	printed := map[string]bool{}
	for _, header := range c.claim.Curl.Headers {
		printed[strings.ToLower(header)] = true
	}
	for _, scheme := range c.doc.Components.SecuritySchemes {
		c.member("signing header", "securitySchemes", strings.ToLower(scheme.Value.Name), printed)
	}
}
