package wire

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/tagexpr"
)

// A Reader reads a field's text into p. It returns "", or what it expects instead.
type Reader[T any] func(text string, p *T) (want string)

// Bind reads a required field that has one of names. An absent or empty field is missing.
func Bind[T any](f *Fields, p *T, read Reader[T], names ...string) {
	if !bind(f, p, read, names) && f.err == nil {
		f.err = &FieldError{Field: names[0], Problem: Missing}
	}
}

// BindRequired is Bind for a field that is a pointer.
func BindRequired[T any](f *Fields, p **T, read Reader[T], names ...string) {
	value := new(T)
	if Bind(f, value, read, names...); f.err == nil {
		*p = value
	}
}

// BindAny reads a field that may be absent.
func BindAny[T any](f *Fields, p *T, read Reader[T], names ...string) { bind(f, p, read, names) }

// BindOptional reads a field that may be absent. *p stays nil if the field is absent, and if it
// is empty and not a text or a tag expression.
func BindOptional[T any](f *Fields, p **T, read Reader[T], names ...string) {
	if _, sent := f.find(names); !sent {
		return
	}
	value := new(T)
	if bind(f, value, read, names) {
		*p = value
		return
	}
	switch any(value).(type) {
	case *string, *tagexpr.Expr:
		*p = value
	}
}

// BindLength limits the text of a field as it was sent, in characters (code points).
func BindLength(f *Fields, limit int, names ...string) {
	pair, sent := f.find(names)
	if f.err != nil || !sent {
		return
	}
	var c Check
	c.MaxLength(pair.Name, pair.Value, limit)
	f.err = c.err
}

// bind reads the field if it is there and not empty.
func bind[T any](f *Fields, p *T, read Reader[T], names []string) bool {
	pair, sent := f.find(names)
	if f.err != nil || !sent || pair.Value == "" {
		return false
	}
	if want := read(pair.Value, p); want != "" {
		f.err = &FieldError{Field: pair.Name, Problem: Malformed, Got: shown(pair.Value, want), Want: want}
		return false
	}
	return true
}

// shown quotes a value that is not what it should be, and shows JSON as it came.
func shown(value, want string) string {
	value = cut(value)
	if strings.Contains(want, "JSON") {
		return value
	}
	return strconv.Quote(value)
}

// ReadString takes the text unchanged.
func ReadString(text string, p *string) string {
	*p = text
	return ""
}

// ReadAccid reads an account's id, in lower case.
func ReadAccid(text string, p *string) string {
	*p = strings.ToLower(text)
	return ""
}

// ReadTagExpr reads a tag expression. It keeps malformed text, which Validate reports.
func ReadTagExpr(text string, p *tagexpr.Expr) string {
	*p, _ = tagexpr.Parse(text)
	return ""
}

// ReadInt reads an integer: decimal digits, a sign, and white space around them. The documents
// type such fields int or long, and nothing shows that the service reads a fraction or an exponent.
func ReadInt[N ~int | ~int32 | ~int64](text string, p *N) string {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	*p = N(n)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return "an integer of 64 bits"
	case err != nil:
		return "an integer"
	case int64(*p) != n:
		return "an integer of 32 bits"
	}
	return ""
}

// ReadIntOr reads a decimal integer, or one of the words that stand for one, in any letter case.
func ReadIntOr[N ~int | ~int32 | ~int64](words map[string]N) Reader[N] {
	return func(text string, p *N) string {
		if n, ok := words[strings.ToLower(strings.TrimSpace(text))]; ok {
			*p = n
			return ""
		}
		return ReadInt(text, p)
	}
}

// ReadNumber reads a decimal number, which may have a sign, a fraction and an exponent.
func ReadNumber(text string, p *float64) string {
	n, ok := parseNumber(strings.TrimSpace(text))
	if !ok {
		return "a number"
	}
	*p = n
	return ""
}

// ReadBool reads true or false in any letter case, 1 or 0.
func ReadBool(text string, p *bool) string {
	b, ok := parseBool(strings.TrimSpace(text))
	if !ok {
		return "true or false"
	}
	*p = b
	return ""
}

// ReadWord reads a word of a vocabulary. It keeps a word that fold does not know.
func ReadWord[S ~string](fold func([]byte) S) Reader[S] {
	return func(text string, p *S) string {
		if *p = fold([]byte(text)); *p == "" {
			*p = S(text)
		}
		return ""
	}
}

// ReadRaw takes JSON text unchanged.
func ReadRaw(text string, p *json.RawMessage) string {
	if !Valid([]byte(text)) {
		return "JSON"
	}
	*p = json.RawMessage(text)
	return ""
}

// ReadArray reads the JSON text of an array. The result is not nil even without items. An item
// that is null is an error, and so is an empty text in place of another type, because a request
// must not lose an item or turn it into 0.
func ReadArray[T any](item func(*Decoder, *T)) Reader[[]T] {
	return func(text string, p *[]T) string {
		d := NewDecoder([]byte(text))
		if d.peek() != '[' {
			return "a JSON array"
		}
		list := make([]T, 0, min(1+strings.Count(text, ","), maxSizeHint))
		for more := d.Array(); more && d.Item(); {
			var value T
			start, seen := d.pos, d.seen
			if item(d, &value); d.seen == seen {
				d.fail(start, "a value")
			}
			list = append(list, value)
		}
		*p = list
		return d.wanted("a JSON array")
	}
}

// ReadObject reads the JSON text of an object.
func ReadObject[T any](decode func(*Decoder, *T)) Reader[T] {
	return func(text string, p *T) string {
		d := NewDecoder([]byte(text))
		if d.peek() != '{' {
			return "a JSON object"
		}
		decode(d, p)
		return d.wanted("a JSON object")
	}
}

// wanted ends the reading of a text and returns "", or what the text should be.
func (d *Decoder) wanted(what string) string {
	d.End()
	var e *DecodeError
	if !errors.As(d.Err(), &e) {
		return ""
	}
	if e.Path == "" {
		return what
	}
	return what + " with " + e.Want + " at " + e.Path
}
