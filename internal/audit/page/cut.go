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

// cut returns the cells of a row, or nil if a line continues the previous row.
func (c cutter) cut(line string) []string {
	line = strings.TrimLeft(line, " \t")
	if strings.Contains(line, "\t") {
		if parts := strings.Split(line, "\t"); len(parts) >= len(c.roles)-1 && len(parts) > 1 && !strings.ContainsAny(strings.TrimSpace(parts[0]), " ,;") {
			return c.arrange(trimmed(parts))
		}
	}
	folded := Fold(strings.ReplaceAll(line, "\t", " "))
	if c.roles[0] == roleIndex {
		index := rowIndex.FindString(folded)
		if index == "" {
			return nil
		}
		return cutter{c.roles[1:], c.known}.cut(folded[len(index):])
	}
	if c.roles[0] == roleCode {
		return c.cutCode(folded)
	}
	if c.has(roleType) {
		if best := c.cutTyped(folded); best != nil {
			return best
		}
	}
	return c.cutUntyped(folded)
}

var rowIndex = regexp.MustCompile(`^\d{1,3}[.)]?\s*`)

var codeRow = regexp.MustCompile(`^\s*(\d{3,9})(?:\s+|\s*[:：-]\s*|$|\b)(.*)$`)

// cutCode cuts a row that begins with a status code.
func (c cutter) cutCode(line string) []string {
	m := codeRow.FindStringSubmatch(line)
	if m == nil {
		return nil
	}
	return []string{m[1], strings.TrimSpace(m[2])}
}

// maxName is the length of the longest name of a field.
const maxName = 64

// nameEnd returns the farthest possible end of a field's name.
func nameEnd(line string) int {
	if len(line) > maxName {
		line = line[:maxName]
	}
	for i := range len(line) {
		b := line[i]
		letter := b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b == '$'
		inner := b >= '0' && b <= '9' || b == '.' || b == '-' || b == '[' || b == ']'
		if !letter && (i == 0 || !inner) {
			return i
		}
	}
	return len(line)
}

// cutTyped tries every possible place of a type's name and takes the best.
func (c cutter) cutTyped(line string) []string {
	line = strings.TrimLeft(line, " ")
	var best []string
	bestScore := 0
	for end := 1; end <= nameEnd(line); end++ {
		name, spaced := line[:end], false
		rest := line[end:]
		if trimmed := strings.TrimLeft(rest, " "); len(trimmed) < len(rest) {
			rest, spaced = trimmed, true
		}
		typ := typeWords.FindString(rest)
		if typ == "" {
			continue
		}
		after := rest[len(typ):]
		if !spaced && commonWords[typ] && !c.known(name) {
			continue
		}
		cells, score := c.judge(name, typ, after, spaced)
		if score > bestScore {
			best, bestScore = cells, score
		}
	}
	return best
}

// commonWords are types that are parts of other words as well, such as profile.
var commonWords = map[string]bool{"file": true, "text": true, "date": true, "map": true, "list": true, "char": true, "byte": true, "enum": true, "short": true}

// judge scores a cut of a row; 0 means that it is not a row.
func (c cutter) judge(name, typ, after string, spaced bool) ([]string, int) {
	known := c.known(name)
	score := 1
	if known {
		score += 6
	}
	if typeWords.FindString(after) == "" {
		score += 3
	}
	if boundary(after) {
		score += 2
	}
	lowerName := !unicode.IsUpper(rune(name[0])) && !sentenceWord[strings.ToLower(name)] || identifier.MatchString(name)
	if !c.has(roleRequired) && !c.has(roleOptional) {
		glued := typ[0] >= 'A' && typ[0] <= 'Z' || lowerName
		if spaced {
			glued = boundary(after) && lowerName
		} else {
			glued = glued || boundary(after)
		}
		if !known && !glued {
			return nil, 0
		}
		return []string{name, typ, strings.TrimSpace(after)}, score
	}
	mark, text := cutMark(after)
	if mark != "" {
		score += 8
		if spaced && !known && !lowerName && !markStands(after, mark) {
			return nil, 0
		}
		return []string{name, typ, mark, text}, score
	}
	if stands := lowerName && (spaced || boundary(after)); !known && !stands {
		return nil, 0
	}
	return []string{name, typ, "", text}, score
}

// identifier is a name that does not occur in sentences.
var identifier = regexp.MustCompile(`[_0-9.]|[a-z][A-Z]`)

// markStands reports whether a mark is a separate word.
func markStands(after, mark string) bool {
	rest := strings.TrimPrefix(strings.TrimLeft(after, " "), mark)
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || !unicode.IsLower(r)
}

// sentenceWord holds words that begin a sentence and are not names of fields.
var sentenceWord = map[string]bool{
	"a": true, "an": true, "the": true, "this": true, "that": true, "each": true, "any": true, "one": true, "it": true, "is": true,
	"as": true, "in": true, "of": true, "or": true, "and": true, "for": true, "with": true, "be": true, "to": true, "by": true,
}

