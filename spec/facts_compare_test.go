package spec_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// disagreement is one point where the spec does not say what a page says. Document
// is allDocuments where no page says what the spec does.
type disagreement struct {
	Path, Document, Heading, Field, Page, Spec string
}

const allDocuments = "all documents"

func (d disagreement) String() string {
	return fmt.Sprintf("%s: %s, %q: %s: page: %s; spec: %s", d.Path, d.Document, d.Heading, d.Field, d.Page, d.Spec)
}

// comparison is the outcome of compare. Checked counts what was held against the
// spec, so that a test can see that nothing was passed over.
type comparison struct {
	Disagreements []disagreement
	Checked       map[string]int
}

// compare holds the bytes of a spec against the facts.
func compare(spec []byte, f *facts) (*comparison, error) {
	doc, err := openapi3.NewLoader().LoadFromData(spec)
	if err != nil {
		return nil, err
	}
	return compareDoc(doc, f), nil
}

// compareDoc does the same for a spec that is read already.
func compareDoc(doc *openapi3.T, f *facts) *comparison {
	c := &comparer{
		comparison: &comparison{Checked: map[string]int{}},
		doc:        doc,
		spellings:  f.Spellings,
		enums:      map[*openapi3.Schema]map[string]bool{},
		fields:     map[*openapi3.Schema]map[string]bool{},
	}
	for _, path := range slices.Sorted(maps.Keys(f.Operations)) {
		c.operation(path, f.Operations[path])
	}
	for path := range doc.Paths.Map() {
		if f.Operations[path] == nil {
			c.path, c.entry = path, entry{Document: allDocuments}
			c.differ("path", "no such operation", "an operation")
		}
	}
	c.documents(f)
	c.invented()
	slices.SortStableFunc(c.Disagreements, func(a, b disagreement) int {
		return strings.Compare(a.String(), b.String())
	})
	return c.comparison
}

// comparer carries what is being compared: the spec, then path and entry.
type comparer struct {
	*comparison
	doc       *openapi3.T
	path      string
	entry     entry
	op        *openapi3.Operation
	spellings []spelling
	// enums and fields collect the enum values and the fields that some page names,
	// by the schema that declares them.
	enums, fields map[*openapi3.Schema]map[string]bool
}

func (c *comparer) differ(field, page, spec string) {
	c.Disagreements = append(c.Disagreements, disagreement{c.path, c.entry.Document, c.entry.Heading, field, page, spec})
}

// same counts a check and reports it where page and spec differ. Why is the reason
// for what was settled against the page, if anything was.
func (c *comparer) same(check, field, page, spec, why string) {
	c.Checked[check]++
	if page == spec {
		return
	}
	if why != "" {
		page += " (settled: " + why + ")"
	}
	c.differ(field, check+" "+page, check+" "+spec)
}

// spelling checks that the spec takes a printed word for itself, or for the one that
// was settled.
func (c *comparer) spelling(at, printed, canonical string) {
	for _, s := range c.spellings {
		if s.Printed == printed {
			c.same("spelling", at, s.Settled, canonical, s.Why)
			return
		}
	}
	if printed != canonical {
		c.differ(at, "spelling "+printed, "spelling "+canonical)
	}
}

// mark notes that a page names an enum value or a field of a schema.
func mark(m map[*openapi3.Schema]map[string]bool, s *openapi3.Schema, name string) {
	if m[s] == nil {
		m[s] = map[string]bool{}
	}
	m[s][name] = true
}

func (c *comparer) operation(path string, entries []entry) {
	c.path, c.entry = path, entry{Document: allDocuments}
	item := c.doc.Paths.Value(path)
	if item == nil || item.Post == nil {
		c.differ("path", "an operation", "no POST at this path")
		return
	}
	c.op = item.Post
	form, success, refusal := c.form(), c.answer("Success"), c.answer("Error")
	if form == nil || success == nil || refusal == nil {
		c.differ("bodies", "a form, a success and a refusal", "one of them is missing")
		return
	}
	for _, e := range entries {
		c.entry = e
		c.address()
		c.source()
		c.table(form)
		c.answers(success)
		c.examples(success, refusal)
		c.curl(form)
	}
	c.entry = entry{Document: allDocuments}
	c.codes(entries)
	c.undocumented(form, entries)
	c.sources(entries)
}

const formType = "application/x-www-form-urlencoded"

func (c *comparer) form() *openapi3.Schema {
	if c.op.RequestBody == nil || c.op.RequestBody.Value.Content[formType] == nil {
		return nil
	}
	return c.op.RequestBody.Value.Content[formType].Schema.Value
}

// answer finds the alternative of the answer whose component name ends so.
func (c *comparer) answer(suffix string) *openapi3.Schema {
	status := c.op.Responses.Status(http.StatusOK)
	if status == nil || status.Value.Content["application/json"] == nil {
		return nil
	}
	for _, alternative := range status.Value.Content["application/json"].Schema.Value.OneOf {
		if strings.HasSuffix(alternative.Ref, suffix) {
			return alternative.Value
		}
	}
	return nil
}

