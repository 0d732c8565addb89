package output

import (
	"cmp"
	"encoding/json"
	"iter"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/nearest"
)

// List is a list of rows with a schema. Its rows are ranged over twice: for the columns, and for
// what is in them.
type List struct {
	Rows iter.Seq[json.RawMessage]
	// Row is the schema of a row, or nil if none is known.
	Row *described.Schema

	name   string // of the only column of rows that are no objects
	single bool   // the response holds one object, not a list
}

// none are no rows.
var none = slices.Values[[]json.RawMessage](nil)

// steps returns the names of a path.
func steps(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '.' })
}

// Find returns the rows that a response holds at a path of names with dots between them: the items of
// a list, or one row for an object. A value that is neither is a column of the object around it.
func Find(body json.RawMessage, s *described.Schema, path string) List {
	names := steps(path)
	value, of := at(body, s, names)
	inner := "value"
	if len(names) > 0 {
		inner = names[len(names)-1]
	}
	if rows, ok := items(value); ok || isNull(value) && of != nil && of.Type == "array" {
		l := List{Rows: slices.Values(rows), name: inner}
		if of != nil {
			l.Row = of.Items
		}
		return l
	}
	if _, ok := members(value); ok {
		return List{Rows: slices.Values([]json.RawMessage{value}), Row: of, single: true}
	}
	if len(names) > 0 && !isNull(value) {
		one, err := json.Marshal(map[string]json.RawMessage{inner: value})
		if err == nil {
			return List{Rows: slices.Values([]json.RawMessage{one}), Row: &described.Schema{Properties: described.Properties{{Name: inner, Schema: of}}}, single: true}
		}
	}
	return List{Rows: slices.Values([]json.RawMessage{body}), Row: s, single: true}
}

// keyed reports whether the only member of a row is a key with its value.
func (l List) keyed() bool {
	return l.Row != nil && l.Row.MaxProperties == 1 && len(l.Row.Properties) == 0
}

// members returns a row as an object. A row whose only member is a key with its value has the members
// key and value.
func (l List) members(row json.RawMessage) []member {
	list, ok := members(row)
	switch {
	case !ok:
		return []member{{cmp.Or(l.name, "value"), row}}
	case l.keyed() && len(list) == 1:
		key, err := json.Marshal(list[0].name)
		if err == nil {
			return []member{{"key", key}, {"value", list[0].value}}
		}
	}
	return list
}

// column is a column of a table.
type column struct {
	name   string
	path   []string
	schema *described.Schema
}

// cell returns a row's value in a column, or nil.
func (l List) cell(row []member, c column) json.RawMessage {
	value, s := find(row, l.Row, c.path[0])
	value, _ = at(value, s, c.path[1:])
	return value
}

// columns returns the columns that a list has: those of the schema in its order, then others in the
// order in which they occur.
func (l List) columns() []column {
	var list []column
	known := map[string]bool{}
	add := func(name string, s *described.Schema) {
		if !known[name] {
			known[name] = true
			list = append(list, column{name, []string{name}, s})
		}
	}
	switch {
	case l.keyed():
		add("key", nil)
		add("value", nil)
	case l.Row != nil && l.name != "" && l.Row.Type != "object":
		add(l.name, l.Row)
	case l.Row != nil:
		for _, p := range l.Row.Properties {
			add(p.Name, p.Schema)
		}
	}
	for row := range l.Rows {
		for _, m := range l.members(row) {
			add(spelling(m.name, l.Row), nil)
		}
	}
	return list
}

// listOf returns the list without rows that a response with a schema has at a path.
func listOf(s *described.Schema, path string) List {
	l := List{Rows: none, Row: Row(s, path)}
	if names := steps(path); len(names) > 0 {
		l.name = names[len(names)-1]
	}
	return l
}

// Columns returns the names that the columns of a response with a schema can have, and their schemas. What
// matters in the response is at the path.
func Columns(s *described.Schema, path string) iter.Seq2[string, *described.Schema] {
	l := listOf(s, path)
	return func(yield func(string, *described.Schema) bool) {
		for _, c := range l.columns() {
			if !yield(c.name, c.schema) {
				return
			}
			for _, c := range inside(c) {
				if !yield(c.name, c.schema) {
					return
				}
			}
		}
	}
}

// choose returns the columns with the given names, in which a dot leads into an object. The error
// names a column that neither the schema nor a row has.
func (l List) choose(names []string) ([]column, error) {
	all := l.columns()
	var list []column
	for _, name := range names {
		c := column{name: name, path: strings.Split(name, ".")}
		i := slices.IndexFunc(all, func(is column) bool { return is.name == spelling(c.path[0], l.Row) })
		if i < 0 {
			return nil, unknown(name, all)
		}
		_, c.schema = at(nil, all[i].schema, c.path[1:])
		if c.schema == nil && len(c.path) > 1 && !l.has(c) {
			return nil, unknown(name, inside(all[i]))
		}
		list = append(list, c)
	}
	return list, nil
}

// inside returns the columns that the schema of a column has.
func inside(c column) []column {
	list := List{Row: c.schema, Rows: none}.columns()
	for i := range list {
		list[i].name = c.name + "." + list[i].name
	}
	return list
}

// has reports whether a row has a column, or there are no rows to tell.
func (l List) has(c column) bool {
	empty := true
	for row := range l.Rows {
		if empty = false; l.cell(l.members(row), c) != nil {
			return true
		}
	}
	return empty
}

func unknown(name string, columns []column) error {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	if meant := nearest.Of(name, names); meant != "" {
		return message.Errorf("no column %s; did you mean %s? There are %v", name, meant, message.List(names))
	}
	if len(names) == 0 {
		return message.Errorf("no column %s", name)
	}
	return message.Errorf("no column %s; there are %v", name, message.List(names))
}
