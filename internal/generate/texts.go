package main

import (
	"regexp"
	"strings"
	"unicode"
)

// lineLength is the length at which comments wrap.
const lineLength = 100

// wrap splits a text into lines of at most width characters, except for longer words.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}

// fieldMark begins the comment of a field in the Go view. oapi-codegen writes the
// field's name before a comment, which then reads like "Valid Whether the room is
// open"; unmark takes the name and the mark out again.
const fieldMark = "¶"

var marked = regexp.MustCompile(`// \w+ ` + fieldMark + " ")

func fieldDoc(text string) string {
	return fieldMark + " " + strings.Join(wrap(text, lineLength-len("\t// ")), "\n")
}

func unmark(source string) string { return marked.ReplaceAllString(source, "// ") }

// typeDoc returns the comment of a type without the name at its beginning.
func typeDoc(t *typ) string {
	switch {
	case t.Form:
		return "is the form of " + t.operation() + ": " + lowerFirst(t.Description)
	case t.Success:
		return "is the response of " + t.operation() + " in success: " + lowerFirst(t.Description)
	}
	first, _, _ := strings.Cut(lowerFirst(t.Description), " ")
	switch first {
	case "who", "what", "whether", "how", "which", "when":
		if t.isEnum() {
			return "says " + lowerFirst(t.Description)
		}
	case "a", "an", "the", "one":
	default:
		return "is the " + lowerFirst(t.Description)
	}
	return "is " + lowerFirst(t.Description)
}

// propDoc returns the comment of a field.
func propDoc(t *typ, p *prop) string {
	doc := p.Description
	if p.T.As != nil && p.T.As.Go == "time.Time" { // it has no unit
		doc = strings.Replace(strings.Replace(doc, ", in "+p.T.As.Unit, "", 1), ", as decimal text", "", 1)
	}
	if p.Pointer && t.Use == inResponse {
		doc += " Nil means that " + lowerFirst(p.Absent)
	}
	return doc
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// lowerFirst returns s with a lower-case first letter, unless its first word has other
// capitals, as names have.
func lowerFirst(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if s == "" || strings.ContainsFunc(word[1:], unicode.IsUpper) {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// lowerCamel returns the unexported form of a Go name.
func lowerCamel(name string) string { return strings.ToLower(name[:1]) + name[1:] }
