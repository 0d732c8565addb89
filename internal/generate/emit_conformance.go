package main

import (
	"fmt"
	"strings"
)

// conformanceFiles returns the generated files of package conformance.
func conformanceFiles(a *api) map[string]func(p *printer) {
	return map[string]func(p *printer){
		"operations.gen.go": func(p *printer) { emitOperationTable(p, a) },
	}
}

// emitOperationTable writes the conformance suite's table of operations, with the methods of
// the SDK that call them.
func emitOperationTable(p *printer, a *api) {
	p.use("context")
	p.use("time")
	p.use(genPackage)
	p.use("github.com/nimroom/nimroom/wrapper")
	p.p("// operations has every operation of the spec, by id.")
	p.p("var operations = byID(")
	for _, e := range a.Operations {
		p.p("entry(gen.%sEndpoint,", e.Go)
		for _, m := range e.Methods {
			p.p("method[gen.%s]{", e.Form.Name)
			p.p("name: %s,", quote(m.FullName()))
			if test := m.fits("f."); test != "" {
				p.p("fits: func(f gen.%s) bool { return %s },", e.Form.Name, test)
			}
			p.p("call: func(ctx context.Context, c *wrapper.Client, f gen.%s, options ...wrapper.CallOption) error {", e.Form.Name)
			if m.Result != "" {
				p.p("_, err := %s", m.callWith("f."))
			} else {
				p.p("err := %s", m.callWith("f."))
			}
			p.p("return err")
			p.p("},")
			p.p("},")
		}
		p.p("),")
	}
	p.p(")")
}

// fits returns a Go condition under which the method can send a form, or "" if it can send
// every form.
func (m *method) fits(form string) string {
	var tests []string
	for _, f := range m.Fixed {
		value := form + f.Go
		if f.Literal == "nil" {
			tests = append(tests, value+" == nil")
			continue
		}
		if f.Pointer {
			tests = append(tests, value+" != nil")
			value = "*" + value
		}
		switch f.Sent {
		case "true":
			tests = append(tests, value)
		case "false":
			tests = append(tests, "!"+value)
		default:
			tests = append(tests, value+" == "+f.Literal)
		}
	}
	for _, f := range m.Required {
		tests = append(tests, f.given(form))
	}
	return strings.Join(tests, " && ")
}

// callWith returns a Go call of the method with the fields of a form.
func (m *method) callWith(form string) string {
	request := strings.TrimSuffix(form, ".")
	if m.Form != "" {
		var fields []string
		for _, f := range m.Operation.Form.Props {
			if !m.sets(f) {
				fields = append(fields, f.Go+": "+form+f.Go)
			}
		}
		request = "wrapper." + m.Form + "{" + strings.Join(fields, ", ") + "}"
	}
	return fmt.Sprintf("c.%s.%s(ctx, %s, options...)", upperFirst(m.Operation.Service), m.Name, request)
}
