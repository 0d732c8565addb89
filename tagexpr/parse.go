package tagexpr

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// maxDepth limits nested brackets and thereby the parser's stack.
const maxDepth = 64

// Parse reads an expression. Empty or blank text selects everyone. The error gives the byte at
// which the text becomes malformed. Parse then returns an expression with this text as well,
// which selects nobody, and whose [Expr.Err] is the same error.
func Parse(text string) (Expr, error) {
	p := parser{text: text}
	p.space()
	if p.pos == len(text) {
		return Expr{}, nil
	}
	root, err := p.or(0)
	if err == nil && p.pos < len(text) {
		err = errors.New("want and, or, or the end")
	}
	if err != nil {
		err = fmt.Errorf("tag expression at byte %d: %w", p.pos, err)
		return Expr{&expression{text: text, err: err}}, err
	}
	return Expr{&expression{text: text, root: root}}, nil
}

type parser struct {
	text string
	pos  int
}

func (p *parser) or(depth int) (node, error) {
	terms, err := p.list("or", func() (node, error) { return p.and(depth) })
	if len(terms) == 1 {
		return terms[0], err
	}
	return or(terms), err
}

func (p *parser) and(depth int) (node, error) {
	terms, err := p.list("and", func() (node, error) { return p.term(depth) })
	if len(terms) == 1 {
		return terms[0], err
	}
	return and(terms), err
}

// list reads one or more terms joined by a word.
func (p *parser) list(word string, term func() (node, error)) ([]node, error) {
	var terms []node
	for {
		t, err := term()
		if err != nil {
			return nil, err
		}
		terms = append(terms, t)
		if !p.word(word) {
			return terms, nil
		}
	}
}

func (p *parser) term(depth int) (node, error) {
	switch {
	case p.pos == len(p.text):
		return nil, errors.New(`want {"tag":"..."}`)
	case p.text[p.pos] == '(':
		if depth == maxDepth {
			return nil, fmt.Errorf("more than %d brackets inside each other", maxDepth)
		}
		p.pos++
		p.space()
		inner, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if p.pos == len(p.text) || p.text[p.pos] != ')' {
			return nil, errors.New("want )")
		}
		p.pos++
		p.space()
		return inner, nil
	}
	return p.atom()
}

func (p *parser) atom() (node, error) {
	decoder := json.NewDecoder(strings.NewReader(p.text[p.pos:]))
	var raw json.RawMessage
	if p.text[p.pos] != '{' || decoder.Decode(&raw) != nil {
		return nil, errors.New(`want {"tag":"..."}`)
	}
	var value struct {
		Tag *string `json:"tag"`
	}
	strict := json.NewDecoder(bytes.NewReader(raw))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&value); err != nil || value.Tag == nil || *value.Tag == "" {
		return nil, errors.New(`want an object with a text "tag" and nothing else`)
	}
	p.pos += int(decoder.InputOffset())
	p.space()
	return atom(*value.Tag), nil
}

// word reads the word between two terms. White space or a bracket must follow it.
func (p *parser) word(word string) bool {
	end := p.pos + len(word)
	if end >= len(p.text) || !strings.EqualFold(p.text[p.pos:end], word) || !strings.ContainsRune(" \t\r\n({", rune(p.text[end])) {
		return false
	}
	p.pos = end
	p.space()
	return true
}

func (p *parser) space() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
}
