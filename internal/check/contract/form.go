package contract

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/nimroom/nimroom/internal/check/spelling"
	"github.com/nimroom/nimroom/internal/wire"
)

// canonicalForm writes a form with the spec's own names and words. A value that it
// cannot read as the spec describes stays as it is, so that the schema rejects it.
func (c *Contract) canonicalForm(operation *openapi3.Operation, body string) (string, []Note, error) {
	if operation.RequestBody == nil || operation.RequestBody.Value.Content[formType] == nil {
		return "", nil, fmt.Errorf("the spec has no %s", formType)
	}
	media := operation.RequestBody.Value.Content[formType]
	fields, err := wire.ParseForm(body)
	if err != nil {
		return "", nil, err
	}
	if twice := fields.Duplicates(); len(twice) > 0 {
		return "", nil, fmt.Errorf("%s is sent twice", twice[0])
	}
	var w walker
	form := url.Values{}
	for _, p := range fields.Pairs() {
		known := spelling.Property(media.Schema.Value, p.Name)
		if known == "" {
			w.note(Unknown, p.Name, p.Name, "")
			continue
		}
		if known != p.Name {
			w.note(Alias, p.Name, p.Name, known)
		}
		schema := media.Schema.Value.Properties[known].Value
		if limit, ok := schema.Extensions["x-max-json-length"].(float64); ok && utf8.RuneCountInString(p.Value) > int(limit) {
			w.note(Broken, p.Name, "longer JSON text", fmt.Sprintf("at most %v characters", limit))
		}
		value := p.Value
		switch {
		case media.Encoding[known] != nil && media.Encoding[known].ContentType == "application/json":
			value = w.form(schema, value, p.Name)
		case schema.Type.Is("string"):
			value, _ = w.text(schema, value, p.Name).(string)
		case schema.Type.Is("boolean"):
			value = w.boolean(value, p.Name)
		}
		form.Set(known, value)
	}
	if len(form) == 0 {
		return emptyForm, w.notes, nil
	}
	return form.Encode(), w.notes, nil
}

// form returns the JSON text of a field.
func (w *walker) form(schema *openapi3.Schema, text, path string) string {
	var value any
	if decode(text, &value) != nil {
		return text
	}
	canonical, err := json.Marshal(w.value(schema, value, path))
	if err != nil {
		return text
	}
	return string(canonical)
}

// emptyForm is a form without fields. kin-openapi takes an empty body for
// a missing one.
const emptyForm = "&"

// boolean returns true or false for every spelling that readers accept.
func (w *walker) boolean(text, path string) string {
	canonical := map[string]string{"true": "true", "1": "true", "false": "false", "0": "false"}[strings.ToLower(text)]
	if canonical == "" || canonical == text {
		return text
	}
	w.note(AsText, path, text, canonical)
	return canonical
}

// decodeForm reads a form as its encoding says: a field with the content type
// application/json holds JSON text, all others plain text. A value that is not of its
// schema's type stays a string, which the schema then rejects.
func decodeForm(body io.Reader, _ http.Header, schema *openapi3.SchemaRef, encoding openapi3filter.EncodingFn) (any, error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(text))
	if err != nil {
		return nil, err
	}
	object := make(map[string]any, len(form))
	for name, values := range form {
		if len(values) > 1 {
			return nil, fmt.Errorf("%s is sent twice", name)
		}
		var kind *openapi3.Types
		if p := schema.Value.Properties[name]; p != nil {
			kind = p.Value.Type
		}
		object[name] = formValue(kind, encoding(name), values[0])
	}
	return object, nil
}

func formValue(kind *openapi3.Types, encoding *openapi3.Encoding, text string) any {
	if encoding != nil && encoding.ContentType == "application/json" {
		var value any
		if json.Unmarshal([]byte(text), &value) == nil {
			return value
		}
		return text
	}
	switch {
	case kind.Is("integer"):
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
	case kind.Is("number"):
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n
		}
	case kind.Is("boolean") && (text == "true" || text == "false"):
		return text == "true"
	}
	return text
}
