package wire

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/tagexpr"
)

// String reads a text. It keeps the JSON text of a number, a boolean, an object or an array.
func String[S ~string](d *Decoder, p *S) bool {
	b, ok := d.textOf()
	if ok {
		*p = S(d.arena.copy(b, len(d.data)-d.pos+len(b)))
	}
	return ok
}

// Accid reads an account's id, in lower case.
func Accid(d *Decoder, p *string) bool {
	ok := String(d, p)
	*p = strings.ToLower(*p)
	return ok
}

// TagExpr reads a tag expression. It keeps malformed text.
func TagExpr(d *Decoder, p *tagexpr.Expr) bool {
	b, ok := d.textOf()
	if ok {
		*p, _ = tagexpr.Parse(string(b))
	}
	return ok
}

// Word reads a word of a vocabulary. fold returns the known word for a spelling, or "". Word
// keeps other words unchanged.
func Word[S ~string](d *Decoder, p *S, fold func([]byte) S) bool {
	b, ok := d.textOf()
	if !ok {
		return false
	}
	if *p = fold(b); *p == "" {
		*p = S(d.arena.copy(b, len(d.data)-d.pos+len(b)))
	}
	return true
}

// textOf reads any value but null as text, valid until the next call.
func (d *Decoder) textOf() (b []byte, ok bool) {
	if d.err != nil {
		return nil, false
	}
	switch d.peek() {
	case '"':
		b, ok = d.string()
	case 'n':
		d.null()
	default:
		b, ok = d.skipped()
	}
	if ok {
		d.seen++
	}
	return b, ok
}

// Integer reads an integer, which may be a number or text. It accepts forms such as 66.0 and
// 1.5e3 if they are whole. It does not convert values to floating point.
func Integer[N ~int | ~int32 | ~int64](d *Decoder, p *N) bool {
	n, start, ok := d.integer(false)
	if !ok {
		return false
	}
	*p = N(n)
	if int64(*p) != n {
		*p = 0
		d.fail(start, "an integer in range")
		return false
	}
	d.seen++
	return true
}

// ID reads an id, which is an integer of at least 1.
func ID[N ~int64](d *Decoder, p *N) bool {
	start := d.Start()
	ok := Integer(d, p)
	if ok && *p < 1 && !d.partial {
		d.fail(start, "an id of at least 1")
	}
	return ok
}

// integer reads an integer. An integer of more than 64 bits is an error, or becomes the nearest
// one of 64 bits if clamp is set.
func (d *Decoder) integer(clamp bool) (n int64, start int, ok bool) {
	text, start, ok := d.numeric()
	if !ok {
		return 0, 0, false
	}
	if n, ok = parseInteger(text); !ok && clamp {
		n, ok = bounded(text)
	}
	if !ok {
		d.fail(start, "an integer of 64 bits")
	}
	return n, start, ok
}

// numeric reads a number or a text, and returns its digits. There is no number if the value is
// null or an empty text. A value of another kind has no digits.
func (d *Decoder) numeric() (text []byte, start int, ok bool) {
	if d.err != nil {
		return nil, 0, false
	}
	c := d.peek()
	start = d.pos
	switch {
	case c == '-' || c-'0' <= 9:
		if text, ok = d.number(); !ok {
			d.fail(start, "a number")
		}
		return text, start, ok
	case c == '"':
		if text, ok = d.string(); !ok {
			return nil, 0, false
		}
		text = bytes.TrimSpace(text)
		return text, start, len(text) > 0 && string(text) != "null"
	case c == 'n':
		d.null()
		return nil, 0, false
	}
	return nil, start, true
}

// parseInteger reads a decimal integer and reports whether 64 bits can hold it.
func parseInteger(text []byte) (int64, bool) {
	digits := text
	if len(digits) > 0 && digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) == 0 || len(digits) > 18 {
		return parseDecimal(text)
	}
	var n int64
	for _, c := range digits {
		if c-'0' > 9 {
			return parseDecimal(text)
		}
		n = n*10 + int64(c-'0')
	}
	if len(digits) < len(text) {
		n = -n
	}
	return n, true
}

// parseDecimal reads an integer written with a fraction, an exponent or many digits.
func parseDecimal(text []byte) (int64, bool) {
	mantissa, exponent := text, int64(0)
	if i := bytes.IndexAny(text, "eE"); i >= 0 {
		n, err := strconv.ParseInt(string(text[i+1:]), 10, 32)
		if err != nil {
			return 0, false
		}
		mantissa, exponent = text[:i], n
	}
	negative := bytes.HasPrefix(mantissa, []byte("-"))
	whole, fraction, _ := bytes.Cut(bytes.TrimPrefix(mantissa, []byte("-")), []byte("."))
	digits := append(bytes.Clone(whole), fraction...)
	if len(whole) == 0 {
		return 0, false
	}
	for _, c := range digits {
		if c-'0' > 9 {
			return 0, false
		}
	}
	trimmed := bytes.TrimRight(digits, "0")
	exponent += int64(len(digits) - len(trimmed) - len(fraction))
	trimmed = bytes.TrimLeft(trimmed, "0")
	if len(trimmed) == 0 {
		return 0, true
	}
	if exponent < 0 || int64(len(trimmed))+exponent > 19 {
		return 0, false
	}
	for range exponent {
		trimmed = append(trimmed, '0')
	}
	if negative {
		trimmed = append([]byte{'-'}, trimmed...)
	}
	n, err := strconv.ParseInt(string(trimmed), 10, 64)
	return n, err == nil
}

