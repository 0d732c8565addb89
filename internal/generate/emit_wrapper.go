package main

import (
	"fmt"
	"slices"
	"strings"
)

// wrapperFiles returns the generated files of package wrapper, by name.
func wrapperFiles(a *api) map[string]func(p *printer) {
	list := map[string]func(p *printer){
		"services.gen.go": func(p *printer) { emitServices(p, a) },
		"requests.gen.go": func(p *printer) { emitRequests(p, a) },
		"types.gen.go":    func(p *printer) { emitAliases(p, a) },
		"codes.gen.go":    func(p *printer) { emitKinds(p, a) },
	}
	for _, service := range a.Services {
		list[service+suffix] = func(p *printer) { emitService(p, a, service) }
	}
	return list
}

// emitServices writes the struct of a client's services.
func emitServices(p *printer, a *api) {
	p.p("// Services are the services of a [Client], by subject.")
	p.p("type Services struct {")
	for _, tag := range a.Tags {
		first, rest, _ := verb(tag.Description)
		p.doc(fmt.Sprintf("%s %s %s", upperFirst(tag.Name), first, rest))
		p.p("%s *%s", upperFirst(tag.Name), serviceType(tag.Name))
	}
	p.p("}")
	p.p("")
	p.p("// newServices returns the services of a client with an engine.")
	p.p("func newServices(client *engine) Services {")
	p.p("shared := service{client}")
	p.p("return Services{")
	for _, tag := range a.Tags {
		p.p("%s: &%s{shared},", upperFirst(tag.Name), serviceType(tag.Name))
	}
	p.p("}")
	p.p("}")
}

// emitService writes a service with its methods.
func emitService(p *printer, a *api, service string) {
	for _, path := range []string{"context", "time", genPackage} {
		p.use(path)
	}
	name := serviceType(service)
	for _, tag := range a.Tags {
		if tag.Name == service {
			first, rest, _ := verb(tag.Description)
			p.doc(fmt.Sprintf("%s %s %s A client has it as [Client].%s.", name, first, rest, upperFirst(service)))
		}
	}
	p.p("type %s struct{ service }", name)
	for _, e := range a.Operations {
		for _, m := range e.Methods {
			if e.Service != service {
				continue
			}
			emitMethod(p, a, m)
			if m.All != "" && e.Page != nil {
				emitPager(p, a, m)
			}
		}
	}
}

func emitMethod(p *printer, a *api, m *method) {
	e := m.Operation
	p.p("")
	p.doc(a.methodDoc(m))
	result, zero, value := m.goResult()
	head := fmt.Sprintf("func (s *%s) %s(ctx context.Context, request %s, options ...CallOption)", serviceType(e.Service), m.Name, m.request())
	if result == "" {
		p.p("%s error {", head)
	} else {
		p.p("%s (%s, error) {", head, result)
	}
	for _, f := range m.Required {
		p.p("options = requireField(options, %s, %s)", quote(f.Wire), f.given("request."))
	}
	form := "request"
	if m.Form != "" {
		form = "form"
		fields := make([]string, len(e.Form.Props))
		for i, f := range e.Form.Props {
			fields[i] = f.Go + ": request." + f.Go
			for _, set := range m.Fixed {
				if set.prop == f {
					fields[i] = f.Go + ": " + set.Value()
				}
			}
		}
		p.p("form := gen.%s{%s}", e.Form.Name, strings.Join(fields, ", "))
	}
	run := fmt.Sprintf("run(ctx, s.client, &gen.%sEndpoint, %s, options)", e.Go, form)
	switch {
	case result == "":
		p.p("_, err := %s", run)
		p.p("return err")
	case m.Result == ".":
		p.p("return %s", run)
	default:
		p.p("response, err := %s", run)
		p.p("if response == nil {")
		p.p("return %s, err", zero)
		p.p("}")
		p.p("return %s, err", value)
	}
	p.p("}")
}

// goResult returns the type that a method returns beside the error, its zero value, and the
// expression of the result. They are empty if the method returns only an error.
func (m *method) goResult() (result, zero, value string) {
	switch {
	case m.Result == "":
		return "", "", ""
	case m.Returns == nil:
		return "*" + m.Operation.Success.Name, "nil", ""
	case m.Returns.Kind == object:
		return "*" + m.Returns.Go, "nil", "&response" + m.Selector
	}
	return m.Returns.Go, m.Returns.zero(), "response" + m.Selector
}

// emitRequests writes the requests of methods that set fields themselves.
func emitRequests(p *printer, a *api) {
	p.use(tagexprPackage)
	p.use("encoding/json")
	p.use("time")
	var order []string
	users := map[string][]*method{}
	for _, e := range a.Operations {
		for _, m := range e.Methods {
			if m.Form == "" {
				continue
			}
			if users[m.Form] == nil {
				order = append(order, m.Form)
			}
			users[m.Form] = append(users[m.Form], m)
		}
	}
	for _, form := range order {
		m := users[form][0]
		links := make([]string, len(users[form]))
		for i, user := range users[form] {
			links[i] = user.Link()
		}
		p.doc(form + " is the request of " + and(links) + ".")
		p.p("type %s struct {", form)
		for _, f := range m.Operation.Form.Props {
			if m.sets(f) {
				continue
			}
			p.doc(f.Go + ": " + lowerFirst(a.prose(m.Operation, propDoc(m.Operation.Form, f))))
			pointer := ""
			if f.Pointer {
				pointer = "*"
			}
			p.p("%s %s%s", f.Go, pointer, f.T.Go)
		}
		p.p("}")
		p.p("")
	}
}

