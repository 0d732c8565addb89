package command

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/wire"
)

// Text is a text in English and in Chinese.
type Text [2]string

// In returns the text in a language: en or zh.
func (t Text) In(language string) string {
	if language == "zh" {
		return t[1]
	}
	return t[0]
}

// Service is a subject of the API with its methods.
type Service struct {
	Name        string // rooms
	Description Text
	Methods     []*Method
}

// Method is a way to call an operation: an entry of x-methods.
type Method struct {
	Name        string // in Go: SetRole
	Command     string // on the command line: set-role
	Operation   *gen.Operation
	Result      string // path of the result inside the success: desc.data; . for all of it, empty for none
	Description Text
	Success     Text        // what a success means, where neither the name nor the result says it
	Argument    string      // the field that is the argument of the command, empty if there is none
	Set         []wire.Pair // the fields that the method sets itself; it leaves out fields that have no flag
	Require     []string    // fields that must not be zero
	Flags       []Flag      // in the order of the form
	Export      *Export     // nil unless another command exports what the method lists

	exports bool // this is that command
}

// Export says how everything that a method lists is exported: for each of the values of a field, if there
// is one that a form must have and that leaves out others.
type Export struct {
	Field  string
	Values []string
}

// Flag is a flag of a method's command.
type Flag struct {
	Name  string
	Field string      // of the form
	Set   []wire.Pair // the fields that the flag sets beside its own
}

// MethodOf returns the only or first method of an operation. Each has one.
func MethodOf(operation *gen.Operation) *Method {
	for _, service := range Services {
		for _, method := range service.Methods {
			if method.Operation == operation {
				return method
			}
		}
	}
	return nil
}

// Exporting returns the method as the command that exports what it lists. It has no flag for the length of
// a page, which is the largest.
func (m *Method) Exporting() *Method {
	e := *m
	e.exports = true
	e.Command = "export" + strings.TrimPrefix(m.Command, "list")
	list := "nimroom " + m.Operation.Service + " " + m.Command
	e.Description = Text{
		"Writes everything that \"" + list + "\" lists to a file or to the standard output. If it was interrupted, the same command goes on where it was.",
		"将“" + list + "”列出的全部内容写入文件或标准输出。中断后，重新运行同一命令即可从中断处继续。",
	}
	if page := m.Operation.Page; page != nil {
		e.Flags = slices.DeleteFunc(slices.Clone(m.Flags), func(f Flag) bool { return f.Field == page.Limit })
	}
	return &e
}

// With returns the method with a field that it sets itself.
func (m *Method) With(field, value string) *Method {
	with := *m
	with.Set = append(slices.Clip(m.Set), wire.Pair{Name: field, Value: value})
	return &with
}

// Exports reports whether the method is one of Exporting.
func (m *Method) Exports() bool { return m.exports }

// Complete adds to the fields of a form those that the method sets, and where a list of pages begins and how
// long a page is, unless they are given.
func (m *Method) Complete(fields []wire.Pair) []wire.Pair {
	fields = slices.Concat(fields, m.Set)
	if page := m.Operation.Page; page != nil {
		for _, f := range []wire.Pair{{Name: page.Cursor, Value: strconv.FormatInt(page.Start, 10)}, {Name: page.Limit, Value: strconv.Itoa(page.Maximum)}} {
			if f.Name != "" && !slices.ContainsFunc(fields, func(given wire.Pair) bool { return given.Name == f.Name }) {
				fields = append(fields, f)
			}
		}
	}
	return fields
}

// Find returns the flag that gives a field, or nil if the method sets the field itself.
func (m *Method) Find(field string) *Flag {
	i := slices.IndexFunc(m.Flags, func(f Flag) bool { return f.Field == field })
	if i < 0 {
		return nil
	}
	return &m.Flags[i]
}

// Beginning returns the flag for where a list begins that sets the order, too, or nil if there is none.
func (m *Method) Beginning(oldestFirst bool) *Flag {
	page := m.Operation.Page
	if page == nil || page.Order == "" {
		return nil
	}
	i := slices.IndexFunc(m.Flags, func(f Flag) bool {
		return f.Field == page.Cursor && slices.ContainsFunc(f.Set, func(set wire.Pair) bool {
			return set.Name == page.Order && (set.Value == page.OldestFirst) == oldestFirst
		})
	})
	if i < 0 {
		return nil
	}
	return &m.Flags[i]
}

