package dist

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nimroom/nimroom/internal/check/evidence"
)

// markKey holds the mark of a text until the text is published.
const markKey = "x-mark"

// kinds is a set of kinds of evidence.
type kinds map[evidence.Kind]bool

// A basis is what a text rests on: the kinds of the evidence that names it, or else of the
// evidence of its operations; and what is decided here.
type basis struct {
	named, others kinds
	ours          []string
}

func (b *basis) decide(what string) {
	if !slices.Contains(b.ours, what) {
		b.ours = append(b.ours, what)
	}
}

// marker finds the basis of every text of a document: of operations, codes, formats, features and
// signatures by their x-source, of fields by what the evidence says about each operation.
type marker struct {
	known   *evidence.Evidence
	schemas *yaml.Node
	formats *yaml.Node
	claims  map[string][]evidence.Claim // by path
	limits  map[string]bool             // "field keyword", for limits that some evidence gives
	found   map[*yaml.Node]*basis
}

// markEvidence notes at each text of a document what it rests on.
func markEvidence(root *yaml.Node, known *evidence.Evidence, words phrases) {
	m := &marker{
		known: known, schemas: get(get(root, "components"), "schemas"), formats: get(root, "x-formats"),
		claims: map[string][]evidence.Claim{}, limits: map[string]bool{}, found: map[*yaml.Node]*basis{},
	}
	for _, claim := range known.Claims() {
		m.claims[claim.Path] = append(m.claims[claim.Path], claim)
		for _, row := range claim.Request {
			for limit := range row.ExpectedLimits() {
				m.limits[m.settled(claim.Source.ID, row.Name)+" "+limit] = true
			}
		}
	}
	for _, format := range pairs(m.formats) {
		m.cite(format)
	}
	if codes := get(root, "x-codes"); codes != nil {
		for _, code := range codes.Content {
			m.cite(code)
		}
	}
	for _, feature := range pairs(get(root, "x-features")) {
		m.cite(feature)
	}
	m.cite(get(root, "x-signature"))
	m.cite(get(root, "x-callback-signature"))
	for path, item := range pairs(get(root, "paths")) {
		m.operation(path, get(item, "post"))
	}
	for name, callback := range pairs(get(get(root, "components"), "callbacks")) {
		for _, item := range pairs(callback) {
			m.callback(name, get(item, "post"))
		}
	}
	for node, b := range m.found {
		set(node, markKey, text(words.mark(b)))
	}
}

// at returns the basis of a node.
func (m *marker) at(node *yaml.Node) *basis {
	if m.found[node] == nil {
		m.found[node] = &basis{named: kinds{}, others: kinds{}}
	}
	return m.found[node]
}

// cite notes the evidence that a node cites, and its guess.
func (m *marker) cite(node *yaml.Node) *basis {
	if node == nil {
		return nil
	}
	b := m.at(node)
	if cited := get(node, "x-source"); cited != nil {
		for _, item := range cited.Content {
			if source := m.known.Source(get(item, "evidence").Value); source != nil {
				b.named[source.Kind] = true
			}
		}
	}
	m.guess(node)
	return b
}

// guess notes the row that decides a point of a node without evidence.
func (m *marker) guess(node *yaml.Node) {
	if row := get(node, "x-guess"); row != nil {
		m.at(node).decide(row.Value)
	}
}

func (m *marker) operation(path string, op *yaml.Node) {
	b := m.cite(op)
	fields, members := map[string]kinds{}, map[string]kinds{}
	codes := map[string]bool{}
	name := func(to map[string]kinds, claim evidence.Claim, at string) {
		if at = m.settled(claim.Source.ID, at); to[at] == nil {
			to[at] = kinds{}
		}
		to[at][claim.Source.Kind] = true
	}
	for _, claim := range m.claims[path] {
		for _, row := range claim.Request {
			name(fields, claim, row.Name)
			for key := range row.Keys {
				name(fields, claim, row.Name+"."+key)
			}
		}
		for _, member := range claim.Response {
			name(members, claim, member.Field)
		}
		for _, code := range claim.Codes {
			codes[evidence.Text(code)] = true
		}
	}
	m.codes(b, get(op, "x-status-codes"), codes)
	for _, media := range pairs(get(get(op, "requestBody"), "content")) {
		m.schema(get(media, "schema"), "", fields, b.named, true)
	}
	for _, response := range pairs(get(op, "responses")) {
		for _, media := range pairs(get(response, "content")) {
			if union := get(get(media, "schema"), "oneOf"); union != nil {
				for _, schema := range union.Content {
					m.schema(schema, "", members, b.named, false)
				}
			}
			m.examples(path, get(media, "examples"))
		}
	}
}

// callback notes the basis of a request to the app's server.
func (m *marker) callback(name string, op *yaml.Node) {
	b := m.cite(op)
	members := map[string]kinds{}
	for _, f := range m.known.Facts {
		for _, member := range slices.Concat(f.Callbacks[name].Always, f.Callbacks[name].Others) {
			if members[member] == nil {
				members[member] = kinds{}
			}
			members[member][f.Source.Kind] = true
		}
	}
	bodies := []*yaml.Node{get(op, "requestBody")}
	for _, response := range pairs(get(op, "responses")) {
		bodies = append(bodies, response)
	}
	for _, body := range bodies {
		for _, media := range pairs(get(body, "content")) {
			m.schema(get(media, "schema"), "", members, b.named, false)
		}
	}
}

