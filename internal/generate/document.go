package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"github.com/nimroom/nimroom/internal/generate/dist"
)

// document is the part of the spec that the generator reads, in the order of the file.
type document struct {
	RateLimit  dist.RateLimit        `yaml:"x-rate-limit"` // of operations without one of their own
	Formats    map[string]schema     `yaml:"x-formats"`    // the limits of strings in forms
	Features   ordered[dist.Feature] `yaml:"x-features"`
	Codes      []code                `yaml:"x-codes"`
	Advice     []advice              `yaml:"x-advice"`
	Signature  signature             `yaml:"x-signature"`
	Mistakes   mistakes              `yaml:"x-signature-mistakes"`
	GoNames    ordered[string]       `yaml:"x-go-names"`
	Paths      ordered[path]         `yaml:"paths"`
	Components components            `yaml:"components"`
	Tags       []tag                 `yaml:"tags"`
}

type components struct {
	Schemas   ordered[*schema]       `yaml:"schemas"`
	Callbacks ordered[ordered[path]] `yaml:"callbacks"` // by name, then by address
}

type tag struct {
	Name        string `yaml:"name"`
	Description string `yaml:"description"`
}

type code struct {
	Code      int    `yaml:"code"`
	Name      string `yaml:"name"`
	Meaning   string `yaml:"meaning"`
	Advice    string `yaml:"advice"`
	Executed  string `yaml:"executed"`
	Transient bool   `yaml:"transient"`
	Kind      string `yaml:"kind"`   // of the error in Go: Forbidden
	Common    bool   `yaml:"common"` // any operation may return it
}

type path struct {
	Post *operation `yaml:"post"`
}

type operation struct {
	ID           string   `yaml:"operationId"`
	Tags         []string `yaml:"tags"`
	Summary      string   `yaml:"summary"`
	Description  string   `yaml:"description"`
	ExternalDocs struct {
		URL string `yaml:"url"`
	} `yaml:"externalDocs"`
	PathAliases    []string        `yaml:"x-path-aliases"`
	StatusCodes    []int           `yaml:"x-status-codes"`
	RateLimit      *dist.RateLimit `yaml:"x-rate-limit"`
	Feature        string          `yaml:"x-feature"`
	Idempotency    string          `yaml:"x-idempotency"`
	Deduplication  *deduplication  `yaml:"x-deduplication"`
	IdempotentWith string          `yaml:"x-idempotent-with"`
	Ask            string          `yaml:"x-ask"`
	Unclear        string          `yaml:"x-repeat-unclear"`
	RepeatDone     []int           `yaml:"x-repeat-done"`
	Page           *page           `yaml:"x-page"`
	Batch          *batch          `yaml:"x-batch"`
	Methods        []*method       `yaml:"x-methods"`
	Sources        []source        `yaml:"x-source"`
	EventType      int             `yaml:"x-event-type"` // of a callback
	RequestBody    struct {
		Content map[string]struct {
			Schema   schema           `yaml:"schema"`
			Examples ordered[example] `yaml:"examples"`
			Encoding map[string]struct {
				ContentType string `yaml:"contentType"`
			} `yaml:"encoding"`
		} `yaml:"content"`
	} `yaml:"requestBody"`
	Responses map[string]struct {
		Content map[string]struct {
			Schema schema `yaml:"schema"`
		} `yaml:"content"`
	} `yaml:"responses"`
}

type example struct {
	Value ordered[yaml.Node] `yaml:"value"`
}

type deduplication struct {
	List  string `yaml:"list"`
	ID    string `yaml:"id"`
	Flag  string `yaml:"flag"`
	Value string `yaml:"value"`
}

type page struct {
	Items       string   `yaml:"items"`
	Cursor      string   `yaml:"cursor"`
	From        string   `yaml:"from"`
	Start       int64    `yaml:"start"`
	Window      []string `yaml:"window"`
	Order       string   `yaml:"order"`
	OldestFirst string   `yaml:"oldestFirst"`
	Limit       string   `yaml:"limit"`
	Maximum     int      `yaml:"maximum"`
	Key         []string `yaml:"key"`

	Unknown map[string]any `yaml:",inline"`
}

type batch struct {
	Field   string `yaml:"field"`
	Maximum int    `yaml:"maximum"`
}

type source struct {
	Evidence string `yaml:"evidence"`
	At       string `yaml:"at"`
}

