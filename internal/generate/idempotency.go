package main

import "slices"

// idempotency returns the class of the requests that the method makes.
func (m *method) idempotency() string {
	e := m.Operation
	if e.IdempotentWith != "" && slices.Contains(m.Required, e.Form.prop(e.IdempotentWith)) {
		return "idempotent"
	}
	return e.Idempotency
}

// repeated returns the type by which the service recognizes a repeat: the form, or the elements
// of its list.
func (e *endpoint) repeated() *typ {
	if e.Deduplication.List == "" {
		return e.Form
	}
	return e.Form.prop(e.Deduplication.List).T.Elem.Named
}

// conditional checks that each method of an operation that is idempotent with a field either
// needs the field or leaves it out.
func (b *builder) conditional(e *endpoint) {
	if e.IdempotentWith == "" {
		return
	}
	p := e.Form.prop(e.IdempotentWith)
	if p == nil || !p.Pointer || p.Required || p.T.Kind != text || e.Idempotency != "unsafe" {
		b.fail(e.Path, "x-idempotent-with %s is no optional text of an unsafe operation", e.IdempotentWith)
		return
	}
	for _, m := range e.Methods {
		if !m.sets(p) && !slices.Contains(m.Required, p) {
			b.fail(e.Path, "x-methods: %s neither requires %s nor sets it to null", m.Name, p.Wire)
		}
	}
}

// emitConditional writes the method by which a form says whether it can be sent again.
func emitConditional(p *printer, e *endpoint) {
	if e.IdempotentWith == "" {
		return
	}
	f := e.Form.prop(e.IdempotentWith)
	p.p("// Idempotent reports whether the form has a %s, and a repeat changes nothing more.", f.Wire)
	p.p("func (f %s) Idempotent() bool { return f.%s != nil && *f.%s != \"\" }", e.Form.Name, f.Go, f.Go)
	p.p("")
}
