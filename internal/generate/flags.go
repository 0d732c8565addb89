package main

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nimroom/nimroom/internal/kebab"
)

// flag is a flag of a command: the field that it gives, and the fields that it sets beside it. In
// x-methods it may be the name of the field alone.
type flag struct {
	Field string             `yaml:"field"`
	Set   ordered[yaml.Node] `yaml:"set"`

	Name  string     `yaml:"-"`
	Fixed []setField `yaml:"-"`
}

func (f *flag) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		f.Field = node.Value
		return nil
	}
	type plain flag
	return node.Decode((*plain)(f))
}

// methodFlags makes the flags of a method's command. A field has the flag without a set in x-methods
// or, if there is none, one that is named after it. The names of fields on the wire are names of
// flags, too, so no flag may have that of another field.
func (b *builder) methodFlags(where string, m *method) {
	form := m.Operation.Form
	names := map[string]string{} // field by name
	add := func(f flag) {
		for _, name := range []string{f.Name, f.Field} {
			if other, taken := names[name]; taken && other != f.Field {
				b.fail(where, "flags: %s stands for both %s and %s", name, other, f.Field)
			}
			if len(f.Set) == 0 || name == f.Name {
				names[name] = f.Field
			}
		}
		m.Line = append(m.Line, f)
	}
	for _, p := range form.Props {
		if m.sets(p) {
			continue
		}
		f := flag{Name: p.flagName(), Field: p.Wire}
		for _, named := range m.Flags {
			if named.Value.Field == p.Wire && len(named.Value.Set) == 0 {
				f.Name = named.Name
			}
		}
		add(f)
		for _, named := range m.Flags {
			if named.Value.Field == p.Wire && len(named.Value.Set) > 0 {
				f := flag{Name: named.Name, Field: p.Wire, Set: named.Value.Set}
				f.Fixed = b.setFields(where+": flags: "+f.Name, form, f.Set)
				add(f)
			}
		}
	}
	for _, named := range m.Flags {
		if !slices.ContainsFunc(m.Line, func(f flag) bool { return f.Field == named.Value.Field }) {
			b.fail(where, "flags: %s names %s, which is no field of the request", named.Name, named.Value.Field)
		}
		if named.Name != kebab.Case(named.Name) {
			b.fail(where, "flags: %s must be written like %s", named.Name, kebab.Case(named.Name))
		}
	}
}

// flagName returns the name of a field's flag: its name in Go in lower case with hyphens, without
// the word that says that it is an id where that goes without saying.
func (p *prop) flagName() string {
	name := kebab.Case(p.Go)
	suffixes := []string{"-accid", "-accids", "-acc"}
	if p.identifies() != "" {
		suffixes = []string{"-id"}
		if short, plural := strings.CutSuffix(name, "-ids"); plural {
			return short + "s"
		}
	}
	for _, suffix := range suffixes {
		name = strings.TrimSuffix(name, suffix)
	}
	return name
}

// identifies returns the kind of thing of which a field holds the id, or a list of ids, or "".
func (p *prop) identifies() string {
	if p.ID == "" && p.Items != nil {
		return p.Items.ID
	}
	return p.ID
}

// argument returns the field of a form that a command takes as its argument: the id or the ids of
// rooms or, in a form without them, the first required account. It is nil if there is neither.
func (t *typ) argument() *prop {
	for _, fits := range []func(p *prop) bool{
		func(p *prop) bool { return p.identifies() != "" },
		func(p *prop) bool { return p.Required && p.Format == "accid" },
	} {
		if i := slices.IndexFunc(t.Props, fits); i >= 0 {
			return t.Props[i]
		}
	}
	return nil
}
