package main

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/message"
)

// span finds what a description of the spec marks as code: often the name of a field, or name=value.
var span = regexp.MustCompile("`(\\w*)([^`]*)`")

// withFlags names in a description the flags of a method in place of fields with other names.
func withFlags(m *command.Method, text string) string {
	return span.ReplaceAllStringFunc(text, func(code string) string {
		parts := span.FindStringSubmatch(code)
		name, rest := parts[1], parts[2]
		if m != nil {
			if flag := m.Find(name); flag != nil {
				name = "--" + flag.Name
			}
		}
		return name + rest
	})
}

// types are the types of values, by kind.
var types = map[string]message.Text{
	"string": message.Of("string"), "integer": message.Of("integer"), "number": message.Of("number"), "boolean": message.Of("boolean"),
	"array": message.Of("JSON array"), "object": message.Of("JSON object"), "duration": message.Of("duration in seconds"), "time": message.Of("time"),
}

// notes explain how values of a kind are written; those without a kind are for every operation.
var notes = []struct {
	kind string
	text message.Text
}{
	{"duration", message.Of("A duration is written as 30s, 10m, 1h30m, 7d or 2w, in whole seconds; a number alone is in seconds.")},
	{"time", message.Of("A time is written as 2026-01-02 20:00, 2026-01-02T20:00+08:00, 2026-01-02, 20:00 (today), now, today, yesterday, -1h or +10m; without a zone it is local. 10 digits are seconds since 1970, 13 are milliseconds.")},
	{"array", message.Of("A list is written with commas, given several times, or as JSON.")},
	{"object", message.Of("An object is written as JSON, or as name=value with commas.")},
	{"", message.Of("@FILE is what is in a file, @- what is on the standard input, both without the end of the last line; @@ a text that begins with @.")},
}

// operationHelp prints an operation's fields with their types and limits, and an example: for call, or for
// the command of a method.
type operationHelp struct {
	*helpPage
	operation *gen.Operation
	method    *command.Method // nil for call
	node      *kong.Node      // the command of the method
	shared    []*kong.Flag    // the flags of all calls
	kinds     []string        // of the fields that were printed
}

func (h *operationHelp) print() {
	d := described.In(h.language)
	is := d.Operation(h.operation)
	fields := d.Fields(is)
	about, heading := is.Summary, h.text("Fields:")
	if h.method != nil {
		about, heading = h.method.Description.In(h.language), h.text("Flags:")
	}
	h.usageLine(h.text("Usage: "), h.usage(fields))
	h.described(0, about)
	h.line("")
	h.wrapped("", usageIndent, h.text("Operation: %s, POST %s", h.operation.Action, h.operation.Path))
	if page := is.ExternalDocs.URL; page != "" {
		h.wrapped(h.text("Documentation: "), usageIndent, page)
	}
	if argument := h.argument(); argument != nil {
		h.heading(h.text("Argument:"))
		h.field(strings.ToUpper(argument.Name), h.fieldOf(argument.Field), fields[argument.Field])
	}
	if h.method == nil || h.method.Exports() || slices.ContainsFunc(h.method.Flags, func(f command.Flag) bool { return f.Field != h.method.Argument }) {
		h.heading(heading)
	}
	for _, field := range h.operation.Fields {
		s := fields[field.Name]
		if h.method == nil {
			h.field(field.Name, field, s)
			continue
		}
		for _, flag := range h.method.Flags {
			switch {
			case flag.Field != field.Name || field.Name == h.method.Argument:
			case len(flag.Set) > 0:
				var sets []string
				for _, set := range flag.Set {
					sets = append(sets, "--"+h.method.Find(set.Name).Name+"="+command.Written(fields[set.Name], set.Value))
				}
				h.term("--" + flag.Name + "=" + placeholder(flag, s))
				h.described(textIndent, h.text("Gives --%s with %s.", h.method.Find(field.Name).Name, strings.Join(sets, " ")))
				if first, last := h.method.Beginning(true), h.method.Beginning(false); h.method.Exports() && first != nil && last != nil && flag.Name == last.Name {
					h.described(textIndent, h.text("With --%s, the export begins there and ends here.", first.Name))
				}
			case field.Kind == gen.BooleanField:
				h.field("--[no-]"+flag.Name, field, s)
			default:
				h.field("--"+flag.Name+"="+placeholder(flag, s), field, s)
			}
		}
	}
	if h.method != nil && h.method.Exports() {
		for _, flag := range []struct{ name, heading string }{{"output", "-o, --output=FORMAT"}, {"file", "--file=FILE"}, {"force", "--force"}} {
			h.term(flag.heading)
			h.paragraphs(textIndent, h.text("%v", exportTexts[flag.name]))
		}
	}
	h.line("")
	for _, note := range notes {
		if note.kind == "" || slices.Contains(h.kinds, note.kind) {
			h.paragraphs(0, h.text("%v", note.text))
		}
	}
	h.heading(h.text("Example:"))
	h.command(h.example())
	h.line("")
	var shared []string
	for _, flag := range h.shared {
		if !flag.Hidden && (flag.Name != "output" || h.method == nil || !h.method.Exports()) {
			shared = append(shared, "--"+flag.Name)
		}
	}
	h.paragraphs(0, h.text("Flags of all calls, which \"nimroom call --help\" describes: %s.", strings.Join(shared, h.text(", "))))
}

