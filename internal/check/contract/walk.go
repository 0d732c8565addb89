package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/internal/check/spelling"
)

// Kind is the subject of a [Note].
type Kind string

// The kinds of notes.
const (
	// Alias: a name or a word in another spelling that the spec lists.
	Alias Kind = "alias"
	// AsText: a value as its text, or as JSON text in a string.
	AsText Kind = "text"
	// Unknown: a member that the spec does not have.
	Unknown Kind = "unknown"
	// Broken: JSON text that does not fit x-json-text, or text that is not a number
	// although the spec requires one.
	Broken Kind = "broken"
)

// Note describes a place where a message is not written as the spec writes it.
type Note struct {
	Kind Kind
	Path string // desc.data.level
	Got  string // what the message has
	Want string // what the spec has
}

func (n Note) String() string {
	switch n.Kind {
	case Unknown:
		return n.Path + ": the spec has no such member"
	default:
		return fmt.Sprintf("%s: %s, the spec has %s", n.Path, n.Got, n.Want)
	}
}

// walker turns a value into the spec's spelling and shapes and notes what it
// changed.
type walker struct{ notes []Note }

func (w *walker) note(kind Kind, path, got, want string) {
	w.notes = append(w.notes, Note{kind, path, got, want})
}

// code reads the code of a response, a number or its text.
func (w *walker) code(response map[string]any) (int, bool) {
	code, err := strconv.Atoi(fmt.Sprint(response["code"]))
	return code, err == nil
}

// value returns a value as a schema describes it.
func (w *walker) value(schema *openapi3.Schema, value any, path string) any {
	text, isText := value.(string)
	switch {
	case value == nil:
		return nil
	case schema.Type.Is("object"):
		if isText {
			value = w.open(text, path, "an object")
		}
		if object, ok := value.(map[string]any); ok {
			if more := schema.AdditionalProperties.Schema; more != nil { // the names are data
				for name, member := range object {
					object[name] = w.value(more.Value, member, path+"."+name)
				}
				return object
			}
			return w.object(schema, object, path)
		}
	case schema.Type.Is("array"):
		if isText {
			value = w.open(text, path, "a list")
		}
		if list, ok := value.([]any); ok {
			items := make([]any, len(list))
			for i, item := range list {
				items[i] = w.value(schema.Items.Value, item, path+"."+strconv.Itoa(i))
			}
			return items
		}
	case schema.Type.Is("integer") || schema.Type.Is("number"):
		if isText && wholeNumber.MatchString(text) {
			w.note(AsText, path, strconv.Quote(text), "a number")
			return json.Number(text)
		}
	case schema.Type.Is("boolean"):
		if isText && (text == "true" || text == "false") {
			w.note(AsText, path, strconv.Quote(text), "a boolean")
			return text == "true"
		}
	case schema.Type.Is("string"):
		return w.text(schema, value, path)
	}
	return value
}

var wholeNumber = regexp.MustCompile(`^-?\d{1,19}$`)

// open reads JSON text in a string.
func (w *walker) open(text, path, want string) any {
	var value any
	if decode(text, &value) != nil {
		return text
	}
	w.note(AsText, path, "JSON text", want)
	return value
}

// text returns the spec's spelling of a word.
func (w *walker) text(schema *openapi3.Schema, value any, path string) any {
	if wanted, ok := schema.Extensions["x-json-text"]; ok {
		w.jsonText(wanted, value, path)
	}
	decimal := schema.Format == "int32" || schema.Format == "int64"
	if number, ok := value.(json.Number); ok && decimal {
		w.note(AsText, path, number.String(), "its text")
		return number.String()
	}
	text, ok := value.(string)
	if !ok {
		return value
	}
	if decimal && !wholeNumber.MatchString(text) {
		w.note(Broken, path, strconv.Quote(text), "a number's text")
	}
	aliases, _ := schema.Extensions["x-enum-aliases"].(map[string]any)
	for _, word := range slices.Sorted(maps.Keys(aliases)) {
		if slices.Contains(spelling.Texts(aliases[word]), text) {
			w.note(Alias, path, strconv.Quote(text), strconv.Quote(word))
			return word
		}
	}
	return text
}

// jsonText checks JSON text in a string against the schema that the spec gives for it.
func (w *walker) jsonText(wanted, value any, path string) {
	source, err := json.Marshal(wanted)
	var schema openapi3.Schema
	if err == nil {
		err = json.Unmarshal(source, &schema)
	}
	var inner any
	if text, ok := value.(string); err == nil && ok {
		err = json.Unmarshal([]byte(text), &inner)
	}
	if err == nil {
		err = schema.VisitJSON(inner)
	}
	if err != nil {
		w.note(Broken, path, fmt.Sprintf("%.100v", value), "JSON text of "+string(source))
	}
}

// object gives the members the names of the spec.
func (w *walker) object(schema *openapi3.Schema, object map[string]any, path string) map[string]any {
	named := make(map[string]any, len(object))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		at := strings.TrimPrefix(path+"."+name, ".")
		home, known := schema, spelling.Property(schema, name)
		for _, copied := range spelling.Texts(schema.Extensions["x-copied"]) {
			if known == "" {
				home = schema.Properties[copied].Value
				known = spelling.Property(home, name)
			}
		}
		if known == "" {
			named[name] = object[name]
			if schema.AdditionalProperties.Has == nil || !*schema.AdditionalProperties.Has {
				w.note(Unknown, at, name, "")
			}
			continue
		}
		if known != name {
			w.note(Alias, at, name, known)
		}
		if _, twice := named[known]; twice {
			w.note(Broken, at, "in two spellings", known)
		}
		named[known] = w.value(home.Properties[known].Value, object[name], strings.TrimPrefix(path+"."+known, "."))
	}
	return named
}
