package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/nimroom/nimroom/internal/kebab"
)

// commandFiles returns the files of package command.
func commandFiles(a *api) map[string]func(p *printer) {
	return map[string]func(p *printer){"methods.gen.go": func(p *printer) { emitMethods(p, a) }}
}

// emitMethods writes the services and their methods, as commands need them.
func emitMethods(p *printer, a *api) {
	p.use(genPackage)
	p.use(wirePackage)
	p.p("// Services has the services in the order of the spec, with their methods.")
	p.p("var Services = []*Service{")
	for i, service := range a.Tags {
		zh := service
		if len(a.Chinese.Tags) > 0 {
			zh = a.Chinese.Tags[i]
		}
		p.p("{%s, Text{%s}, []*Method{", quote(service.Name), quoteAll(service.Description, zh.Description))
		for _, e := range a.Operations {
			for i, m := range e.Methods {
				if e.Service == service.Name {
					emitCommand(p, m, a.Chinese.method(e, i))
				}
			}
		}
		p.p("}},")
	}
	p.p("}")
}

// emitCommand writes a method.
func emitCommand(p *printer, m *method, chinese method) {
	p.p("{")
	p.p("Name: %s, Command: %s, Operation: gen.%sEndpoint.Operation, Result: %s,", quote(m.Name), quote(kebab.Case(m.Name)), m.Operation.Go, quote(m.Result))
	p.p("Description: Text{%s},", quoteAll(strings.TrimSpace(m.Description), strings.TrimSpace(chinese.Description)))
	if m.Success != "" {
		p.p("Success: Text{%s},", quoteAll(m.Success, chinese.Success))
	}
	if argument := m.Operation.Form.argument(); argument != nil {
		p.p("Argument: %s,", quote(argument.Wire))
	}
	if len(m.Fixed) > 0 {
		p.p("Set: %s,", sent(m.Fixed))
	}
	if len(m.Required) > 0 {
		names := make([]string, len(m.Required))
		for i, f := range m.Required {
			names[i] = f.Wire
		}
		p.p("Require: []string{%s},", quoteAll(names...))
	}
	if m.Export != nil {
		each := ""
		for _, f := range *m.Export {
			each = fmt.Sprintf("%s, []string{%s}", quote(f.Name), quoteAll(f.Value...))
		}
		p.p("Export: &Export{%s},", each)
	}
	p.p("Flags: []Flag{")
	for _, f := range m.Line {
		set := "nil"
		if len(f.Fixed) > 0 {
			set = sent(f.Fixed)
		}
		p.p("{%s, %s, %s},", quote(f.Name), quote(f.Field), set)
	}
	p.p("},")
	p.p("},")
}

// sent returns the Go expression of what fields are set to. A field that is left out has no value.
func sent(fields []setField) string {
	var list []string
	for _, f := range fields {
		if f.Sent != "" {
			list = append(list, fmt.Sprintf("{Name: %s, Value: %s}", quote(f.Wire), quote(f.Sent)))
		}
	}
	return "[]wire.Pair{" + strings.Join(list, ", ") + "}"
}

// method returns an operation's method in these words or, without them, in those of the spec.
func (x explanations) method(e *endpoint, i int) method {
	translated := x.Paths.find(e.Path)
	if translated == nil {
		return *e.Methods[i]
	}
	m := *translated.Post.Methods[i]
	m.Description = cmp.Or(m.Description, translated.Post.Description)
	return m
}
