package scrub

import (
	"bytes"
	"encoding/json"
	"strings"
)

// jsonScrubber scrubs valid JSON. What holds no secret stays byte for byte as it is.
type jsonScrubber struct {
	*Scrubber
	depth int
}

// element is a value of JSON between what separates it from its neighbours.
type element struct {
	name   string // of a member; not unquoted
	before string
	value  string
}

// value scrubs a value.
func (s *jsonScrubber) value(text string) string {
	switch lead, first := spaceBefore(text); first {
	case '{':
		elements, end := split(text)
		s.object(elements)
		return join(elements, end)
	case '[':
		elements, end := split(text)
		entries := lists(elements)
		for i, e := range elements {
			if entries {
				inner, innerEnd := split(e.value)
				if len(inner) == 2 && secretName(unquoted(inner[0].value)) {
					inner[1].value = withheld(inner[1].value)
					elements[i].value = join(inner, innerEnd)
				}
			}
			elements[i].value = s.value(elements[i].value)
		}
		return join(elements, end)
	case '"':
		plain := unquoted(text)
		if scrubbed := s.pass(plain, s.depth+1); scrubbed != plain {
			return lead + quoted(scrubbed)
		}
	default: // a number or a word
		if s.knownIn(text) != text {
			return lead + quoted(Redacted)
		}
	}
	return text
}

// object scrubs the members of an object. One member may hold the name of a secret and
// another its value.
func (s *jsonScrubber) object(members []element) {
	paired := false
	for _, m := range members {
		paired = paired || nameMember.MatchString(unquoted(m.name)) && secretName(unquoted(m.value))
	}
	for i, m := range members {
		name := unquoted(m.name)
		if scrubbed := s.pass(name, s.depth+1); scrubbed != name {
			members[i].before = strings.Replace(m.before, m.name, quoted(scrubbed), 1)
		}
		if secretName(name) || paired && valueMember.MatchString(name) {
			members[i].value = withheld(m.value)
		}
		members[i].value = s.value(members[i].value)
	}
}

// withheld stands for a value that is secret as a whole.
func withheld(value string) string {
	lead, first := spaceBefore(value)
	if notSecret(value) || first == '"' && notSecret(unquoted(value)) {
		return value
	}
	return lead + quoted(Redacted)
}

// lists reports whether all elements are lists, such as the entries of a map.
func lists(elements []element) bool {
	for _, e := range elements {
		if _, first := spaceBefore(e.value); first != '[' {
			return false
		}
	}
	return true
}

// spaceBefore is the white space before a value, and its first byte.
func spaceBefore(text string) (string, byte) {
	trimmed := strings.TrimLeft(text, " \t\r\n")
	return text[:len(text)-len(trimmed)], trimmed[0]
}

// split cuts an object or a list into its elements; end is what follows the last one.
func split(text string) (elements []element, end string) {
	from, depth, name := 0, 0, ""
	start := 0 // of the value
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"':
			last := i + 1
			for ; text[last] != '"'; last++ {
				if text[last] == '\\' {
					last++
				}
			}
			if depth == 1 && name == "" {
				name = text[i : last+1] // of a member, if a colon follows
			}
			i = last
		case '{', '[':
			if depth++; depth == 1 {
				start = i + 1
			}
		case ':':
			if depth == 1 {
				elements = append(elements, element{name: name, before: text[from : i+1]})
				start = i + 1
				from = -1
			}
		case ',', '}', ']':
			if c != ',' {
				depth--
			}
			if depth > 1 || depth == 1 && c != ',' {
				continue
			}
			value := strings.TrimRight(text[start:i], " \t\r\n")
			switch {
			case from < 0:
				elements[len(elements)-1].value = value
			case strings.TrimSpace(value) != "":
				elements = append(elements, element{before: text[from:start], value: value})
			default:
				return elements, text[from:]
			}
			if from, start, name = start+len(value), i+1, ""; depth == 0 {
				return elements, text[from:]
			}
		}
	}
	return elements, ""
}

func join(elements []element, end string) string {
	var b strings.Builder
	for _, e := range elements {
		b.WriteString(e.before)
		b.WriteString(e.value)
	}
	return b.String() + end
}

// unquoted is the text of a JSON string, and empty for other values.
func unquoted(value string) string {
	var text string
	if json.Unmarshal([]byte(value), &text) != nil {
		return ""
	}
	return text
}

func quoted(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a text always is JSON
	return strings.TrimSuffix(b.String(), "\n")
}
