package scrub

import (
	"regexp"
	"slices"
	"strings"
)

// assignment is a name of up to three words and what separates it from its value, in
// JSON, forms, headers, programs and sentences, and with any number of backslashes. An
// option of a command line has a space there.
var assignment = regexp.MustCompile(
	`((?:[\pL\pN_.%$@-]+[ \t]){0,2}[\pL\pN_.%$@\[\]-]+)((?:\\*["'` + "`" + `]|\]|\))*[ \t\r\n]*(?:=>|:=|==?|:|：|＝))` +
		`|(\B--?[\pL][\pL\pN_-]*)([ \t+]+)`)

// lineHeader are headers whose values have several parts.
var lineHeader = regexp.MustCompile(`(?i)(?:authorization|cookie2?)$`)

// assignments replaces the values that follow a secret's name. One assignment may hold
// the name, and a later one the value.
func assignments(text string) string {
	if !strings.ContainsAny(text, ":=-：＝") {
		return text
	}
	var b strings.Builder
	done, named := 0, false
	for _, at := range assignment.FindAllStringSubmatchIndex(text, -1) {
		if at[0] < done {
			continue
		}
		name, end := text[max(at[2], at[6]):max(at[3], at[7])], at[1]
		start, stop, quote := valueAt(text, end, lineHeader.MatchString(name))
		value := strings.Trim(text[start:stop], "\\\"'`")
		secret := phraseIsSecret(name) || named && valueMember.MatchString(name)
		if !secret {
			named = named || nameMember.MatchString(name) && secretName(value)
			continue
		}
		if named = false; notSecret(value) {
			continue
		}
		if strings.ContainsAny(text[start:min(start+1, stop)], "[{") { // quoted as the name is
			quote = quotes.FindString(text[max(at[3], at[7]):end])
		}
		b.WriteString(text[done:start])
		b.WriteString(quote + Redacted + quote)
		done = stop
	}
	b.WriteString(text[done:])
	return b.String()
}

// phraseIsSecret reports whether the words before a separator name a secret: the last
// one, or the last two or three together.
func phraseIsSecret(phrase string) bool {
	words := strings.Fields(phrase)
	for n := range words {
		last := words[len(words)-1-n:]
		joined := strings.Join(last, "")
		if n == 0 && secretName(joined) || n > 0 && strongName.MatchString(strings.ToLower(joined)) && !strongName.MatchString(strings.ToLower(last[0])) {
			return true
		}
	}
	return false
}

// quotes is an opening quote, with the backslashes of the encodings around it.
var quotes = regexp.MustCompile(`^\\*["'` + "`" + `]`)

// valueAt finds the value behind a separator: quoted, a list, an object, the rest of a
// header's line, indented lines below, the rest of a sentence behind a space, or what goes
// on to the next space. What is not closed goes on to the end of the text.
func valueAt(text string, at int, line bool) (start, stop int, quote string) {
	start = at + len(text[at:]) - len(strings.TrimLeft(text[at:], " \t\r\n"))
	if start < len(text) {
		if quote = quotes.FindString(text[start:]); quote != "" {
			return start, quotedEnd(text, start, quote), quote
		}
		if text[start] == '[' || text[start] == '{' {
			return start, nestedEnd(text, start), ""
		}
	}
	if block := indented.FindString(text[at:]); block != "" {
		return at, at + len(block), ""
	}
	start = at + len(text[at:]) - len(strings.TrimLeft(text[at:], " \t"))
	spaced := start > at
	for stop = start; stop < len(text); stop++ {
		switch c := text[stop]; {
		case c == '\n', c == '\r', !line && (c == '&' || !spaced && (c == ' ' || c == '\t')):
			return start, trimmedEnd(text, start, stop), ""
		case line:
		case strings.IndexByte("\"'`<>\\)]}", c) >= 0 && (stop+1 == len(text) || strings.IndexByte(" \t\r\n,;:&<>)]}\"'`\\/", text[stop+1]) >= 0),
			(c == ',' || c == ';') && nextField.MatchString(text[stop+1:]):
			return start, trimmedEnd(text, start, stop), ""
		}
	}
	return start, trimmedEnd(text, start, stop), ""
}

// indented are the lines below a name that belong to it, as in YAML.
var indented = regexp.MustCompile(`^[ \t]*(?:[|>][+-]?[ \t]*)?(?:\r?\n[ \t]+[^\r\n]+)+`)

func trimmedEnd(text string, start, stop int) int {
	return start + len(strings.TrimRight(text[start:stop], " \t"))
}

// nextField is what follows the separator of two fields.
var nextField = regexp.MustCompile(`^(?:\s*["']?[\pL\pN_. -]{1,40}["']?\s*[:=]|\s*$)`)

// quotedEnd is the end of a quoted text. Each encoding puts backslashes before its
// quotes: those inside of it have more of them, and a backslash at its end as well.
func quotedEnd(text string, start int, quote string) int {
	mark, opening := quote[len(quote)-1], len(quote)-1
	slashes := 0
	for i := start + len(quote); i < len(text); i++ {
		switch text[i] {
		case '\\':
			slashes++
			continue
		case mark:
			if slashes >= opening && (slashes-opening)%(2*(opening+1)) == 0 {
				return i + 1
			}
		}
		slashes = 0
	}
	return len(text)
}

// nestedEnd is the end of a list or an object.
func nestedEnd(text string, start int) int {
	depth := 0
	for i := start; i < len(text); i++ {
		if quote := quotes.FindString(text[i:]); quote != "" {
			i = quotedEnd(text, i, quote) - 1
			continue
		}
		switch text[i] {
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

var (
	tag       = regexp.MustCompile(`<([\pL_][\pL\pN_.:-]*)((?:\s[^<>]*)?)>([^<]*)`)
	attribute = regexp.MustCompile(`([\pL_][\pL\pN_.:-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+)`)
	// part is the name of a part of a multipart body, and the part.
	part = regexp.MustCompile(`(?is)(content-disposition:[^\r\n]*\bname\*?="?)([^"\r\n;]+)("?[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n)(.*?)(\r?\n--|$)`)
)

// markup replaces the values of elements and parts that are named like a secret: in XML,
// in forms of HTML, and in multipart bodies.
func markup(text string) string {
	if strings.Contains(text, "<") {
		text = tag.ReplaceAllStringFunc(text, func(found string) string {
			m := tag.FindStringSubmatch(found)
			secret := secretName(m[1])
			for _, a := range attribute.FindAllStringSubmatch(m[2], -1) {
				secret = secret || nameMember.MatchString(a[1]) && secretName(a[2])
			}
			if !secret {
				return found
			}
			attributes := attribute.ReplaceAllStringFunc(m[2], func(found string) string {
				a := attribute.FindStringSubmatch(found)
				if !valueMember.MatchString(a[1]) {
					return found
				}
				return a[1] + `="` + Redacted + `"`
			})
			content := m[3]
			if !notSecret(content) {
				content = Redacted
			}
			return "<" + m[1] + attributes + ">" + content
		})
	}
	if !strings.Contains(text, "name") {
		return text
	}
	return part.ReplaceAllStringFunc(text, func(found string) string {
		m := part.FindStringSubmatch(found)
		if !secretName(m[2]) || notSecret(m[4]) {
			return found
		}
		return strings.Join(slices.Concat(m[1:4], []string{Redacted}, m[5:]), "")
	})
}