// Check returns a *[gen.FieldError] for a field that must not be zero and is.
func (m *Method) Check(form url.Values) error {
	for _, name := range m.Require {
		switch form.Get(name) {
		case "":
			return &gen.FieldError{Field: name, Problem: wire.Missing}
		case "0":
			return &gen.FieldError{Field: name, Problem: wire.OutOfRange, Got: "0", Want: m.Least(name)}
		}
	}
	return nil
}

// Least says how much a field that must not be zero is at least.
func (m *Method) Least(name string) string {
	if other := m.ForZero(name); other != nil {
		return "at least 1; for 0 there is " + other.Operation.Service + " " + other.Command
	}
	return "at least 1"
}

// ForZero returns the method of the same operation that sets a field to 0, or nil.
func (m *Method) ForZero(field string) *Method {
	for _, service := range Services {
		for _, other := range service.Methods {
			if other.Operation == m.Operation && slices.Contains(other.Set, wire.Pair{Name: field, Value: "0"}) {
				return other
			}
		}
	}
	return nil
}

// Giving returns the flags that give a field or set it.
func (m *Method) Giving(field string) (flags []Flag) {
	for _, flag := range m.Flags {
		if len(flag.Set) == 0 && flag.Field == field || slices.ContainsFunc(flag.Set, func(f wire.Pair) bool { return f.Name == field }) {
			flags = append(flags, flag)
		}
	}
	return flags
}

// Needs reports whether a caller of the method must give a field: a required one that the method does not
// set, and that is neither the id of a message, the start or the length of a page, nor what an export goes through.
func (m *Method) Needs(field gen.Field) bool {
	repeat, page := m.Operation.Repeat, m.Operation.Page
	switch {
	case m.Find(field.Name) == nil,
		m.exports && m.Export.Field == field.Name,
		repeat != nil && repeat.List == "" && repeat.ID == field.Name,
		page != nil && (page.Cursor == field.Name || page.Limit == field.Name):
		return false
	}
	return field.Required || slices.Contains(m.Require, field.Name)
}

// FlagsOf returns the names of the flags that give a form, by field. A field that the flag of another one sets
// has none.
func (m *Method) FlagsOf(form url.Values) map[string]string {
	names := map[string]string{}
	for _, flag := range m.Flags {
		if names[flag.Field] == "" {
			names[flag.Field] = flag.Name
		}
	}
	for _, flag := range m.Flags {
		if len(flag.Set) > 0 && form.Has(flag.Field) && !slices.ContainsFunc(flag.Set, func(f wire.Pair) bool { return form.Get(f.Name) != f.Value }) {
			names[flag.Field] = flag.Name
			for _, set := range flag.Set {
				delete(names, set.Name)
			}
		}
	}
	return names
}

// Example returns the arguments and flags of a command line that sends the spec's example of the form, with what
// the method needs beside it and without what the method sets itself.
func (m *Method) Example() []string {
	d := described.In("en")
	schemas := d.Fields(d.Operation(m.Operation))
	form, _ := url.ParseQuery(m.Operation.Example) // the generator has encoded it
	var line, flags []string
	for _, field := range m.Operation.Fields {
		if m.Needs(field) && !form.Has(field.Name) {
			form.Set(field.Name, fmt.Sprint(schemas[field.Name].Example))
		}
	}
	names := m.FlagsOf(form)
	for _, field := range m.Operation.Fields {
		name := names[field.Name]
		if name == "" || !form.Has(field.Name) {
			continue
		}
		switch value := Written(schemas[field.Name], form.Get(field.Name)); {
		case field.Name == m.Argument && field.Kind == gen.ArrayField:
			line = pieces(value)
		case field.Name == m.Argument:
			line = []string{value}
		case field.Kind == gen.BooleanField && value == "false":
			flags = append(flags, "--no-"+name)
		case field.Kind == gen.BooleanField:
			flags = append(flags, "--"+name)
		default:
			flags = append(flags, "--"+name+"="+value)
		}
	}
	if m.exports {
		flags = append(flags, "--file="+m.Operation.Service+".csv")
	}
	return append(line, flags...)
}
