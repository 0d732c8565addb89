package main

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/internal/check/evidence"
)

const (
	formType  = "application/x-www-form-urlencoded"
	jsonType  = "application/json"
	codeField = "code"
)

// builder turns a document into an api and collects the mistakes of the document.
type builder struct {
	doc      *document
	evidence *evidence.Evidence // nil if it cannot be read
	file     string             // the name of the document in errors
	services []string
	types    map[string]*typ
	ids      map[string]bool // the kinds of things that have ids
	errs     []error
}

// build returns the api that doc describes, or all reasons for which no code can be
// generated from it.
func build(doc *document, file string, known *evidence.Evidence) (*api, error) {
	b := &builder{doc: doc, file: file, evidence: known, types: map[string]*typ{}, ids: map[string]bool{}}
	out := &api{Codes: doc.Codes, Advice: doc.Advice, RateLimit: doc.RateLimit, Features: doc.Features}
	b.advice()
	out.Mistakes = b.mistakes()
	b.rateLimit("x-rate-limit", &doc.RateLimit)
	b.formats()
	for _, tag := range doc.Tags {
		b.services = append(b.services, tag.Name)
	}
	out.Services, out.Tags = b.services, doc.Tags
	for _, e := range doc.Components.Schemas {
		t := &typ{schema: e.Value, Name: e.Name}
		b.types[e.Name] = t
		out.Types = append(out.Types, t)
		if e.Value.Description == "" {
			b.fail(e.Name, "no description")
		}
		b.enum(t)
	}
	for _, e := range doc.Paths {
		if e.Value.Post != nil {
			out.Operations = append(out.Operations, b.operation(e.Name, e.Value.Post))
		}
	}
	actions(out.Operations)
	for _, o := range out.Operations {
		b.mark(o.Form, inRequest, o.Service)
		b.mark(o.Success, inResponse, o.Service)
	}
	out.Callbacks = b.callbacks()
	for _, t := range out.Types {
		if !t.isEnum() {
			b.object(t)
		}
	}
	b.eventTimes(out.Callbacks)
	for _, o := range out.Operations {
		b.body(o)
		b.example(o)
		b.behaviour(o)
	}
	b.methods(out)
	b.features(out)
	b.codes()
	b.goNames()
	out.IDs = slices.Sorted(maps.Keys(b.ids))
	out.Types = slices.DeleteFunc(out.Types, func(t *typ) bool { return t.Use == unused })
	return out, errors.Join(b.errs...)
}

// fail notes a mistake of a path, a schema, or a property of a schema.
func (b *builder) fail(where, format string, args ...any) {
	at := b.file
	if line := b.doc.line(where); line > 0 {
		at += ":" + strconv.Itoa(line)
	}
	b.errs = append(b.errs, fmt.Errorf("%s: %s: %s", at, where, fmt.Sprintf(format, args...)))
}

func (b *builder) operation(path string, op *operation) *endpoint {
	e := &endpoint{operation: op, Path: path, Go: upperFirst(op.ID)}
	where := path
	if op.ID == "" {
		b.fail(where, "no operationId")
	}
	if len(op.Tags) != 1 {
		b.fail(where, "want one tag, has %d", len(op.Tags))
	} else if e.Service = op.Tags[0]; !slices.Contains(b.services, e.Service) {
		b.fail(where, "tag %q is not declared", e.Service)
	}
	if op.Summary == "" || op.Description == "" {
		b.fail(where, "no summary or no description")
	}
	if len(op.StatusCodes) == 0 {
		b.fail(where, "no x-status-codes")
	}
	if len(op.Sources) == 0 {
		b.fail(where, "no x-source")
	}
	for _, s := range op.Sources {
		b.cites(where, "x-source", s)
	}
	if !slices.Contains([]string{"safe", "idempotent", "deduplicated", "unsafe"}, op.Idempotency) {
		b.fail(where, "x-idempotency is %q, want safe, idempotent, deduplicated or unsafe", op.Idempotency)
	}
	if (op.Idempotency == "deduplicated") != (op.Deduplication != nil) {
		b.fail(where, "x-idempotency: deduplicated and x-deduplication go together")
	}
	e.Form = b.named(where, op.RequestBody.Content[formType].Schema.Ref, e.Go+"Form")
	oneOf := op.Responses["200"].Content[jsonType].Schema.OneOf
	success := ""
	if len(oneOf) == 2 && refName(oneOf[1].Ref) == "Error" {
		success = oneOf[0].Ref
	}
	e.Success = b.named(where, success, e.Go+"Success")
	return e
}

// cites checks that the evidence which an extension cites exists.
func (b *builder) cites(where, extension string, s source) {
	if b.evidence == nil {
		return // reading the evidence has its own errors
	}
	if known := b.evidence.Source(s.Evidence); known == nil {
		b.fail(where, "%s cites %q, which spec/evidence/evidence.yaml does not have", extension, s.Evidence)
	} else if err := known.CheckPlace(s.At); err != nil {
		b.fail(where, "%s cites %s: %v", extension, s.Evidence, err)
	}
}

