package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var codeSpan = regexp.MustCompile("`([^`]+)`")

// prose turns a text of the spec into one of Go: names of fields and members become
// those of Go, operations and values of enums become doc links.
func (a *api) prose(e *endpoint, text string) string {
	text = strings.ReplaceAll(text, "**", "")
	return codeSpan.ReplaceAllStringFunc(text, func(span string) string {
		span = strings.Trim(span, "`")
		if name, value, ok := strings.Cut(span, "="); ok {
			if p := e.Form.prop(name); p != nil {
				return p.being(value)
			}
		}
		if p := e.named(span); p != nil {
			return p.Go
		}
		if o := a.lookup(span); o != nil {
			return o.Methods[0].Link()
		}
		for _, t := range a.Types {
			for _, m := range t.Enum {
				if m.Value == span && t.textual() {
					return "[" + m.Go + "]"
				}
			}
		}
		return span
	})
}

func (t *typ) textual() bool { return t.isEnum() && !t.isIntEnum() }

// being returns words for a field that has a value.
func (p *prop) being(value string) string {
	switch {
	case value == "0" && p.T.As != nil:
		return "a zero " + p.Go
	case p.T.Kind == enum:
		for _, m := range p.T.Named.Enum {
			if m.Value == value {
				return p.Go + " [" + m.Go + "]"
			}
		}
	}
	return p.Go + " " + value
}

// named returns a field of the form, or a member of the success at any depth.
func (e *endpoint) named(wire string) *prop {
	if p := e.Form.find(wire, map[*typ]bool{}); p != nil {
		return p
	}
	return e.Success.find(wire, map[*typ]bool{})
}

func (t *typ) find(wire string, seen map[*typ]bool) *prop {
	if seen[t] {
		return nil
	}
	seen[t] = true
	if p := t.prop(wire); p != nil {
		return p
	}
	for _, p := range t.Props {
		r := &p.T
		if r.Elem != nil {
			r = r.Elem
		}
		if r.Named == nil {
			continue
		}
		if found := r.Named.find(wire, seen); found != nil {
			return found
		}
	}
	return nil
}

// lookup returns the operation with an id or an action.
func (a *api) lookup(name string) *endpoint {
	i := slices.IndexFunc(a.Operations, func(e *endpoint) bool { return e.ID == name || e.Action == name })
	if i < 0 || len(a.Operations[i].Methods) == 0 {
		return nil
	}
	return a.Operations[i]
}

