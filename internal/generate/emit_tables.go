package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/internal/generate/dist"
)

// emitEnums writes the enum types.
func emitEnums(p *printer, a *api) {
	for _, t := range a.Types {
		if !t.isEnum() {
			continue
		}
		p.doc(t.Name + " " + typeDoc(t))
		p.p("type %s %s", t.Name, t.base())
		p.p("")
		p.p("const (")
		for _, m := range t.Enum {
			p.doc(m.Go + ": " + lowerFirst(m.Doc))
			value := m.Value
			if !t.isIntEnum() {
				value = quote(value)
			}
			p.p("%s %s = %s", m.Go, t.Name, value)
		}
		p.p(")")
		p.p("")
		emitEnumMethods(p, t)
	}
}

func emitEnumMethods(p *printer, t *typ) {
	names := make([]string, len(t.Enum))
	for i, m := range t.Enum {
		names[i] = m.Go
	}
	p.p("// Known reports whether the spec lists the value.")
	p.p("func (e %s) Known() bool {", t.Name)
	p.p("switch e {")
	p.p("case %s:", strings.Join(names, ", "))
	p.p("return true")
	p.p("}")
	p.p("return false")
	p.p("}")
	p.p("")
	if t.isIntEnum() {
		p.use("strconv")
		p.p("// String names the value; an unknown one reads like %s(7).", t.Name)
		p.p("func (e %s) String() string {", t.Name)
		p.p("switch e {")
		for _, m := range t.Enum {
			p.p("case %s:", m.Go)
			p.p("return %s", quote(m.Word))
		}
		p.p("}")
		p.p("return \"%s(\" + strconv.Itoa(int(e)) + \")\"", t.Name)
		p.p("}")
		p.p("")
		p.p("func (e %s) wireValue() string { return strconv.Itoa(int(e)) }", t.Name)
		p.p("")
		emitWords(p, t)
		return
	}
	p.p("// String returns the value as it is on the wire.")
	p.p("func (e %s) String() string { return string(e) }", t.Name)
	p.p("")
	p.p("func (e %s) wireValue() string { return string(e) }", t.Name)
	p.p("")
	p.p("// fold%s returns the value that a spelling means, or an empty one.", t.Name)
	p.p("func fold%s(word []byte) %s {", t.Name, t.Name)
	p.p("switch string(word) {")
	for _, m := range t.Enum {
		p.p("case %s:", quoteAll(slices.Concat([]string{m.Value}, m.Aliases)...))
		p.p("return %s", m.Go)
	}
	p.p("}")
	p.p("return \"\"")
	p.p("}")
	p.p("")
	if !t.hasEnumAliases() {
		return
	}
	p.use(wirePackage)
	p.p("func (e %s) spelling(d Dialect) string {", t.Name)
	p.p("switch e {")
	for _, m := range t.Enum {
		if len(m.Aliases) > 0 {
			p.p("case %s:", m.Go)
			p.p("return d.Spelling(%s)", quoteAll(m.Value, m.Aliases[0]))
		}
	}
	p.p("}")
	p.p("return string(e)")
	p.p("}")
	p.p("")
}

// emitCodes writes the codes of responses.
func emitCodes(p *printer, a *api) {
	p.p("// The codes of responses. The service may send others.")
	p.p("const (")
	for _, c := range a.Codes {
		p.doc(fmt.Sprintf("Code%s: %s %s", c.Name, c.Meaning, c.Advice))
		p.p("Code%s = %d", c.Name, c.Code)
	}
	p.p(")")
	p.p("")
	p.p("// Executed says whether an operation took effect although its response was an API error.")
	p.p("type Executed string")
	p.p("")
	p.p("const (")
	p.p("// NotExecuted means that the operation did not take effect.")
	p.p("NotExecuted Executed = \"no\"")
	p.p("// MaybeExecuted means that the operation may have taken effect.")
	p.p("MaybeExecuted Executed = \"maybe\"")
	p.p("// WasExecuted means that the operation took effect.")
	p.p("WasExecuted Executed = \"yes\"")
	p.p(")")
	p.p("")
	p.p("// String returns the word of the spec.")
	p.p("func (e Executed) String() string { return string(e) }")
	p.p("")
	p.p("// CodeInfo explains a code.")
	p.p("type CodeInfo struct {")
	p.p("Code int")
	p.p("Name string // BadParameter")
	p.p("Meaning string // what happened")
	p.p("Advice string // what to do")
	p.p("Executed Executed // whether the operation took effect")
	p.p("Transient bool // whether the same request may succeed when it is sent again")
	p.p("}")
	p.p("")
	p.p("// Codes lists the known codes.")
	p.p("var Codes = []CodeInfo{")
	for _, c := range a.Codes {
		executed := map[string]string{"no": "NotExecuted", "maybe": "MaybeExecuted", "yes": "WasExecuted"}[c.Executed]
		p.p("{%d, %s, %s, %t},", c.Code, quoteAll(c.Name, c.Meaning, c.Advice), executed, c.Transient)
	}
	p.p("}")
	p.p("")
	p.p("// LookupCode returns the description of a code. An operation that failed with an unknown")
	p.p("// code may have taken effect.")
	p.p("func LookupCode(code int) (CodeInfo, bool) {")
	p.p("for _, info := range Codes {")
	p.p("if info.Code == code {")
	p.p("return info, true")
	p.p("}")
	p.p("}")
	p.p("return CodeInfo{Code: code, Executed: MaybeExecuted}, false")
	p.p("}")
}