// boundary reports whether the text after a type's name begins a new word.
func boundary(after string) bool {
	r, _ := utf8.DecodeRuneInString(after)
	return after == "" || !unicode.IsLower(r) || r > unicode.MaxASCII
}

// noWords begin with "No" but are not a mark at the beginning of a description.
var noWords = regexp.MustCompile(`^[Nn]o(?:te|tes|tice|tify|tification|tifications|rmal|rmally|t|thing|w|de|n|ne|un|vel|rth|minal)\b`)

// notMarks begin with a required mark but are not marks.
var notMarks = []string{"是否", "否则", "必须是", "必须为", "必须在"}

// cutMark takes a required mark off the beginning of a text.
func cutMark(after string) (mark, text string) {
	text = strings.TrimSpace(after)
	lower := strings.ToLower(text)
	for _, m := range marks {
		if !strings.HasPrefix(lower, m.word) {
			continue
		}
		rest := text[len(m.word):]
		r, _ := utf8.DecodeRuneInString(rest)
		switch {
		case m.word[0] == '*' || m.word[0] == '[' || m.word == "1" || m.word == "0" || m.word == "m" || m.word == "o":
			continue // they begin descriptions as well
		case len(m.word) == 1 || m.word == "true" || m.word == "false":
			// A letter or a truth value is a mark only if the description begins
			// after a gap or in capitals, as in "Y Chat room".
			if rest != "" && r != ' ' {
				continue
			}
			if strings.HasPrefix(strings.TrimSpace(rest), "or ") {
				continue
			}
		case m.word == "no" && noWords.MatchString(text):
			continue
		case strings.HasPrefix(m.word, "optional") || strings.HasPrefix(m.word, "required"):
			if r == ',' || r == ';' || r == ':' || r == '.' || strings.HasPrefix(rest, "ly") {
				continue
			}
		case slices.ContainsFunc(notMarks, func(w string) bool { return strings.HasPrefix(text, w) }):
			continue
		}
		return text[:len(m.word)], strings.TrimSpace(rest)
	}
	return "", text
}

var (
	gluedMark = regexp.MustCompile(`^([a-z_][A-Za-z0-9_.]{0,60}?)\s?(Yes|No|是|否|必须|必填|可选|Required|Optional)(\s.*|\p{Lu}.*|\p{Han}.*|)$`)
	spacedRow = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_.]{0,60})\s+(\S.*)$`)
)

// cutUntyped cuts rows without a known type: a known name before a mark, a
// mark in the middle of a word, or a table that has no column of types.
func (c cutter) cutUntyped(line string) []string {
	line = strings.TrimLeft(line, " ")
	if c.has(roleType) && (c.has(roleRequired) || c.has(roleOptional)) {
		for end := nameEnd(line); end > 0; end-- {
			if !c.known(line[:end]) {
				continue
			}
			rest := strings.TrimLeft(line[end:], " ")
			for at := range rest {
				if at > 24 {
					break
				}
				if mark, text := cutMark(rest[at:]); mark != "" && at > 0 && len(mark) > 1 && !strings.Contains(rest[:at], " ") {
					return []string{line[:end], rest[:at], mark, text}
				}
			}
		}
		if m := gluedMark.FindStringSubmatch(line); m != nil && !noWords.MatchString(m[2]+m[3]) && !sentenceWord[m[1]] &&
			!slices.ContainsFunc(notMarks, func(w string) bool { return strings.HasPrefix(m[2]+m[3], w) }) {
			return []string{m[1], "", m[2], strings.TrimSpace(m[3])}
		}
		return nil
	}
	if c.has(roleType) {
		return nil
	}
	if m := spacedRow.FindStringSubmatch(line); m != nil && (c.known(m[1]) || !sentenceWord[strings.ToLower(m[1])] && strings.ToLower(m[1][:1]) == m[1][:1]) {
		return []string{m[1], m[2]}
	}
	for end := nameEnd(line); end > 0; end-- {
		if c.known(line[:end]) && boundary(line[end:]) {
			return []string{line[:end], strings.TrimSpace(line[end:])}
		}
	}
	return nil
}

// arrange brings recognized cells into the order of headerCells.
func (c cutter) arrange(parts []string) []string {
	if c.roles[0] == roleCode {
		return []string{parts[0], strings.Join(parts[1:], " ")}
	}
	at := func(r role) string {
		if i := slices.Index(c.roles, r); i >= 0 && i < len(parts) {
			return parts[i]
		}
		return ""
	}
	arranged := []string{at(roleName)}
	for _, r := range []role{roleType, roleRequired, roleOptional} {
		if c.has(r) {
			arranged = append(arranged, at(r))
		}
	}
	text := at(roleText)
	for i, part := range parts {
		switch {
		case i >= len(c.roles):
			text += " " + part
		case c.roles[i] == roleOther && part != "" && part != "-":
			text += "\n" + part
		default:
		}
	}
	return append(arranged, text)
}

func trimmed(list []string) []string {
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}
