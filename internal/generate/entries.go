package main

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// more is additionalProperties: true, false or a schema.
type more struct{ schema *schema }

func (m *more) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return nil
	}
	return node.Decode(&m.schema)
}

// entries resolves the type of an object whose names are data. With one member it is an entry,
// with several it is a list of entries, which keeps their order.
func (b *builder) entries(where string, s *schema) ref {
	value := b.ref(where, s.More.schema)
	if len(s.Properties) > 0 || s.MaxProperties == nil || value.Kind != text && value.Kind != object {
		b.fail(where, "additionalProperties is for objects without properties whose members are texts or named objects, with maxProperties")
		return ref{}
	}
	one := ref{Kind: pair, Go: "EntryOf[" + value.Go + "]", Elem: &value}
	if value.Kind == text {
		one.Go = "Entry"
	}
	if *s.MaxProperties == 1 {
		return one
	}
	if value.Kind != text {
		b.fail(where, "an object with several members has texts here")
	}
	return ref{Kind: list, Go: "[]Entry", Elem: &one, Members: true}
}

// entryChecks returns the Go check of an entry of a form's object.
func entryChecks(f *prop) string {
	check := `c.Need("", item.Key != ""); c.UTF8("key", item.Key); c.UTF8(item.Key, item.Value)`
	if limit := f.More.schema.MaxLength; limit != nil {
		check += fmt.Sprintf(`; c.MaxLength(item.Key, item.Value, %d)`, *limit)
	}
	return check
}

// emitWords writes the words that stand for numbers of an enum.
func emitWords(p *printer, t *typ) {
	if !t.hasEnumAliases() {
		return
	}
	p.p("// words%s are other spellings of the values.", t.Name)
	p.p("var words%s = map[string]%s{", t.Name, t.Name)
	for _, m := range t.Enum {
		for _, word := range m.Aliases {
			p.p("%s: %s,", quote(word), m.Go)
		}
	}
	p.p("}")
	p.p("")
}
