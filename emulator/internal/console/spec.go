package console

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/spec"
)

// document is what the console reads of the published spec in a language: the
// words for operations and fields, and their limits.
type document struct {
	Tags []struct{ Name, Description string }
	// Paths has the operations by path and method.
	Paths      map[string]map[string]described
	Components struct{ Schemas map[string]*schema }
}

type described struct {
	Summary, Description string
	ExternalDocs         struct{ URL string }
	RequestBody          struct {
		Content map[string]struct{ Schema *schema }
	}
}

type schema struct {
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
	Properties        map[string]*schema // of a form
}

// documents are the spec by language.
var documents = map[string]func() *document{
	"en": sync.OnceValue(func() *document { return readDocument("en") }),
	"zh": sync.OnceValue(func() *document { return readDocument("zh") }),
}

func readDocument(lang string) *document {
	d := new(document)
	text, err := spec.Read(spec.Variant{Format: "json", Lang: lang})
	if err == nil {
		err = json.Unmarshal(text, d)
	}
	if err != nil {
		panic(err) // impossible: it is embedded, and a test reads it
	}
	return d
}

func (d *document) operation(o *gen.Operation) described { return d.Paths[o.Path]["post"] }

// fields are those of the form of an operation.
func (d *document) fields(o described) map[string]*schema {
	return d.resolve(o.RequestBody.Content[formType].Schema).Properties
}

// formType is the name of the form's type in the spec.
var formType, _, _ = strings.Cut(api.FormType, ";")

func (d *document) resolve(s *schema) *schema {
	if s != nil && s.Ref != "" {
		return d.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
	}
	return s
}

// limits says in words what a field takes.
func (v *view) limits(s *schema) string {
	var list []string
	for _, limit := range []struct {
		name string
		is   *int64
	}{
		{"limit.length", s.MaxLength}, {"limit.json", s.MaxJSON}, {"limit.minItems", s.MinItems}, {"limit.maxItems", s.MaxItems},
		{"limit.minimum", s.Minimum}, {"limit.maximum", s.Maximum},
	} {
		if limit.is != nil {
			list = append(list, v.T(limit.name, *limit.is))
		}
	}
	if s.Pattern != "" {
		list = append(list, v.T("limit.pattern", s.Pattern))
	}
	if unit := s.Duration + s.Time; unit != "" {
		list = append(list, v.T("limit.unit."+unit))
	}
	if s.Default != nil {
		list = append(list, v.T("limit.default", s.Default))
	}
	return strings.Join(list, v.T("limit.and"))
}

// option is a value of a field that the spec describes.
type option struct {
	Value, Meaning string
	Is             bool
}

// options lists the values of a field, none for any. Others can be sent, too.
func (s *schema) options(value string) (list []option) {
	known := append(slices.Clone(s.Known), s.Enum...)
	if s.Type == "boolean" {
		known = []any{true, false}
	}
	for _, one := range known {
		text := fmt.Sprint(one)
		list = append(list, option{text, s.Meanings[text], text == value})
	}
	return list
}

// part is a part of a description: words, or code.
type part struct {
	Text string
	Code bool
}

// Parts splits a description at its code marks.
func (v *view) Parts(description string) (parts []part) {
	for i, text := range strings.Split(strings.ReplaceAll(description, "**", ""), "`") {
		if text != "" {
			parts = append(parts, part{text, i%2 == 1})
		}
	}
	return parts
}

// groups lists the operations by subject, in the order of the spec.
func (v *view) groups(query string) (list []group) {
	d := documents[v.Lang]()
	for _, tag := range d.Tags {
		g := group{Name: tag.Name, Description: tag.Description}
		for _, o := range gen.Operations {
			is := d.operation(o)
			if o.Service == tag.Name && contains(query, o.ID, o.Action, o.Path, is.Summary, strings.Join(slices.Collect(maps.Keys(d.fields(is))), " ")) {
				g.Operations = append(g.Operations, summary{o.ID, o.Path, is.Summary})
			}
		}
		if len(g.Operations) > 0 {
			list = append(list, g)
		}
	}
	return list
}

type group struct {
	Name, Description string
	Operations        []summary
}

type summary struct{ ID, Path, Summary string }