type schema struct {
	Ref              string              `yaml:"$ref"`
	Type             string              `yaml:"type"`
	Format           string              `yaml:"format"`
	Description      string              `yaml:"description"`
	Nullable         bool                `yaml:"nullable"`
	Required         []string            `yaml:"required"`
	Properties       ordered[*schema]    `yaml:"properties"`
	Items            *schema             `yaml:"items"`
	More             more                `yaml:"additionalProperties"`
	MinProperties    int                 `yaml:"minProperties"`
	MaxProperties    *int                `yaml:"maxProperties"`
	OneOf            []schema            `yaml:"oneOf"`
	Enum             []string            `yaml:"enum"`
	Default          *string             `yaml:"default"`
	Pattern          string              `yaml:"pattern"`
	MinLength        int                 `yaml:"minLength"`
	MaxLength        *int                `yaml:"maxLength"`
	Minimum          *int64              `yaml:"minimum"`
	Maximum          *int64              `yaml:"maximum"`
	MinItems         int                 `yaml:"minItems"`
	MaxItems         *int                `yaml:"maxItems"`
	Aliases          []string            `yaml:"x-aliases"`
	PropertyAliases  map[string][]string `yaml:"x-property-aliases"`
	Absent           string              `yaml:"x-absent"`
	PropertyAbsent   map[string]string   `yaml:"x-property-absent"`
	Feature          string              `yaml:"x-feature"`
	NotEmulated      string              `yaml:"x-not-emulated"`
	Closed           *source             `yaml:"x-closed"`
	JSONText         *schema             `yaml:"x-json-text"`
	TextProperty     string              `yaml:"x-text-property"`
	MaxJSONLength    *int                `yaml:"x-max-json-length"`
	VarNames         []string            `yaml:"x-enum-varnames"`
	EnumDescriptions map[string]string   `yaml:"x-enumDescriptions"`
	EnumAliases      map[string][]string `yaml:"x-enum-aliases"`
	GoType           string              `yaml:"x-go-type"`
	Missing          string              `yaml:"x-missing"`
	OmitZero         bool                `yaml:"x-omit-zero"`
	NullEmpty        string              `yaml:"x-null-empty"`
	Copied           []string            `yaml:"x-copied"`
	Identity         []string            `yaml:"x-identity"`
	ID               string              `yaml:"x-id"`
	ZeroID           bool                `yaml:"x-zero-id"`
	Time             string              `yaml:"x-time"`
	Duration         string              `yaml:"x-duration"`
	EventTime        string              `yaml:"x-event-time"`
}

// always is the value of an x-null-empty that names no property.
const always = "true"

// ordered is a YAML mapping that keeps the order of its keys.
type ordered[T any] []entry[T]

type entry[T any] struct {
	Name  string
	Line  int
	Value T
}

func (o *ordered[T]) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: want a mapping", node.Line)
	}
	var errs []error
	for i := 0; i+1 < len(node.Content); i += 2 {
		e := entry[T]{Name: node.Content[i].Value, Line: node.Content[i].Line}
		if err := node.Content[i+1].Decode(&e.Value); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", e.Name, err))
		}
		*o = append(*o, e)
	}
	return errors.Join(errs...)
}

// find returns the value of a name, or nil.
func (o ordered[T]) find(name string) *T {
	for i := range o {
		if o[i].Name == name {
			return &o[i].Value
		}
	}
	return nil
}

// line returns the line of a path, a schema, or a property of a schema, or 0 for any other
// place.
func (d *document) line(where string) int {
	for _, e := range d.Paths {
		if e.Name == where {
			return e.Line
		}
	}
	name, property, _ := strings.Cut(strings.TrimSuffix(where, "[]"), ".")
	for _, e := range d.Components.Schemas {
		if e.Name != name {
			continue
		}
		for _, p := range e.Value.Properties {
			if p.Name == property {
				return p.Line
			}
		}
		return e.Line
	}
	return 0
}

// parseDocument decodes the spec from its tree. It returns an error if the spec is not
// valid. The text is the spec as JSON.
func parseDocument(name string, root *yaml.Node, text []byte) (*document, error) {
	checked, err := openapi3.NewLoader().LoadFromData(text)
	if err == nil {
		err = brief(checked.Validate(context.Background(), openapi3.EnableMultiError()))
	}
	doc := new(document)
	if err == nil {
		err = root.Decode(doc)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return doc, nil
}

// brief returns an error with a line for each reason. It leaves out the schema and the value
// of an invalid example, which kin-openapi repeats.
func brief(err error) error {
	if err == nil {
		return nil
	}
	var several openapi3.MultiError
	if !errors.As(err, &several) {
		several = openapi3.MultiError{err}
	}
	var errs []error
	for _, err := range several {
		for reason := range strings.SplitSeq(err.Error(), " | ") {
			reason, _, _ = strings.Cut(reason, "\nSchema:")
			errs = append(errs, errors.New(reason))
		}
	}
	return errors.Join(errs...)
}
