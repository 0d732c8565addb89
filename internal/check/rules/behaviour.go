package rules

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
)

// idempotencyOf returns what the verb of an operation says about repeating it, or "" if it
// says nothing.
func idempotencyOf(operationID string) string {
	verb := operationID[:strings.IndexFunc(operationID+"A", unicode.IsUpper)]
	return map[string]string{"get": "safe", "list": "safe", "count": "safe", "create": "unsafe", "send": "deduplicated"}[verb]
}

// subjectsOf returns the tags whose subject an operation's id names: robots for addRobots.
func (c *checker) subjectsOf(operationID string) []string {
	var subjects []string
	for _, tag := range c.doc.Tags {
		if thing := strings.TrimSuffix(tag.Name, "s"); strings.Contains(operationID, strings.ToUpper(thing[:1])+thing[1:]) {
			subjects = append(subjects, tag.Name)
		}
	}
	return subjects
}

// behaviour checks what clients take from the spec: repeats, pages, batches.
func (c *checker) behaviour(path string, op *openapi3.Operation, form *openapi3.Schema) {
	idempotency, _ := op.Extensions["x-idempotency"].(string)
	if want := idempotencyOf(op.OperationID); want != "" && idempotency != want {
		c.errorf("%s: x-idempotency %q: %s is %s", path, idempotency, op.OperationID, want)
	}
	if want := c.subjectsOf(op.OperationID); len(want) > 0 && len(op.Tags) == 1 && !slices.Contains(want, op.Tags[0]) {
		c.errorf("%s: tags %v: %s belongs to %v", path, op.Tags, op.OperationID, want)
	}
	ask, _ := op.Extensions["x-ask"].(string)
	if ask != "" && c.operations[ask] != "safe" && ask != op.OperationID {
		c.errorf("%s: x-ask %q changes something", path, ask)
	}
	repeats, _ := op.Extensions["x-deduplication"].(map[string]any)
	if (repeats != nil) != (idempotency == "deduplicated") {
		c.errorf("%s: x-deduplication goes with x-idempotency deduplicated", path)
	}
	if repeats != nil {
		id, _ := repeats["id"].(string)
		flag, _ := repeats["flag"].(string)
		named := form
		if list, _ := repeats["list"].(string); list != "" {
			named = new(openapi3.Schema)
			if p := form.Properties[list]; p != nil && p.Value.Items != nil {
				named = p.Value.Items.Value
			}
		}
		if named.Properties[id] == nil || named.Properties[flag] == nil ||
			!slices.Contains(named.Properties[flag].Value.Enum, repeats["value"]) {
			c.errorf("%s: x-deduplication %v is not about fields of the form", path, repeats)
		}
	}
	c.paged(path, op, form)
	batched := false
	for _, name := range form.Required {
		batched = batched || form.Properties[name] != nil && form.Properties[name].Value.MaxItems != nil
	}
	if _, ok := op.Extensions["x-batch"]; ok != batched {
		c.errorf("%s: x-batch goes with a required list that is limited", path)
	}
}

// paged checks that every operation with a limit says how to request its next page.
func (c *checker) paged(path string, op *openapi3.Operation, form *openapi3.Schema) {
	page, ok := op.Extensions["x-page"].(map[string]any)
	if ok != (form.Properties["limit"] != nil) {
		c.errorf("%s: x-page goes with a field limit", path)
	}
	if !ok {
		return
	}
	fields := texts(page["window"])
	for _, key := range []string{"cursor", "order", "limit"} {
		if name, ok := page[key].(string); ok {
			fields = append(fields, name)
		}
	}
	_, cursor := page["cursor"].(string)
	window, _ := page["window"].([]any)
	order, ordered := page["order"].(string)
	if start, ok := page["start"].(float64); cursor != ok || start != 0 || cursor == (len(window) == 2) || !cursor && !ordered {
		c.errorf("%s: x-page %v has neither a cursor with its start nor a window with its order", path, page)
	}
	for _, name := range fields {
		if form.Properties[name] == nil {
			c.errorf("%s: x-page names %q, which is not a field", path, name)
		}
	}
	oldest := page["oldestFirst"]
	if p := form.Properties[order]; (oldest != nil) != ordered || p != nil && (!slices.Contains(p.Value.Enum, oldest) || p.Value.Default == oldest) {
		c.errorf("%s: x-page: oldestFirst %v is no value of %q, or its default", path, oldest, order)
	}
	items, _ := page["items"].(string)
	from, _ := page["from"].(string)
	elements := successOf(op)
	for _, step := range strings.Split(items, ".") {
		if elements == nil || elements.Properties[step] == nil {
			c.errorf("%s: x-page: no %s in the response", path, items)
			return
		}
		elements = elements.Properties[step].Value
	}
	key := texts(page["key"])
	if elements.Items == nil || len(key) == 0 {
		c.errorf("%s: x-page: %s is no list, or there is no key of its elements", path, items)
		return
	}
	for _, name := range append(key, from) {
		if elements.Items.Value.Properties[name] == nil {
			c.errorf("%s: x-page: no %s in the elements of %s", path, name, items)
		}
	}
	for _, name := range texts(elements.Items.Value.Extensions["x-identity"]) {
		if !slices.Contains(key, name) {
			c.errorf("%s: x-page: the key lacks %s, which is in x-identity of the elements of %s", path, name, items)
		}
	}
}

// successOf returns the schema of an operation's success.
func successOf(op *openapi3.Operation) *openapi3.Schema {
	media := op.Responses.Status(200).Value.Content["application/json"]
	if media == nil || len(media.Schema.Value.OneOf) == 0 {
		return nil
	}
	return media.Schema.Value.OneOf[0].Value
}

// examples checks the named examples: each has a summary and no field that its
// schema does not know, and the codes in responses are codes of the operation.
func (c *checker) examples(path string, op *openapi3.Operation) {
	media := op.RequestBody.Value.Content[formType]
	for name, example := range media.Examples {
		c.summary(path, name, example)
		c.fields(path+" "+name, media.Schema.Value, example.Value.Value)
	}
	response := op.Responses.Status(200).Value.Content["application/json"]
	codes := append(ints(op.Extensions["x-status-codes"]), 0)
	for name, example := range response.Examples {
		c.summary(path, name, example)
		body, _ := example.Value.Value.(map[string]any)
		code, _ := body["code"].(float64)
		if (name == "success") != (code == 200) || !slices.Contains(codes, int(code)) {
			c.errorf("%s: example %s has code %v", path, name, body["code"])
		}
		schema := response.Schema.Value.OneOf[1].Value
		if name == "success" {
			schema = response.Schema.Value.OneOf[0].Value
		}
		c.fields(path+" "+name, schema, body)
	}
}

func (c *checker) summary(path, name string, example *openapi3.ExampleRef) {
	if example.Value.Summary == "" || example.Value.Value == nil {
		c.errorf("%s: example %s lacks a summary or a value", path, name)
	}
}

// fields reports fields of an example that its schema does not have.
func (c *checker) fields(at string, schema *openapi3.Schema, example any) {
	switch v := example.(type) {
	case map[string]any:
		if len(schema.Properties) == 0 || schema.AdditionalProperties.Has != nil && *schema.AdditionalProperties.Has {
			return
		}
		for name, child := range v {
			if schema.Properties[name] == nil {
				c.errorf("%s: the schema has no %s", at, name)
				continue
			}
			c.fields(fmt.Sprintf("%s.%s", at, name), schema.Properties[name].Value, child)
		}
	case []any:
		for _, child := range v {
			if schema.Items != nil {
				c.fields(at+"[]", schema.Items.Value, child)
			}
		}
	}
}
