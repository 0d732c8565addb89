package page

import (
	"regexp"
	"slices"
	"strings"
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

func (c cutter) has(roles ...role) bool {
	return slices.ContainsFunc(c.columns, func(column column) bool { return slices.Contains(roles, column.role) })
}

// cut returns the cells of a row, or nil if a line continues the previous row.
func (c cutter) cut(line string) []string {
	line = strings.TrimLeft(line, " \t")
	if parts := strings.Split(line, "\t"); len(parts) > 1 && len(parts) >= len(c.columns)-1 && !strings.ContainsAny(strings.TrimSpace(parts[0]), " ,;") {
		return parts
	}
	line = Fold(strings.ReplaceAll(line, "\t", " "))
	first := c.columns[0].role
	if index := rowIndex.FindString(line); first == roleIndex && index != "" {
		first, line = c.columns[1].role, line[len(index):]
	}
	var found map[role]string
	if code := codeRow.FindStringSubmatch(line); first == roleCode && code != nil {
		found = map[role]string{roleCode: code[1], roleText: code[2]}
	} else if first != roleCode && first != roleIndex {
		found = c.field(line)
	}
	if found == nil {
		return nil
	}
	cells := make([]string, len(c.columns))
	for i, column := range c.columns {
		cells[i] = strings.TrimSpace(found[column.role])
	}
	return cells
}

var (
	rowIndex  = regexp.MustCompile(`^\d{1,3}[.)]?\s*`)
	rowNumber = regexp.MustCompile(`^\d{1,2}[.)]?$`)
	codeRow   = regexp.MustCompile(`^\s*(\d{3,9})(?:\s+|\s*[:：-]\s*|$|\b)(.*)$`)
	// nameStart is the longest name that a text can begin with.
	nameStart = regexp.MustCompile(`^[A-Za-z_$][A-Za-z_$0-9.\[\]-]{0,63}`)
	// identifier is a name that does not occur in sentences.
	identifier = regexp.MustCompile(`[_0-9.]|[a-z][A-Z]`)
	// sentenceWord may begin a sentence.
	sentenceWord = regexp.MustCompile(`^[A-Z]|^(?:an?|the|this|that|each|any|one|it|is|as|in|of|or|and|for|with|be|to|by)$`)
	// wordStart is the start of a new word, or the end.
	wordStart = regexp.MustCompile(`^(?:\P{Ll}|$)`)
	// commonWord is a type that is part of other words as well, such as profile.
	commonWord = regexp.MustCompile(`(?i)^(?:file|text|date|map|list|char|byte|enum|short)$`)
)

// fieldLike reports whether a word may be the name of a field that the spec lacks.
func fieldLike(name string) bool {
	return identifier.MatchString(name) || !sentenceWord.MatchString(name)
}

// field returns the cells of a row by their roles, or nil. It tries every end of the name
// and takes the one with the most signs: a known type, a mark behind it, a known name, and
// no other type behind the type. A longer name goes before one that begins it.
func (c cutter) field(line string) map[role]string {
	var best map[role]string
	most := 0
	types, marks := c.has(roleType), c.has(roleRequired, roleOptional)
	for end := 1; end <= len(nameStart.FindString(line)); end++ {
		name, rest := line[:end], strings.TrimLeft(line[end:], " ")
		spaced := len(rest) < len(line)-end
		known := c.known(name) || !types && spaced && fieldLike(name)
		typ := typeWords.FindString(rest)
		typed := types && typ != "" && (known || spaced || !commonWord.MatchString(typ))
		if !typed {
			typ = c.unknownType(rest, known)
		}
		after := rest[len(typ):]
		mark, apart := c.mark(after), wordStart.MatchString(after)
		text := strings.TrimPrefix(strings.TrimSpace(after), mark)
		switch {
		case !types && known && (apart || spaced):
		case types && !typed && len(mark) > 1 && (known || wordStart.MatchString(text) && fieldLike(name)):
		case typed && (known || mark != "" && (!spaced || wordStart.MatchString(text)) || (apart || spaced == marks) && fieldLike(name)):
		case typed && !marks && !spaced && (apart || wordStart.MatchString(typ)):
		default:
			continue
		}
		signs := weight(typed, 99) + weight(mark != "", 8) + weight(known, 6+end) + weight(typeWords.FindString(after) == "", 3)
		if best == nil || signs > most {
			most, best = signs, map[role]string{roleName: name, roleType: typ, roleRequired: mark, roleOptional: mark, roleText: text}
		}
	}
	return best
}

// unknownType returns what stands before a mark in the first word of a text: behind an
// unknown name nothing may.
func (c cutter) unknownType(text string, known bool) string {
	word, _, _ := strings.Cut(text[:min(24, len(text))], " ")
	for at := 0; at < len(word) && c.has(roleType) && (at == 0 || known); at++ {
		if len(c.mark(text[at:])) > 1 && wordStart.MatchString(text[at:]) {
			return text[:at]
		}
	}
	return ""
}

// mark returns the required mark that a text begins with, if there is a column of marks.
func (c cutter) mark(text string) string {
	text = strings.TrimSpace(text)
	if m := markStart.FindStringSubmatch(text); m != nil && c.has(roleRequired, roleOptional) && !noMarkStart.MatchString(text) {
		return m[1] + m[2]
	}
	return ""
}

func weight(sign bool, weight int) int {
	if !sign {
		return 0
	}
	return weight
}
