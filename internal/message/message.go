// Package message has texts for people that are printed in a language which is known only then: each keeps its
// English format and its arguments.
package message

import "fmt"

// Text is a format of package fmt, in English, with its arguments. Arguments can be texts and errors.
type Text struct {
	Format string
	Args   []any
}

// Of returns a text. It takes what [fmt.Sprintf] takes.
func Of(format string, args ...any) Text {
	if false {
		_ = fmt.Sprintf(format, args...) // so that go vet checks the arguments
	}
	return Text{format, args}
}

// String returns the text in English.
func (t Text) String() string { return fmt.Sprintf(t.Format, t.Args...) }

// Error is an error whose text can be said in another language.
type Error struct {
	err error
	Text
}

// Errorf returns an *[Error] with the text and the causes that the error of [fmt.Errorf] has.
func Errorf(format string, args ...any) error {
	return &Error{fmt.Errorf(format, args...), Text{format, args}}
}

// Error returns the text in English.
func (e *Error) Error() string { return e.err.Error() }

// Unwrap returns an error with the causes.
func (e *Error) Unwrap() error { return e.err }

// List returns words with commas between them: a, b, c.
func List(words []string) Text {
	if len(words) == 0 {
		return Text{}
	}
	list := Of("%s", words[0])
	for _, word := range words[1:] {
		list = Of("%v, %s", list, word)
	}
	return list
}

// Or returns words of which one is meant: a, b or c.
func Or(words []string) Text {
	if len(words) < 2 {
		return List(words)
	}
	return Of("%v or %s", List(words[:len(words)-1]), words[len(words)-1])
}
