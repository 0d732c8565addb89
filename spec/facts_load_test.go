package spec_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.yaml.in/yaml/v3"
)

// facts is testdata/facts.yaml: what the public documents say about each path.
// Its header explains the keys.
type facts struct {
	Documents []struct {
		ID, Title, Updated string
		Notes              []string
	}
	Spellings  []spelling
	Operations map[string][]entry
}

// spelling is a printed word, a name or a value, that the spec writes otherwise.
type spelling struct{ Printed, Settled, Why string }

// entry is one document's description of one operation.
type entry struct {
	Document, Heading, URL string
	Settled                struct {
		Path  string
		Codes []int
		Why   string
	}
	Request      []row
	Response     []answerField
	Codes        []int
	CodesPartial bool `yaml:"codes_partial"`
	Curl         *struct {
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

// expectedLimits are the printed limits after what was settled.
func (r row) expectedLimits() map[string]string {
	texts := r.Limits.texts()
	for name, value := range r.Settled.Limits.texts() {
		texts[name] = value
		if value == "none" {
			delete(texts, name)
		}
	}
	return texts
}

// expectedRequired is the printed mark after what was settled.
func (r row) expectedRequired() string {
	if r.Settled.Required != "" {
		return r.Settled.Required
	}
	return r.Required
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

// loadFacts reads a facts file; a key that the types above do not have is an error.
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

// TestFactsAreSound checks the facts file against itself: whatever is settled says
// why and differs from the page, and the answer fields are those of the examples.
func TestFactsAreSound(t *testing.T) {
	f := readFacts(t)
	documents := map[string]bool{}
	for _, d := range f.Documents {
		documents[d.ID] = true
	}
	for _, s := range f.Spellings {
		assert.NotEmpty(t, s.Why, s.Printed)
		assert.NotEqual(t, s.Printed, s.Settled)
	}
	for actionPath, entries := range f.Operations {
		for _, e := range entries {
			at := actionPath + " " + e.Document
			assert.True(t, documents[e.Document], at)
			assert.NotEmpty(t, e.Heading, at)
			settled := e.Settled.Path != "" || e.Settled.Codes != nil
			assert.Equal(t, settled, e.Settled.Why != "", at)
			if e.URL != "" {
				_, printed := splitURL(e.URL)
				assert.NotEqual(t, printed, e.Settled.Path, at)
			}
			for _, r := range e.Request {
				assertRowSound(t, at+" "+r.Name, r)
			}
			assertAnswerSound(t, at, e)
		}
	}
}

func assertRowSound(t *testing.T, at string, r row) {
	t.Helper()
	assert.Contains(t, []string{"true", "false", "unknown"}, r.Required, at)
	assert.Contains(t, []string{"", "json-array", "json-object"}, r.Format, at)
	settled := r.Settled.Limits.texts()
	if required := r.Settled.Required; required != "" {
		settled["required"] = required
	}
	assert.Equal(t, len(settled) > 0, r.Settled.Why != "", at)
	printed := r.Limits.texts()
	printed["required"] = r.Required
	for name, value := range settled {
		assert.NotEqual(t, printed[name], value, "%s: %s is settled as printed", at, name)
	}
}

func assertAnswerSound(t *testing.T, at string, e entry) {
	t.Helper()
	if e.ExampleResponse == "" {
		return
	}
	listed := map[string][]string{}
	for _, field := range e.Response {
		if field.JSON != nil {
			listed[field.Field] = field.JSON
		}
	}
	seen := map[string][]string{}
	collect("", jsonValue(e.ExampleResponse), seen)
	delete(seen, "")
	assert.Equal(t, seen, listed, at)
}

// collect lists the paths of a JSON value with the sorted types seen there.
func collect(at string, value any, seen map[string][]string) {
	kind := "number"
	switch v := value.(type) {
	case nil:
		kind = "null"
	case bool:
		kind = "boolean"
	case string:
		kind = "string"
	case []any:
		kind = "array"
		for _, element := range v {
			collect(at+"[]", element, seen)
		}
	case map[string]any:
		kind = "object"
		for name, member := range v {
			collect(strings.TrimPrefix(at+"."+name, "."), member, seen)
		}
	}
	if !slices.Contains(seen[at], kind) {
		seen[at] = append(seen[at], kind)
		slices.Sort(seen[at])
	}
}
