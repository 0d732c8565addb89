package live

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/internal/check/contract"
	"github.com/nimroom/nimroom/internal/record"
)

// Kind is in what two responses differ.
type Kind string

// Kinds of differences.
const (
	HTTP     Kind = "HTTP"     // another HTTP status
	Code     Kind = "code"     // another code
	Shape    Kind = "shape"    // a member more or less
	Type     Kind = "type"     // another JSON type, or a value as text
	Spelling Kind = "spelling" // another name or word that the spec lists
	Unknown  Kind = "unknown"  // a member that the spec does not have
	Text     Kind = "text"     // another text of an API error
	Unread   Kind = "unread"   // a response that cannot be read
	Ended    Kind = "ended"    // the scenario ended early
)

// Difference is one between the service's responses and the emulator's.
type Difference struct {
	Operation string   `json:"operation"`
	Kind      Kind     `json:"kind"`
	Path      string   `json:"path,omitempty"` // in the response, with * for items
	Ours      string   `json:"ours"`
	Theirs    string   `json:"theirs"`
	Scenarios []string `json:"scenarios"`
}

// observation is what one call showed.
type observation struct {
	operation, scenario string
	paths               []string // in the service's response
	failed              bool     // the response is an API error
}

// comparer collects what is found.
type comparer struct {
	contract     *contract.Contract
	differences  []*Difference
	observations []observation
}

func (c *comparer) note(operation, scenario string, kind Kind, path, ours, theirs string) {
	for _, d := range c.differences {
		if d.Operation == operation && d.Kind == kind && d.Path == path && d.Ours == ours && d.Theirs == theirs {
			if !slices.Contains(d.Scenarios, scenario) {
				d.Scenarios = append(d.Scenarios, scenario)
			}
			return
		}
	}
	c.differences = append(c.differences, &Difference{operation, kind, path, ours, theirs, []string{scenario}})
}

// compare compares the service's recording of a scenario with ours, call by call.
func (c *comparer) compare(ours, theirs *record.Recording) {
	scenario := ours.Operation + "/" + ours.Scenario
	next := 0
	for _, theirs := range theirs.Interactions {
		request := record.RequestOf(theirs)
		operation := ""
		if o := c.contract.Operation(request.Path); o != nil {
			operation = o.OperationID
		}
		at := same(ours.Interactions, next, request)
		if at < 0 {
			continue // ours has no such call
		}
		mine := ours.Interactions[at]
		next = at + 1
		if mine.Response.Code != theirs.Response.Code {
			c.note(operation, scenario, HTTP, "", strconv.Itoa(mine.Response.Code), strconv.Itoa(theirs.Response.Code))
		}
		c.responses(operation, scenario, request.Path, mine.Response.Body, theirs.Response.Body)
	}
}

// same finds our call with the same request. Both recordings are of one scenario,
// but theirs lacks a call without a response, and has one that was repeated twice.
func same(ours []*cassette.Interaction, next int, request contract.Request) int {
	is := func(i *cassette.Interaction) bool {
		other := record.RequestOf(i)
		return other.Path == request.Path && changing.ReplaceAllString(other.Body, "") == changing.ReplaceAllString(request.Body, "")
	}
	if at := slices.IndexFunc(ours[next:], is); at >= 0 {
		return next + at
	}
	if next > 0 && is(ours[next-1]) {
		return next - 1
	}
	if next < len(ours) && record.RequestOf(ours[next]).Path == request.Path {
		return next
	}
	return -1
}

// changing are the ids and times in a form, which differ from run to run.
var changing = regexp.MustCompile(`made-up-\d+|\d{5,}`)

func (c *comparer) responses(operation, scenario, path, ours, theirs string) {
	mine, _, err := c.contract.Read(path, ours)
	if err != nil {
		c.note(operation, scenario, Unread, "", err.Error(), "")
		return
	}
	yours, notes, err := c.contract.Read(path, theirs)
	if err != nil {
		c.note(operation, scenario, Unread, "", "a response of the spec", err.Error())
		return
	}
	for _, n := range notes {
		c.note(operation, scenario, kindOf(n), general(n.Path), or(n.Want, "nothing"), exactly(n))
	}
	was, is := leaves(mine), leaves(yours)
	failed := text(is["code"]) != "200"
	c.observations = append(c.observations, observation{operation, scenario, slices.Collect(maps.Keys(is)), failed})
	if text(was["code"]) != text(is["code"]) {
		c.note(operation, scenario, Code, "code", said(mine), said(yours))
		return
	}
	if failed {
		if text(was["desc"]) != text(is["desc"]) {
			c.note(operation, scenario, Text, "desc", text(was["desc"]), text(is["desc"]))
		}
		return
	}
	c.shapes(operation, scenario, was, is, notes)
}

// shapes compares which members there are, and of which types.
func (c *comparer) shapes(operation, scenario string, was, is map[string]any, notes []contract.Note) {
	for _, path := range slices.Sorted(maps.Keys(union(was, is))) {
		mine, ours := was[path]
		yours, theirs := is[path]
		switch {
		case ours && theirs:
			if kind(mine) != kind(yours) {
				c.note(operation, scenario, Type, path, kind(mine), kind(yours))
			}
		case ours && !above(is, path):
			c.note(operation, scenario, Shape, path, kind(mine), "nothing")
		case theirs && !above(was, path) && !slices.ContainsFunc(notes, func(n contract.Note) bool {
			return n.Kind == contract.Unknown && strings.HasPrefix(path, general(n.Path))
		}):
			c.note(operation, scenario, Shape, path, "nothing", kind(yours))
		}
	}
}

// above tells whether an empty list stands above a path: its items may have any
// shape.
func above(values map[string]any, path string) bool {
	for at := range values {
		if list, ok := strings.CutSuffix(at, ".#"); ok && strings.HasPrefix(path, list+".*") && values[at] == 0 {
			return true
		}
	}
	return false
}

func kindOf(n contract.Note) Kind {
	switch n.Kind {
	case contract.Alias:
		return Spelling
	case contract.Unknown:
		return Unknown
	default:
		return Type
	}
}

func exactly(n contract.Note) string {
	if n.Kind == contract.AsText && strings.HasPrefix(n.Got, `"`) {
		return "its text" // values differ from run to run
	}
	return n.Got
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

var itemOf = regexp.MustCompile(`\.\d+(\.|$)`)

// general writes * for items.
func general(path string) string { return itemOf.ReplaceAllString(path, ".*$1") }

// leaves are the values of a response by their path, with * for items: the last
// item's, which is as good as any. A list has its length at path.#.
func leaves(value any) map[string]any {
	found := map[string]any{}
	collect(found, value, "")
	return found
}

func collect(found map[string]any, value any, path string) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			collect(found, member, strings.TrimPrefix(path+"."+name, "."))
		}
	case []any:
		found[path+".#"] = len(v)
		for _, item := range v {
			collect(found, item, path+".*")
		}
	default:
		found[path] = v
	}
}

func union(a, b map[string]any) map[string]any {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func kind(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case json.Number:
		return "a number"
	case string:
		return "a text"
	case int:
		return "a list"
	}
	return fmt.Sprintf("%T", value)
}

func text(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// said is the code of a response, and the text of an API error.
func said(response any) string {
	object, _ := response.(map[string]any)
	code := text(object["code"])
	if desc, ok := object["desc"].(string); ok {
		return code + " " + strconv.Quote(desc)
	}
	return code
}
