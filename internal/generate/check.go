package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/internal/generate/dist"
)

// enum reads the values of t, if it is an enum, and checks their names and descriptions.
func (b *builder) enum(t *typ) {
	if len(t.schema.Enum) == 0 {
		return
	}
	if t.Closed != nil {
		b.cites(t.Name, "x-closed", *t.Closed)
	}
	values := t.schema.Enum
	if len(t.VarNames) != len(values) {
		b.fail(t.Name, "%d enum values but %d x-enum-varnames", len(values), len(t.VarNames))
		return
	}
	spelling := map[string]string{}
	for i, v := range values {
		m := &member{Go: t.Name + t.VarNames[i], Word: t.VarNames[i], Value: v, Aliases: t.EnumAliases[v], Doc: t.EnumDescriptions[v]}
		if m.Doc == "" {
			b.fail(t.Name, "x-enumDescriptions lacks %s", v)
		}
		for _, word := range append([]string{v}, m.Aliases...) {
			if other, ok := spelling[word]; ok {
				b.fail(t.Name, "%s spells both %s and %s", word, other, v)
			}
			spelling[word] = v
		}
		t.Enum = append(t.Enum, m)
	}
	for _, name := range slices.Sorted(maps.Keys(t.EnumAliases)) {
		if !slices.Contains(values, name) {
			b.fail(t.Name, "x-enum-aliases names %s, which is no value", name)
		}
	}
}

// propertyNames checks that the names of all properties and aliases of t differ by more than
// case, and that the extensions on t name properties.
func (b *builder) propertyNames(t *typ) {
	owner := map[string]string{}
	goOwner := map[string]string{"Extra": "the unknown members"}
	for _, e := range t.Properties {
		for _, name := range slices.Concat([]string{e.Name}, e.Value.Aliases, t.PropertyAliases[e.Name]) {
			key := strings.ToLower(name)
			if other, ok := owner[key]; ok && other != e.Name {
				b.fail(t.Name, "%s stands for both %s and %s", name, other, e.Name)
			}
			owner[key] = e.Name
		}
		if other, ok := goOwner[b.goName(e.Name)]; ok {
			b.fail(t.Name, "%s and %s have the same Go name %s", e.Name, other, b.goName(e.Name))
		}
		goOwner[b.goName(e.Name)] = e.Name
		b.pattern(t.Name+"."+e.Name, e.Value)
	}
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(t.PropertyAliases)), slices.Sorted(maps.Keys(t.PropertyAbsent)), t.Required) {
		if !slices.ContainsFunc(t.Properties, func(e entry[*schema]) bool { return e.Name == name }) {
			b.fail(t.Name, "names %s, which is no property", name)
		}
	}
}

// The patterns that the generator knows. Items with digitsOnly are integers that are not negative
// and travel as text; accidOnly is the alphabet of accounts.
const (
	digitsOnly = "^[0-9]+$"
	accidOnly  = "^[A-Za-z0-9_@.-]+$"
)

func (b *builder) pattern(where string, s *schema) {
	unknown := s.Pattern
	if s.Items != nil && s.Items.Pattern != digitsOnly {
		unknown += s.Items.Pattern
	}
	if unknown != "" {
		b.fail(where, "pattern %q is not supported", unknown)
	}
}

// formats checks the limits of formats.
func (b *builder) formats() {
	for name, s := range b.doc.Formats {
		if s.Pattern != accidOnly || s.MaxLength == nil {
			b.fail("x-formats", "%s needs maxLength and the pattern %q", name, accidOnly)
		}
	}
}

