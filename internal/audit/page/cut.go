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
	roles []role
	known func(string) bool
}

func (c cutter) has(r role) bool { return slices.Contains(c.roles, r) }

// column is a column that the cutter fills.
type column struct {
	role role
	name string
}

var columns = []column{{roleCode, "code"}, {roleName, "name"}, {roleType, "type"}, {roleRequired, "required"}, {roleOptional, "optional"}, {roleText, "description"}}

func (c cutter) columns() []column {
	return slices.DeleteFunc(slices.Clone(columns), func(column column) bool { return column.role != roleText && !c.has(column.role) })
}

func (c cutter) marked() bool { return c.has(roleRequired) || c.has(roleOptional) }

// cut returns the cells of a row, or nil if a line continues the previous row.
func (c cutter) cut(line string) []string {
	line = strings.TrimLeft(line, " \t")
	if parts := strings.Split(line, "\t"); len(parts) > 1 && len(parts) >= len(c.roles)-1 && !strings.ContainsAny(strings.TrimSpace(parts[0]), " ,;") {
		return c.arrange(parts)
	}
	line = strings.TrimLeft(Fold(strings.ReplaceAll(line, "\t", " ")), " ")
	switch {
	case c.roles[0] == roleIndex:
		index := rowIndex.FindString(line)
		if index == "" {
			return nil
		}
		return cutter{c.roles[1:], c.known}.cut(line[len(index):])
	case c.roles[0] == roleCode:
		m := codeRow.FindStringSubmatch(line)
		if m == nil {
			return nil
		}
		return []string{m[1], strings.TrimSpace(m[2])}
	case !c.has(roleType):
		return c.cutUntyped(line)
	}
	cells := c.cutTyped(line)
	if cells == nil && c.marked() {
		cells = c.cutMarked(line)
	}
	return cells
}

var (
	rowIndex = regexp.MustCompile(`^\d{1,3}[.)]?\s*`)
	codeRow  = regexp.MustCompile(`^\s*(\d{3,9})(?:\s+|\s*[:：-]\s*|$|\b)(.*)$`)
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

// cutTyped tries every place of a type's name and takes the one with the most signs: a
// mark behind it, a known name before it, no other type and a new word behind it.
func (c cutter) cutTyped(line string) []string {
	var best []string
	most := 0
	for end := 1; end <= len(nameStart.FindString(line)); end++ {
		name, rest := line[:end], strings.TrimLeft(line[end:], " ")
		typ := typeWords.FindString(rest)
		known, spaced := c.known(name), len(rest) < len(line)-end
		if typ == "" || !known && !spaced && commonWord.MatchString(typ) {
			continue
		}
		after := rest[len(typ):]
		mark, text := "", strings.TrimSpace(after)
		if c.marked() {
			mark, text = cutMark(after)
		}
		apart, like := boundary(after), fieldLike(name)
		switch stands := boundary(strings.TrimPrefix(strings.TrimLeft(after, " "), mark)); {
		case known, mark != "" && (like || !spaced || stands), like && (apart || spaced && c.marked()):
		case c.marked() || spaced || !apart && !like && !unicode.IsUpper(rune(typ[0])):
			continue
		}
		signs := 1 + weight(mark != "", 8) + weight(known, 6) + weight(typeWords.FindString(after) == "", 3) + weight(apart, 2)
		if signs <= most {
			continue
		}
		most, best = signs, []string{name, typ, text}
		if c.marked() {
			best = []string{name, typ, mark, text}
		}
	}
	return best
}

func weight(sign bool, weight int) int {
	if !sign {
		return 0
	}
	return weight
}

// cutMark takes a required mark off the beginning of a text.
func cutMark(text string) (mark, rest string) {
	text = strings.TrimSpace(text)
	if m := markStart.FindStringSubmatch(text); m != nil && !noMarkStart.MatchString(text) {
		mark = m[1] + m[2]
	}
	return mark, strings.TrimSpace(text[len(mark):])
}

// gluedMark is a row whose name runs into a mark.
var gluedMark = regexp.MustCompile(`^([a-z_][A-Za-z0-9_.]{0,60}?)\s?((?:Yes|No|是|否|必须|必填|可选|Required|Optional)(?:\s.*|\p{Lu}.*|\p{Han}.*|))$`)

// cutMarked cuts a row without a known type: at the first mark behind a known name, or
// at a mark in the middle of a word.
func (c cutter) cutMarked(line string) []string {
	for end := len(nameStart.FindString(line)); end > 0; end-- {
		rest := strings.TrimLeft(line[end:], " ")
		word, _, _ := strings.Cut(rest[:min(24, len(rest))], " ")
		for at := 1; c.known(line[:end]) && at < len(word); at++ {
			if mark, text := cutMark(rest[at:]); len(mark) > 1 {
				return []string{line[:end], rest[:at], mark, text}
			}
		}
	}
	if m := gluedMark.FindStringSubmatch(line); m != nil && !sentenceWord.MatchString(m[1]) {
		if mark, text := cutMark(m[2]); mark != "" {
			return []string{m[1], "", mark, text}
		}
	}
	return nil
}

// cutUntyped cuts a row of a table that has no column of types.
func (c cutter) cutUntyped(line string) []string {
	name := nameStart.FindString(line)
	if gap := strings.TrimLeft(line[len(name):], " "); name != "" && gap != "" && len(name)+len(gap) < len(line) && (c.known(name) || fieldLike(name)) {
		return []string{name, gap}
	}
	for end := len(name); end > 0; end-- {
		if c.known(line[:end]) && boundary(line[end:]) {
			return []string{line[:end], strings.TrimSpace(line[end:])}
		}
	}
	return nil
}

// arrange brings the cells of a row with tabs into the order of the columns.
func (c cutter) arrange(parts []string) []string {
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	var arranged []string
	for _, column := range c.columns() {
		cell := ""
		if i := slices.Index(c.roles, column.role); i >= 0 && i < len(parts) {
			cell = parts[i]
		}
		arranged = append(arranged, cell)
	}
	for i, part := range parts {
		if part != "" && part != "-" && (i >= len(c.roles) || c.roles[i] == roleOther) {
			arranged[len(arranged)-1] += "\n" + part
		}
	}
	return arranged
}
