package audit

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// expectation is what the spec says about an operation, to pages that are not on record.
type expectation struct {
	*operation
	c         *comparer
	sentences map[string]item   // of another page on record
	printed   map[string]bool   // the fields of its form: the spec has others, which no page describes
	examples  map[string]fields // the response that an example is, by its code
	seen      map[string]bool   // fields of the form, and unknown ones of examples
}

// expected lists what a page would say about an operation, in the page's words, if it
// agreed with the spec.
func (c *comparer) expected(op *operation, now []item) []item {
	e := &expectation{op, c, nil, map[string]bool{}, map[string]fields{}, map[string]bool{}}
	if old := c.elsewhere(op.path); old != nil {
		e.sentences = byKey(itemsOf(old, op.path, c.ref))
		for _, row := range old.Form.All() {
			e.printed[row.Name] = true
		}
	}
	explained := false
	for _, i := range now {
		explained = explained || i.place == "codes" && join(i.texts) != ""
		if i.aspect == "field" && e.examples[i.place] == nil {
			e.examples[i.place] = op.success
		}
		if i.aspect == "value" && i.field == "code" && i.value != "200" {
			e.examples[i.place] = op.apiError
		}
	}
	list := []item{{path: op.path, place: "form", aspect: "table", within: now[0].key(), value: "a table of parameters"}}
	for _, i := range now {
		if value, ok := e.says(i); ok {
			if i.value = value; i.aspect == "text" && i.field != "heading" {
				i.texts = e.sentences[i.key()].texts
			}
			list = append(list, i)
		}
	}
	form, codes := list[0].key(), item{path: op.path, place: "codes", aspect: "list"}.key()
	for _, name := range slices.Sorted(maps.Keys(op.form)) {
		if op.form[name].name == name && !e.seen[name] && (slices.Contains(op.required, name) || e.printed[name]) {
			list = append(list, item{path: op.path, place: "form", field: name, aspect: "field", within: form, value: name})
		}
	}
	for _, code := range op.codes {
		if !explained { // a list that explains its codes has only those that are particular to the operation
			list = append(list, item{path: op.path, place: "codes", field: code, aspect: "code", within: codes, value: code})
		}
	}
	return list
}

// element is an element of a list in the path of a field.
var element = regexp.MustCompile(`\[\d+\]`)

// says returns what the spec says in place of an item of the page. It reports false if the
// spec has nothing like it.
func (e *expectation) says(i item) (value string, ok bool) {
	place, _, _ := strings.Cut(i.place, " ")
	switch {
	case i.value == "" && i.aspect != "required":
	case i.aspect == "method":
		return "POST", true
	case i.aspect == "server" && !slices.Contains(e.c.ref.servers, i.value):
		return e.c.ref.servers[0], true
	case i.aspect == "URL" && !slices.Contains(e.aliases, i.value):
		return e.path, true
	case i.aspect == "content type":
		_, charset, _ := strings.Cut(i.value, ";")
		return strings.TrimSuffix(formType+";"+charset, ";"), true
	case i.aspect == "JSON":
		return "", true
	case place == "codes" && i.aspect == "code":
		return i.value, slices.Contains(e.codes, i.value)
	case place == "cURL" && i.aspect == "value":
		_, ok = e.form[i.field]
		return i.value, ok
	case place == "example":
		return e.inExample(i)
	case place == "form" || place == "response":
		return e.inTable(i)
	}
	return i.value, true
}

// inTable says what a cell of a table should be.
func (e *expectation) inTable(i item) (value string, ok bool) {
	f, ok := e.form[i.field], i.aspect == "table"
	if i.place == "response" {
		name := i.field[strings.LastIndexByte(i.field, '.')+1:]
		for _, path := range slices.Sorted(maps.Keys(e.success)) {
			if path == name || strings.HasSuffix(path, "."+name) {
				f = e.success[path]
				break
			}
		}
	}
	switch {
	case f.Schema == nil:
	case i.aspect == "field":
		ok = i.place == "response" || !e.seen[f.name]
		e.seen[f.name] = e.seen[f.name] || i.place == "form"
	case i.aspect == "required" && i.place == "form":
		return map[bool]string{true: "yes", false: "no"}[slices.Contains(e.required, f.name)], true
	case i.aspect == "type":
		allowed := f.printed()
		switch base := strings.TrimSuffix(generic.ReplaceAllString(i.value, ""), "[]"); {
		case base == "string" && allowed[0] != "string": // how a form writes it
			e.c.report(Finding{Status: Note, path: e.path, Place: i.place, Field: i.field, Aspect: "type", Line: i.line, Page: i.value, Record: allowed[0]})
		case !slices.Contains(allowed, base):
			return allowed[0], true
		}
		return i.value, true
	default:
		return i.value, true
	}
	return i.value, ok
}

var generic = regexp.MustCompile(`<.*>$`)

// printedTypes are the types that a page may print, by type and format of a schema.
var printedTypes = map[string][]string{
	"integer int64": {"long", "int64"},
	"integer":       {"int", "integer", "int32"},
	"boolean":       {"boolean", "bool"},
	"array":         {"jsonarray", "array", "list"},
	"object":        {"jsonobject", "object", "map", "json"},
	"string":        {"string", "text"},
}

// printed returns the types that a page may print for a field, in lower case.
func (f field) printed() []string {
	kind := f.kind()
	if types := printedTypes[kind+" "+f.Format]; types != nil {
		return types
	}
	if types := printedTypes[kind]; types != nil {
		return types
	}
	return printedTypes["string"]
}

// kind is the type of a field, empty for any.
func (f field) kind() string {
	if f.Schema == nil || f.Type == nil || len(*f.Type) != 1 {
		return ""
	}
	return (*f.Type)[0]
}

// inExample says what a part of a response should be. An unknown field that several
// elements have is reported once.
func (e *expectation) inExample(i item) (value string, ok bool) {
	path := element.ReplaceAllString(i.field, "[]")
	f, ok := e.examples[i.place][path]
	switch once := i.place + path; {
	case i.aspect == "field" && !ok:
		ok = e.seen[once]
		e.seen[once] = true
		return i.value, ok
	case i.aspect == "value" && i.field == "code" && i.value != "200" && !slices.Contains(e.codes, i.value):
		return "", true
	case i.aspect == "kind" && f.kind() != "":
		want := strings.Replace(f.kind(), "integer", "number", 1)
		if i.value == "null" && !f.Nullable || i.value != "string" && i.value != "null" && i.value != want {
			return want, true // but the service writes any scalar as text now and then
		}
	}
	return i.value, true
}
