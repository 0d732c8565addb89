package main

import (
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper"
)

// chinese has the Chinese texts of the command line, in the format of gettext.
//
//go:embed zh.po
var chinese string

// entry is a text of a catalog.
type entry struct {
	english, translated string
	pattern             *regexp.Regexp // of the texts of other packages; nil for our own
}

// catalog has the texts of a language by the English ones.
type catalog struct {
	entries map[string]entry
	list    []entry // in the order of the file
}

var chineseCatalog = sync.OnceValue(func() *catalog {
	c, err := readCatalog(chinese)
	if err != nil {
		panic(err) // impossible: it is embedded, and a test reads it
	}
	return c
})

// catalogOf returns the catalog of a language. That of English is nil.
func catalogOf(language string) *catalog {
	if language == "zh" {
		return chineseCatalog()
	}
	return nil
}

// text returns a text in the language of the user.
func (s streams) text(format string, args ...any) string {
	if false {
		_ = fmt.Sprintf(format, args...) // so that go vet checks the arguments
	}
	return catalogOf(s.language).text(message.Of(format, args...))
}

// say prints a line that is no result.
func (s streams) say(format string, args ...any) { fmt.Fprintln(s.err, s.text(format, args...)) }

// chosenLanguage returns the value of --lang, wherever it stands, because errors of the parser and help need it.
func chosenLanguage(args []string) (language string) {
	for i, arg := range args {
		switch value, given := strings.CutPrefix(arg, "--lang="); {
		case arg == "--":
			return language
		case given:
			language = value
		case arg == "--lang" && i+1 < len(args):
			language = args[i+1]
		}
	}
	return language
}

// text returns a text with its arguments in place. Those that are texts or errors are translated, too.
func (c *catalog) text(t message.Text) string {
	if c == nil {
		return t.String()
	}
	format, args := t.Format, make([]any, len(t.Args))
	if e, ok := c.entries[format]; ok {
		format = e.translated
	}
	for i, arg := range t.Args {
		switch arg := arg.(type) {
		case message.Text:
			args[i] = c.text(arg)
		case interface{ Text() message.Text }:
			args[i] = c.text(arg.Text())
		case error:
			args[i] = c.error(arg)
		case time.Duration:
			args[i] = strings.TrimSpace(inChinese.Replace(arg.String()))
		default:
			args[i] = arg
		}
	}
	return fmt.Sprintf(wrapped.ReplaceAllString(format, "%${1}v"), args...)
}

// wrapped finds the verbs of errors, of which only fmt.Errorf knows.
var wrapped = regexp.MustCompile(`%(\[\d+\])?w`)

// inChinese writes the units of a duration in Chinese, which is the only language that has a catalog.
var inChinese = strings.NewReplacer("ms", " 毫秒 ", "µs", " 微秒 ", "ns", " 纳秒 ", "h", " 小时 ", "m", " 分 ", "s", " 秒 ")

// error returns the text of an error.
func (c *catalog) error(err error) string {
	if c == nil {
		return err.Error()
	}
	switch e := err.(type) { //nolint:errorlint // it is the text of this very error
	case *message.Error:
		return c.text(e.Text)
	case exitError:
		return c.error(e.error)
	case outputError:
		return c.error(e.error)
	case *command.ValueError:
		return c.text(message.Of("%s: %v", e.Field, e.Reason))
	case *gen.FieldError:
		return c.text(c.field(e))
	case *wrapper.Error:
		return c.call(e)
	case interface{ Unwrap() []error }:
		var lines, english []string
		for _, one := range e.Unwrap() {
			lines, english = append(lines, c.error(one)), append(english, one.Error())
		}
		if strings.Join(english, "\n") == err.Error() {
			return strings.Join(lines, "\n")
		}
		if len(lines) > 0 && english[0] == err.Error() { // the others are only its causes
			return lines[0]
		}
	}
	text := err.Error()
	if translated, ok := c.match(text); ok {
		return translated
	}
	if cause := errors.Unwrap(err); cause != nil {
		if before, found := strings.CutSuffix(text, cause.Error()); found {
			if name, found := strings.CutSuffix(before, ": "); found {
				before = name + "："
			}
			return before + c.error(cause)
		}
	}
	return text
}