// described prints a text of the spec.
func (h *operationHelp) described(indent int, text string) {
	h.paragraphs(indent, withFlags(h.method, text))
}

// argument returns the flag of the field that is the argument of the method, or nil.
func (h *operationHelp) argument() *command.Flag {
	if h.method == nil {
		return nil
	}
	return h.method.Find(h.method.Argument)
}

// placeholder stands for the value of a flag.
func placeholder(flag command.Flag, s *described.Schema) string {
	switch kind := kindOf(s); {
	case s.Format == "accid":
		return "ACCID"
	case len(s.Names) > 0:
		return strings.ToUpper(flag.Name)
	default:
		return map[string]string{"string": "TEXT", "integer": "N", "number": "N", "array": "LIST", "object": "OBJECT", "duration": "DURATION", "time": "TIME"}[kind]
	}
}

// kindOf says how people write a value: its type, or a kind of its own.
func kindOf(s *described.Schema) string {
	switch {
	case s.Duration != "":
		return "duration"
	case s.Time != "":
		return "time"
	}
	return s.Type
}

// usage returns the command line in short: the argument and the required flags.
func (h *operationHelp) usage(fields map[string]*described.Schema) string {
	if h.method == nil {
		return "nimroom call " + h.operation.Action + " name=value ... " + h.text("[flags]")
	}
	parts := []string{h.node.FullPath()}
	if argument := h.argument(); argument != nil {
		parts = append(parts, strings.ToUpper(argument.Name))
		if h.fieldOf(argument.Field).Kind == gen.ArrayField {
			parts = append(parts, "...")
		}
	}
	for _, field := range h.operation.Fields {
		if field.Name == h.method.Argument || !h.method.Needs(field) {
			continue
		}
		var flags []string
		for _, flag := range h.method.Giving(field.Name) {
			flags = append(flags, "--"+flag.Name+"="+placeholder(flag, fields[flag.Field]))
		}
		if len(flags) > 1 {
			flags = []string{"(" + strings.Join(flags, "|") + ")"}
		}
		parts = append(parts, flags...)
	}
	return strings.Join(append(parts, h.text("[flags]")), " ")
}

func (h *operationHelp) fieldOf(name string) gen.Field {
	i := slices.IndexFunc(h.operation.Fields, func(f gen.Field) bool { return f.Name == name })
	return h.operation.Fields[i]
}

