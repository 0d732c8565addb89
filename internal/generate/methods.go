package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// method is one entry of x-methods: a way to call an operation from Go.
type method struct {
	Name        string             `yaml:"name"`
	Description string             `yaml:"description"`
	Success     string             `yaml:"success"` // what a success means, where neither its name nor its result says it
	Result      string             `yaml:"result"`  // path of the result inside the success, "." for the whole success
	Form        string             `yaml:"form"`    // name of the request type, if the method sets fields
	Set         ordered[yaml.Node] `yaml:"set"`     // fields that the method sets, which are not in its request
	Require     []string           `yaml:"require"` // fields that must not be zero
	All         string             `yaml:"all"`     // the method that makes as many calls as any number of items or pages needs
	Export      *ordered[[]string] `yaml:"export"`  // present if a command exports what the method lists: for each of the values of a field, if there is one
	Flags       ordered[flag]      `yaml:"flags"`   // flags of the command line whose names do not follow from those of fields

	Operation *endpoint  `yaml:"-"`
	Fixed     []setField `yaml:"-"`
	Required  []*prop    `yaml:"-"`
	Line      []flag     `yaml:"-"` // all flags of the command
	Selector  string     `yaml:"-"` // the selector of the result in Go
	Returns   *ref       `yaml:"-"` // type of the result; nil if there is no result or it is the success
}

// setField is a field with the Go expression that a method sets it to.
type setField struct {
	*prop
	Literal string // the value in Go
	Sent    string // the value on the wire
}

// serviceType returns the Go type of a service.
func serviceType(service string) string { return upperFirst(service) + "Service" }

// FullName returns the method with its service, such as Rooms.Create.
func (m *method) FullName() string { return upperFirst(m.Operation.Service) + "." + m.Name }

// methodNames returns the full names of an operation's methods.
func (e *endpoint) methodNames() []string {
	names := make([]string, len(e.Methods))
	for i, m := range e.Methods {
		names[i] = m.FullName()
	}
	return names
}

// Link returns the doc link to the method.
func (m *method) Link() string { return "[" + serviceType(m.Operation.Service) + "." + m.Name + "]" }

// sets reports whether the method sets a field itself.
func (m *method) sets(p *prop) bool {
	return slices.ContainsFunc(m.Fixed, func(f setField) bool { return f.prop == p })
}

// request returns the type of the method's request.
func (m *method) request() string {
	if m.Form != "" {
		return m.Form
	}
	return m.Operation.Form.Name
}

// methods reads and checks x-methods of all operations.
func (b *builder) methods(a *api) {
	names := map[string]string{} // operation by service and method
	forms := map[string]string{} // fields that are set and operation, by form
	for _, tag := range a.Tags {
		if _, _, ok := verb(tag.Description); !ok {
			b.fail("tags: "+tag.Name, "the description must begin with a verb such as Creates")
		}
	}
	for _, e := range a.Operations {
		if len(e.Methods) == 0 {
			b.fail(e.Path, "no x-methods")
		}
		for _, m := range e.Methods {
			m.Operation = e
			where := e.Path + ": x-methods: " + m.Name
			own := []string{m.Name}
			if m.All != "" {
				own = append(own, m.All)
			}
			for _, name := range own {
				if name == "" || name != upperFirst(name) {
					b.fail(where, "the name %q is no exported Go name", name)
				}
				key := e.Service + "." + name
				if other, ok := names[key]; ok {
					b.fail(where, "%s has a method %s in %s", other, name, e.Service)
				}
				names[key] = e.ID
			}
			if m.Description == "" {
				m.Description = e.Description
			}
			if _, _, ok := verb(m.Description); !ok {
				b.fail(where, "the description must begin with a verb such as Creates")
			}
			if m.All != "" && e.Batch == nil && e.Page == nil {
				b.fail(where, "all is for operations with x-batch or x-page")
			}
			if m.Export != nil && (len(*m.Export) > 1 || len(*m.Export) == 1 && e.Form.prop((*m.Export)[0].Name) == nil) {
				b.fail(where, "export names no field of %s, or several", e.Form.Name)
			}
			b.methodFields(where, m)
			b.methodFlags(where, m)
			b.methodResult(where, m)
			if m.All != "" && e.Page != nil {
				b.pager(where, m)
			}
			if (m.Form == "") != (len(m.Fixed) == 0) {
				b.fail(where, "set and form go together")
			}
			if m.Form == "" {
				continue
			}
			names := []string{e.ID}
			for _, f := range m.Fixed {
				names = append(names, f.Wire)
			}
			fields := strings.Join(names, " ")
			if other, ok := forms[m.Form]; ok && other != fields || b.types[m.Form] != nil {
				b.fail(where, "form %s is the request of something else", m.Form)
			}
			forms[m.Form] = fields
		}
		if e.Page != nil && !slices.ContainsFunc(e.Methods, func(m *method) bool { return m.All != "" }) {
			b.fail(e.Path, "x-page needs a method with all in x-methods")
		}
		b.everySwitch(e)
		b.conditional(e)
	}
}

