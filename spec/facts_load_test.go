package spec_test

import (
	"bytes"
	"fmt"
	"os"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// facts is testdata/facts.yaml: what the public documents say about each path.
// Its header explains the keys.
type facts struct {
	Documents []struct {
		ID, Title, Updated string
		Notes              []string
	}
	Operations map[string][]entry
}

// entry is one document's description of one operation.
type entry struct {
	Document, Heading, URL string
	Settled                struct{ Path, Why string }
	Request                []row
	Response               []answerField
	Codes                  []int
	CodesPartial           bool `yaml:"codes_partial"`
	Curl                   *struct {
		URL     string
		Headers []string
		Body    string
	}
	ExampleResponse string   `yaml:"example_response"`
	ExampleRefusals []string `yaml:"example_refusals"`
	Notes           []string
}

// row is one line of a table of request parameters.
type row struct {
	Name, Type, Required string
	Format, Items, Unit  string
	Enum                 []any
	Keys                 map[string]any
	Example              string
	Limits               limits `yaml:",inline"`
	Settled              struct {
		Required string
		Limits   limits `yaml:",inline"`
		Why      string
	}
}

// limits are the values that a page prints and the spec repeats as keywords. A
// settled value of none means that the spec leaves the keyword out.
type limits struct {
	MaxLength any `yaml:"maxLength"`
	MaxItems  any `yaml:"maxItems"`
	Min       any
	Max       any
	Default   any
}

func (l limits) texts() map[string]string {
	texts := map[string]string{}
	for name, value := range map[string]any{
		"maxLength": l.MaxLength, "maxItems": l.MaxItems, "min": l.Min, "max": l.Max, "default": l.Default,
	} {
		if value != nil {
			texts[name] = text(value)
		}
	}
	return texts
}

// expected are the row's limits after what was settled.
func (r row) expected() map[string]string {
	texts := r.Limits.texts()
	for name, value := range r.Settled.Limits.texts() {
		texts[name] = value
		if value == "none" {
			delete(texts, name)
		}
	}
	return texts
}

// answerField is one field of a success answer, from a table, an example or both.
type answerField struct {
	Field, Type, Format, Unit string
	JSON                      oneOrMany `yaml:"json"`
	Enum                      []any
	AbsentWhen                string `yaml:"absent_when"`
}

// oneOrMany reads a scalar as a list of one.
type oneOrMany []string

func (o *oneOrMany) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.SequenceNode {
		return node.Decode((*[]string)(o))
	}
	*o = oneOrMany{node.Value}
	return nil
}

func loadFacts(name string) (*facts, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var f facts
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&f); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &f, nil
}

// text writes a YAML or JSON scalar the way a form carries it, so that 1, 1.0 and
// "1" from different readers compare equal.
func text(value any) string {
	if number, ok := value.(float64); ok {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}
