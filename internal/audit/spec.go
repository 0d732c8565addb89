package audit

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/internal/check/spelling"
)

// operation is what the spec says about an operation.
type operation struct {
	id, path  string
	aliases   []string            // other paths
	spellings map[string][]string // of the fields of the form
	required  []string
	codes     []string
	// says has what pages may say, by the keys of items with places that have no numbers and
	// lists that have no indices. The first value is the usual one. A list without values
	// means that any will do.
	says map[string][]string
}

const formType = "application/x-www-form-urlencoded"

// read reads an operation. The rules of the spec say that it is a POST with a form and that
// its response is one of several JSON objects.
func (ref *Reference) read(path string, post *openapi3.Operation) *operation {
	form := post.RequestBody.Value.Content[formType].Schema.Value
	op := &operation{
		id: post.OperationID, path: path, aliases: spelling.Texts(post.Extensions["x-path-aliases"]), codes: spelling.Texts(post.Extensions["x-status-codes"]),
		spellings: map[string][]string{}, required: form.Required, says: map[string][]string{},
	}
	op.say("operation", "", "method", "POST")
	op.say("operation", "", "server", ref.servers...)
	op.say("operation", "", "URL", append([]string{path}, op.aliases...)...)
	op.say("operation", "", "content type", formType, formType+";charset=utf-8")
	for _, code := range op.codes {
		op.say("codes", code, "code")
	}
	ref.fields("", form, func(at, name string, s *openapi3.Schema) {
		if !strings.Contains(at, ".") {
			op.spellings[name] = append(op.spellings[name], at)
		}
		op.say("form", at, "field")
		op.say("form", at, "required", map[bool]string{true: "yes", false: "no"}[slices.Contains(form.Required, name)])
		op.say("form", at, "type", printed(s)...)
	})
	for _, alternative := range post.Responses.Status(200).Value.Content["application/json"].Schema.Value.OneOf {
		place := "example"
		if strings.HasSuffix(alternative.Ref, "/Error") {
			place = "error"
		}
		op.say(place, "", "JSON", "")
		op.say(place, "code", "value", append([]string{"", "200"}, op.codes...)...)
		ref.fields("", alternative.Value, func(at, _ string, s *openapi3.Schema) {
			op.say(place, at, "field")
			if want := strings.Replace(typeOf(s), "integer", "number", 1); want != "" {
				// The service writes any scalar as text now and then.
				op.say(place, at, "kind", want, "string", map[bool]string{true: "null"}[s.Nullable])
			}
			if last := at[strings.LastIndexByte(at, '.')+1:]; place == "example" {
				op.say("response", last, "field")
				op.say("response", last, "type", printed(s)...)
			}
		})
	}
	return op
}

// say adds what pages may say in a place where nothing was said before.
func (op *operation) say(place, field, aspect string, values ...string) {
	if key := (item{place: place, field: field, aspect: aspect}).key(); op.says[key] == nil {
		op.says[key] = append([]string{}, values...)
	}
}

// fields finds the properties of a schema in all their spellings, with their paths: names
// with dots between them, and [] behind the name of a list for its elements.
func (ref *Reference) fields(at string, s *openapi3.Schema, found func(at, name string, s *openapi3.Schema)) {
	if strings.Count(at, ".") > 8 {
		return // it refers to itself
	}
	for ; s.Items != nil; s = s.Items.Value {
		at += "[]"
		found(at, at, s.Items.Value)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		child := s.Properties[name].Value
		for _, spelled := range spelling.Of(s, name) {
			path := strings.TrimPrefix(at+"."+spelled, ".")
			ref.names[spelled] = true
			found(path, name, child)
			ref.fields(path, child, found)
		}
	}
}

// typeOf is the type of a field, empty for any.
func typeOf(s *openapi3.Schema) string { return strings.Join(s.Type.Slice(), " ") }

// printedTypes are the types that a page may print, by type and format of a schema.
var printedTypes = map[string]string{
	"integer int64": "long int64", "integer": "int integer int32", "boolean": "boolean bool",
	"array": "jsonarray array list", "object": "jsonobject object map json", "string": "string text",
}

func printed(s *openapi3.Schema) []string {
	return strings.Fields(cmp.Or(printedTypes[typeOf(s)+" "+s.Format], printedTypes[typeOf(s)], printedTypes["string"]))
}

var (
	element = regexp.MustCompile(`\[\d+\]`) // of a list in the path of a field
	generic = regexp.MustCompile(`<.*>$`)
)

// expected lists what a page would say about an operation, in the page's words, if it
// agreed with the spec. Its sentences are those of another page on record.
func (c *comparer) expected(op *operation, now []item) []item {
	written := map[string]item{}
	if other := c.elsewhere(op.path); other != nil {
		written = byKey(itemsOf(other, op.path, c.ref))
	}
	explained, named := false, map[string]bool{}             // codes and fields of the page
	refused, unknown := map[string]bool{}, map[string]bool{} // examples, and fields of them
	for _, i := range now {
		explained = explained || i.place == "codes" && join(i.texts) != ""
		named[i.field] = named[i.field] || i.place == "form" && i.aspect == "field"
		refused[i.place] = refused[i.place] || i.field == "code" && i.aspect == "value" && i.value != "200"
	}
	list := []item{{path: op.path, place: "form", aspect: "table", within: now[0].key(), value: "a table of parameters"}}
	for _, i := range now {
		place, _, _ := strings.Cut(i.place, " ")
		at := item{place: place, field: element.ReplaceAllString(i.field, "[]"), aspect: i.aspect}
		switch {
		case place == "example" && refused[i.place]:
			at.place = "error"
		case place == "codes":
			at.field, _, _ = strings.Cut(i.field, " ")
		case place == "cURL" && i.aspect == "value":
			at.place, at.aspect = "form", "field"
		case place == "cURL":
			at.place = "operation"
		case place == "response":
			at.field = i.field[strings.LastIndexByte(i.field, '.')+1:]
		}
		once := i.place + at.field
		values, found := op.says[at.key()]
		base := strings.TrimSuffix(generic.ReplaceAllString(i.value, ""), "[]") // of a type
		switch {
		case i.aspect == "text" && i.field != "heading":
			i.texts = written[i.key()].texts
		case !found && !unknown[once] && (i.aspect == "field" || i.aspect == "code" || place == "cURL" && i.aspect == "value"):
			unknown[once] = true // the elements of a list have it, too
			continue
		case i.value == "" && i.aspect != "required", len(values) == 0, slices.Contains(values, base), slices.Contains(values, i.value):
		case i.aspect == "type" && base == "string": // how a form writes it
			c.report(Finding{path: op.path, Status: Note, Place: i.place, Field: i.field, Aspect: "type", Line: i.line, Page: i.value, Record: values[0]})
		default:
			i.value = values[0]
		}
		list = append(list, i)
	}
	for _, name := range slices.Sorted(maps.Keys(op.spellings)) {
		_, described := written[item{path: op.path, place: "form", field: name, aspect: "field"}.key()]
		if needed := described || slices.Contains(op.required, name); needed && !slices.ContainsFunc(op.spellings[name], func(spelled string) bool { return named[spelled] }) {
			list = append(list, item{path: op.path, place: "form", field: name, aspect: "field", within: list[0].key(), value: name})
		}
	}
	if explained { // such a list has only the codes that are particular to the operation
		return list
	}
	codes := item{path: op.path, place: "codes", aspect: "list"}
	for _, code := range op.codes {
		list = append(list, item{path: op.path, place: "codes", field: code, aspect: "code", within: codes.key(), value: code})
	}
	return list
}
