package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/output"
)

// candidate is a word that may stand on a command line, and what it means.
type candidate struct{ word, meaning string }

// The kinds of values that are completed by what there is. The tag "complete" of a flag or an argument
// names its kind, or has the values themselves with commas between them; a flag with the placeholder FILE,
// DIR or FOLDER needs none.
const (
	ofFile      = "file"
	ofProfile   = "profile"
	ofOperation = "operation"
	ofField     = "field"
	ofColumn    = "column"
	ofFeature   = "feature"
	ofRoom      = "room"
	ofAccount   = "account"
)

// line is a command line as far as it is written.
type line struct {
	node      *kong.Node
	language  string            // of what words mean
	pending   *kong.Flag        // a flag whose value comes next
	arguments int               // of the command, so far
	operation *gen.Operation    // that the command calls
	result    string            // where what matters is in its response
	names     map[string]string // values by the name of the flag, the argument or the field
	kinds     map[string]string // the last value of each kind
}

// complete returns what the last of the words behind the program's name may become.
func complete(ctx context.Context, language string, root *kong.Node, words []string) []candidate {
	if len(words) == 0 {
		return nil
	}
	if c := catalogOf(language); c != nil {
		c.translate(root)
	}
	l := &line{node: root, language: language, names: map[string]string{}, kinds: map[string]string{}}
	last := len(words) - 1
	if i := slices.Index(words[:last], "bulk"); i >= 0 && !slices.ContainsFunc(words[:i], func(word string) bool { return childOf(root, word) != nil }) {
		return fitting(words[last], completeBulk(ctx, words[i+1:last], words[last]))
	}
	before := behindCommand(root, words[:last])
	words = slices.Concat(before, words[last:])
	last = len(before)
	for i, word := range words[:last] {
		if word == "--" && l.pending == nil {
			for _, word := range words[i+1 : last] {
				l.argument(unquote(word))
			}
			return fitting(words[last], l.values(ctx, l.next(), unquote(words[last])))
		}
		l.read(unquote(word))
	}
	word := unquote(words[last])
	return fitting(word, l.candidates(ctx, word))
}

// unquote takes the quotes off a word as a shell has it. A quote that is still open makes the word one
// that nothing begins with.
func unquote(word string) string {
	for _, quote := range []string{`"`, `'`} {
		if inner, ok := strings.CutPrefix(word, quote); ok && strings.HasSuffix(inner, quote) {
			return strings.TrimSuffix(inner, quote)
		}
	}
	return word
}

// fitting returns the candidates that begin with a word, in either letter case, without those that a
// terminal cannot show as they are.
func fitting(word string, candidates []candidate) []candidate {
	return slices.DeleteFunc(candidates, func(c candidate) bool {
		return len(c.word) < len(word) || !strings.EqualFold(c.word[:len(word)], word) || output.Visible(c.word) != c.word
	})
}

// read reads a word that is not the last.
func (l *line) read(word string) {
	switch {
	case l.pending != nil:
		l.keep(l.pending.Value, word)
		l.pending = nil
	case strings.HasPrefix(word, "-") && word != "-":
		name, value, given := strings.Cut(word, "=")
		switch flag := l.flag(name); {
		case flag == nil:
		case given:
			l.keep(flag.Value, value)
		case flag.IsBool() || flag.IsCounter():
			l.keep(flag.Value, "true")
		default:
			l.pending = flag
		}
	case l.arguments == 0:
		for _, child := range l.node.Children {
			if child.Name == word || slices.Contains(child.Aliases, word) {
				l.node = child
				if typed := methodOf(child); typed != nil {
					l.operation, l.result = typed.method.Operation, typed.method.Result
				}
				return
			}
		}
		if len(l.node.Children) > 0 && len(l.node.Positional) == 0 {
			l.node = &kong.Node{} // no such command: nothing is known about what follows
			return
		}
		fallthrough
	default:
		l.argument(word)
	}
}

// argument reads an argument of the command.
func (l *line) argument(word string) {
	if v := l.next(); v != nil {
		l.keep(v, word)
	}
	l.arguments++
}

// next returns the argument that comes next, or nil.
func (l *line) next() *kong.Value {
	all := l.node.Positional
	switch {
	case l.arguments < len(all):
		return all[l.arguments]
	case len(all) > 0 && severalTimes(all[len(all)-1]):
		return all[len(all)-1]
	}
	return nil
}

// severalTimes reports whether a flag or an argument can be given several times.
func severalTimes(v *kong.Value) bool {
	of, ok := v.Mapper.(*flagValue)
	return v.IsCumulative() || ok && of.field.Kind == gen.ArrayField
}

