package main

import "slices"

// testFiles returns the tables that the tests of package gen use.
func testFiles(a *api) map[string]func(p *printer) {
	return map[string]func(p *printer){"tables" + testSuffix: func(p *printer) { emitTestTables(p, a) }}
}

func emitTestTables(p *printer, a *api) {
	const gen = "github.com/nimroom/nimroom/gen"
	p.use("reflect")
	p.use(gen)
	p.p("// endpoints has every endpoint, in the order of the spec.")
	p.p("var endpoints = []endpoint{")
	for _, e := range a.Operations {
		p.p("erase(gen.%sEndpoint),", e.Go)
	}
	p.p("}")
	p.p("")
	p.p("// structs has every struct of forms and responses.")
	p.p("var structs = []reflect.Type{")
	for _, t := range a.Types {
		if !t.isEnum() {
			p.p("reflect.TypeFor[gen.%s](),", t.Name)
		}
	}
	p.p("}")
	p.p("")
	p.p("// identities has the fields that say what a struct in a response is about. They are not zero,")
	p.p("// and no element of those that are lists is.")
	p.p("var identities = map[reflect.Type][]string{")
	for _, t := range a.Types {
		if len(t.Identity) == 0 {
			continue
		}
		var names []string
		for _, f := range t.Props {
			if slices.Contains(t.Identity, f.Wire) && !f.T.integral() || slices.Contains(t.Identity, f.Wire+elements) || f.T.Checked {
				names = append(names, f.Go)
			}
		}
		p.p("reflect.TypeFor[gen.%s](): {%s},", t.Name, quoteAll(names...))
	}
	p.p("}")
	p.p("")
	p.p("// enums has every enum of forms and responses.")
	p.p("var enums = []reflect.Type{")
	for _, t := range a.Types {
		if t.isEnum() {
			p.p("reflect.TypeFor[gen.%s](),", t.Name)
		}
	}
	p.p("}")
}
