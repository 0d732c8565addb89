package page

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cutter cuts the rows of a table whose cells run together. It uses the few spellings
// of types and required marks, and the known names of fields.
type cutter struct {
	columns []column
	known   func(string) bool
}

// column is a column of a table with its header.
type column struct {
	role role
	name string
}

func (c cutter) has(r role) bool {
	return slices.ContainsFunc(c.columns, func(column column) bool { return column.role == r })
}

func (c cutter) marked() bool { return c.has(roleRequired) || c.has(roleOptional) }

// cut returns the cells of a row, or nil if a line continues the previous row.
func (c cutter) cut(line string) []string {
	line = strings.TrimLeft(line, " \t")
	if parts := strings.Split(line, "\t"); len(parts) > 1 && len(parts) >= len(c.columns)-1 && !strings.ContainsAny(strings.TrimSpace(parts[0]), " ,;") {
		return parts
	}
	found := c.find(strings.TrimLeft(Fold(strings.ReplaceAll(line, "\t", " ")), " "))
	if found == nil {
		return nil
	}
	cells := make([]string, len(c.columns))
	for i, column := range c.columns {
		cells[i] = strings.TrimSpace(found[column.role])
	}
	return cells
}

// find returns the cells of a row by their roles, or nil.
func (c cutter) find(line string) map[role]string {
	index, code := rowIndex.FindString(line), codeRow.FindStringSubmatch(line)
	switch first := c.columns[0].role; {
	case first == roleIndex && index != "":
		return cutter{c.columns[1:], c.known}.find(line[len(index):])
	case first == roleCode && code != nil:
		return map[role]string{roleCode: code[1], roleText: code[2]}
	case first == roleIndex, first == roleCode:
		return nil
	case !c.has(roleType):
		return c.untyped(line)
	}
	if found := c.typed(line); found != nil || !c.marked() {
		return found
	}
	return c.unknownType(line)
}

var (
	rowIndex  = regexp.MustCompile(`^\d{1,3}[.)]?\s*`)
	rowNumber = regexp.MustCompile(`^\d{1,2}[.)]?$`)
	codeRow   = regexp.MustCompile(`^\s*(\d{3,9})(?:\s+|\s*[:：-]\s*|$|\b)(.*)$`)
	// nameStart is the longest name that a text can begin with.
	nameStart = regexp.MustCompile(`^[A-Za-z_$][A-Za-z_$0-9.\[\]-]{0,63}`)
	// identifier is a name that does not occur in sentences.
	identifier = regexp.MustCompile(`[_0-9.]|[a-z][A-Z]`)
	// sentenceWord begins a sentence and is no name of a field.
	sentenceWord = regexp.MustCompile(`(?i)^(?:an?|the|this|that|each|any|one|it|is|as|in|of|or|and|for|with|be|to|by)$`)
	// commonWord is a type that is part of other words as well, such as profile.
	commonWord = regexp.MustCompile(`^(?:file|text|date|map|list|char|byte|enum|short)$`)
)

// fieldLike reports whether a word may be the name of a field that the spec lacks.
func fieldLike(name string) bool {
	return !unicode.IsUpper(rune(name[0])) && !sentenceWord.MatchString(name) || identifier.MatchString(name)
}

// boundary reports whether a text begins a new word.
func boundary(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return !unicode.IsLower(r)
}

// typed tries every place of a type's name and takes the one with the most signs: a
// mark behind it, a known name before it, no other type and a new word behind it.
func (c cutter) typed(line string) map[role]string {
	var best map[role]string
	most := 0
	for end := 1; end <= len(nameStart.FindString(line)); end++ {
		name, rest := line[:end], strings.TrimLeft(line[end:], " ")
		typ := typeWords.FindString(rest)
		known, spaced := c.known(name), len(rest) < len(line)-end
		if typ == "" || !known && !spaced && commonWord.MatchString(typ) {
			continue
		}
		after := rest[len(typ):]
		mark, _ := c.mark(after)
		apart, like := boundary(after), fieldLike(name)
		switch stands := boundary(strings.TrimPrefix(strings.TrimLeft(after, " "), mark)); {
		case known, mark != "" && (like || !spaced || stands), like && (apart || spaced && c.marked()):
		case c.marked() || spaced || !apart && !like && !unicode.IsUpper(rune(typ[0])):
			continue
		}
		signs := 1 + weight(mark != "", 8) + weight(known, 6) + weight(typeWords.FindString(after) == "", 3) + weight(apart, 2)
		if signs > most {
			most, best = signs, c.cellsOf(name, typ, after)
		}
	}
	return best
}

// cellsOf returns the cells of a row. What stands behind its type begins with a mark, perhaps.
func (c cutter) cellsOf(name, typ, after string) map[role]string {
	mark, text := c.mark(after)
	return map[role]string{roleName: name, roleType: typ, roleRequired: mark, roleOptional: mark, roleText: text}
}

func weight(sign bool, weight int) int {
	if !sign {
		return 0
	}
	return weight
}

// mark takes a required mark off the beginning of a text, if there is a column of marks.
func (c cutter) mark(text string) (mark, rest string) {
	text = strings.TrimSpace(text)
	if m := markStart.FindStringSubmatch(text); m != nil && c.marked() && !noMarkStart.MatchString(text) {
		mark = m[1] + m[2]
	}
	return mark, text[len(mark):]
}

// gluedMark is a row whose name runs into a mark.
var gluedMark = regexp.MustCompile(`^([a-z_][A-Za-z0-9_.]{0,60}?)\s?((?:Yes|No|是|否|必须|必填|可选|Required|Optional)(?:\s.*|\p{Lu}.*|\p{Han}.*|))$`)

// unknownType cuts a row without a known type: at the first mark behind a known name, or
// at a mark in the middle of a word.
func (c cutter) unknownType(line string) map[role]string {
	for end := len(nameStart.FindString(line)); end > 0; end-- {
		rest := strings.TrimLeft(line[end:], " ")
		word, _, _ := strings.Cut(rest[:min(24, len(rest))], " ")
		for at := 1; c.known(line[:end]) && at < len(word); at++ {
			if mark, _ := c.mark(rest[at:]); len(mark) > 1 {
				return c.cellsOf(line[:end], rest[:at], rest[at:])
			}
		}
	}
	if m := gluedMark.FindStringSubmatch(line); m != nil && !sentenceWord.MatchString(m[1]) {
		if mark, _ := c.mark(m[2]); mark != "" {
			return c.cellsOf(m[1], "", m[2])
		}
	}
	return nil
}

// untyped cuts a row of a table that has no column of types: behind the longest known name,
// or behind a word.
func (c cutter) untyped(line string) map[role]string {
	for end := len(nameStart.FindString(line)); end > 0; end-- {
		name, rest := line[:end], line[end:]
		if c.known(name) && boundary(rest) || strings.HasPrefix(rest, " ") && fieldLike(name) {
			return c.cellsOf(name, "", rest)
		}
	}
	return nil
}