// field prints a field under a name: its type and limits, what it is, and its values.
func (h *operationHelp) field(name string, field gen.Field, s *described.Schema) {
	kind := kindOf(s)
	h.kinds = append(h.kinds, kind)
	values := s
	if s.Items != nil {
		values = s.Items
	}
	var zero *command.Method // for the value that this method refuses
	if h.method != nil && s.Minimum != nil && *s.Minimum == 0 && slices.Contains(h.method.Require, field.Name) {
		above, one := *s, int64(1)
		above.Minimum, s = &one, &above
		zero = h.method.ForZero(field.Name)
	}
	parts := append([]string{h.text("%v", types[kind])}, h.limits(s)...)
	if names := h.names(values); len(names) > 0 {
		parts = slices.Insert(parts, 1, strings.Join(names, "|"))
	}
	page, repeat := h.operation.Page, h.operation.Repeat
	switch {
	case h.method != nil && page != nil && field.Name == page.Cursor:
		parts = append(parts, h.text("default %s", strconv.FormatInt(page.Start, 10)))
	case h.method != nil && page != nil && field.Name == page.Limit && s.Default == nil:
		parts = append(parts, h.text("default %s", strconv.Itoa(page.Maximum)))
	case h.method != nil && h.method.Exports() && field.Name == h.method.Export.Field:
		parts = append(parts, h.text("all by default"))
	case repeat != nil && repeat.List == "" && field.Name == repeat.ID:
		parts = append(parts, h.text("a random one by default"))
	case h.method != nil && len(h.method.Giving(field.Name)) > 1 && h.method.Needs(field):
		parts = append(parts, h.text("required unless %s is given", "--"+h.method.Giving(field.Name)[1].Name))
	case field.Required, h.method != nil && h.method.Needs(field):
		parts = append(parts, h.text("required"))
	}
	description, _, _ := strings.Cut(s.Description, " Evidence:")
	description, _, _ = strings.Cut(description, "依据：")
	h.term(h.text("%s (%s)", name, strings.Join(parts, h.text(", "))))
	h.described(textIndent, description)
	if zero != nil {
		h.paragraphs(textIndent, h.text("For 0 there is \"nimroom %s %s\".", zero.Operation.Service, zero.Command))
	}
	for i, name := range command.Names(values) {
		value := fmt.Sprint(values.Values()[i])
		if name != value {
			name = h.text("%s (%s)", name, value)
		}
		h.described(textIndent, name+h.text(": ")+values.Meanings[value])
	}
}

// names lists the values of an enum: for a method, by their names.
func (h *operationHelp) names(s *described.Schema) (names []string) {
	if h.method != nil {
		return command.Names(s)
	}
	if s.Type != "boolean" {
		for _, value := range s.Values() {
			names = append(names, fmt.Sprint(value))
		}
	}
	return names
}

// limits describes the limits of a field and its default.
func (h *operationHelp) limits(s *described.Schema) (parts []string) {
	switch {
	case s.Time != "": // its limit is 1970
	case s.Minimum != nil && s.Maximum != nil:
		parts = append(parts, h.text("%d to %d", *s.Minimum, *s.Maximum))
	case s.Minimum != nil:
		parts = append(parts, h.text("%d or more", *s.Minimum))
	case s.Maximum != nil:
		parts = append(parts, h.text("%d or less", *s.Maximum))
	}
	if length := cmp.Or(s.MaxLength, s.MaxJSON); length != nil {
		parts = append(parts, h.text("up to %d characters", *length))
	}
	if s.MaxItems != nil {
		parts = append(parts, h.text("up to %d elements", *s.MaxItems))
	}
	if s.Default != nil {
		parts = append(parts, h.text("default %s", command.Written(s, fmt.Sprint(s.Default))))
	}
	return parts
}

// example returns a command line that sends the spec's example of the form.
func (h *operationHelp) example() []string {
	if h.method != nil {
		return append(strings.Fields(h.node.FullPath()), h.method.Example()...)
	}
	line := []string{"nimroom", "call", h.operation.Action}
	for pair := range strings.SplitSeq(h.operation.Example, "&") {
		if text, err := url.QueryUnescape(pair); err == nil {
			line = append(line, text)
		}
	}
	return line
}
