// Package facts compares the spec with spec/evidence: with what pages, SDKs and live
// runs say about each operation.
package facts

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/internal/check/evidence"
)

// Disagreement is one point where the spec does not say what a piece of evidence
// says. Evidence is AnyEvidence if no evidence says what the spec says.
type Disagreement struct {
	Path, Evidence, At, Field, Says, Spec string
}

// AnyEvidence stands for all evidence of an operation together.
const AnyEvidence = "all evidence"

func (d Disagreement) String() string {
	return fmt.Sprintf("%s: %s, %q: %s: evidence: %s; spec: %s", d.Path, d.Evidence, d.At, d.Field, d.Says, d.Spec)
}

// Comparison is the result of Compare. Checked counts the checks by kind, so that a
// test notices when some are left out.
type Comparison struct {
	Disagreements []Disagreement
	Checked       map[string]int
}

// Compare compares a spec with the evidence. If a page describes an operation, its
// evidence is complete: Compare reports everything that the spec adds, unless it is
// marked as a guess. For other operations it checks only what their evidence says.
func Compare(doc *openapi3.T, e *evidence.Evidence) *Comparison {
	c := &comparer{
		Comparison: &Comparison{Checked: map[string]int{}},
		doc:        doc,
		evidence:   e,
		claims:     map[string][]evidence.Claim{},
		enums:      map[*openapi3.Schema]map[string]bool{},
		fields:     map[*openapi3.Schema]map[string]bool{},
	}
	for _, claim := range e.Claims() {
		c.claims[claim.Path] = append(c.claims[claim.Path], claim)
	}
	for _, f := range e.Facts {
		c.claim = evidence.Claim{Source: f.Source}
		c.rateLimit(f.RateLimit, doc.Extensions)
		for _, code := range f.Codes {
			c.member("code explained", "x-codes", evidence.Text(code), codeSet(doc.Extensions["x-codes"]))
		}
	}
	for _, f := range e.Facts {
		for _, name := range slices.Sorted(maps.Keys(f.Callbacks)) {
			c.callback(f.Source, name, f.Callbacks[name])
		}
	}
	for _, path := range slices.Sorted(maps.Keys(c.claims)) {
		c.operation(path)
	}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths.Map())) {
		c.cited(path)
	}
	c.invented()
	slices.SortStableFunc(c.Disagreements, func(a, b Disagreement) int {
		return strings.Compare(a.String(), b.String())
	})
	return c.Comparison
}

// comparer holds what is being compared: the spec, and a claim about a path.
type comparer struct {
	*Comparison
	doc      *openapi3.T
	evidence *evidence.Evidence
	claims   map[string][]evidence.Claim // by path
	claim    evidence.Claim
	op       *openapi3.Operation
	// enums and fields collect the enum values and the fields that some evidence
	// names, by the schema that declares them.
	enums, fields map[*openapi3.Schema]map[string]bool
}

// at sets the path that is compared next.
func (c *comparer) at(path string) {
	c.claim = evidence.Claim{Source: evidence.Source{ID: AnyEvidence}, Path: path}
}

func (c *comparer) differ(field, says, spec string) {
	c.Disagreements = append(c.Disagreements, Disagreement{c.claim.Path, c.claim.Source.ID, c.claim.At, field, says, spec})
}

// same counts a check and reports it if evidence and spec differ. Why is the
// reason if something was settled against the evidence.
func (c *comparer) same(check, field, says, spec, why string) {
	c.Checked[check]++
	if says == spec {
		return
	}
	if why != "" {
		says += " (settled: " + why + ")"
	}
	c.differ(field, check+" "+says, check+" "+spec)
}

// spelling checks that the spec accepts a printed word as it is, or as the settled
// word.
func (c *comparer) spelling(at, printed, canonical string) {
	for _, f := range c.evidence.Facts {
		for _, s := range f.Spellings {
			if f.Source.ID == c.claim.Source.ID && s.Printed == printed {
				c.same("spelling", at, s.Settled, canonical, s.Why)
				return
			}
		}
	}
	if printed != canonical {
		c.differ(at, "spelling "+printed, "spelling "+canonical)
	}
}

// mark notes that some evidence names an enum value or a field of a schema.
func mark(m map[*openapi3.Schema]map[string]bool, s *openapi3.Schema, name string) {
	if m[s] == nil {
		m[s] = map[string]bool{}
	}
	m[s][name] = true
}

func (c *comparer) operation(path string) {
	c.at(path)
	item := c.doc.Paths.Value(path)
	if item == nil || item.Post == nil {
		c.differ("path", "an operation", "no POST at this path")
		return
	}
	c.op = item.Post
	form, success, failure := c.form(), c.response("Success"), c.response("Error")
	if form == nil || success == nil || failure == nil {
		c.differ("bodies", "a form, a success and an error", "one of them is missing")
		return
	}
	for _, c.claim = range c.claims[path] {
		c.address()
		c.source()
		c.table(form)
		c.members(success)
		c.examples(success, failure)
		c.curl(form)
		c.rateLimit(c.claim.RateLimit, c.op.Extensions)
		c.feature()
	}
	c.at(path)
	c.codes()
	if c.described(path) {
		c.undocumented(form)
	}
}

// described reports whether a page describes the operation of a path.
func (c *comparer) described(path string) bool {
	return slices.ContainsFunc(c.claims[path], func(claim evidence.Claim) bool { return claim.Source.Kind == evidence.Page })
}

const formType = "application/x-www-form-urlencoded"

