package mutation

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// root seeds faults outside the operations and schemas.
func (m *mutants) root() {
	m.drop("version missing", []string{"info"}, "version")
	for _, version := range []string{"1", "1.0", "one", "0.9.0"} {
		m.put("version not semantic or lower", []string{"info"}, "version", version)
	}
	m.put("OpenAPI version", nil, "openapi", "3.1.0")
	for _, key := range []string{"title", "description", "contact", "license"} {
		m.drop("description of the API missing", []string{"info"}, key)
	}
	m.without("server lost", nil, "servers")
	for i := range m.spec["servers"].([]any) {
		at := []string{"servers", strconv.Itoa(i)}
		m.add("server misspelt", at, "url", func(o object) { o["url"] = strings.Replace(o["url"].(string), ".", "-", 1) })
	}
	for i := range m.spec["tags"].([]any) {
		m.drop("tag not described", []string{"tags", strconv.Itoa(i)}, "description")
		m.put("tag misspelt", []string{"tags", strconv.Itoa(i)}, "name", "rest")
	}
	m.without("tag lost", nil, "tags")
	m.drop("rate limit of most operations missing", nil, "x-rate-limit")
	for _, key := range keys(m.spec["x-rate-limit"]) {
		m.put("rate limit of most operations wrong", []string{"x-rate-limit"}, key, 7.0)
	}
	for _, name := range keys(m.spec["x-features"]) {
		at := []string{"x-features", name}
		m.drop("feature without its error", at, "desc")
		m.drop("feature without a name", at, "summary")
		m.sources(at)
	}
	m.codes()
	m.signature()
}

func (m *mutants) codes() {
	m.without("code not explained", nil, "x-codes")
	for i, code := range m.spec["x-codes"].([]any) {
		at := []string{"x-codes", strconv.Itoa(i)}
		for _, key := range keys(code) {
			m.drop("code half explained", at, key)
		}
		m.put("code misspelt", at, "code", 996)
		m.put("code has the name of another", at, "name", "BadParameter")
		for _, executed := range []string{"yes", "no", "maybe", "perhaps"} {
			m.put("code's effect wrong", at, "executed", executed)
		}
		transient, _ := code.(map[string]any)["transient"].(bool)
		m.put("code's retry wrong", at, "transient", !transient)
	}
}

func (m *mutants) signature() {
	rule := []string{"x-signature"}
	for _, key := range keys(m.spec["x-signature"]) {
		m.drop("signing rule incomplete", rule, key)
	}
	m.put("signing rule wrong", rule, "algorithm", "SHA-256")
	m.put("signing rule wrong", rule, "output", "base64")
	m.put("signing rule wrong", rule, "header", "Checksum")
	m.put("signing rule wrong", rule, "input", []any{"Nonce", "AppSecret", "CurTime"})
	for _, key := range keys(At(m.spec, "x-signature", "test")) {
		m.put("signature's test vector wrong", under(rule, "test"), key, "1443592223")
	}
	m.drop("security dropped", nil, "security")
	m.put("security dropped", nil, "security", []any{})
	schemes := []string{"components", "securitySchemes"}
	for _, scheme := range keys(step(m.spec, schemes)) {
		m.drop("security dropped", []string{"security", "0"}, scheme)
		m.drop("security scheme lost", schemes, scheme)
		m.put("signing header misspelt", under(schemes, scheme), "name", "X-"+scheme)
		m.put("signing header elsewhere", under(schemes, scheme), "in", "query")
		m.drop("security scheme not described", under(schemes, scheme), "description")
	}
}

// operation seeds faults into the description of an operation.
func (m *mutants) operation(path string, at []string) {
	op := step(m.spec, at).(object)
	item := at[:2]
	m.add("method wrong", item, "get", func(o object) { rename(o, "post", "get") })
	m.add("second method", item, "put", func(o object) { o["put"] = o["post"] })
	m.drop("operation lost", []string{"paths"}, path)
	m.add("path misspelt", []string{"paths"}, path, func(o object) {
		rename(o, path, strings.Replace(path, ".action", "s.action", 1))
	})
	id := op["operationId"].(string)
	m.drop("operationId missing", at, "operationId")
	m.put("operationId renamed", at, "operationId", id+"Now")
	m.put("operationId without a verb", at, "operationId", strings.TrimLeft(id, "abcdefghijklmnopqrstuvwxyz"))
	m.put("operationId twice", at, "operationId", m.another(id, func(object) bool { return true }))
	for _, key := range []string{"summary", "description"} {
		m.drop("operation not described", at, key)
	}
	m.drop("page link missing", at, "externalDocs")
	m.put("page link broken", under(at, "externalDocs"), "url", "not an address")
	m.drop("tag missing", at, "tags")
	m.put("tag unknown", at, "tags", []any{"rest"})
	m.add("two tags", at, "tags", func(o object) { o["tags"] = append(o["tags"].([]any), o["tags"].([]any)[0]) })
	for _, tag := range m.spec["tags"].([]any) {
		m.put("tag of another subject", at, "tags", []any{tag.(object)["name"]})
	}
	m.without("status code lost", at, "x-status-codes")
	m.drop("status codes missing", at, "x-status-codes")
	m.add("status code invented", at, "x-status-codes", func(o object) { o["x-status-codes"] = append(o["x-status-codes"].([]any), m.unlisted(op)) })
	m.add("status codes out of order", at, "x-status-codes", func(o object) {
		codes := o["x-status-codes"].([]any)
		codes[0], codes[1] = codes[1], codes[0]
	})
	m.sources(at)
	m.behaviour(at)
	m.put("security dropped", at, "security", []any{})
}