// bounded returns the integer of 64 bits that is nearest to a number beyond them.
func bounded(text []byte) (int64, bool) {
	s := scanner{data: text}
	if _, isNumber := s.number(); !isNumber || s.pos < len(text) {
		return 0, false
	}
	switch f, _ := strconv.ParseFloat(string(text), 64); {
	case f >= 1<<63:
		return math.MaxInt64, true
	case f <= -1<<63:
		return math.MinInt64, true
	}
	return 0, false
}

// Number reads a number that may have a fraction. It may be text.
func Number(d *Decoder, p *float64) bool {
	text, start, ok := d.numeric()
	if !ok {
		return false
	}
	if *p, ok = parseNumber(string(text)); !ok {
		d.fail(start, "a number")
		return false
	}
	d.seen++
	return true
}

// parseNumber reads a decimal number and reports whether it is one and finite.
func parseNumber(text string) (float64, bool) {
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && strings.Trim(text, "+-.0123456789eE") == ""
}

// Bool reads a boolean, which may also be its text in any letter case, or 1 or 0.
func Bool(d *Decoder, p *bool) bool {
	if d.err != nil {
		return false
	}
	c := d.peek()
	start := d.pos
	b, ok := false, false
	switch c {
	case 't':
		b, ok = true, d.literal("true")
	case 'f':
		ok = d.literal("false")
	case 'n':
		d.null()
		return false
	case '"':
		text, complete := d.string()
		text = bytes.TrimSpace(text)
		if !complete || len(text) == 0 || string(text) == "null" {
			return false
		}
		b, ok = parseBool(text)
	default:
		if text, isNumber := d.number(); isNumber {
			b, ok = parseBool(text)
		}
	}
	if !ok {
		d.fail(start, "a boolean")
		return false
	}
	*p = b
	d.seen++
	return true
}

// parseBool reads true and false in any letter case, and 1 and 0.
func parseBool[S string | []byte](text S) (b, ok bool) {
	if len(text) == 1 {
		return text[0] == '1', text[0] == '1' || text[0] == '0'
	}
	if len(text) > len("false") {
		return false, false
	}
	var lower [len("false")]byte
	for i := range len(text) {
		lower[i] = text[i] | 0x20
	}
	switch string(lower[:len(text)]) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// Raw reads free-form JSON, which is any value but null. If a string holds the JSON text of an
// object or an array, Raw returns that text.
func Raw(d *Decoder, p *json.RawMessage) bool {
	if d.err != nil {
		return false
	}
	if d.peek() == 'n' {
		d.null()
		return false
	}
	isString := d.peek() == '"'
	raw, ok := d.skipped()
	if !ok {
		return false
	}
	if isString {
		raw = unwrap(raw)
	}
	if len(raw) == 0 {
		return false
	}
	*p = bytes.Clone(raw)
	d.seen++
	return true
}

// unwrap returns the JSON text of the object or the array in the string quoted. It returns
// nothing for an empty string, and any other string unchanged.
func unwrap(quoted []byte) []byte {
	inner := bytes.TrimSpace(unescape(nil, quoted[1:len(quoted)-1]))
	if len(inner) == 0 {
		return nil
	}
	if (inner[0] == '{' || inner[0] == '[') && Valid(inner) {
		return inner
	}
	return quoted
}

// maxSizeHint limits the number of items for which List allocates memory in advance.
const maxSizeHint = 128

// List reads an array and calls item for each item. null and [] have no items.
func List[T any](d *Decoder, p *[]T, item func(*Decoder, *T)) bool {
	if !d.Array() {
		return false
	}
	var list []T
	for d.Item() {
		if d.err == nil && d.peek() == 'n' {
			d.null()
			continue // a zero item would look the same
		}
		if len(list) == cap(list) {
			list = slices.Grow(list, 1)
		}
		start := d.pos
		list = list[:len(list)+1] // the memory beyond the length is zero
		item(d, &list[len(list)-1])
		if len(list) == 1 && d.err == nil {
			size := max(1, d.pos-start)
			list = append(make([]T, 0, 1+min(maxSizeHint, (len(d.data)-d.pos)/size)), list...)
		}
	}
	*p = list
	return true
}

// StringItem reads a text item of a List.
func StringItem(d *Decoder, p *string) { String(d, p) }

// NameItem reads an item of a List that is a text and not empty.
func NameItem(d *Decoder, p *string) {
	start := d.Start()
	if String(d, p); *p == "" {
		d.fail(start, "a text that is not empty")
	}
}

// IDItem reads an id as an item of a List.
func IDItem[N ~int64](d *Decoder, p *N) {
	start := d.Start()
	if ID(d, p); *p == 0 {
		d.fail(start, "an id of at least 1")
	}
}

// AccidItem reads an account's id as an item of a List, in lower case.
func AccidItem(d *Decoder, p *string) { Accid(d, p) }

// IntegerItem reads an integer item of a List.
func IntegerItem[N ~int | ~int32 | ~int64](d *Decoder, p *N) { Integer(d, p) }
