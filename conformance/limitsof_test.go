package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/gen"
)

// limit is one limit of a form field.
type limit struct {
	field string // the form's
	inner string // what the SDK calls it: an item or a member of the field
	kind  string
	edges []string
	// past are values just past the limit, nil for none at all.
	past []*string
	// text is what the SDK's error must hold.
	text string
	// onlyRaw marks what the types of the SDK cannot hold.
	onlyRaw bool
	account bool // the value is an account's id
	code    int
}

func (l limit) name() string { return l.inner + " " + l.kind }

func just(s string) []*string { return []*string{&s} }

// limitsOf reads the limits of an operation's form.
func limitsOf(t *testing.T, operation *gen.Operation) []limit {
	t.Helper()
	form := formOf(t, operation)
	var limits []limit
	for _, field := range operation.Fields {
		schema := form.Properties[field.Name].Value
		if slices.Contains(form.Required, field.Name) {
			l := needed(field.Name, schema)
			if operation.Repeat != nil && operation.Repeat.ID == field.Name {
				l.onlyRaw = true // the SDK fills it in
			}
			limits = append(limits, l)
		}
		for _, l := range limitsOfValue(schema) {
			l.field = field.Name
			l.inner = field.Name + l.inner
			l.account = schema.Format == "accid"
			if l.code = gen.CodeBadParameter; l.kind == "maxItems" && slices.Contains(operation.StatusCodes, gen.CodeOverLimit) {
				l.code = gen.CodeOverLimit
			}
			limits = append(limits, l)
		}
	}
	return limits
}

// needed is the limit of a required field: it may not be left out or empty. A
// struct cannot leave out a field whose zero is a value, as that of a boolean.
func needed(name string, schema *openapi3.Schema) limit {
	l := limit{field: name, inner: name, kind: "required", past: append(just(""), nil), text: name, code: gen.CodeBadParameter}
	switch {
	case schema.Type.Is("boolean"), schema.Type.Is("object"), schema.Type.Is("array") && schema.MinItems == 0:
		l.onlyRaw = true
	case schema.Type.Is("integer"):
		l.onlyRaw = schema.Min == nil && slices.Contains(append(words(schema.Enum), known(schema)...), "0") || schema.Min != nil && *schema.Min <= 0
	}
	return l
}

// limitsOfValue reads the limits of a field's value. The inner names are relative
// to the field.
func limitsOfValue(schema *openapi3.Schema) []limit {
	var limits []limit
	add := func(l limit) { limits = append(limits, l) }
	if n := schema.MaxLength; n != nil {
		for _, character := range alphabet(schema) {
			add(limit{kind: "maxLength in " + character, edges: []string{characters(schema, int(*n), character)},
				past: just(characters(schema, int(*n)+1, character)), text: fmt.Sprintf("%d characters, at most %d", *n+1, *n)})
		}
	}
	if schema.Format == "accid" {
		add(limit{kind: "alphabet", past: append(just("a b"), just("莉娜")...), text: "want letters, digits and _ @ . -"})
	}
	if n := schema.Min; n != nil {
		add(limit{kind: "minimum", edges: []string{decimal(*n)}, past: just(decimal(*n - 1)), text: "at least " + decimal(*n)})
	}
	if n := schema.Max; n != nil {
		add(limit{kind: "maximum", edges: []string{decimal(*n)}, past: just(decimal(*n + 1)), text: "at most " + decimal(*n)})
	}
	if allowed := words(schema.Enum); len(allowed) > 0 {
		add(limit{kind: "enum", edges: allowed, past: just(outside(allowed)), text: "one of " + strings.Join(allowed, ", ")})
	}
	if known := known(schema); len(known) > 0 {
		add(limit{kind: "known values", edges: known})
	}
	if n, ok := schema.Extensions["x-max-json-length"].(float64); ok {
		for _, character := range []string{"x", "😀"} {
			add(limit{kind: "length of JSON in " + character, edges: []string{jsonText(schema, int(n), character)},
				past: just(jsonText(schema, int(n)+1, character)), text: fmt.Sprintf("%d characters, at most %d", int(n)+1, int(n))})
		}
	}
	switch {
	case schema.Type.Is("integer"):
		largest := "2147483648"
		if schema.Format == "int64" {
			largest = "9223372036854775808"
		}
		add(limit{kind: "malformed", past: append(just("1x"), just(largest)...), onlyRaw: true})
	case schema.Type.Is("number"):
		add(limit{kind: "malformed", edges: []string{"-0.25", "7"}, past: append(just("1x"), just("NaN")...), onlyRaw: true})
	case schema.Type.Is("boolean"):
		add(limit{kind: "malformed", past: just("perhaps"), onlyRaw: true})
	case schema.Type.Is("object"):
		add(limit{kind: "malformed", past: append(just(`{"a"`), just(`[]`)...), onlyRaw: true})
		limits = append(limits, limitsOfMembers(schema)...)
		limits = append(limits, limitsOfEntries(schema)...)
	case schema.Type.Is("array"):
		add(limit{kind: "malformed", past: append(just(`["1"`), just(`{}`)...), onlyRaw: true})
		limits = append(limits, limitsOfList(schema)...)
	}
	return limits
}

