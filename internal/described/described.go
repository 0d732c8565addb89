// Package described reads what the published spec says of operations, in the words of a
// language, for programs that show it to people: the console and the command.
package described

import (
	"encoding/json"
	"strings"
	"sync"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/spec"
)

// Document is what the spec says in a language.
type Document struct {
	Info struct{ Version string }
	Tags []struct{ Name, Description string }
	// Paths has the operations by path and method.
	Paths      map[string]map[string]Operation
	Components struct{ Schemas map[string]*Schema }
}

// Operation is what the spec says of an operation.
type Operation struct {
	Summary, Description string
	ExternalDocs         struct{ URL string }
	RequestBody          struct {
		Content map[string]struct{ Schema *Schema }
	}
}

// Schema is that of a form or of a field.
type Schema struct {
	Ref               string `json:"$ref"`
	Type, Description string
	Pattern           string
	MaxLength         *int64
	Minimum, Maximum  *int64
	MinItems          *int64
	MaxItems          *int64
	MaxJSON           *int64 `json:"x-max-json-length"`
	Duration          string `json:"x-duration"`
	Time              string `json:"x-time"`
	Known             []any  `json:"x-known-values"`
	Enum              []any
	Meanings          map[string]string `json:"x-enumDescriptions"`
	Default, Example  any
	NotEmulated       string             `json:"x-not-emulated"`
	Properties        map[string]*Schema // of a form
}

var documents = map[string]func() *Document{
	"en": sync.OnceValue(func() *Document { return read("en") }),
	"zh": sync.OnceValue(func() *Document { return read("zh") }),
}

// In returns the document in a language: en or zh.
func In(language string) *Document { return documents[language]() }

func read(language string) *Document {
	d := new(Document)
	text, err := spec.Read(spec.Variant{Format: "json", Lang: language})
	if err == nil {
		err = json.Unmarshal(text, d)
	}
	if err != nil {
		panic(err) // impossible: it is embedded, and a test reads it
	}
	return d
}

// Operation returns what the spec says of an operation.
func (d *Document) Operation(o *gen.Operation) Operation { return d.Paths[o.Path]["post"] }

// Fields returns the schemas of the fields of an operation's form, by name.
func (d *Document) Fields(o Operation) map[string]*Schema {
	fields := map[string]*Schema{}
	for _, content := range o.RequestBody.Content {
		for name, field := range d.resolve(content.Schema).Properties {
			fields[name] = d.resolve(field)
		}
	}
	return fields
}

func (d *Document) resolve(s *Schema) *Schema {
	if s.Ref != "" {
		return d.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
	}
	return s
}

// Values returns the values that a field can have, or none if they are not listed. Of those
// that responses may extend, they are the known ones.
func (s *Schema) Values() []any {
	if s.Type == "boolean" {
		return []any{true, false}
	}
	return append(s.Known[:len(s.Known):len(s.Known)], s.Enum...)
}

// Quote quotes a text for a shell, if it must be.
func Quote(text string) string {
	if text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-") == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
