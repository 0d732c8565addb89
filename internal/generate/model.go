package main

import (
	"slices"
	"strings"
)

// api is the spec as the emitters see it.
type api struct {
	Operations []*endpoint
	Types      []*typ
	Codes      []code
	IDs        []string // what ids are of: room
	Services   []string
	Tags       []tag // the services with their descriptions
}

// endpoint is one operation with its form and its success.
type endpoint struct {
	*operation
	Go      string // name of its generated things: CreateChatroom
	Path    string
	Service string
	Form    *typ
	Success *typ
	Payload []string // wire names of the success's members beside code
	Example string   // a form, encoded
}

// Action is the last part of the path without its ending.
func (e *endpoint) Action() string {
	return strings.TrimSuffix(e.Path[strings.LastIndexByte(e.Path, '/')+1:], ".action")
}

// use is the way in which the values of a type travel.
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
	Service string // of the first operation that uses it
	Use     use
	Form    bool // the form of an operation
	Success bool // the response of an operation in success
	Props   []*prop
	Enum    []*member // an enum's values
}

// operation is the id of the operation whose form or response t is.
func (t *typ) operation() string {
	return lowerCamel(strings.TrimSuffix(strings.TrimSuffix(t.Name, "Form"), "Success"))
}

// isCode reports whether p is the code of the response t.
func (t *typ) isCode(p *prop) bool { return t.Success && p.Wire == codeField }

func (t *typ) isEnum() bool { return len(t.Enum) > 0 }

func (t *typ) isIntEnum() bool { return t.isEnum() && t.Type == "integer" }

func (t *typ) hasEnumAliases() bool { return len(t.EnumAliases) > 0 }

// base is the Go type under an enum.
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

// member finds a member by its path, such as desc.size: its Go selector and its type,
// nil where there is none.
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

// kind is how a value travels.
type kind int

const (
	text kind = iota
	boolean
	integer
	raw        // free-form JSON
	expression // a tag expression, in a form
	object
	enum
	list
)

// ref is the type of a property or an item.
type ref struct {
	Kind   kind
	Go     string // without a pointer
	Quoted bool   // an integer as decimal text, or JSON text in a string
	Named  *typ
	Elem   *ref
	As     *conversion // of an integer that is something else in Go
}

// integral reports whether the value is a number in Go, as on the wire.
func (r ref) integral() bool {
	return r.Kind == integer && r.As == nil || r.Kind == enum && r.Named.isIntEnum()
}

// hasHarmfulZero reports whether the zero value in Go is a value of the service that
// somebody may not have meant: false, or 0 of an enum.
func (r ref) hasHarmfulZero() bool {
	return r.Kind == boolean || r.Kind == enum && slices.ContainsFunc(r.Named.Enum, func(m *member) bool { return m.Value == "0" })
}

// textual reports whether the value is a string in Go.
func (r ref) textual() bool {
	return r.Kind == text || r.Kind == enum && !r.Named.isIntEnum()
}