// emitAliases writes aliases of the names in package gen that a caller of the methods needs.
func emitAliases(p *printer, a *api) {
	p.use(genPackage)
	for _, kind := range a.IDs {
		name := idType(kind)
		p.p("// %s is the id of a %s.", name, kind)
		p.p("type %s = gen.%s", name, name)
		p.p("")
		p.p("// Parse%s reads the id of a %s from decimal text, see [gen.Parse%s].", name, kind, name)
		p.p("func Parse%s(text string) (%s, error) { return gen.Parse%s(text) }", name, name, name)
		p.p("")
	}
	p.p("// DefaultRate is how many calls a second an app may make to each operation without a rate limit of")
	p.p("// its own, unless the vendor has set another limit.")
	p.p("const DefaultRate = %d", a.RateLimit.Calls/a.RateLimit.Seconds)
	p.p("")
	p.p("// Entry is one member of a JSON object whose names are data, see [gen.Entry].")
	p.p("type Entry = gen.Entry")
	p.p("")
	p.p("// EntryOf is an Entry whose value is not a text, see [gen.EntryOf].")
	p.p("type EntryOf[V any] = gen.EntryOf[V]")
	p.p("")
	used := a.reached()
	for _, t := range a.Types {
		if !used[t] {
			continue
		}
		p.doc(aliasDoc(a, t))
		p.p("type %s = gen.%s", t.Name, t.Name)
		p.p("")
		if t.isEnum() {
			p.p("// The known values of [%s]. The service may send others.", t.Name)
			p.p("const (")
			for _, m := range t.Enum {
				p.doc(m.Go + ": " + lowerFirst(m.Doc))
				p.p("%s = gen.%s", m.Go, m.Go)
			}
			p.p(")")
			p.p("")
		}
	}
}

// aliasDoc returns the comment of an alias.
func aliasDoc(a *api, t *typ) string {
	if t.Form {
		for _, e := range a.Operations {
			var links []string
			for _, m := range e.Methods {
				if e.Form == t && m.Form == "" {
					links = append(links, m.Link())
				}
			}
			if len(links) > 0 {
				return t.Name + " is the request of " + and(links) + ", see [gen." + t.Name + "]."
			}
		}
	}
	text := codeSpan.ReplaceAllStringFunc(t.Description, func(span string) string {
		span = strings.Trim(span, "`")
		for _, other := range a.Types {
			if p := other.prop(span); p != nil {
				return p.Go
			}
		}
		return span
	})
	if first, _, _ := strings.Cut(text, " "); slices.Contains([]string{"A", "An", "The", "What", "Who"}, first) {
		return t.Name + " is " + lowerFirst(text) + " See [gen." + t.Name + "]."
	}
	return t.Name + ": " + lowerFirst(text) + " See [gen." + t.Name + "]."
}

// reached returns the types that the methods' requests and results refer to.
func (a *api) reached() map[*typ]bool {
	found := map[*typ]bool{}
	var add func(t *typ)
	follow := func(r *ref) {
		for ; r != nil; r = r.Elem {
			if r.Named != nil {
				add(r.Named)
			}
		}
	}
	add = func(t *typ) {
		if found[t] {
			return
		}
		found[t] = true
		for _, p := range t.Props {
			follow(&p.T)
		}
	}
	for _, e := range a.Operations {
		for _, m := range e.Methods {
			switch {
			case m.Result == ".":
				add(e.Success)
			case m.Returns != nil:
				follow(m.Returns)
			}
			if m.Form == "" {
				add(e.Form)
				continue
			}
			for _, p := range e.Form.Props {
				if !m.sets(p) {
					follow(&p.T)
				}
			}
		}
	}
	return found
}

// emitKinds writes the codes and the error that each of them matches.
func emitKinds(p *printer, a *api) {
	p.use(genPackage)
	p.use("github.com/nimroom/nimroom/internal/advice")
	p.p("// The values of [Error.Code], which give the reason for an API error. The service may send others.")
	p.p("const (")
	for _, c := range a.Codes {
		p.doc(fmt.Sprintf("Code%s: %s %s", c.Name, c.Meaning, c.Advice))
		p.p("Code%s = gen.Code%s", c.Name, c.Name)
	}
	p.p(")")
	p.p("")
	p.p("// kinds has the error that each code matches.")
	p.p("var kinds = map[int]error{")
	for _, c := range a.Codes {
		if c.Kind != "" {
			p.p("Code%s: Err%s,", c.Name, c.Kind)
		}
	}
	p.p("}")
	p.p("")
	p.p("// textKinds has the error that the text of an API error matches, where it is not that of the code.")
	p.p("var textKinds = map[advice.Name]error{")
	for _, e := range a.Advice {
		if e.Kind != "" {
			p.p("advice.%s: Err%s,", upperFirst(e.Name), e.Kind)
		}
	}
	p.p("}")
}
