package output

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/wire"
)

// member is a member of an object.
type member struct {
	name  string
	value json.RawMessage
}

// members returns the members of an object, which may be JSON text in a text, and reports whether
// the value is one.
func members(value json.RawMessage) (list []member, ok bool) {
	d := wire.NewDecoder(value)
	if !d.Object() {
		return nil, false
	}
	for name, ok := d.Member(); ok; name, ok = d.Member() {
		m := member{name: string(name)}
		m.value = d.Raw()
		list = append(list, m)
	}
	return list, d.Err() == nil
}

// items returns the items of a list, which may be JSON text in a text, and reports whether the value
// is one.
func items(value json.RawMessage) (list []json.RawMessage, ok bool) {
	d := wire.NewDecoder(value)
	if !d.Array() {
		return nil, false
	}
	for d.Item() {
		list = append(list, d.Raw())
	}
	return list, d.Err() == nil
}

// find returns the member of a name, also under another spelling that the schema has, and its schema.
func find(list []member, s *described.Schema, name string) (json.RawMessage, *described.Schema) {
	var of *described.Schema
	if p, ok := s.Property(name); ok {
		of = p.Schema
	}
	for _, m := range list {
		if m.name == name || spelling(m.name, s) == name {
			return m.value, of
		}
	}
	return nil, of
}

// spelling returns the name that the schema gives to a member.
func spelling(name string, s *described.Schema) string {
	if p, ok := s.Property(name); ok {
		return p.Name
	}
	return name
}

// at returns the value at a path inside a value, and its schema. The value is nil if there is none.
func at(value json.RawMessage, s *described.Schema, path []string) (json.RawMessage, *described.Schema) {
	for _, name := range path {
		list, _ := members(value)
		value, s = find(list, s, name)
	}
	return value, s
}

// isNull reports whether a value is absent or null.
func isNull(value json.RawMessage) bool { return len(value) == 0 || string(value) == "null" }

// text returns a text as it is, and any other value as JSON. Null is the empty text.
func text(value json.RawMessage) string {
	var s string
	var b bytes.Buffer
	switch {
	case isNull(value):
		return ""
	case value[0] == '"' && json.Unmarshal(value, &s) == nil:
		return s
	case json.Compact(&b, value) == nil:
		return b.String()
	}
	return strings.ToValidUTF8(string(value), "\uFFFD")
}