// alphabet returns characters with which to try a length: one of them is long in bytes, unless a
// pattern rules it out.
func alphabet(schema *openapi3.Schema) []string {
	if schema.Pattern != "" {
		return []string{"x"}
	}
	return []string{"x", "😀"}
}

// limitsOfList are those of a list and of its items.
func limitsOfList(schema *openapi3.Schema) []limit {
	var limits []limit
	items := schema.Items.Value
	if schema.MinItems == 1 {
		limits = append(limits, limit{kind: "minItems", edges: []string{list(items, 1)}, past: just("[]"), text: "is empty"})
	}
	if n := schema.MaxItems; n != nil {
		limits = append(limits, limit{kind: "maxItems", edges: []string{list(items, int(*n))},
			past: just(list(items, int(*n)+1)), text: fmt.Sprintf("%d items, at most %d", *n+1, *n)})
	}
	switch allowed := words(items.Enum); {
	case items.Format == "int64":
		limits = append(limits, limit{inner: "[0]", kind: "pattern", past: just(`["1x"]`), onlyRaw: true})
	case len(known(items)) > 0:
		limits = append(limits, limit{inner: "[0]", kind: "known values", edges: []string{"[" + strings.Join(known(items), ",") + "]"}})
	case len(allowed) > 0:
		limits = append(limits, limit{inner: "[0]", kind: "enum", edges: []string{"[" + strings.Join(allowed, ",") + "]"},
			past: just("[" + outside(allowed) + "]"), text: "one of " + strings.Join(allowed, ", ")})
	case items.MinLength == 1:
		limits = append(limits, limit{inner: "[1]", kind: "minLength", edges: []string{`["a","b"]`}, past: just(`["a",""]`), text: "is empty"})
	}
	if items.Format == "accid" {
		limits = append(limits, limit{inner: "[1]", kind: "alphabet", past: append(just(`["a","b c"]`), just(`["a","莉娜"]`)...), text: "want letters, digits and _ @ . -"})
	}
	return limits
}

// limitsOfEntries are those of an object whose names are data.
func limitsOfEntries(schema *openapi3.Schema) []limit {
	more := schema.AdditionalProperties.Schema
	if more == nil {
		return nil
	}
	entries := func(n, length int) string {
		texts := make([]string, n)
		for i := range texts {
			texts[i] = fmt.Sprintf(`"k%d":%q`, i, strings.Repeat("x", length))
		}
		return "{" + strings.Join(texts, ",") + "}"
	}
	most, longest := int(*schema.MaxProps), int(*more.Value.MaxLength)
	return []limit{
		{kind: "minProperties", edges: []string{entries(1, 1)}, past: just("{}"), text: "is empty", onlyRaw: true},
		{kind: "maxProperties", edges: []string{entries(most, 1)}, past: just(entries(most+1, 1)), text: fmt.Sprintf("%d items, at most %d", most+1, most), onlyRaw: true},
		{inner: "[0].k0", kind: "maxLength", edges: []string{entries(1, longest)}, past: just(entries(1, longest+1)), text: "characters, at most", onlyRaw: true},
	}
}

