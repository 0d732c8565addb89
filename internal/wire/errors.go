package wire

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// DecodeError describes a broken response, or broken JSON in a form field: it is truncated, is
// not JSON, has the wrong shape, or lacks required data.
type DecodeError struct {
	// Path is the path to the place, such as desc.data[3].level, or empty for the whole.
	Path string
	// Offset is the number of bytes before the place, or before the string if the place
	// is in JSON text in a string. It is -1 for a missing value.
	Offset int
	// Want is what is expected there.
	Want string
	// Got is the beginning of what is there.
	Got string
}

func (e *DecodeError) Error() string {
	var at []string
	if e.Path != "" {
		at = append(at, e.Path)
	}
	if e.Offset >= 0 {
		at = append(at, "at byte "+strconv.Itoa(e.Offset))
	}
	return fmt.Sprintf("%s: want %s, got %s", OneLine(strings.Join(at, " ")), e.Want, OneLine(e.Got))
}

// APIError is a response whose code is not 200.
type APIError struct {
	// Code is the code of the response.
	Code int
	// Desc is the desc of the response as text, whatever its type. It may be empty.
	Desc string
	// Body is the whole response.
	Body []byte
}

func (r *APIError) Error() string {
	if r.Desc == "" {
		return "code " + strconv.Itoa(r.Code)
	}
	return "code " + strconv.Itoa(r.Code) + ": " + OneLine(r.Desc)
}

// longestLine limits how much of a foreign text an error quotes, in bytes.
const longestLine = 1000

// OneLine returns a foreign text as one bounded line of UTF-8. Control characters, and those
// that change the direction of what follows, become spaces, so that the text cannot forge a
// line of a log or hide what stands there.
func OneLine(text string) string {
	end := ""
	if len(text) > longestLine {
		text, end = text[:longestLine], "..."
	}
	if strings.IndexFunc(text, Disturbs) < 0 {
		return text + end
	}
	return strings.Map(func(r rune) rune {
		if Disturbs(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "")) + end
}

// Disturbs reports whether a character is one that [OneLine] replaces.
func Disturbs(r rune) bool {
	return r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// excerptSize limits how much of a broken body an error quotes.
const excerptSize = 48

// excerpt returns the beginning of the text at offset.
func excerpt(data []byte, offset int) string {
	if len(data) == 0 {
		return "nothing"
	}
	if offset >= len(data) {
		return "the end"
	}
	rest := data[offset:]
	if s := (scanner{data: rest}); s.skip(maxDepth) {
		rest = rest[:s.pos]
	}
	return cut(string(rest))
}

// cut returns a text, or the beginning of a long one.
func cut(text string) string {
	if len(text) <= excerptSize {
		return text
	}
	end := excerptSize
	for end > excerptSize-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "..."
}

// pathTo returns the path of members and indexes to the value at offset. It reads the text
// again from the start, so that decoding does not have to keep the path.
func pathTo(data []byte, offset int) string {
	s := scanner{data: data}
	var stack []step
	for c := s.peek(); s.pos < offset && c != 0; c = s.peek() {
		top := len(stack) - 1
		switch c {
		case '{':
			stack = append(stack, step{})
			s.pos++
		case '[':
			stack = append(stack, step{array: true})
			s.pos++
		case '}', ']':
			if top < 0 {
				return ""
			}
			stack = stack[:top]
			s.pos++
		case ',':
			if top >= 0 {
				stack[top].index++
				stack[top].name = ""
			}
			s.pos++
		case ':':
			s.pos++
		case '"':
			raw, _, ok := s.text()
			if !ok {
				return join(stack)
			}
			if top >= 0 && !stack[top].array && stack[top].name == "" {
				stack[top].name = string(unescape(nil, raw))
			}
		default:
			s.pos++
		}
	}
	return join(stack)
}

// step is one level of a path, which is the current member or item.
type step struct {
	array bool
	index int
	name  string
}

func join(stack []step) string {
	var path []byte
	for _, s := range stack {
		switch {
		case s.array:
			path = append(path, '[')
			path = strconv.AppendInt(path, int64(s.index), 10)
			path = append(path, ']')
		case s.name != "":
			if len(path) > 0 {
				path = append(path, '.')
			}
			path = append(path, s.name...)
		}
	}
	return string(path)
}
