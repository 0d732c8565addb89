package evidence

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Facts is what one piece of evidence says: a file beside the index, whose head
// comment explains the keys.
type Facts struct {
	Source     Source `yaml:"-"`
	Spellings  []Spelling
	RateLimit  *RateLimit       `yaml:"rate_limit"` // of operations without one of their own
	Codes      []int            // of any operation
	Operations map[string]Entry // by path
	Callbacks  map[string]Callback
}

// Callback describes one kind of request to the app's server: the members that each has, and
// its others.
type Callback struct {
	At             string
	Event          int
	Always, Others []string
}

// Spelling is a printed word, a name or a value, that the spec writes otherwise.
type Spelling struct{ Printed, Settled, Why string }

// Entry describes one operation.
type Entry struct {
	At      string
	URL     string
	Settled struct {
		Path  string
		Codes []int
		Why   string
	}
	Request         []Row
	Response        []Member
	RateLimit       *RateLimit `yaml:"rate_limit"`
	Feature         Feature
	Codes           []int
	CodesPartial    bool `yaml:"codes_partial"`
	Curl            *Curl
	ExampleResponse string   `yaml:"example_response"`
	ExampleErrors   []string `yaml:"example_errors"`
	Notes           []string
}

// Feature is the feature that an app needs for an operation, by its name in the spec, and
// the text of the error without it.
type Feature struct{ Name, Desc string }

// RateLimit is how many calls in a number of seconds an app may make, and how many
// seconds the service blocks further ones.
type RateLimit struct{ Calls, Seconds, Block int }

// String lists the numbers as the extension x-rate-limit of the spec has them.
func (l RateLimit) String() string {
	return fmt.Sprintf("calls %d, seconds %d, block %d", l.Calls, l.Seconds, l.Block)
}

// Curl is a cURL line. Headers are the names alone.
type Curl struct {
	URL     string
	Headers []string
	Body    string
}

// Row is one line of a table of request parameters.
type Row struct {
	Name, Type, Required string
	Format, Items, Unit  string
	Enum                 []any
	Keys                 map[string]any
	Example              string
	Limits               Limits `yaml:",inline"`
	Settled              struct {
		Required string
		Limits   Limits `yaml:",inline"`
		Why      string
	}
}

// Limits are the values that the spec repeats as keywords. A settled value of none
// means that the spec leaves the keyword out.
type Limits struct {
	MaxLength any `yaml:"maxLength"`
	MaxItems  any `yaml:"maxItems"`
	Min       any
	Max       any
	Default   any
}

func (l Limits) texts() map[string]string {
	texts := map[string]string{}
	for name, value := range map[string]any{
		"maxLength": l.MaxLength, "maxItems": l.MaxItems, "min": l.Min, "max": l.Max, "default": l.Default,
	} {
		if value != nil {
			texts[name] = Text(value)
		}
	}
	return texts
}

// ExpectedLimits are the printed limits after what was settled, by name.
func (r Row) ExpectedLimits() map[string]string {
	texts := r.Limits.texts()
	for name, value := range r.Settled.Limits.texts() {
		texts[name] = value
		if value == "none" {
			delete(texts, name)
		}
	}
	return texts
}

// ExpectedRequired is the printed mark after what was settled; unknown without one.
func (r Row) ExpectedRequired() string {
	if r.Settled.Required != "" {
		return r.Settled.Required
	}
	return r.Required
}

// Member is one member of a success response, from a table, an example or both.
type Member struct {
	Field, Type, Format, Unit string
	JSON                      OneOrMany `yaml:"json"`
	Enum                      []any
	AbsentWhen                string `yaml:"absent_when"`
}

// OneOrMany reads a scalar as a list of one.
type OneOrMany []string

// UnmarshalYAML implements yaml.Unmarshaler.
func (o *OneOrMany) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.SequenceNode {
		return node.Decode((*[]string)(o))
	}
	*o = OneOrMany{node.Value}
	return nil
}

// check holds the facts against themselves: what is settled says why and differs
// from what is printed, and the members of a response are those of its example.
func (f Facts) check() error {
	var problems []error
	fail := func(at, format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s: "+format, slices.Insert(args, 0, any(at))...))
	}
	for _, s := range f.Spellings {
		if s.Why == "" || s.Printed == s.Settled {
			fail(s.Printed, "a spelling is settled with a reason, and otherwise than printed")
		}
	}
	for _, path := range slices.Sorted(maps.Keys(f.Operations)) {
		e := f.Operations[path]
		if err := f.Source.CheckPlace(e.At); err != nil {
			fail(path, "at: %w", err)
		}
		if settled := e.Settled.Path != "" || e.Settled.Codes != nil; settled != (e.Settled.Why != "") {
			fail(path, "what is settled and its reason go together")
		}
		if _, printed := SplitURL(e.URL); e.URL != "" && printed == e.Settled.Path {
			fail(path, "the path is settled as printed")
		}
		for _, r := range e.Request {
			if err := r.check(); err != nil {
				fail(path+" "+r.Name, "%w", err)
			}
		}
		if seen, listed := e.members(); e.ExampleResponse != "" && !reflect.DeepEqual(seen, listed) {
			fail(path, "the example has the members %v, listed are %v", seen, listed)
		}
	}
	for name, callback := range f.Callbacks {
		if err := f.Source.CheckPlace(callback.At); err != nil {
			fail(name, "at: %w", err)
		}
	}
	return errors.Join(problems...)
}

func (r Row) check() error {
	if !slices.Contains([]string{"true", "false", "unknown"}, r.Required) {
		return fmt.Errorf("required %q is not true, false or unknown", r.Required)
	}
	if !slices.Contains([]string{"", "json-array", "json-object"}, r.Format) {
		return fmt.Errorf("format %q is not json-array or json-object", r.Format)
	}
	printed, settled := r.Limits.texts(), r.Settled.Limits.texts()
	printed["required"] = r.Required
	if r.Settled.Required != "" {
		settled["required"] = r.Settled.Required
	}
	if (len(settled) > 0) != (r.Settled.Why != "") {
		return errors.New("what is settled and its reason go together")
	}
	for name, value := range settled {
		if printed[name] == value {
			return fmt.Errorf("%s is settled as printed", name)
		}
	}
	return nil
}

// members lists the JSON types of each member: those of the example, and those that
// Response lists.
func (e Entry) members() (seen, listed map[string][]string) {
	seen, listed = map[string][]string{}, map[string][]string{}
	for _, field := range e.Response {
		if field.JSON != nil {
			listed[field.Field] = field.JSON
		}
	}
	collect("", JSON(e.ExampleResponse), seen)
	delete(seen, "")
	return seen, listed
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

// SplitURL cuts a printed address into the server's part and the path.
func SplitURL(printed string) (server, path string) {
	const prefix = "/nimserver"
	before, after, _ := strings.Cut(printed, prefix)
	return before + prefix, after
}

// Text writes a YAML or JSON scalar the way a form carries it, so that 1, 1.0 and
// "1" from different readers compare equal.
func Text(value any) string {
	if number, ok := value.(float64); ok {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

// JSON decodes JSON text; text that is not JSON stays as it is.
func JSON(raw string) any {
	decoder := json.NewDecoder(strings.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return raw
	}
	if _, err := decoder.Token(); err != io.EOF {
		return raw
	}
	return value
}
