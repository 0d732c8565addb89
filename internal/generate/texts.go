package main

import (
	"regexp"
	"strings"
	"unicode"
)

// lineLength is where comments are wrapped.
const lineLength = 100

// wrap cuts a text into lines, so that each has at most width characters where its
// words let it.
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

// typeDoc is the comment of a type, without its name, which begins it.
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

// propDoc is the comment of a field.
func propDoc(t *typ, p *prop) string {
	doc := p.Description
	if p.T.As != nil && p.T.As.Go == "time.Time" { // which has no unit
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

// lowerFirst is s with a small first letter, unless its first word has capitals
// elsewhere, as names have.
func lowerFirst(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if s == "" || strings.ContainsFunc(word[1:], unicode.IsUpper) {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// lowerCamel is the unexported form of a Go name.
func lowerCamel(name string) string { return strings.ToLower(name[:1]) + name[1:] }
