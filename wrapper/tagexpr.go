package wrapper

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// TagExpr selects members by their tags, for the fields called
// NotifyTargetTags:
//
//	vip := wrapper.Tag("vip").And(wrapper.Tag("zh").Or(wrapper.Tag("en")))
//	message.NotifyTargetTags = wrapper.Ptr(vip.String())
//	// {"tag":"vip"} and ({"tag":"zh"} or {"tag":"en"})
//
// It is made of [Tag], And and Or and so is always well formed. A TagExpr is a
// value: And and Or leave those they are called on as they are. Equal
// expressions are ==.
//
// The zero value is no expression. And and Or with it give the other side, so
// that expressions can be built up in a loop; its String is empty, which the
// service takes for everyone.
//
// Where "and" and "or" meet there are brackets: no document says which of them
// binds tighter. The documents show tags joined by "and"; the vendor's guide to
// tags adds "or". Brackets are not shown, but nothing else could group.
//
// Source: zh-tags-2024-03-15, "修改聊天室用户标签".
type TagExpr struct {
	text   string
	joined joint
	bad    bool // a tag in it is empty or no UTF-8
}

// joint is the word that joins the outermost parts of an expression.
type joint string

const (
	single joint = ""
	and    joint = " and "
	or     joint = " or "
)

// Tag selects the members that have a tag. Quotes, brackets and whatever else
// is in the name are just characters of it. An empty name, or one that is not
// UTF-8, is a mistake that [TagExpr.Err] tells; an empty one stays in the
// expression, which then is refused or selects nobody, but never everyone.
func Tag(name string) TagExpr {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // < > & would count six times against the limit
	_ = encoder.Encode(struct {  // a text can always be written
		Tag string `json:"tag"`
	}{name})
	return TagExpr{text: strings.TrimSuffix(text.String(), "\n"), bad: name == "" || !utf8.ValidString(name)}
}

// And selects those that e and all the others select.
func (e TagExpr) And(others ...TagExpr) TagExpr { return e.join(and, others) }

// Or selects those that e or any of the others selects.
func (e TagExpr) Or(others ...TagExpr) TagExpr { return e.join(or, others) }

func (e TagExpr) join(word joint, others []TagExpr) TagExpr {
	for _, other := range others {
		switch {
		case other.IsZero():
		case e.IsZero():
			e = other
		default:
			e = TagExpr{
				text:   e.within(word) + string(word) + other.within(word),
				joined: word,
				bad:    e.bad || other.bad,
			}
		}
	}
	return e
}

// within is the text as part of an expression joined by word.
func (e TagExpr) within(word joint) string {
	if e.joined == single || e.joined == word {
		return e.text
	}
	return "(" + e.text + ")"
}

// IsZero tells whether there is no expression.
func (e TagExpr) IsZero() bool { return e.text == "" }

// String is the expression as the service reads it; empty for the zero value.
func (e TagExpr) String() string { return e.text }

// maxTagExpr is the documents' limit for sendMsg, and the vendor's guide to
// tags has it for every expression.
const maxTagExpr = 128

// Err tells what the service would not take as meant: a tag that is empty or not
// UTF-8, or more than 128 characters.
func (e TagExpr) Err() error {
	if e.bad {
		return errors.New("tag expression: a tag is empty or no UTF-8")
	}
	if n := utf8.RuneCountInString(e.text); n > maxTagExpr {
		return fmt.Errorf("tag expression: %d characters, at most %d", n, maxTagExpr)
	}
	return nil
}
