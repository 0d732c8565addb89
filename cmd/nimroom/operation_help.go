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

// phrases are the words of the help of an operation in a language.
type phrases struct {
	usage, operation, page, argument, fields, flags, required, characters, elements, between, orMore, orLess, standard, random, sets, zero, unless, example, more, comma, list, brackets, colon, options string
	types                                                                                                                                                                                                map[string]string
	notes                                                                                                                                                                                                []note
}

// note explains how values are written, if there are any of a kind.
type note struct {
	kind string // of kind; every operation has those without
	text string
}

// words has the phrases by language.
var words = map[string]phrases{
	"en": {
		usage: "Usage: ", operation: "Operation: ", page: "Documentation: ", argument: "Argument:", fields: "Fields:", flags: "Flags:", required: "required", characters: "up to %d characters", elements: "up to %d elements",
		between: "%d to %d", orMore: "%d or more", orLess: "%d or less", standard: "default ", random: "a random one", sets: "Gives --%s with %s.", zero: "For 0 there is \"nimroom %s %s\".",
		unless: "required unless %s is given", example: "Example:", more: "Flags of all calls, which \"nimroom call --help\" describes: %s.", comma: ", ", list: ", ", brackets: "%s (%s)", colon: ": ", options: "[flags]",
		types: map[string]string{"string": "string", "integer": "integer", "number": "number", "boolean": "boolean", "array": "JSON array", "object": "JSON object", "duration": "duration in seconds", "time": "time"},
		notes: []note{
			{"duration", "A duration is written as 30s, 10m, 1h30m, 7d or 2w, in whole seconds; a number alone is in seconds."},
			{"time", "A time is written as 2026-01-02 20:00, 2026-01-02T20:00+08:00, 2026-01-02, 20:00 (today), now, today, yesterday, -1h or +10m; without a zone it is local. 10 digits are seconds since 1970, 13 are milliseconds."},
			{"array", "A list is written with commas, given several times, or as JSON."},
			{"object", "An object is written as JSON, or as name=value with commas."},
			{"", "@FILE is what is in a file, @- what is on the standard input, both without the end of the last line; @@ a text that begins with @."},
		},
	},
	"zh": {
		usage: "用法：", operation: "操作：", page: "文档：", argument: "参数：", fields: "字段：", flags: "选项：", required: "必填", characters: "最多 %d 个字符", elements: "最多 %d 个元素",
		between: "%d 至 %d", orMore: "不小于 %d", orLess: "不大于 %d", standard: "默认 ", random: "随机值", sets: "设置 --%s，同时设置 %s。", zero: "取值 0 请改用“nimroom %s %s”。",
		unless: "未指定 %s 时必填", example: "示例：", more: "所有调用共用的选项（说明见“nimroom call --help”）：%s。", comma: "，", list: "、", brackets: "%s（%s）", colon: "：", options: "[选项]",
		types: map[string]string{"string": "字符串", "integer": "整数", "number": "数字", "boolean": "布尔值", "array": "JSON 数组", "object": "JSON 对象", "duration": "时长（秒）", "time": "时间"},
		notes: []note{
			{"duration", "时长写作 30s、10m、1h30m、7d 或 2w，须为整秒；只写数字时单位为秒。"},
			{"time", "时间写作 2026-01-02 20:00、2026-01-02T20:00+08:00、2026-01-02、20:00（当天）、now、today、yesterday、-1h 或 +10m；不写时区时为本地时间。10 位数字为 1970 年以来的秒数，13 位为毫秒数。"},
			{"array", "列表用逗号分隔，也可重复该选项，或写作 JSON。"},
			{"object", "对象写作 JSON，或用逗号分隔的 name=value。"},
			{"", "@FILE 表示文件内容，@- 表示标准输入的内容（均不含末尾的一个换行符），@@ 表示以 @ 开头的文本。"},
		},
	},
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
	d, t := described.In(h.language), words[h.language]
	is := d.Operation(h.operation)
	fields := d.Fields(is)
	about, heading := is.Summary, t.fields
	if h.method != nil {
		about, heading = h.method.Description.In(h.language), t.flags
	}
	h.usageLine(t.usage, h.usage(fields))
	h.described(0, about)
	h.line("")
	h.wrapped(t.operation, usageIndent, h.operation.Action+t.comma+"POST "+h.operation.Path)
	if page := is.ExternalDocs.URL; page != "" {
		h.wrapped(t.page, usageIndent, page)
	}
	if argument := h.argument(); argument != nil {
		h.heading(t.argument)
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
				h.described(textIndent, fmt.Sprintf(t.sets, h.method.Find(field.Name).Name, strings.Join(sets, " ")))
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
			h.paragraphs(textIndent, exportWords[h.language][flag.name])
		}
	}
	h.line("")
	for _, note := range t.notes {
		if note.kind == "" || slices.Contains(h.kinds, note.kind) {
			h.paragraphs(0, note.text)
		}
	}
	h.heading(t.example)
	h.command(h.example())
	h.line("")
	var shared []string
	for _, flag := range h.shared {
		if !flag.Hidden && (flag.Name != "output" || h.method == nil || !h.method.Exports()) {
			shared = append(shared, "--"+flag.Name)
		}
	}
	h.paragraphs(0, fmt.Sprintf(t.more, strings.Join(shared, t.list)))
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
		return "nimroom call " + h.operation.Action + " name=value ... " + words[h.language].options
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
	return strings.Join(append(parts, words[h.language].options), " ")
}