// keep notes a value.
func (l *line) keep(v *kong.Value, value string) {
	kind := v.Tag.Get("complete")
	if of, ok := v.Mapper.(*flagValue); ok {
		kind = l.kindOfField(of.field.Name)
	}
	switch kind {
	case ofOperation:
		if l.operation, _ = command.Find(value); l.operation != nil {
			l.result = command.MethodOf(l.operation).Result
		}
	case ofField:
		name, text, _ := strings.Cut(value, "=")
		l.note(name, l.kindOfField(name), text)
	default:
		l.note(v.Name, kind, value)
	}
}

func (l *line) note(name, kind, value string) {
	l.names[name] = value
	if kind != "" {
		l.kinds[kind] = value
	}
}

// flags returns the flags of the command.
func (l *line) flags() []*kong.Flag { return slices.Concat(l.node.AllFlags(true)...) }

// flag returns the flag that a word names, or nil.
func (l *line) flag(word string) *kong.Flag {
	name, long := strings.CutPrefix(word, "--")
	for _, flag := range l.flags() {
		if long && (flag.Name == name || slices.Contains(flag.Aliases, name) || flag.Tag.Negatable != "" && "no-"+flag.Name == name) ||
			!long && flag.Short != 0 && word == "-"+string(flag.Short) {
			return flag
		}
	}
	return nil
}

// candidates returns what the last word may be.
func (l *line) candidates(ctx context.Context, word string) []candidate {
	if l.pending != nil {
		return l.values(ctx, l.pending.Value, word)
	}
	if strings.HasPrefix(word, "-") {
		name, value, given := strings.Cut(word, "=")
		if flag := l.flag(name); given && flag != nil {
			return after(name+"=", l.values(ctx, flag.Value, value))
		}
		return l.flagNames()
	}
	var list []candidate
	if l.arguments == 0 {
		translateHelp(l.node, l.language)
		for _, child := range l.node.Children {
			if !child.Hidden {
				list = append(list, candidate{child.Name, sentence(child.Help)})
			}
		}
	}
	if v := l.next(); v != nil {
		return append(list, l.values(ctx, v, word)...)
	}
	if len(list) == 0 {
		return l.flagNames()
	}
	return list
}

// flagNames returns the flags that are not given yet, or can be given again.
func (l *line) flagNames() (list []candidate) {
	for _, flag := range l.flags() {
		if _, given := l.names[flag.Name]; given && !severalTimes(flag.Value) {
			continue
		}
		if slices.ContainsFunc(list, func(c candidate) bool { return c.word == "--"+flag.Name }) {
			continue // a service and its commands share --lang
		}
		meaning := sentence(flag.Help)
		if of, ok := flag.Mapper.(*flagValue); ok {
			meaning = sentence(l.schemas()[of.field.Name].Description)
		}
		list = append(list, candidate{"--" + flag.Name, meaning})
		if flag.Tag.Negatable != "" {
			list = append(list, candidate{"--no-" + flag.Name, catalogOf(l.language).text(message.Of("false: %s", meaning))})
		}
	}
	return list
}

// values returns what a flag or an argument may be. A list with commas is completed behind its last comma.
func (l *line) values(ctx context.Context, v *kong.Value, text string) []candidate {
	switch {
	case v == nil:
		return nil
	case v.Enum != "":
		var list []candidate
		for _, value := range v.EnumSlice() {
			if value != "" { // the default is another way to leave it out
				list = append(list, candidate{value, ""})
			}
		}
		return list
	case v.IsSlice() && v.Tag.Sep > 0:
		if comma := strings.LastIndexByte(text, ','); comma >= 0 {
			return further(text[:comma+1], l.ofKind(ctx, v, text[comma+1:]))
		}
	}
	return l.ofKind(ctx, v, text)
}

func (l *line) ofKind(ctx context.Context, v *kong.Value, text string) []candidate {
	if of, ok := v.Mapper.(*flagValue); ok {
		return l.fieldValues(ctx, of.field.Name, text)
	}
	kind := v.Tag.Get("complete")
	if v.Flag != nil && slices.Contains([]string{"FILE", "DIR", "FOLDER"}, v.Flag.PlaceHolder) {
		kind = ofFile
	}
	if words := strings.Split(kind, ","); len(words) > 1 {
		var list []candidate
		for _, word := range words {
			list = append(list, candidate{word, ""})
		}
		return list
	}
	switch kind {
	case ofFile:
		return files(text)
	case ofProfile:
		return l.profiles()
	case ofOperation:
		return operations(l.language)
	case ofField:
		return l.fields(ctx, text)
	case ofColumn:
		return l.columns()
	case ofFeature:
		return features()
	}
	return l.existing(ctx, kind)
}