// methodFields checks the fields that a method sets and requires.
func (b *builder) methodFields(where string, m *method) {
	form := m.Operation.Form
	m.Fixed = b.setFields(where, form, m.Set)
	for _, name := range m.Require {
		p := form.prop(name)
		if p == nil || p.Pointer && p.T.Kind != text || p.T.Kind == list || p.T.Kind == raw || p.T.Kind == object {
			b.fail(where, "require names %s, which is no required plain field of %s", name, form.Name)
			continue
		}
		m.Required = append(m.Required, p)
	}
}

// setFields checks the values of fields that a method or a flag sets.
func (b *builder) setFields(where string, form *typ, set ordered[yaml.Node]) (fixed []setField) {
	for _, entry := range set {
		p := form.prop(entry.Name)
		if p == nil {
			b.fail(where, "set names %s, which is no field of %s", entry.Name, form.Name)
			continue
		}
		if entry.Value.Tag == "!!null" && !p.Required {
			fixed = append(fixed, setField{p, "nil", ""})
			continue
		}
		value, ok := p.literal(entry.Value.Value)
		if !ok {
			b.fail(where, "set gives %s the value %q, which is not of its type", entry.Name, entry.Value.Value)
			continue
		}
		fixed = append(fixed, setField{p, value, entry.Value.Value})
	}
	return fixed
}

// methodResult looks up the member that a method returns.
func (b *builder) methodResult(where string, m *method) {
	if m.Result == "" || m.Result == "." {
		return
	}
	if m.Selector, m.Returns = m.Operation.Success.member(m.Result); m.Returns == nil {
		b.fail(where, "result names %s, which is no member of %s", m.Result, m.Operation.Success.Name)
	}
}

// everySwitch checks that for each value of a required boolean there is a method that sets it,
// so that no caller has to pass true or false.
func (b *builder) everySwitch(e *endpoint) {
	for _, p := range e.Form.Props {
		if p.T.Kind != boolean || !p.Required {
			continue
		}
		for _, value := range []string{"true", "false"} {
			set := func(m *method) bool {
				return slices.ContainsFunc(m.Fixed, func(f setField) bool { return f.prop == p && f.Sent == value })
			}
			if !slices.ContainsFunc(e.Methods, set) {
				b.fail(e.Path, "no entry of x-methods sets %s to %s", p.Wire, value)
			}
		}
	}
}

// Value returns the Go expression of the value.
func (f setField) Value() string {
	switch {
	case !f.Pointer || f.Literal == "nil":
		return f.Literal
	case f.T.Kind == integer: // an untyped number would become an int
		return fmt.Sprintf("Ptr[%s](%s)", f.T.Go, f.Literal)
	}
	return "Ptr(" + f.Literal + ")"
}

// given returns the Go expression that a field of a request is there and not zero.
func (p *prop) given(request string) string {
	given := fmt.Sprintf("%s%s != %s", request, p.Go, p.T.zero())
	if p.Pointer {
		return fmt.Sprintf("%s%s != nil && *%s", request, p.Go, given)
	}
	return given
}

// literal returns the Go expression for a value in the YAML of the property's type.
func (p *prop) literal(value string) (string, bool) {
	n, err := strconv.ParseInt(value, 10, 64)
	switch {
	case p.T.Kind == boolean:
		return value, value == "true" || value == "false"
	case p.T.Kind == enum:
		i := slices.IndexFunc(p.T.Named.Enum, func(m *member) bool { return m.Value == value })
		if i < 0 {
			return "", false
		}
		return "gen." + p.T.Named.Enum[i].Go, true
	case p.T.Kind == text:
		return quote(value), true
	case p.T.Go == "time.Duration" && n != 0:
		return value + " * time.Second", err == nil
	}
	return value, err == nil && (p.T.integral() || p.T.Go == "time.Duration")
}

// zero returns the Go expression for the zero value of a type.
func (r ref) zero() string {
	switch {
	case r.Kind == boolean:
		return "false"
	case r.textual():
		return `""`
	case r.Go == "time.Time":
		return "time.Time{}"
	case r.Kind == integer || r.Kind == number || r.Kind == enum:
		return "0"
	}
	return "nil"
}

// verb splits a description after its first word, which must be a verb in the third person.
func verb(text string) (first, rest string, ok bool) {
	first, rest, _ = strings.Cut(text, " ")
	if len(first) < 3 || !strings.HasSuffix(strings.TrimSuffix(first, ","), "s") || first != upperFirst(first) || rest == "" {
		return text, "", false
	}
	return lowerFirst(first), rest, true
}