// limitsOfMembers are those of an object's members that are required or have
// a vocabulary.
func limitsOfMembers(schema *openapi3.Schema) []limit {
	var limits []limit
	for _, name := range schema.Required {
		limits = append(limits, limit{inner: "." + name, kind: "required", past: just(object(schema, name, "")), onlyRaw: true})
	}
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		allowed := words(schema.Properties[name].Value.Enum)
		if len(allowed) == 0 {
			continue
		}
		l := limit{inner: "." + name, kind: "enum", text: "one of " + strings.Join(allowed, ", ")}
		for _, value := range allowed {
			l.edges = append(l.edges, object(schema, name, value))
		}
		l.past = just(object(schema, name, outside(allowed)))
		limits = append(limits, l)
	}
	return limits
}

// known are the values of an open enum.
func known(schema *openapi3.Schema) []string {
	list, _ := schema.Extensions["x-known-values"].([]any)
	return words(list)
}

// words are the values of an enum as they travel.
func words(enum []any) []string {
	list := make([]string, len(enum))
	for i, value := range enum {
		list[i] = fmt.Sprint(value)
	}
	return list
}

// outside is a value that is not in a vocabulary.
func outside(allowed []string) string {
	largest, err := strconv.Atoi(allowed[0])
	if err != nil {
		return "nonsense"
	}
	for _, word := range allowed {
		n, _ := strconv.Atoi(word)
		largest = max(largest, n)
	}
	return strconv.Itoa(largest + 1)
}

func decimal(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// characters is a text of n characters, in the format of the field.
func characters(schema *openapi3.Schema, n int, character string) string {
	before, after := "", ""
	if schema.Format == "tag-expression" {
		before, after = `{"tag":"`, `"}`
	}
	return before + strings.Repeat(character, n-len(before)-len(after)) + after
}

// list is the JSON text of n different items.
func list(items *openapi3.Schema, n int) string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = strconv.Itoa(i + 1)
		if items.Type.Is("object") {
			texts[i] = object(items, "", "")
			continue
		}
		if items.Type.Is("string") && items.Format == "" {
			texts[i] = "a" + texts[i]
		}
		if items.Type.Is("string") {
			texts[i] = strconv.Quote(texts[i])
		}
	}
	return "[" + strings.Join(texts, ",") + "]"
}

// object is the JSON text of an object's example with one member as given, or
// left out where nothing is given.
func object(schema *openapi3.Schema, name, value string) string {
	text, _ := json.Marshal(schema.Example)
	var members map[string]json.RawMessage
	_ = json.Unmarshal(text, &members)
	if members[name] = json.RawMessage(value); value == "" {
		delete(members, name)
	}
	text, _ = json.Marshal(members)
	return string(text)
}

// jsonText is the JSON text of an object of n characters: the text member of
// its example is as long as it takes.
func jsonText(schema *openapi3.Schema, n int, character string) string {
	example, _ := schema.Example.(map[string]any)
	for name, value := range example {
		if _, isText := value.(string); isText {
			bare := object(schema, name, `""`)
			return object(schema, name, strconv.Quote(strings.Repeat(character, n-len(bare))))
		}
	}
	return ""
}

func formOf(t *testing.T, operation *gen.Operation) *openapi3.Schema {
	t.Helper()
	return document(t).Paths.Value(operation.Path).Post.RequestBody.Value.Content.Get("application/x-www-form-urlencoded").Schema.Value
}

// keywords collects what a schema and those in it say.
func keywords(t *testing.T, schema *openapi3.Schema, found map[string]bool) {
	t.Helper()
	text, err := schema.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatal(err)
	}
	for name := range members {
		found[name] = true
	}
	for _, property := range schema.Properties {
		keywords(t, property.Value, found)
	}
	if schema.Items != nil {
		keywords(t, schema.Items.Value, found)
	}
}
