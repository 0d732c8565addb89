// Package advice says what is wrong and what to do next, in English and in Chinese: for
// the codes of errors, for the texts that come with them, and for what a server or a client
// finds out besides. The table is generated from x-advice and x-codes of the spec.
package advice

import "strings"

// A Language is the language of a text.
type Language int

// The languages.
const (
	English Language = iota
	Chinese

	languages = 2
)

// Text says what is wrong and what to do next, each in full sentences.
type Text struct{ Meaning, Advice string }

// String returns both.
func (t Text) String() string {
	if t.Meaning == "" || t.Advice == "" || !strings.HasSuffix(t.Meaning, ".") { // Chinese needs no space
		return t.Meaning + t.Advice
	}
	return t.Meaning + " " + t.Advice
}

// Name is the name of an entry of x-advice.
type Name string

// entry is an entry of x-advice, or of x-codes. That of a code has no name.
type entry struct {
	name  Name
	code  int // 0 for what a client finds out without a response
	desc  []string
	texts [languages]Text
}

// Advice is an entry of the table with its parts filled in. The zero value says nothing.
type Advice struct {
	entry *entry
	parts []string // alternately a part's name with its braces, and its text
}

// Of returns the advice for an error by the text that came with it, or else by its code.
// The zero value is that of an unknown code.
func Of(code int, desc string) Advice {
	for i := range table {
		e := &table[i]
		if e.code != code {
			continue
		}
		if e.name == "" {
			return Advice{entry: e} // that of the code, behind those of texts
		}
		for _, pattern := range e.desc {
			if parts, ok := match(pattern, desc); ok {
				return Advice{e, parts}
			}
		}
	}
	return Advice{}
}

// New returns the advice of a name. Parts alternate between the name of a part and its text.
func New(name Name, parts ...string) Advice {
	for i := range table {
		if e := &table[i]; e.name == name {
			braced := make([]string, len(parts))
			for i, part := range parts {
				if braced[i] = part; i%2 == 0 {
					braced[i] = "{" + part + "}"
				}
			}
			return Advice{e, braced}
		}
	}
	return Advice{}
}

// IsZero reports whether there is no advice.
func (a Advice) IsZero() bool { return a.entry == nil }

// Name returns the name of the entry. It is empty for the advice of a code alone.
func (a Advice) Name() Name {
	if a.entry == nil {
		return ""
	}
	return a.entry.name
}

// Part returns the text of a part, such as field, or nothing if the advice has no such part.
func (a Advice) Part(name string) string {
	for i := 0; i+1 < len(a.parts); i += 2 {
		if a.parts[i] == "{"+name+"}" {
			return a.parts[i+1]
		}
	}
	return ""
}

// In returns the text in a language, or in English for one that there is not.
func (a Advice) In(language Language) Text {
	if a.entry == nil {
		return Text{}
	}
	if language != Chinese {
		language = English
	}
	text := a.entry.texts[language]
	if len(a.parts) == 0 {
		return text
	}
	fill := strings.NewReplacer(a.parts...)
	return Text{fill.Replace(text.Meaning), fill.Replace(text.Advice)}
}

// match compares a text with a pattern, in which {name} stands for any part: one word if
// the name is field. Letter case and the space around a text do not count. It returns the
// parts like [Advice] holds them.
func match(pattern, text string) (parts []string, ok bool) {
	if text = strings.TrimSpace(text); len(text) > maxText {
		return nil, false
	}
	for {
		literal, rest, more := strings.Cut(pattern, "{")
		if len(text) < len(literal) || !strings.EqualFold(text[:len(literal)], literal) {
			return nil, false
		}
		if text = text[len(literal):]; !more {
			return parts, text == ""
		}
		name, rest, _ := strings.Cut(rest, "}")
		end := len(text)
		if rest != "" {
			next, _, _ := strings.Cut(rest, "{")
			end = indexFold(text, next)
		}
		if end < 0 || name == "field" && strings.ContainsAny(text[:end], " \t\r\n") {
			return nil, false
		}
		parts = append(parts, "{"+name+"}", text[:end])
		text, pattern = text[end:], rest
	}
}

// maxText bounds a text that can be known.
const maxText = 1000

// indexFold is [strings.Index], but letter case does not count.
func indexFold(text, part string) int {
	for i := 0; i+len(part) <= len(text); i++ {
		if strings.EqualFold(text[i:i+len(part)], part) {
			return i
		}
	}
	return -1
}

// An ExplainedError is an error for which more is known than its text says.
type ExplainedError struct {
	Err error
	Advice
}

// Because adds to an error what is known besides.
func Because(err error, name Name, parts ...string) error {
	return &ExplainedError{err, New(name, parts...)}
}

// Error returns the text of the error alone, which is what the service sends.
func (r *ExplainedError) Error() string { return r.Err.Error() }

// Unwrap returns the error.
func (r *ExplainedError) Unwrap() error { return r.Err }