func rateLimitLiteral(p *printer, l dist.RateLimit) string {
	p.use("time")
	return fmt.Sprintf("RateLimit{Calls: %d, Per: %d * time.Second, Block: %d * time.Second}", l.Calls, l.Seconds, l.Block)
}

// emitEndpoints writes the endpoints and the list of all operations.
func emitEndpoints(p *printer, a *api) {
	p.p("// DefaultRateLimit is the limit of every operation without one of its own.")
	p.p("var DefaultRateLimit = %s", rateLimitLiteral(p, a.RateLimit))
	p.p("")
	p.p("// Features are the features, with the text of the error (code 403) of an app without one.")
	p.p("var Features = map[Feature]string{")
	for _, f := range a.Features {
		p.p("%s: %s,", quote(f.Name), quote(f.Value.Desc))
	}
	p.p("}")
	p.p("")
	p.p("// Operations lists every operation in the order of the spec.")
	p.p("var Operations = []*Operation{")
	for _, e := range a.Operations {
		p.p("%sOperation,", lowerCamel(e.Go))
	}
	p.p("}")
	p.p("")
	p.use("strings")
	p.p("// LookupPath returns the operation of a URL's path, which ends in the operation's own")
	p.p("// path or in another path that a document gives for it.")
	p.p("func LookupPath(path string) (*Operation, bool) {")
	p.p("for _, o := range Operations {")
	p.p("if strings.HasSuffix(path, o.Path) {")
	p.p("return o, true")
	p.p("}")
	p.p("for _, alias := range o.PathAliases {")
	p.p("if strings.HasSuffix(path, alias) {")
	p.p("return o, true")
	p.p("}")
	p.p("}")
	p.p("}")
	p.p("return nil, false")
	p.p("}")
	p.p("")
	p.p("// The endpoints, one for each operation.")
	p.p("var (")
	for _, e := range a.Operations {
		p.doc(fmt.Sprintf("%sEndpoint is the endpoint of %s: %s.", e.Go, e.ID, lowerFirst(e.Summary)))
		p.p("%sEndpoint = Endpoint[%s, %s]{", e.Go, e.Form.Name, e.Success.Name)
		p.p("Operation: %sOperation,", lowerCamel(e.Go))
		p.p("Send: ClientInterface.%sWithBody,", e.Go)
		p.p("Read: read%s,", e.Go)
		p.p("Bind: bind%s,", e.Go)
		if e.Unclear != "" {
			selector, t := e.Success.member(e.Unclear)
			when := "r" + selector + " == 0"
			if t.Kind == list {
				when = "len(r" + selector + ") > 0"
			}
			p.p("Unclear: func(r *%s) bool { return %s },", e.Success.Name, when)
		}
		p.p("}")
	}
	p.p(")")
}

// emitOperations writes the descriptions of a service's operations.
func emitOperations(p *printer, a *api, service string) {
	p.use(wirePackage)
	for _, e := range a.Operations {
		if e.Service == service {
			emitOperation(p, e)
		}
	}
}

// integers returns the list of a slice's literal.
func integers(list []int) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(list)), ", "), "[]")
}

