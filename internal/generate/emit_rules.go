package main

// ruleFiles returns the file that connects the operations to the rules of the emulator.
func ruleFiles(a *api) map[string]func(p *printer) {
	return map[string]func(p *printer){
		"operations" + suffix: func(p *printer) { emitRules(p, a) },
	}
}

// emitRules writes the interface that the rules implement and the list that binds each
// to its operation. If a rule is missing, the compiler names it in one error.
func emitRules(p *printer, a *api) {
	p.use(genPackage)
	p.doc("operations are the rules: a method for each operation of the spec, by its operationId.")
	p.p("type operations interface {")
	for _, e := range a.Operations {
		p.p("%s(gen.%s) (*gen.%s, error)", e.ID, e.Form.Name, e.Success.Name)
	}
	p.p("}")
	p.p("")
	p.doc("operations returns the rules of a call. It does not compile while one is missing.")
	p.p("func (c *call) operations() operations { return c }")
	p.p("")
	p.doc("bound ties every operation of the spec to its rule.")
	p.p("func bound() []Operation {")
	p.p("return []Operation{")
	for _, e := range a.Operations {
		p.p("bind(gen.%sEndpoint, operations.%s),", e.Go, e.ID)
	}
	p.p("}")
	p.p("}")
}
