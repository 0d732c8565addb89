package main

import (
	"slices"
	"strings"

	"github.com/nimroom/nimroom/internal/generate/dist"
)

// api is the content of the spec, in a form that the emitters use.
type api struct {
	Operations []*endpoint
	Types      []*typ
	Codes      []code
	Advice     []advice
	Mistakes   mistakes
	Chinese    explanations
	RateLimit  dist.RateLimit // of operations without one of their own
	Features   ordered[dist.Feature]
	IDs        []string // the kinds of things that have ids: room
	Services   []string
	Tags       []tag // the services with their descriptions
	Callbacks  []*callback
}

// endpoint is one operation with its form and its success.
type endpoint struct {
	*operation
	Go      string // its part of generated names: CreateChatroom
	Path    string
	Action  string // its short name: create
	Service string
	Form    *typ
	Success *typ
	Payload []string // wire names of the success's members beside code
	Example string   // a form, encoded
}

// actions names each operation by the last part of its path without .action, or, where an
// operation before it has that name, by the whole path: user/create.
func actions(list []*endpoint) {
	seen := map[string]bool{}
	for _, e := range list {
		whole := strings.TrimPrefix(strings.TrimSuffix(e.Path, ".action"), "/")
		e.Action = whole[strings.LastIndexByte(whole, '/')+1:]
		if seen[e.Action] {
			e.Action = whole
		}
		seen[e.Action] = true
	}
}

// use says whether values of a type are in forms or in responses.
type use int

const (
	unused use = iota
	inRequest
	inResponse
)

// typ is a named schema: an object or an enum.
type typ struct {
	*schema
	Name    string
	Service string // the service of the first operation that uses the type
	Use     use
	Form    bool // the form of an operation
	Success bool // the response of an operation in success
	Event   bool // the body of a callback, in whose names the letter case does not count
	Props   []*prop
	Enum    []*member // an enum's values
}

// operation returns the id of the operation to which the form or response t belongs.
func (t *typ) operation() string {
	return lowerCamel(strings.TrimSuffix(strings.TrimSuffix(t.Name, "Form"), "Success"))
}

// copiedNames returns the names of the members that the response t repeats beside those that
// hold them.
func (t *typ) copiedNames() []string {
	var names []string
	for _, name := range t.Copied {
		for _, p := range t.prop(name).T.Named.Props {
			if t.prop(p.Wire) == nil {
				names = append(append(names, p.Wire), p.Aliases...)
			}
		}
	}
	return names
}

// isCode reports whether p is the code of the response t.
func (t *typ) isCode(p *prop) bool { return t.Success && p.Wire == codeField }

func (t *typ) isEnum() bool { return len(t.Enum) > 0 }

func (t *typ) isIntEnum() bool { return t.isEnum() && t.Type == "integer" }

func (t *typ) hasEnumAliases() bool { return len(t.EnumAliases) > 0 }

// base returns the underlying Go type of an enum.
func (t *typ) base() string {
	if t.isIntEnum() {
		return "int"
	}
	return "string"
}

// member is one value of an enum.
type member struct {
	Go      string // constant
	Word    string // name without the type: Manager
	Value   string // on the wire
	Aliases []string
	Doc     string
}

// keepsUnknown reports whether t keeps the members that the spec does not know.
func (t *typ) keepsUnknown() bool { return t.Use == inResponse || !t.Form }

// member returns the Go selector and the type of the member at a path, such as desc.size. The
// type is nil if there is no such member.
func (t *typ) member(path string) (selector string, of *ref) {
	for name := range strings.SplitSeq(path, ".") {
		if of != nil {
			t = of.Named
		}
		if t == nil {
			return "", nil
		}
		p := t.prop(name)
		if p == nil || p.Pointer {
			return "", nil
		}
		selector, of = selector+"."+p.Go, &p.T
	}
	return selector, of
}

// prop is one property of an object.
type prop struct {
	*schema
	Go       string
	Wire     string
	Aliases  []string
	Required bool
	Pointer  bool
	Encoded  bool // JSON text in a form field
	T        ref
}

// notEmulated says why the emulator does not carry out a field. It is empty if the emulator
// does.
func (p *prop) notEmulated() string {
	return p.says(func(s *schema) string { return s.NotEmulated })
}

// feature returns the feature that a field needs if it is not 0, or "".
func (p *prop) feature() string { return p.says(func(s *schema) string { return s.Feature }) }

// says returns what the schema of a field says or, if it says nothing, that of its type.
func (p *prop) says(what func(s *schema) string) string {
	if text := what(p.schema); text != "" || p.T.Named == nil {
		return text
	}
	return what(p.T.Named.schema)
}

// kind says how a value is written on the wire.
type kind int

const (
	text kind = iota
	boolean
	integer
	number     // with a fraction
	raw        // free-form JSON
	expression // a tag expression, in a form
	object
	enum
	list
	pair // one member of an object whose names are data
)

// ref is the type of a property or an item.
type ref struct {
	Kind    kind
	Go      string // without a pointer
	Accid   bool   // an account's id in a form, which is read in lower case
	Checked bool   // an id or a name in a response, which must not be 0 or empty
	Quoted  bool   // an integer as decimal text, or JSON text in a string
	Named   *typ
	Elem    *ref
	Members bool        // a list of entries that is one object on the wire
	As      *conversion // for an integer with another type in Go
}

// integral reports whether the value is a number in Go, as on the wire.
func (r ref) integral() bool {
	return r.Kind == integer && r.As == nil || r.Kind == enum && r.Named.isIntEnum()
}

// hasHarmfulZero reports whether the zero value in Go has a meaning for the service, which is
// false, or 0 of an enum. A caller who forgets such a field would change something.
func (r ref) hasHarmfulZero() bool {
	return r.Kind == boolean || r.Kind == enum && slices.ContainsFunc(r.Named.Enum, func(m *member) bool { return m.Value == "0" })
}

// identified returns the Go expression that says whether a decoded object has the property. If
// noted is true, it is a variable, because the property's own value does not say so.
func (p *prop) identified() (test string, noted bool) {
	switch {
	case p.T.Kind == text:
		return "v." + p.Go + ` != ""`, false
	case p.ID != "":
		return "v." + p.Go + " != 0", false
	}
	return "has" + p.Go, true
}

// textual reports whether the value is a string in Go.
func (r ref) textual() bool {
	return r.Kind == text || r.Kind == enum && !r.Named.isIntEnum()
}