func (m *mutants) sources(at []string) {
	m.drop("source lost", at, "x-source")
	m.without("source lost", at, "x-source")
	list, _ := step(m.spec, under(at, "x-source")).([]any)
	for i, source := range list {
		entry := under(at, "x-source", strconv.Itoa(i))
		m.put("source's place wrong", entry, "at", source.(object)["at"].(string)+"s")
		m.drop("source without a place", entry, "at")
		m.put("source's evidence unknown", entry, "evidence", "en-nothing-2001-01-01")
		for _, other := range m.cited() {
			m.put("source's evidence wrong", entry, "evidence", other)
		}
	}
}

// behaviour seeds faults into the rules of repeats, pages and batches.
func (m *mutants) behaviour(at []string) {
	op := step(m.spec, at).(object)
	m.drop("idempotency missing", at, "x-idempotency")
	for _, idempotency := range []string{"safe", "idempotent", "deduplicated", "unsafe"} {
		m.put("idempotency wrong", at, "x-idempotency", idempotency)
	}
	m.put("idempotency misspelt", at, "x-idempotency", "idempotant")
	m.drop("x-ask lost", at, "x-ask")
	if op["x-ask"] != nil {
		safe := func(other object) bool { return other["x-idempotency"] == "safe" }
		m.put("x-ask names an operation that changes something", at, "x-ask",
			m.another(op["operationId"], func(other object) bool { return !safe(other) && other["operationId"] != op["x-ask"] }))
		m.put("x-ask names an operation that does not show the effect", at, "x-ask", m.another(op["x-ask"], safe))
		m.put("x-ask names an unknown operation", at, "x-ask", "getNothing")
	}
	m.drop("rule of repeats lost", at, "x-deduplication")
	for _, key := range keys(op["x-deduplication"]) {
		m.drop("rule of repeats incomplete", under(at, "x-deduplication"), key)
		m.put("rule of repeats wrong", under(at, "x-deduplication"), key, "nothing")
	}
	for _, rule := range []string{"x-page", "x-batch", "x-rate-limit"} {
		m.drop("rule of "+rule[2:]+" lost", at, rule)
		for _, key := range keys(op[rule]) {
			m.drop("rule of "+rule[2:]+" incomplete", under(at, rule), key)
			switch value := op[rule].(object)[key].(type) {
			case float64:
				m.put("rule of "+rule[2:]+" wrong", under(at, rule), key, value+1)
			case string:
				m.put("rule of "+rule[2:]+" wrong", under(at, rule), key, value+"s")
			case []any:
				m.put("rule of "+rule[2:]+" wrong", under(at, rule), key, append([]any{"nothing"}, value[1:]...))
			}
		}
	}
	m.drop("feature lost", at, "x-feature")
	if op["x-feature"] != nil {
		m.put("feature unknown", at, "x-feature", "nothing")
		for _, name := range keys(m.spec["x-features"]) {
			m.put("feature wrong", at, "x-feature", name)
		}
	}
	m.drop("other path lost", at, "x-path-aliases")
	m.guess(at)
}

// guess seeds faults into the marks of points without evidence.
func (m *mutants) guess(at []string) {
	marked, _ := step(m.spec, at).(object)
	m.drop("guess not marked", at, "x-guess")
	if text, _ := marked["description"].(string); marked["x-guess"] != nil {
		m.put("guess not described as one", at, "description", strings.ReplaceAll(text, "unproven", "known"))
		m.put("guess without its row", at, "x-guess", true)
		m.put("guess with a row that is not there", at, "x-guess", "row 0")
	} else if text != "" {
		m.put("a fact marked as a guess", at, "x-guess", "row 36")
	}
}

