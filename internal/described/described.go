// Package described reads what the published spec says of operations, in the words of a
// language, for programs that show it to people: the console and the command.
package described

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
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
	RequestBody          body
	Responses            map[string]body // by HTTP status
}

// body is that of requests or responses, by media type.
type body struct {
	Content map[string]*struct{ Schema *Schema }
}

// Schema is that of a form, of a response, or of a part of them.
type Schema struct {
	Ref               string `json:"$ref"`
	Type, Description string
	Format, Pattern   string
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
	ValuesOf          string              `json:"x-values"` // the name of the schema that has the values
	NotEmulated       string              `json:"x-not-emulated"`
	Aliases           []string            `json:"x-aliases"`
	Names             []string            `json:"x-enum-varnames"` // of Known or Enum
	EnumAliases       map[string][]string `json:"x-enum-aliases"`
	OneOf             []*Schema
	Items             *Schema             // those of an array, or of a text that lists values with commas
	Properties        Properties          // those of an object
	PropertyAliases   map[string][]string `json:"x-property-aliases"`
	TextProperty      string              `json:"x-text-property"` // that of an object which has the plain text
	MaxProperties     int                 // 1 if an object has one member, whose name is a key
}

// Numeric reports whether the values are numbers without names, as numbers or as text; times are too.
func (s *Schema) Numeric() bool {
	return s != nil && len(s.Names) == 0 && (s.Type == "integer" || s.Type == "number" || strings.HasPrefix(s.Format, "int"))
}

// Properties are those of an object, in the order of the spec.
type Properties []Property

// Property is one of an object.
type Property struct {
	Name string
	*Schema
}

// UnmarshalJSON reads an object and keeps its order.
func (p *Properties) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	_, err := d.Token()
	for err == nil && d.More() {
		var name json.Token
		if name, err = d.Token(); err != nil {
			break
		}
		property := Property{Name: name.(string)} //nolint:forcetypeassert // an object has names
		err = d.Decode(&property.Schema)
		*p = append(*p, property)
	}
	return err
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
	d.resolve()
	return d
}

// resolve puts what they name in the place of references.
func (d *Document) resolve() {
	for _, s := range d.Components.Schemas {
		d.inside(s)
	}
	for _, methods := range d.Paths {
		for _, o := range methods {
			for _, b := range append(slices.Collect(maps.Values(o.Responses)), o.RequestBody) {
				for _, content := range b.Content {
					d.follow(&content.Schema)
				}
			}
		}
	}
}

func (d *Document) inside(s *Schema) {
	d.follow(&s.Items)
	for i := range s.Properties {
		d.follow(&s.Properties[i].Schema)
	}
	for i := range s.OneOf {
		d.follow(&s.OneOf[i])
	}
	switch values := d.Components.Schemas[s.ValuesOf]; {
	case values == nil:
	case s.Type == "string" && s.Format == "":
		s.Items = values
	default:
		s.Known, s.Enum, s.Names, s.Meanings = values.Known, values.Enum, values.Names, values.Meanings
	}
}

func (d *Document) follow(s **Schema) {
	switch {
	case *s == nil:
	case (*s).Ref != "":
		*s = d.Components.Schemas[(*s).Ref[strings.LastIndexByte((*s).Ref, '/')+1:]]
	default:
		d.inside(*s)
	}
}

// Operation returns what the spec says of an operation.
func (d *Document) Operation(o *gen.Operation) Operation { return d.Paths[o.Path]["post"] }

// Fields returns the schemas of the fields of an operation's form, by name.
func (d *Document) Fields(o Operation) map[string]*Schema {
	fields := map[string]*Schema{}
	for _, content := range o.RequestBody.Content {
		for _, field := range content.Schema.Properties {
			fields[field.Name] = field.Schema
		}
	}
	return fields
}

// Success returns the schema of an operation's response in success.
func (d *Document) Success(o *gen.Operation) *Schema {
	for _, content := range d.Operation(o).Responses["200"].Content {
		return content.Schema.OneOf[0] // an API error comes second
	}
	return nil
}

// Property returns the property of an object that has a name, or that name among its other spellings.
func (s *Schema) Property(name string) (Property, bool) {
	if s == nil {
		return Property{}, false
	}
	for _, p := range s.Properties {
		if p.Name == name || slices.Contains(p.Aliases, name) || slices.Contains(s.PropertyAliases[p.Name], name) {
			return p, true
		}
	}
	return Property{}, false
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