// match translates a text that comes without its parts, and what it says of others (%w), if the catalog has it.
func (c *catalog) match(text string) (translated string, ok bool) {
	if e, ok := c.entries[text]; ok {
		return e.translated, true
	}
	for _, e := range c.list {
		if e.pattern == nil {
			continue
		}
		parts := e.pattern.FindStringSubmatch(text)
		if parts == nil {
			continue
		}
		args := make([]any, len(parts)-1)
		for i, kind := range verb.FindAllStringSubmatch(e.english, -1) {
			args[i] = parts[i+1]
			if kind[1] == "w" {
				args[i] = c.known(parts[i+1])
			}
		}
		return fmt.Sprintf(verb.ReplaceAllStringFunc(e.translated, func(v string) string { return v[:len(v)-1] + "s" }), args...), true
	}
	return text, false
}

// known returns the translation of a text that comes without its parts, or the text.
func (c *catalog) known(text string) string {
	translated, _ := c.match(text)
	return translated
}

// field returns the text of an error about a field.
func (c *catalog) field(e *gen.FieldError) message.Text {
	want := c.known(e.Want)
	if want != "" && want[0] < utf8.RuneSelf {
		want = " " + want // a word that is not Chinese stands apart
	}
	switch e.Problem {
	case wire.Missing:
		if want != "" {
			return message.Of("%s is not set, want %s", e.Field, want)
		}
		return message.Of("%s is empty", e.Field)
	case wire.TooShort, wire.TooLong:
		return message.Of("%s: %s characters, %s", e.Field, e.Got, want)
	case wire.TooFew, wire.TooMany:
		return message.Of("%s: %s items, %s", e.Field, e.Got, want)
	case wire.Malformed, wire.NotAllowed:
		if want == "" {
			return message.Of("%s: %s", e.Field, e.Got)
		}
		return message.Of("%s: %s, want %s", e.Field, e.Got, want)
	default:
		return message.Of("%s: %s, %s", e.Field, e.Got, want)
	}
}

// kinds are those of the errors of a call.
var kinds = []error{
	wrapper.ErrRateLimited, wrapper.ErrNotFound, wrapper.ErrForbidden, wrapper.ErrBadParameter, wrapper.ErrBadSignature, wrapper.ErrClock,
	wrapper.ErrDuplicate, wrapper.ErrOverLimit, wrapper.ErrRoomClosed, wrapper.ErrBlocked, wrapper.ErrMuted, wrapper.ErrServerFault,
	wrapper.ErrUnavailable, wrapper.ErrBadResponse, wrapper.ErrResultUnknown,
}

// call returns the text of an error of a call. The explanation of the service stays as it is.
func (c *catalog) call(e *wrapper.Error) string {
	parts := []string{e.Operation}
	switch {
	case e.Code != 0:
		parts = append(parts, c.text(message.Of("code %d", e.Code)))
	case e.HTTPStatus != 0 && e.HTTPStatus != 200:
		parts = append(parts, c.text(message.Of("HTTP status %d", e.HTTPStatus)))
	}
	for _, kind := range kinds {
		if e.Is(kind) {
			parts = append(parts, c.known(kind.Error()))
		}
	}
	if e.Message != "" {
		parts = append(parts, wire.OneLine(e.Message))
	}
	if cause := e.Unwrap(); cause != nil {
		parts = append(parts, wire.OneLine(c.error(cause)))
	}
	text := strings.Join(parts, "：")
	switch {
	case !e.MayHaveTakenEffect:
		return text
	case e.Ask != "":
		return c.text(message.Of("%s (it may have taken effect; to find out, ask %s)", text, e.Ask))
	}
	return c.text(message.Of("%s (it may have taken effect)", text))
}