// address checks the printed URL, or the path that was settled against it.
func (c *comparer) address() {
	if c.entry.URL == "" {
		return
	}
	base, path := splitURL(c.entry.URL)
	if c.entry.Settled.Path != "" {
		c.member("other path", "x-path-aliases", path, codeSet(c.op.Extensions["x-path-aliases"]))
		path = c.entry.Settled.Path
	}
	c.same("path", "URL", path, c.path, c.entry.Settled.Why)
	c.Checked["server"]++
	if !slices.ContainsFunc(c.doc.Servers, func(s *openapi3.Server) bool { return s.URL == base }) {
		c.differ("URL", "server "+base, "no such server")
	}
}

func splitURL(printed string) (base, path string) {
	const prefix = "/nimserver"
	before, after, _ := strings.Cut(printed, prefix)
	return before + prefix, after
}

func (c *comparer) source() {
	c.Checked["source"]++
	if !slices.Contains(c.specSources(), c.entry.Document+" "+c.entry.Heading) {
		c.differ("x-source", "this heading", "no such source")
	}
}

func (c *comparer) sources(entries []entry) {
	for _, source := range c.specSources() {
		if !slices.ContainsFunc(entries, func(e entry) bool { return e.Document+" "+e.Heading == source }) {
			c.differ("x-source", "not described there", source)
		}
	}
}

func (c *comparer) specSources() []string {
	var sources []string
	list, _ := c.op.Extensions["x-source"].([]any)
	for _, item := range list {
		source, _ := item.(map[string]any)
		sources = append(sources, fmt.Sprintf("%v %v", source["document"], source["heading"]))
	}
	return sources
}

// codes checks the list of status codes. Complete lists together are the spec's
// list; a partial one is a part of it, and is all of it where no other is printed.
func (c *comparer) codes(entries []entry) {
	listed, known := codeSet(c.op.Extensions["x-status-codes"]), codeSet(c.doc.Extensions["x-codes"])
	complete, partial := map[string]bool{}, map[string]bool{}
	for _, e := range entries {
		target := complete
		if e.CodesPartial {
			target = partial
		}
		for _, code := range slices.Concat(e.Codes, e.Settled.Codes) {
			target[text(code)] = true
		}
	}
	if len(complete) == 0 {
		complete = partial
	}
	c.same("status codes", "x-status-codes", sorted(complete), sorted(listed), "")
	for code := range partial {
		c.member("status code", "x-status-codes", code, listed)
	}
	for code := range complete {
		c.member("code explained", "x-codes", code, known)
	}
}

// codeSet reads a list of codes, or of objects with a code.
func codeSet(list any) map[string]bool {
	set := map[string]bool{}
	items, _ := list.([]any)
	for _, item := range items {
		if object, ok := item.(map[string]any); ok {
			item = object["code"]
		}
		set[text(item)] = true
	}
	return set
}

func sorted(set map[string]bool) string {
	return strings.Join(slices.Sorted(maps.Keys(set)), " ")
}

// member counts a check and reports a value that the spec's set lacks.
func (c *comparer) member(check, field, value string, set map[string]bool) {
	c.Checked[check]++
	if !set[value] {
		c.differ(field, value, "one of "+sorted(set))
	}
}

// documents checks the dates of the pages.
func (c *comparer) documents(f *facts) {
	versions, _ := c.doc.Extensions["x-source-version"].(map[string]any)
	for _, d := range f.Documents {
		c.path, c.entry = "x-source-version", entry{Document: d.ID, Heading: d.Title}
		date, _, _ := strings.Cut(d.Updated, " ")
		c.same("page date", "date", date, text(versions[d.ID]), "")
	}
}

// invented reports form fields, answer fields and enum values that no page names.
func (c *comparer) invented() {
	seen := map[*openapi3.Schema]bool{}
	var visit func(at string, s *openapi3.Schema)
	visit = func(at string, s *openapi3.Schema) {
		if seen[s] {
			return
		}
		seen[s] = true
		for _, value := range s.Enum {
			if !c.enums[s][text(value)] {
				c.differ(at, "no such value", "enum value "+text(value))
			}
		}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			inner := strings.TrimPrefix(at+"."+name, ".")
			if !c.fields[s][name] {
				c.differ(inner, "no such field", "a field")
			}
			visit(inner, s.Properties[name].Value)
		}
		if s.Items != nil {
			visit(at+"[]", s.Items.Value)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(c.doc.Paths.Map())) {
		c.path, c.entry, c.op = path, entry{Document: allDocuments}, c.doc.Paths.Value(path).Post
		if c.op == nil {
			continue
		}
		for _, s := range []*openapi3.Schema{c.form(), c.answer("Success"), c.answer("Error")} {
			if s != nil {
				visit("", s)
			}
		}
	}
}