// behaviour checks x-page, and that batches and repeats name fields of the form.
func (b *builder) behaviour(e *endpoint) {
	names := func(extension string, fields ...string) {
		for _, name := range fields {
			if name != "" && e.Form.prop(name) == nil {
				b.fail(e.Path, "%s names %s, which is no field of %s", extension, name, e.Form.Name)
			}
		}
	}
	if e.Page != nil {
		b.page(e)
	}
	if x := e.Batch; x != nil {
		names("x-batch", x.Field)
	}
	b.rateLimit(e.Path, e.RateLimit)
	if d := e.Deduplication; d != nil {
		form := e.Form
		if names("x-deduplication", d.List); d.List != "" {
			p := form.prop(d.List)
			if p == nil || p.T.Elem == nil || p.T.Elem.Named == nil {
				b.fail(e.Path, "x-deduplication names %s, which is no list of objects", d.List)
				return
			}
			form = p.T.Elem.Named
		}
		for _, name := range []string{d.ID, d.Flag} {
			if form.prop(name) == nil {
				b.fail(e.Path, "x-deduplication names %s, which is no field of %s", name, form.Name)
			}
		}
		if f := form.prop(d.ID); f != nil && (f.Pointer || f.T.Go != "string") {
			b.fail(e.Path, "x-deduplication names %s, which is no required text", d.ID)
		}
		if f := form.prop(d.Flag); f != nil && (!f.Pointer || !f.T.integral()) {
			b.fail(e.Path, "x-deduplication names %s, which is no optional integer", d.Flag)
		}
	}
	if e.Unclear != "" {
		if e.Idempotency != "idempotent" {
			b.fail(e.Path, "x-repeat-unclear is for idempotent operations")
		}
		if _, t := e.Success.member(e.Unclear); t == nil || !t.integral() && t.Kind != list {
			b.fail(e.Path, "x-repeat-unclear names %s, which is no number or list in %s", e.Unclear, e.Success.Name)
		}
	}
	for _, code := range e.RepeatDone {
		if e.Idempotency != "idempotent" && e.IdempotentWith == "" || !slices.Contains(e.StatusCodes, code) {
			b.fail(e.Path, "x-repeat-done names %d, which is no code of an idempotent operation", code)
		}
	}
	asked := func(p entry[path]) bool { return p.Value.Post != nil && p.Value.Post.ID == e.Ask }
	if e.Ask != "" && !slices.ContainsFunc(b.doc.Paths, asked) {
		b.fail(e.Path, "x-ask names %s, which is no operation", e.Ask)
	}
}

// rateLimit checks that a rate limit, if it is there, has its three numbers.
func (b *builder) rateLimit(where string, l *dist.RateLimit) {
	if l != nil && min(l.Calls, l.Seconds, l.Block) < 1 {
		b.fail(where, "x-rate-limit needs calls, seconds and block, each 1 or more")
	}
}

// features checks that operations and fields need features that there are, and that each
// feature is needed.
func (b *builder) features(a *api) {
	needed := map[string]bool{}
	need := func(where, feature string) {
		if needed[feature] = true; feature != "" && b.doc.Features.find(feature) == nil {
			b.fail(where, "x-feature is %s, which is not in x-features", feature)
		}
	}
	for _, e := range a.Operations {
		need(e.Path, e.Feature)
		for _, p := range e.Form.Props {
			need(e.Form.Name+"."+p.Wire, p.feature())
		}
	}
	for _, f := range b.doc.Features {
		if !needed[f.Name] || f.Value.Summary == "" || f.Value.Desc == "" {
			b.fail("x-features", "%s lacks summary, desc, or an operation that needs it", f.Name)
		}
	}
}

// codes checks the table of codes.
func (b *builder) codes() {
	known := map[int]bool{}
	for _, c := range b.doc.Codes {
		known[c.Code] = true
		if c.Name == "" || c.Meaning == "" || c.Advice == "" || !slices.Contains([]string{"no", "maybe", "yes"}, c.Executed) {
			b.fail("x-codes", "code %d lacks name, meaning, advice or executed (no, maybe, yes)", c.Code)
		}
	}
	for _, e := range b.doc.Paths {
		if e.Value.Post == nil {
			continue
		}
		for _, c := range e.Value.Post.StatusCodes {
			if !known[c] {
				b.fail(e.Name, "x-status-codes has %d, which is not in x-codes", c)
			}
		}
	}
}