// named returns the component that ref refers to, whose name must be name.
func (b *builder) named(where, ref, name string) *typ {
	t := b.types[refName(ref)]
	if t == nil || t.Name != name {
		b.fail(where, "want a $ref to %s, has %q", name, ref)
		return &typ{schema: &schema{}, Name: name}
	}
	return t
}

func refName(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// mark notes how t and the types that it refers to are used, and by which service first.
func (b *builder) mark(t *typ, u use, service string) {
	if t.isEnum() {
		t.Use = max(t.Use, u)
		return
	}
	if t.Use == u {
		return
	}
	if t.Use != unused {
		b.fail(t.Name, "used in a form and in a response; make two schemas of it")
		return
	}
	t.Use, t.Service = u, service
	for _, p := range t.Properties {
		for s := p.Value; s != nil; s = s.below() {
			if s.JSONText != nil {
				s = s.JSONText
			}
			if to := b.types[s.target()]; to != nil {
				b.mark(to, u, service)
			}
		}
	}
}

// below returns the schema of what is inside a list or an object whose names are data.
func (s *schema) below() *schema {
	if s.Items != nil {
		return s.Items
	}
	return s.More.schema
}

// target returns the name of the component that a schema refers to, if any. An enum that
// needs keywords beside its $ref, such as a default, repeats the enum and names it.
func (s *schema) target() string {
	if s.Ref != "" {
		return refName(s.Ref)
	}
	return s.GoType
}

// isQuotedInteger reports whether s is an integer that travels as decimal text.
func (s *schema) isQuotedInteger() bool {
	return s.Type == "string" && (s.Format == "int64" || s.Format == "int32")
}

// isQuotedBoolean reports whether s is true or false as text.
func (s *schema) isQuotedBoolean() bool { return s.Type == "string" && s.Format == "boolean" }

func (b *builder) object(t *typ) {
	if t.Use == unused {
		return
	}
	b.propertyNames(t)
	for _, e := range t.Properties {
		s := e.Value
		if t.Use == inRequest {
			s = b.limited(s)
		}
		where := t.Name + "." + e.Name
		p := &prop{
			schema:   s,
			Wire:     e.Name,
			Go:       b.goName(e.Name),
			Aliases:  slices.Concat(s.Aliases, t.PropertyAliases[e.Name]),
			Required: slices.Contains(t.Required, e.Name),
		}
		if s.JSONText != nil {
			p.T = b.ref(where, s.JSONText)
			p.T.Quoted = true
		} else {
			p.T = b.ref(where, s)
			p.T.Quoted = s.isQuotedInteger() || s.isQuotedBoolean() // an enum too can travel as text
		}
		if p.T.Members {
			counted := *s
			counted.MinItems, counted.MaxItems = s.MinProperties, s.MaxProperties
			p.schema = &counted
		}
		if s.Description == "" && p.T.Named == nil {
			b.fail(where, "no description")
		}
		if p.T.Named != nil && s.Ref != "" {
			resolved := *p.T.Named.schema
			resolved.Aliases, resolved.Absent = s.Aliases, t.PropertyAbsent[e.Name]
			p.schema = &resolved
		}
		if s.NullEmpty != "" && (p.T.Kind != text || !s.Nullable) {
			b.fail(where, "x-null-empty is for nullable texts")
		}
		if t.Use == inResponse {
			p.T.Accid = false // the service's own spelling stays
			p.T.Checked = s.ID != "" && !s.ZeroID
			if p.T.Elem != nil {
				p.T.Elem.Accid = false
				p.T.Elem.Checked = slices.Contains(t.Identity, e.Name+elements)
			}
		}
		scalar := p.T.Kind != list && p.T.Kind != raw
		if t.Use == inRequest {
			p.Pointer = scalar && (!p.Required || p.T.hasHarmfulZero())
		} else {
			p.Pointer = p.Absent != "" && scalar
		}
		t.Props = append(t.Props, p)
	}
	for _, p := range t.Props {
		if name := p.NullEmpty; name != "" && name != always && t.prop(name) == nil {
			b.fail(t.Name+"."+p.Wire, "x-null-empty %q is neither true nor a property", name)
		}
	}
	for _, name := range t.Copied {
		if p := t.prop(name); p == nil || p.T.Kind != object || p.Pointer {
			b.fail(t.Name, "x-copied %q is no property that is always an object", name)
			t.Copied = nil
		}
	}
	for _, name := range t.Identity {
		list, isList := strings.CutSuffix(name, elements)
		p := t.prop(list)
		if p == nil || p.Pointer || t.Use != inResponse || p.T.Kind == object || isList && (p.T.Elem == nil || p.T.Elem.Kind != text && p.T.Elem.Kind != integer) {
			b.fail(t.Name, "x-identity %q names no text, integer or list of a response", name)
			t.Identity = nil
		}
	}
	if t.TextProperty != "" {
		if p := t.prop(t.TextProperty); p == nil || p.T.Go != "string" || p.Pointer {
			b.fail(t.Name, "x-text-property %q is no text property", t.TextProperty)
		}
	}
}

// elements stands in x-identity behind the name of a list whose elements are meant.
const elements = "[]"

// identity returns the properties of t that say what it is about.
func (t *typ) identity() []*prop {
	var list []*prop
	for _, name := range t.Identity {
		if p := t.prop(name); p != nil {
			list = append(list, p)
		}
	}
	return list
}

// limited returns a schema of a form with the limits of its format.
func (b *builder) limited(s *schema) *schema {
	limits, ok := b.doc.Formats[s.Format]
	if !ok && s.Items == nil {
		return s
	}
	clone := *s
	if s.Items != nil {
		clone.Items = b.limited(s.Items)
	}
	if ok {
		clone.MaxLength, clone.Pattern = limits.MaxLength, limits.Pattern
	}
	return &clone
}

func (t *typ) prop(wire string) *prop {
	for _, p := range t.Props {
		if p.Wire == wire {
			return p
		}
	}
	return nil
}

// ref resolves the type of a property or an item.
func (b *builder) ref(where string, s *schema) ref {
	if name := s.target(); name != "" {
		t := b.types[name]
		switch {
		case t == nil:
			b.fail(where, "refers to %s, which does not exist", name)
			return ref{}
		case t.isEnum():
			return ref{Kind: enum, Go: t.Name, Named: t}
		}
		return ref{Kind: object, Go: t.Name, Named: t}
	}
	if s.Type == "integer" || s.isQuotedInteger() {
		return b.integer(where, s)
	}
	if s.ID != "" || s.Time != "" || s.Duration != "" {
		b.fail(where, "x-id, x-time and x-duration are for integers")
	}
	switch {
	case s.Type == "boolean" || s.isQuotedBoolean():
		return ref{Kind: boolean, Go: "bool"}
	case s.Type == "string":
		return ref{Kind: text, Go: "string", Accid: s.Format == "accid"}
	case s.Type == "number":
		if s.Minimum != nil || s.Maximum != nil || s.Format != "double" {
			b.fail(where, "a number has format double and no limits here")
		}
		return ref{Kind: number, Go: "float64"}
	case s.More.schema != nil:
		return b.entries(where, s)
	case s.Type == "object" && len(s.Properties) == 0:
		return ref{Kind: raw, Go: "json.RawMessage"}
	case s.Type == "array" && s.Items != nil:
		elem := b.ref(where+"[]", s.Items)
		if elem.Kind != object && elem.Kind != pair && !elem.integral() && elem.Kind != text {
			b.fail(where, "items must be texts, integers or objects")
		}
		return ref{Kind: list, Go: "[]" + elem.Go, Elem: &elem}
	}
	b.fail(where, "type %q is not supported here; give nested objects a component", s.Type)
	return ref{}
}

// goInt returns the Go type of an integer, which is int if its bounds fit 32 bits.
func (s *schema) goInt() string {
	if s.Format != "int64" || s.Maximum != nil && *s.Maximum <= math.MaxInt32 {
		return "int"
	}
	return "int64"
}

// body checks the encodings of the form and notes the payload of the success.
func (b *builder) body(e *endpoint) {
	e.Form.Form, e.Success.Success = true, true
	encoding := e.RequestBody.Content[formType].Encoding
	for name, enc := range encoding {
		p := e.Form.prop(name)
		switch {
		case p == nil:
			b.fail(e.Path, "encoding names %s, which is no field of %s", name, e.Form.Name)
		case enc.ContentType != jsonType:
			b.fail(e.Path, "encoding of %s is %q, want %s", name, enc.ContentType, jsonType)
		case p.T.Kind != list && p.T.Kind != object && p.T.Kind != raw:
			b.fail(e.Path, "encoding names %s, which is neither an array nor an object", name)
		}
	}
	for _, p := range e.Form.Props {
		if p.T.Kind == text && p.Format == "tag-expression" {
			p.T = ref{Kind: expression, Go: "tagexpr.Expr"}
		}
		if p.T.Kind != list && p.T.Kind != object && p.T.Kind != raw {
			continue
		}
		if _, ok := encoding[p.Wire]; !ok {
			b.fail(e.Path, "field %s is an array or an object and has no encoding", p.Wire)
		}
		p.Encoded = true
	}
	hasCode := false
	for _, p := range e.Success.Props {
		if e.Success.isCode(p) {
			hasCode = true
			continue
		}
		if p.Required {
			e.Payload = append(e.Payload, p.Wire)
		}
	}
	if !hasCode {
		b.fail(e.Success.Name, "no property code")
	}
}