// methodDoc returns the documentation of a method.
func (a *api) methodDoc(m *method) string {
	e := m.Operation
	first, rest, _ := verb(m.Description)
	paragraphs := []string{m.Name + " " + first + " " + a.prose(e, strings.TrimSpace(rest)) + m.all()}
	for _, more := range []string{m.limits(), a.needs(m), a.rateLimit(e), a.repeats(m), a.failures(m), sourceLine(e)} {
		if more != "" {
			paragraphs = append(paragraphs, more)
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// needs describes the features that the operation of a method and the fields of the method's
// request need.
func (a *api) needs(m *method) string {
	e := m.Operation
	var sentences []string
	if f := a.Features.find(e.Feature); f != nil {
		sentences = append(sentences, f.English(""))
	}
	for _, p := range e.Form.Props {
		if f := a.Features.find(p.feature()); f != nil && p.feature() != e.Feature && !m.sets(p) {
			sentences = append(sentences, a.prose(e, f.English(p.Wire)))
		}
	}
	return strings.Join(sentences, " ")
}

// rateLimit describes how often an app may call an operation.
func (a *api) rateLimit(e *endpoint) string {
	if e.RateLimit != nil {
		return e.RateLimit.English()
	}
	return a.RateLimit.English()
}

// all returns a sentence about the method without the limit of one call.
func (m *method) all() string {
	link := "[" + serviceType(m.Operation.Service) + "." + m.All + "]"
	switch {
	case m.All == "":
		return ""
	case m.Operation.Page != nil:
		return " " + link + " reads all pages."
	}
	return " " + link + " takes any number."
}

// limits returns sentences about the limits and units of the fields of a method's request.
func (m *method) limits() string {
	var order []string
	fields := map[string][]string{}
	for _, p := range m.Operation.Form.Props {
		if m.sets(p) {
			continue
		}
		for _, limit := range p.goLimits() {
			if fields[limit] == nil {
				order = append(order, limit)
			}
			fields[limit] = append(fields[limit], p.Go)
		}
	}
	var sentences []string
	for _, limit := range order {
		names := fields[limit]
		sentences = append(sentences, fmt.Sprintf(limit, and(names), ending(len(names)))+".")
	}
	for _, p := range m.Required {
		sentences = append(sentences, p.Go+" is required.")
	}
	return strings.Join(sentences, " ")
}

// goLimits returns formats of sentences about a field, with verbs for its name and for the
// ending of the sentence's verb.
func (p *prop) goLimits() []string {
	var list []string
	say := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	switch {
	case p.Pattern == accidOnly:
		say("%%s take%%s up to %d letters, digits and _ @ . -", *p.MaxLength)
	case p.MaxLength != nil:
		say("%%s take%%s up to %d characters", *p.MaxLength)
	case p.MaxJSONLength != nil:
		say("%%s take%%s up to %d characters of JSON", *p.MaxJSONLength)
	case p.MaxItems != nil:
		say("%%s hold%%s %d to %d items", p.MinItems, *p.MaxItems)
	case p.T.Go == "time.Duration" && p.Maximum != nil:
		say("%%s take%%s up to %s; the client rounds up to whole seconds", days(*p.Maximum))
	case p.T.Go == "time.Time":
		unit := strings.TrimSuffix(p.T.As.Unit, since1970)
		say("%%s count%%s whole %s", unit[strings.LastIndexByte(unit, ' ')+1:])
	case p.Minimum != nil && p.Maximum != nil:
		say("%%s take%%s %d to %d", *p.Minimum, *p.Maximum)
	case p.Minimum != nil && p.ID == "":
		say("%%s take%%s values from %d up", *p.Minimum)
	}
	return list
}

// days returns a number of seconds in words, and in days if these are whole.
func days(seconds int64) string {
	const day = 24 * 60 * 60
	unit, n := "second", seconds
	if seconds%day == 0 {
		unit, n = "day", seconds/day
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}

// repeats describes what a repeat of the operation does, and which method to call after a
// lost response.
func (a *api) repeats(m *method) string {
	e, ask := m.Operation, ""
	if o := a.lookup(e.Ask); o != nil {
		ask = o.Methods[0].Link()
	}
	var text string
	switch m.idempotency() {
	case "idempotent":
		text = "The client repeats the call if a response is lost, because a repeat changes nothing more. After [ErrOutcomeUnknown], " + ask + " shows whether the call took effect."
	case "deduplicated":
		d := e.Deduplication
		id, flag := e.repeated().prop(d.ID), e.repeated().prop(d.Flag)
		if d.List != "" {
			list := e.Form.prop(d.List).Go
			text = fmt.Sprintf("The service recognizes each element of %s by its %s. If a %s is empty, the client sets it: it is [Error.RequestID] with -1 in the first element, with -2 in the second, and so on. Unless an element sets %s, the client sends it with %s from the first attempt on, so that the service drops what it knows. After [ErrOutcomeUnknown], call again with the same %s in each.", list, id.Go, id.Go, flag.Go, flag.being(d.Value), id.Go)
			break
		}
		text = fmt.Sprintf("If %s is empty, the client sets it. Unless %s is set, the client sends the call with %s from the first attempt on, so that the service drops a message whose %s it knows. After [ErrOutcomeUnknown], call again with the same %s; if the client set it, it is [Error.RequestID].", id.Go, flag.Go, flag.being(d.Value), id.Go, id.Go)
	case "unsafe":
		text = "The client does not repeat the call if its response is lost, because each call takes effect again. After [ErrOutcomeUnknown], " + ask + " shows whether the call took effect."
	}
	if len(e.RepeatDone) > 0 && m.idempotency() == "idempotent" {
		text += " If a response is lost and the repeat gets code " + integers(e.RepeatDone) + ", the first call did what was asked"
		if len(e.Payload) > 0 {
			text += ", as far as is known; its result is lost, and the method returns an error that matches [ErrResultUnknown]"
		} else {
			text += ", and the method returns no error"
		}
		text += "."
	}
	if e.Unclear != "" {
		_, t := e.Success.member(e.Unclear)
		p := e.named(e.Unclear[strings.LastIndexByte(e.Unclear, '.')+1:])
		when := "has 0 in " + p.Go
		if t.Kind == list {
			when = "lists accounts in " + p.Go
		}
		text += " If a response is lost and the response to the repeat " + when + ", the method returns the result together with an error that matches [ErrResultUnknown], because the first call may have done the rest."
	}
	return text
}

// failures lists the errors that an operation can return beyond those of every call.
func (a *api) failures(m *method) string {
	var list []string
	for _, c := range a.Codes {
		name := "[Err" + c.Kind + "]"
		if c.Kind != "" && !c.Common && slices.Contains(m.Operation.StatusCodes, c.Code) && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return "Errors: " + and(append(list, "those of every call")) + "."
}

// sourceLine names the evidence of an operation.
func sourceLine(e *endpoint) string {
	list := make([]string, len(e.Sources))
	for i, s := range e.Sources {
		list[i] = fmt.Sprintf("%s, %q", s.Evidence, s.At)
	}
	return "Source: " + strings.Join(list, "; ") + "."
}

// and joins words with commas and "and".
func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// ending returns the ending of a verb with this number of subjects.
func ending(subjects int) string {
	if subjects > 1 {
		return ""
	}
	return "s"
}