func (h *operationHelp) fieldOf(name string) gen.Field {
	i := slices.IndexFunc(h.operation.Fields, func(f gen.Field) bool { return f.Name == name })
	return h.operation.Fields[i]
}

// field prints a field under a name: its type and limits, what it is, and its values.
func (h *operationHelp) field(name string, field gen.Field, s *described.Schema) {
	t := words[h.language]
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
	parts := append([]string{t.types[kind]}, limits(t, s)...)
	if names := h.names(values); len(names) > 0 {
		parts = slices.Insert(parts, 1, strings.Join(names, "|"))
	}
	page, repeat := h.operation.Page, h.operation.Repeat
	switch {
	case h.method != nil && page != nil && field.Name == page.Cursor:
		parts = append(parts, t.standard+strconv.FormatInt(page.Start, 10))
	case h.method != nil && page != nil && field.Name == page.Limit && s.Default == nil:
		parts = append(parts, t.standard+strconv.Itoa(page.Maximum))
	case h.method != nil && h.method.Exports() && field.Name == h.method.Export.Field:
		parts = append(parts, t.byDefault(exportWords[h.language]["all"]))
	case repeat != nil && repeat.List == "" && field.Name == repeat.ID:
		parts = append(parts, t.byDefault(t.random))
	case h.method != nil && len(h.method.Giving(field.Name)) > 1 && h.method.Needs(field):
		parts = append(parts, fmt.Sprintf(t.unless, "--"+h.method.Giving(field.Name)[1].Name))
	case field.Required, h.method != nil && h.method.Needs(field):
		parts = append(parts, t.required)
	}
	description, _, _ := strings.Cut(s.Description, " Evidence:")
	description, _, _ = strings.Cut(description, "依据：")
	h.term(fmt.Sprintf(t.brackets, name, strings.Join(parts, t.comma)))
	h.described(textIndent, description)
	if zero != nil {
		h.paragraphs(textIndent, fmt.Sprintf(t.zero, zero.Operation.Service, zero.Command))
	}
	for i, name := range command.Names(values) {
		value := fmt.Sprint(values.Values()[i])
		if name != value {
			name = fmt.Sprintf(t.brackets, name, value)
		}
		h.described(textIndent, name+t.colon+values.Meanings[value])
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

// byDefault says in words what is taken by default.
func (t phrases) byDefault(text string) string {
	if breaksAround(text, "") { // Chinese
		return strings.TrimSpace(t.standard) + text
	}
	return t.standard + text
}

// limits describes the limits of a field and its default.
func limits(t phrases, s *described.Schema) (parts []string) {
	switch {
	case s.Time != "": // its limit is 1970
	case s.Minimum != nil && s.Maximum != nil:
		parts = append(parts, fmt.Sprintf(t.between, *s.Minimum, *s.Maximum))
	case s.Minimum != nil:
		parts = append(parts, fmt.Sprintf(t.orMore, *s.Minimum))
	case s.Maximum != nil:
		parts = append(parts, fmt.Sprintf(t.orLess, *s.Maximum))
	}
	if length := cmp.Or(s.MaxLength, s.MaxJSON); length != nil {
		parts = append(parts, fmt.Sprintf(t.characters, *length))
	}
	if s.MaxItems != nil {
		parts = append(parts, fmt.Sprintf(t.elements, *s.MaxItems))
	}
	if s.Default != nil {
		parts = append(parts, t.standard+command.Written(s, fmt.Sprint(s.Default)))
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