// further puts a list with a comma at its end before the words that are not in it.
func further(text string, list []candidate) []candidate {
	given := strings.Split(text, ",")
	return after(text, slices.DeleteFunc(list, func(c candidate) bool { return slices.Contains(given, c.word) }))
}

// after puts a text before the word of each candidate.
func after(text string, list []candidate) []candidate {
	for i := range list {
		list[i].word = text + list[i].word
	}
	return list
}

// sentence returns the first sentence of a text, in English or Chinese.
func sentence(text string) string {
	for _, end := range []string{". ", "。"} {
		if first, _, more := strings.Cut(text, end); more {
			text = first + strings.TrimSpace(end)
		}
	}
	return text
}

// files returns the files whose paths begin with a text. A folder ends in a slash.
func files(text string) (list []candidate) {
	folder, begun := filepath.Split(text)
	path := cmp.Or(folder, ".")
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			path = filepath.Join(home, rest)
		}
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil
	}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasPrefix(name, begun) || strings.HasPrefix(name, ".") && begun == "" {
			continue
		}
		if info, err := os.Stat(filepath.Join(path, name)); err == nil && info.IsDir() {
			name += "/"
		}
		list = append(list, candidate{folder + name, ""})
	}
	return list
}

func (l *line) profiles() (list []candidate) {
	file, err := environment.Load()
	if err != nil {
		return nil
	}
	for _, name := range file.Names() {
		p := file.Profiles[name]
		list = append(list, candidate{name, catalogOf(l.language).text(about(p))})
	}
	return list
}

func operations(language string) (list []candidate) {
	d := described.In(language)
	for _, operation := range gen.Operations {
		list = append(list, candidate{operation.Action, d.Operation(operation).Summary})
	}
	slices.SortFunc(list, func(a, b candidate) int { return strings.Compare(a.word, b.word) })
	return list
}

// columns returns the columns of the response of the operation.
func (l *line) columns() (list []candidate) {
	if l.operation == nil {
		return nil
	}
	for name, s := range output.Columns(described.In(l.language).Success(l.operation), l.result) {
		c := candidate{word: name}
		if s != nil {
			c.meaning = sentence(s.Description)
		}
		list = append(list, c)
	}
	return list
}

// features returns the features of an app that an emulator can be without.
func features() (list []candidate) {
	for _, feature := range slices.Sorted(maps.Keys(gen.Features)) {
		list = append(list, candidate{string(feature), ""})
	}
	return list
}

// schemas returns what the spec says of the fields of the operation.
func (l *line) schemas() map[string]*described.Schema {
	d := described.In(l.language)
	return d.Fields(d.Operation(l.operation))
}

// fields returns the fields of the operation of call that are not given yet, or the values of the one
// that a text names.
func (l *line) fields(ctx context.Context, text string) (list []candidate) {
	if l.operation == nil {
		return nil
	}
	if name, value, named := strings.Cut(text, "="); named {
		return after(name+"=", l.fieldValues(ctx, name, value))
	}
	schemas := l.schemas()
	for _, field := range l.operation.Fields {
		if _, given := l.names[field.Name]; !given {
			list = append(list, candidate{field.Name + "=", sentence(schemas[field.Name].Description)})
		}
	}
	return list
}

// fieldValues returns the values of a field. A list is completed behind its last comma.
func (l *line) fieldValues(ctx context.Context, name, value string) (list []candidate) {
	s := l.schemas()[name]
	if s == nil {
		return nil
	}
	if source, isFile := strings.CutPrefix(value, "@"); isFile {
		return after("@", files(source))
	}
	before := ""
	if s.Items != nil {
		s, before = s.Items, value[:strings.LastIndexByte(value, ',')+1]
	}
	for _, v := range s.Values() {
		text := fmt.Sprint(v)
		list = append(list, candidate{command.Written(s, text), s.Meanings[text]})
	}
	return further(before, append(list, l.existing(ctx, l.kindOfField(name))...))
}

// kindOfField returns what a field of the operation names: rooms, accounts or neither.
func (l *line) kindOfField(name string) string {
	if l.operation == nil {
		return ""
	}
	for _, field := range l.operation.Fields {
		switch s := l.schemas()[field.Name]; {
		case field.Name != name:
		case field.GoName == "RoomID" || field.GoName == "RoomIDs":
			return ofRoom
		case s.Format == "accid" || s.Items != nil && s.Items.Format == "accid":
			return ofAccount
		}
	}
	return ""
}