// wire seeds faults into bodies and media types.
func (m *mutants) wire(at []string) {
	body := under(at, "requestBody")
	m.drop("body optional", body, "required")
	m.put("body optional", body, "required", false)
	m.drop("body missing", at, "requestBody")
	content := under(body, "content")
	for _, mediaType := range []string{"application/json", "multipart/form-data", "application/x-www-form-urlencoded;charset=utf-8"} {
		m.add("content type of the form", content, mediaType, func(o object) { rename(o, formType, mediaType) })
	}
	form := under(content, formType)
	m.put("form of another operation", under(form, "schema"), "$ref", m.otherSchema(step(m.spec, under(form, "schema", "$ref")), "Form"))
	m.drop("encodings dropped", form, "encoding")
	for _, field := range keys(step(m.spec, under(form, "encoding"))) {
		m.drop("encoding dropped", under(form, "encoding"), field)
		m.add("encoding of no field", under(form, "encoding"), field, func(o object) { rename(o, field, field+"s") })
		m.put("encoding of another type", under(form, "encoding", field), "contentType", "text/plain")
		m.put("encoding with a style", under(form, "encoding", field), "style", "spaceDelimited")
		m.put("encoding with explode", under(form, "encoding", field), "explode", true)
	}
	component := step(m.spec, under(form, "schema", "$ref")).(string)
	schema := []string{"components", "schemas", component[strings.LastIndex(component, "/")+1:], "properties"}
	for _, field := range keys(step(m.spec, schema)) {
		if step(m.spec, under(form, "encoding", field)) == nil {
			m.add("encoding of a scalar", form, field, func(o object) {
				encoding, _ := o["encoding"].(object)
				if encoding == nil {
					encoding = object{}
				}
				encoding[field] = object{"contentType": "application/json"}
				o["encoding"] = encoding
			})
		}
	}
	responses := under(at, "responses")
	m.add("status of the response", responses, "201", func(o object) { rename(o, "200", "201") })
	m.add("second response", responses, "400", func(o object) { o["400"] = object{"description": "An error."} })
	m.drop("response not described", under(responses, "200"), "description")
	m.drop("response without content", under(responses, "200"), "content")
	m.add("content type of the response", under(responses, "200", "content"), "text/plain", func(o object) { rename(o, "application/json", "text/plain") })
	union := under(responses, "200", "content", "application/json", "schema")
	m.without("alternative of the response lost", union, "oneOf")
	m.put("response of another operation", under(union, "oneOf", "0"), "$ref", m.otherSchema(step(m.spec, under(union, "oneOf", "0", "$ref")), "Success"))
	m.put("discriminator on an integer", union, "discriminator", object{"propertyName": "code"})
	m.add("anyOf in place of oneOf", union, "anyOf", func(o object) { rename(o, "oneOf", "anyOf") })
}

// examples seeds faults into the named examples.
func (m *mutants) examples(at []string) {
	for _, media := range [][]string{
		under(at, "requestBody", "content", formType), under(at, "responses", "200", "content", "application/json"),
	} {
		m.drop("examples lost", media, "examples")
		for _, example := range keys(step(m.spec, under(media, "examples"))) {
			m.drop("example lost", under(media, "examples"), example)
			m.drop("example without summary", under(media, "examples", example), "summary")
			value := under(media, "examples", example, "value")
			for _, field := range keys(step(m.spec, value)) {
				m.put("example contradicts its schema", value, field, spoilt(step(m.spec, under(value, field))))
			}
			m.put("example has an unknown field", value, "unknown", 1)
		}
	}
	requests := under(at, "requestBody", "content", formType, "examples")
	form := step(m.spec, under(at, "requestBody", "content", formType, "schema", "$ref")).(string)
	required := step(m.spec, []string{"components", "schemas", form[strings.LastIndex(form, "/")+1:], "required"})
	for _, example := range keys(step(m.spec, requests)) {
		for _, field := range keys(step(m.spec, under(requests, example, "value"))) {
			if has(required, field) {
				m.drop("example without a required field", under(requests, example, "value"), field)
			}
		}
	}
	media := under(at, "responses", "200", "content", "application/json", "examples")
	m.put("success example with an error code", under(media, "success", "value"), "code", 404)
	m.put("error example with the code of success", under(media, "error", "value"), "code", 200)
	m.put("error example with a code of other operations", under(media, "error", "value"), "code", m.unlisted(step(m.spec, at).(object)))
	for _, field := range keys(step(m.spec, under(media, "success", "value"))) {
		m.drop("success example lacks a field", under(media, "success", "value"), field)
	}
}

// another returns the id of the first operation for which is holds, except one.
func (m *mutants) another(id any, is func(op object) bool) any {
	for _, path := range keys(m.spec["paths"]) {
		op, _ := step(m.spec, []string{"paths", path, "post"}).(object)
		if op != nil && op["operationId"] != id && is(op) {
			return op["operationId"]
		}
	}
	return "nothing"
}

// otherSchema returns a reference to the first schema with a suffix, except one.
func (m *mutants) otherSchema(ref any, suffix string) any {
	for _, component := range keys(At(m.spec, "components", "schemas")) {
		if other := "#/components/schemas/" + component; other != ref && strings.HasSuffix(component, suffix) {
			return other
		}
	}
	return "nothing"
}

// unlisted returns the highest code of x-codes that an operation does not list.
func (m *mutants) unlisted(op object) any {
	list, _ := op["x-status-codes"].([]any)
	for _, code := range slices.Backward(m.spec["x-codes"].([]any)) {
		if number := code.(object)["code"]; !slices.Contains(list, number) {
			return number
		}
	}
	return 0.0
}

// cited returns the ids of all evidence that operations cite.
func (m *mutants) cited() []string {
	found := map[string]bool{}
	for _, path := range keys(m.spec["paths"]) {
		list, _ := step(m.spec, []string{"paths", path, "post", "x-source"}).([]any)
		for _, source := range list {
			id, _ := source.(object)["evidence"].(string)
			found[id] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}