// codes notes the status codes of an operation that no evidence lists.
func (m *marker) codes(b *basis, list *yaml.Node, listed map[string]bool) {
	var decided []string
	if list != nil {
		for _, code := range list.Content {
			if !listed[code.Value] {
				decided = append(decided, code.Value)
			}
		}
	}
	switch {
	case len(decided) == 0:
	case len(decided) == len(list.Content):
		b.decide("`x-status-codes`")
	default:
		b.decide("`x-status-codes` " + strings.Join(decided, " "))
	}
}

// examples notes which bodies of responses are printed; the others are ours.
func (m *marker) examples(path string, examples *yaml.Node) {
	for name, example := range pairs(examples) {
		desc := get(get(example, "value"), "desc")
		for _, claim := range m.claims[path] {
			printed := claim.ExampleResponse != ""
			if name != "success" {
				printed = desc != nil && slices.ContainsFunc(claim.ExampleErrors, func(body string) bool { return strings.Contains(body, desc.Value) })
			}
			if printed {
				m.at(example).named[claim.Source.Kind] = true
				break
			}
		}
	}
}

// schema notes the basis of the fields of a schema that is at a place of a form or of a
// response. A field that no evidence names rests on what its operations rest on.
func (m *marker) schema(node *yaml.Node, at string, named map[string]kinds, others kinds, form bool) {
	schema := resolve(node, m.schemas)
	if schema == nil {
		return
	}
	for key, property := range pairs(get(schema, "properties")) {
		m.schema(property, strings.TrimPrefix(at+"."+key, "."), named, others, form)
	}
	if items := get(schema, "items"); items != nil {
		m.schema(items, at+"[]", named, others, form)
	}
	if get(schema, "description") == nil || at == "" {
		m.guess(schema)
		return
	}
	b := m.at(schema)
	maps.Copy(b.named, named[at])
	maps.Copy(b.named, named[strings.TrimSuffix(at, "[]")])
	maps.Copy(b.others, others)
	m.guess(schema)
	if form {
		m.keywords(b, schema, at)
	}
}

// keywords notes the limits that only decisions support: that a number is not negative or
// an id not 0, that a list or a text is not empty, and the limits of a format.
func (m *marker) keywords(b *basis, schema *yaml.Node, at string) {
	format := get(schema, "format")
	limited := format != nil && get(m.formats, format.Value) != nil
	for _, keyword := range []struct {
		name, limit string
		decided     func(value string) bool
	}{
		{"minimum", "min", func(value string) bool { return value == "0" || value == "1" }},
		{"minLength", "minLength", func(string) bool { return true }},
		{"minItems", "minItems", func(string) bool { return true }},
		{"maxLength", "maxLength", func(string) bool { return limited }},
		{"pattern", "pattern", func(string) bool { return true }},
	} {
		if value := get(schema, keyword.name); value != nil && !m.limits[at+" "+keyword.limit] && keyword.decided(value.Value) {
			b.decide("`" + keyword.name + "`")
		}
	}
}

// settled returns the place that the spec has for a printed one.
func (m *marker) settled(id, printed string) string {
	steps := strings.Split(printed, ".")
	for _, f := range m.known.Facts {
		if f.Source.ID != id {
			continue
		}
		for i, step := range steps {
			word := strings.TrimRight(step, "[]")
			for _, s := range f.Spellings {
				if s.Printed == word {
					steps[i] = s.Settled + step[len(word):]
				}
			}
		}
	}
	return strings.Join(steps, ".")
}

// published returns a copy of a document whose texts end in their marks.
func published(root *yaml.Node) *yaml.Node {
	root = clone(root)
	publish(root)
	return root
}

func publish(n *yaml.Node) {
	if mark := get(n, markKey); mark != nil {
		value := mark.Value
		remove(n, markKey)
		of := get(n, "description")
		switch {
		case of == nil: // a code or an example
			set(n, "description", text(value))
		case strings.Contains(of.Value, "\n\n"):
			of.SetString(strings.TrimSpace(of.Value) + "\n\n" + value)
		default:
			of.SetString(strings.ReplaceAll(strings.TrimSpace(of.Value)+" "+value, "。 ", "。"))
		}
	}
	for _, child := range n.Content {
		publish(child)
	}
}

// evidenceKinds are the kinds of evidence in the order in which a mark lists them.
var evidenceKinds = []evidence.Kind{evidence.Page, evidence.Table, evidence.SDK, evidence.Live}

// markWith writes a mark with the words of a language: those of the kinds, of a text without
// any, and the form of the mark with and without decisions.
func markWith(names map[evidence.Kind]string, other, separator, documented, decided, both string) func(*basis) string {
	return func(b *basis) string {
		have := b.named
		if len(have) == 0 {
			have = b.others
		}
		var kinds []string
		for _, kind := range evidenceKinds {
			if name := names[kind]; have[kind] && !slices.Contains(kinds, name) {
				kinds = append(kinds, name)
			}
		}
		ours := strings.Join(b.ours, separator)
		switch {
		case len(b.ours) == 0 && len(kinds) == 0:
			return fmt.Sprintf(documented, other)
		case len(b.ours) == 0:
			return fmt.Sprintf(documented, strings.Join(kinds, separator))
		case len(kinds) == 0:
			return fmt.Sprintf(decided, ours)
		default:
			return fmt.Sprintf(both, strings.Join(kinds, separator), ours)
		}
	}
}