func emitOperation(p *printer, e *endpoint) {
	p.p("var %sOperation = &Operation{", lowerCamel(e.Go))
	p.p("ID: %s,", quote(e.ID))
	p.p("Action: %s,", quote(e.Action))
	p.p("Path: %s,", quote(e.Path))
	if len(e.PathAliases) > 0 {
		p.p("PathAliases: []string{%s},", quoteAll(e.PathAliases...))
	}
	p.p("Service: %s,", quote(e.Service))
	p.p("Summary: %s,", quote(e.Summary))
	p.p("DocURL: %s,", quote(e.ExternalDocs.URL))
	p.p("Idempotency: %s,", upperFirst(e.Idempotency))
	if e.RateLimit != nil {
		p.p("RateLimit: &%s,", rateLimitLiteral(p, *e.RateLimit))
	}
	if e.Feature != "" {
		p.p("Feature: %s,", quote(e.Feature))
	}
	if e.IdempotentWith != "" {
		p.p("IdempotentWith: %s,", quote(e.IdempotentWith))
	}
	p.p("StatusCodes: []int{%s},", integers(e.StatusCodes))
	p.p("Sources: []Source{")
	for _, s := range e.Sources {
		p.p("{%s},", quoteAll(s.Evidence, s.At))
	}
	p.p("},")
	p.p("Fields: []Field{")
	for _, f := range e.Form.Props {
		p.p("%s,", fieldLiteral(f))
	}
	p.p("},")
	p.p("Methods: []string{%s},", quoteAll(e.methodNames()...))
	p.p("Success: []string{%s},", quoteAll(e.Payload...))
	p.p("Example: %s,", quote(e.Example))
	if e.Page != nil {
		p.p("Page: %s,", pageLiteral(e))
	}
	if b := e.Batch; b != nil {
		p.p("Batch: &Batch{Field: %s, Maximum: %d},", quote(b.Field), b.Maximum)
	}
	if r := e.Deduplication; r != nil {
		list := ""
		if r.List != "" {
			list = "List: " + quote(r.List) + ", "
		}
		p.p("Repeat: &Repeat{%sID: %s, Flag: %s, Value: %s},", list, quote(r.ID), quote(r.Flag), quote(r.Value))
	}
	if e.Ask != "" {
		p.p("Ask: %s,", quote(e.Ask))
	}
	if e.Unclear != "" {
		p.p("Unclear: %s,", quote(e.Unclear))
	}
	if len(e.RepeatDone) > 0 {
		p.p("RepeatDone: []int{%s},", integers(e.RepeatDone))
	}
	p.p("Bind: func(f *Fields) (Form, error) { return bind%s(f) },", e.Go)
	p.p("}")
	p.p("")
}

func fieldLiteral(f *prop) string {
	parts := []string{"Name: " + quote(f.Wire), "GoName: " + quote(f.Go)}
	if len(f.Aliases) > 0 {
		parts = append(parts, "Aliases: []string{"+quoteAll(f.Aliases...)+"}")
	}
	parts = append(parts, "Kind: "+fieldKind(f.T))
	if f.Required {
		parts = append(parts, "Required: true")
	}
	if l := limits(f); l != "" {
		parts = append(parts, "Limits: "+quote(l))
	}
	if f.Default != nil {
		parts = append(parts, "Default: "+quote(*f.Default))
	}
	if f.T.Kind == enum {
		parts = append(parts, "Values: []string{"+quoteAll(wireValues(f.T.Named)...)+"}")
	}
	if f.Missing != "" {
		parts = append(parts, "Missing: "+quote(f.Missing))
	}
	if feature := f.feature(); feature != "" {
		parts = append(parts, "Feature: "+quote(feature))
	}
	if reason := f.notEmulated(); reason != "" {
		parts = append(parts, "NotEmulated: "+quote(reason))
	}
	if members := members(f); len(members) > 0 {
		parts = append(parts, fmt.Sprintf("Members: %#v", members))
	}
	parts = append(parts, "\nDescription: "+quote(f.Description))
	return "{" + strings.Join(parts, ", ") + "}"
}

// members returns why the emulator does not carry out the members of a JSON field, by name and
// alias: an empty text for those that it does.
func members(f *prop) map[string]string {
	of := f.T.Named
	if f.T.Kind == list {
		of = f.T.Elem.Named
	}
	if of == nil || of.Enum != nil || f.notEmulated() != "" {
		return nil
	}
	list := map[string]string{}
	for _, p := range of.Props {
		for _, name := range append([]string{p.Wire}, p.Aliases...) {
			list[name] = p.notEmulated()
		}
	}
	return list
}

func fieldKind(t ref) string {
	switch {
	case t.Kind == boolean:
		return "BooleanField"
	case t.integral() || t.As != nil:
		return "IntegerField"
	case t.Kind == number:
		return "NumberField"
	case t.Kind == list && !t.Members:
		return "ArrayField"
	case t.Kind == object || t.Kind == raw || t.Members:
		return "ObjectField"
	}
	return "TextField"
}

// limits returns the limits of a field in words.
func limits(f *prop) string {
	var words []string
	say := func(format string, args ...any) { words = append(words, fmt.Sprintf(format, args...)) }
	if f.MaxLength != nil {
		say("at most %d characters", *f.MaxLength)
	}
	if f.Pattern == accidOnly {
		say("letters, digits and _ @ . -")
	}
	if f.MaxJSONLength != nil {
		say("at most %d characters of JSON", *f.MaxJSONLength)
	}
	if f.MinItems > 0 {
		say("at least %d items", f.MinItems)
	}
	if f.MaxItems != nil {
		say("at most %d items", *f.MaxItems)
	}
	if f.Minimum != nil {
		say("at least %s", strconv.FormatInt(*f.Minimum, 10))
	}
	if f.Maximum != nil {
		say("at most %s", strconv.FormatInt(*f.Maximum, 10))
	}
	if f.T.As != nil {
		say("in %s", f.T.As.Unit)
	}
	return strings.Join(words, ", ")
}
