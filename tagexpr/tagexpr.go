// Package tagexpr builds, reads and evaluates tag expressions. With a tag expression a request
// selects the members of a room by the tags that they logged in with:
//
//	vip := tagexpr.Tag("vip").And(tagexpr.Tag("zh").Or(tagexpr.Tag("en")))
//	// {"tag":"vip"} and ({"tag":"zh"} or {"tag":"en"})
//
// The vendor's pages show single tags and tags joined by "and". The vendor's guide to tags adds
// "or". Neither has a grammar. This package assumes that a tag is a JSON object with the
// single member "tag", that "and" binds tighter than "or", that the words may be in upper or
// lower case, and that round brackets group. The expressions that it builds have brackets
// wherever "and" and "or" meet, so they do not depend on how tightly the words bind.
package tagexpr

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

// Expr is a tag expression. [Tag], [Expr.And] and [Expr.Or] build expressions, which
// are always well formed; [Parse] reads them. An Expr is a value: And and Or leave
// their operands as they are.
//
// The zero value is the empty expression. It selects everyone, and its text is empty.
// And and Or with it return the other side, so that a loop can build an expression up.
type Expr struct{ *expression }

// expression is behind a pointer because every login and message has an [Expr], and most are
// empty.
type expression struct {
	text string
	root node
	err  error
}

// Tag returns the expression that selects the members with a tag. The name may contain quotes,
// brackets and all other characters. If the name is empty or is not UTF-8, the expression
// selects nobody and [Expr.Err] returns an error.
func Tag(name string) Expr {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // the escapes of < > & are longer and count against the limit
	_ = encoder.Encode(struct {  // a struct with a string always encodes
		Tag string `json:"tag"`
	}{name})
	e := &expression{text: strings.TrimSuffix(text.String(), "\n"), root: atom(name)}
	if name == "" || !utf8.ValidString(name) {
		e.err = errors.New("tag expression: a tag is empty or is not UTF-8")
	}
	return Expr{e}
}

// And returns the expression that selects the members that e and all others select.
func (e Expr) And(others ...Expr) Expr { return join[and](e, " and ", others) }

// Or returns the expression that selects the members that e or any of the others selects.
func (e Expr) Or(others ...Expr) Expr { return join[or](e, " or ", others) }

// terms is a node that has parts.
type terms interface {
	~[]node
	node
}

func join[T terms](e Expr, word string, others []Expr) Expr {
	for _, other := range others {
		switch {
		case other.IsZero():
		case e.IsZero():
			e = other
		default:
			e = Expr{&expression{
				text: within[T](e) + word + within[T](other),
				root: T(append(parts[T](e.root), parts[T](other.root)...)),
				err:  errors.Join(e.err, other.err),
			}}
		}
	}
	return e
}

// parts returns the parts of a node that is a T, and otherwise the node itself.
func parts[T terms](n node) []node {
	if list, ok := n.(T); ok {
		return slices.Clone(list)
	}
	return []node{n}
}

// within returns the text of e as a part of a T.
func within[T terms](e Expr) string {
	switch e.root.(type) {
	case nil, atom, T:
		return e.text
	}
	return "(" + e.text + ")"
}

// IsZero reports whether e is the empty expression, which selects everyone.
func (e Expr) IsZero() bool { return e.expression == nil }

// String returns the text of the expression: the text that [Parse] read, or the text that
// [Tag], [Expr.And] and [Expr.Or] built. It is empty for the zero value.
func (e Expr) String() string {
	if e.IsZero() {
		return ""
	}
	return e.text
}

// Err returns the reason why e is not a valid expression, or nil.
func (e Expr) Err() error {
	if e.IsZero() {
		return nil
	}
	return e.err
}

// Matches reports whether e selects a member with these tags.
func (e Expr) Matches(tags []string) bool {
	return e.IsZero() || e.err == nil && e.root.matches(tags)
}

// Names reports whether e mentions any of these tags.
func (e Expr) Names(tags []string) bool {
	return !e.IsZero() && e.err == nil && e.root.names(tags)
}

// MarshalText returns the expression's text.
func (e Expr) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads an expression. It keeps malformed text, for which [Expr.Err] returns an
// error.
func (e *Expr) UnmarshalText(text []byte) error {
	*e, _ = Parse(string(text))
	return nil
}

type node interface {
	matches(tags []string) bool
	names(tags []string) bool
}

type (
	atom string
	and  []node
	or   []node
)

func (a atom) matches(tags []string) bool { return slices.Contains(tags, string(a)) }
func (a atom) names(tags []string) bool   { return slices.Contains(tags, string(a)) }

func (a and) matches(tags []string) bool {
	return !slices.ContainsFunc(a, func(n node) bool { return !n.matches(tags) })
}

func (a and) names(tags []string) bool {
	return slices.ContainsFunc(a, func(n node) bool { return n.names(tags) })
}

func (o or) matches(tags []string) bool {
	return slices.ContainsFunc(o, func(n node) bool { return n.matches(tags) })
}

func (o or) names(tags []string) bool {
	return slices.ContainsFunc(o, func(n node) bool { return n.names(tags) })
}