func (c *comparer) form() *openapi3.Schema {
	if c.op.RequestBody == nil || c.op.RequestBody.Value.Content[formType] == nil {
		return nil
	}
	return c.op.RequestBody.Value.Content[formType].Schema.Value
}

// response finds the alternative of the response whose component name has a suffix.
func (c *comparer) response(suffix string) *openapi3.Schema {
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
	if c.claim.URL == "" {
		return
	}
	base, path := evidence.SplitURL(c.claim.URL)
	if c.claim.Settled.Path != "" {
		c.member("other path", "x-path-aliases", path, codeSet(c.op.Extensions["x-path-aliases"]))
		path = c.claim.Settled.Path
	}
	c.same("path", "URL", path, c.claim.Path, c.claim.Settled.Why)
	c.Checked["server"]++
	if !slices.ContainsFunc(c.doc.Servers, func(s *openapi3.Server) bool { return s.URL == base }) {
		c.differ("URL", "server "+base, "no such server")
	}
}

func (c *comparer) source() {
	c.Checked["source"]++
	if !slices.Contains(c.citations(), citation{c.claim.Source.ID, c.claim.At}) {
		c.differ("x-source", "this place", "it is not cited")
	}
}

// rateLimit checks a limit that the evidence gives.
func (c *comparer) rateLimit(limit *evidence.RateLimit, extensions map[string]any) {
	if limit == nil {
		return
	}
	spec, _ := extensions["x-rate-limit"].(map[string]any)
	number := func(key string) int { n, _ := spec[key].(float64); return int(n) }
	has := evidence.RateLimit{Calls: number("calls"), Seconds: number("seconds"), Block: number("block")}
	c.same("rate limit", "x-rate-limit", limit.String(), has.String(), "")
}

// feature checks the feature that the evidence gives.
func (c *comparer) feature() {
	said := c.claim.Feature
	if said.Name == "" {
		return
	}
	name, _ := c.op.Extensions["x-feature"].(string)
	c.same("feature", "x-feature", said.Name, name, "")
	features, _ := c.doc.Extensions["x-features"].(map[string]any)
	feature, _ := features[said.Name].(map[string]any)
	if desc, _ := feature["desc"].(string); said.Desc != "" {
		c.same("feature", "x-features."+said.Name, said.Desc, desc, "")
	}
}

// cited checks that each page that an operation cites describes it there.
func (c *comparer) cited(path string) {
	c.at(path)
	if c.op = c.doc.Paths.Value(path).Post; c.op == nil {
		return
	}
	for _, cited := range c.citations() {
		source := c.evidence.Source(cited.evidence)
		if source != nil && source.Kind == evidence.Page && !slices.ContainsFunc(c.claims[path], func(claim evidence.Claim) bool {
			return citation{claim.Source.ID, claim.At} == cited
		}) {
			c.differ("x-source", "the operation is not described there", cited.evidence+" "+cited.at)
		}
	}
}

// citation is an element of x-source.
type citation struct{ evidence, at string }

func (c *comparer) citations() []citation {
	var found []citation
	list, _ := c.op.Extensions["x-source"].([]any)
	for _, item := range list {
		source, _ := item.(map[string]any)
		found = append(found, citation{evidence.Text(source["evidence"]), evidence.Text(source["at"])})
	}
	return found
}

// codes checks the list of status codes. The spec's list is the complete lists of
// pages together with what other evidence adds. A partial list of a page is a part
// of it, and is the whole list if no other is printed.
func (c *comparer) codes() {
	listed, known := codeSet(c.op.Extensions["x-status-codes"]), codeSet(c.doc.Extensions["x-codes"])
	complete, partial, more := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, claim := range c.claims[c.claim.Path] {
		target := complete
		switch {
		case claim.Source.Kind != evidence.Page:
			target = more
		case claim.CodesPartial:
			target = partial
		}
		for _, code := range slices.Concat(claim.Codes, claim.Settled.Codes) {
			target[evidence.Text(code)] = true
		}
	}
	if len(complete) == 0 {
		complete = partial
	}
	maps.Copy(complete, more)
	if c.described(c.claim.Path) {
		c.same("status codes", "x-status-codes", sorted(complete), sorted(listed), "")
		maps.Copy(more, partial)
	}
	for code := range more {
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
		set[evidence.Text(item)] = true
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

// invented reports form fields, response fields and enum values that no evidence
// names, for operations that a page describes. Guesses are marked as such.
func (c *comparer) invented() {
	seen := map[*openapi3.Schema]bool{}
	var visit func(at string, s *openapi3.Schema)
	visit = func(at string, s *openapi3.Schema) {
		if seen[s] || s.Extensions["x-guess"] != nil {
			return
		}
		seen[s] = true
		for _, value := range s.Enum {
			if !c.enums[s][evidence.Text(value)] {
				c.differ(at, "no such value", "enum value "+evidence.Text(value))
			}
		}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			inner, child := strings.TrimPrefix(at+"."+name, "."), s.Properties[name].Value
			if !c.fields[s][name] && child.Extensions["x-guess"] == nil {
				c.differ(inner, "no such field", "a field")
			}
			visit(inner, child)
		}
		if s.Items != nil {
			visit(at+"[]", s.Items.Value)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(c.doc.Paths.Map())) {
		c.at(path)
		c.op = c.doc.Paths.Value(path).Post
		if c.op == nil || !c.described(path) {
			continue
		}
		for _, s := range []*openapi3.Schema{c.form(), c.response("Success"), c.response("Error")} {
			if s != nil {
				visit("", s)
			}
		}
	}
}
