package wire

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"
)

// controlEscapes has the text after the backslash for each control character.
var controlEscapes = func() (t [' ']string) {
	for c := range t {
		t[c] = "u00" + string([]byte{upperHex[c>>4], upperHex[c&15]})
	}
	t['\b'], t['\f'], t['\n'], t['\r'], t['\t'] = "b", "f", "n", "r", "t"
	return t
}()

func controlEscape(c byte) string { return controlEscapes[c] }

// AppendJSONString appends s as a JSON string. Bytes that are not UTF-8 become U+FFFD.
func AppendJSONString[S ~string | ~[]byte](dst []byte, s S) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(string(s[i:min(i+utf8.UTFMax, len(s))]))
			if r == utf8.RuneError && size == 1 {
				dst = append(dst, s[start:i]...)
				dst = append(dst, "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		case c == '"' || c == '\\':
			dst = append(dst, s[start:i]...)
			dst = append(dst, '\\', c)
			start = i + 1
		case c < ' ':
			dst = append(dst, s[start:i]...)
			dst = append(dst, '\\')
			dst = append(dst, controlEscape(c)...)
			start = i + 1
		}
		i++
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// AppendTextOrNull appends s as a JSON string, or null if s is empty.
func AppendTextOrNull(dst []byte, s string) []byte {
	if s == "" {
		return append(dst, "null"...)
	}
	return AppendJSONString(dst, s)
}

// AppendMembers appends the members of a JSON object to the object that dst ends in.
func AppendMembers(dst, object []byte) []byte {
	if len(object) <= len("{}") {
		return dst
	}
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	return append(dst, object[1:len(object)-1]...)
}

// Dialect is a way to write responses. All dialects decode to the same values.
type Dialect int

const (
	// Canonical writes the spellings and shapes of the spec.
	Canonical Dialect = iota
	// EN2022 writes the spellings of the English pages of 2022, which are the first aliases
	// of properties and enum values.
	EN2022
	// Text is a hard case for decoders, which no deployment is known to send: it writes
	// nested objects and arrays as JSON text inside a string, and numbers as strings. Only
	// the top-level code stays a number.
	Text
)

// Spelling returns the canonical word, or its alias under EN2022.
func (d Dialect) Spelling(canonical, alias string) string {
	if d == EN2022 {
		return alias
	}
	return canonical
}

// AppendKey appends "name": inside an object, after a comma unless it is the first member.
func AppendKey(dst []byte, name string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(dst, '"')
	dst = append(dst, name...)
	return append(dst, '"', ':')
}

// AppendInt appends a number, or a string under Text.
func AppendInt[N ~int | ~int32 | ~int64](dst []byte, n N, d Dialect) []byte {
	if d == Text {
		return AppendQuotedInt(dst, n)
	}
	return strconv.AppendInt(dst, int64(n), 10)
}

// AppendQuotedInt appends a number as a decimal string.
func AppendQuotedInt[N ~int | ~int32 | ~int64](dst []byte, n N) []byte {
	dst = append(dst, '"')
	dst = strconv.AppendInt(dst, int64(n), 10)
	return append(dst, '"')
}

// AppendNumber appends a number that may have a fraction, or a string under Text.
func AppendNumber(dst []byte, n float64, d Dialect) []byte {
	if d == Text {
		return append(appendNumber(append(dst, '"'), n), '"')
	}
	return appendNumber(dst, n)
}

func appendNumber(dst []byte, n float64) []byte { return strconv.AppendFloat(dst, n, 'f', -1, 64) }

// AppendBool appends true or false.
func AppendBool(dst []byte, b bool) []byte { return strconv.AppendBool(dst, b) }

// AppendQuotedBool appends true or false as a string.
func AppendQuotedBool(dst []byte, b bool) []byte {
	return append(strconv.AppendBool(append(dst, '"'), b), '"')
}

// AppendList appends a JSON array, each item written by item.
func AppendList[T any](dst []byte, list []T, d Dialect, item func(T, []byte, Dialect) []byte) []byte {
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = item(v, dst, d)
	}
	return append(dst, ']')
}

// StringOut writes a text item of a list.
func StringOut[S ~string](s S, dst []byte, _ Dialect) []byte { return AppendJSONString(dst, s) }

// IntegerOut writes an integer item of a list.
func IntegerOut[N ~int | ~int32 | ~int64](n N, dst []byte, d Dialect) []byte {
	return AppendInt(dst, n, d)
}

// QuotedOut writes an integer item of a list as decimal text.
func QuotedOut[N ~int | ~int32 | ~int64](n N, dst []byte, _ Dialect) []byte {
	return AppendQuotedInt(dst, n)
}

// AppendRaw appends free-form JSON, or null if raw is empty.
func AppendRaw(dst []byte, raw json.RawMessage, d Dialect) []byte {
	if len(raw) == 0 {
		return append(dst, "null"...)
	}
	start := len(dst)
	dst = append(dst, raw...)
	if c := bytes.TrimLeft(raw, " \t\r\n"); len(c) > 0 && (c[0] == '{' || c[0] == '[') {
		return AsText(dst, start, d)
	}
	return dst
}

// AppendExtra appends the unknown members of a response, in the order of their names.
func AppendExtra(dst []byte, extra map[string]json.RawMessage) []byte {
	if len(extra) == 0 {
		return dst
	}
	names := make([]string, 0, len(extra))
	for name := range extra {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
		dst = AppendJSONString(dst, name)
		dst = append(dst, ':')
		dst = AppendRaw(dst, extra[name], Canonical)
	}
	return dst
}

// AsText turns the nested value dst[start:] into a JSON string with its text if the dialect is
// Text.
func AsText(dst []byte, start int, d Dialect) []byte {
	if d != Text {
		return dst
	}
	return Quote(dst, start)
}

// Quote turns dst[start:] into a JSON string that holds it.
func Quote(dst []byte, start int) []byte {
	text := string(dst[start:])
	return AppendJSONString(dst[:start], text)
}
