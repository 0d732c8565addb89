package wire

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Decoder reads one JSON document leniently. Its methods read the next value into their target
// and report whether there was one. They leave the target unchanged for null, and for an
// empty string in place of another type. After the first error they read nothing, and Err
// returns that error.
//
// An object or an array may also be a string that holds its JSON text.
type Decoder struct {
	scanner
	whole   []byte // the document from its beginning
	next    int    // the position at which to ask whether time is over
	over    interface{ Err() error }
	ended   error // what over returned
	items   int   // the number of items of arrays
	depth   int
	first   bool    // the current container has no item so far
	frames  []frame // documents being read inside strings, outermost first
	extras  int     // the number of unknown members
	seen    int     // the number of known values; an array counts even if it is null
	partial bool    // objects need not have what identifies them, because no response is read
	err     *DecodeError
	arena   arena
}

// frame is the state with which reading continues after the JSON text in a string.
type frame struct {
	outer scanner // positioned after the string
	start int     // where the string starts in outer
	depth int     // the depth of the value inside
}

// NewDecoder returns a decoder of data. The values that it reads do not refer to data. A byte
// order mark before the document is no part of it.
func NewDecoder(data []byte) *Decoder {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	return &Decoder{scanner: scanner{data: data}, whole: data, next: math.MaxInt}
}

// Until makes the decoder ask over, a context, now and then for its error, and end with it if that is not nil.
func (d *Decoder) Until(over interface{ Err() error }) *Decoder {
	d.next, d.over = stride, over
	return d
}

// stride is how many bytes a decoder reads before it asks whether time is over.
const stride = 64 << 10

// isOver asks whether time is over.
func (d *Decoder) isOver() bool {
	d.next = d.pos + stride
	if d.ended = d.over.Err(); d.ended == nil {
		return false
	}
	d.err = &DecodeError{Offset: d.pos, Want: "more time", Got: d.ended.Error()}
	d.stop()
	return true
}

// Rest returns what has not been read.
func (d *Decoder) Rest() []byte { return d.data[d.pos:] }

// Err returns the first error, a *DecodeError, or nil.
func (d *Decoder) Err() error {
	if d.err == nil {
		return nil
	}
	return d.err
}

// End fails if anything follows the document.
func (d *Decoder) End() {
	if d.peek(); d.err == nil && d.pos < len(d.data) {
		d.fail(d.pos, "the end")
	}
}

// fail records the first error, at an offset of the current text, and ends reading.
func (d *Decoder) fail(offset int, want string) {
	if d.err != nil {
		return
	}
	path := pathTo(d.data, offset)
	got := excerpt(d.data, offset)
	for i := len(d.frames) - 1; i >= 0; i-- {
		f := d.frames[i]
		offset = f.start
		outer := pathTo(f.outer.data, offset)
		if path != "" && path[0] != '[' && outer != "" {
			outer += "."
		}
		path = outer + path
	}
	d.err = &DecodeError{Path: path, Offset: offset, Want: want, Got: got}
	d.stop()
}

// missing records that the member at path is absent.
func (d *Decoder) missing(path, want string) {
	if d.err == nil {
		d.err = &DecodeError{Path: path, Offset: -1, Want: want, Got: "none in " + excerpt(d.data, 0)}
	}
	d.stop()
}

// Start returns the place of the next value, for Identify.
func (d *Decoder) Start() int {
	d.peek()
	return d.pos
}

// Identify fails unless the object that began at the place has the member name, without which
// the response does not say what it is about.
func (d *Decoder) Identify(start int, name string, there bool) {
	if there || d.partial || d.err != nil {
		return
	}
	d.fail(start, "a value of "+name)
}

func (d *Decoder) stop() {
	d.scanner = scanner{}
	d.frames = nil
}

// Null reads null if that is the next value, and reports whether it did.
func (d *Decoder) Null() bool {
	if d.err != nil || d.peek() != 'n' {
		return false
	}
	d.null()
	return true
}

// null reads null.
func (d *Decoder) null() {
	if !d.literal("null") {
		d.fail(d.pos, "null")
	}
}

// string reads a string and returns its text, valid until the next call. The
// slice may point into the document.
func (d *Decoder) string() ([]byte, bool) {
	start := d.pos
	raw, plain, ok := d.text()
	if !ok {
		d.fail(max(start, d.pos), "a complete string")
		return nil, false
	}
	if !plain {
		raw = unescape(make([]byte, 0, len(raw)), raw)
	}
	return raw, true
}

// skipped reads any value and returns its text in UTF-8.
func (d *Decoder) skipped() ([]byte, bool) {
	d.peek()
	start := d.pos
	if !d.skip(maxDepth - d.depth) {
		want := "JSON"
		if c := d.peek(); c == '{' || c == '[' {
			want = tooDeep
		}
		d.fail(d.pos, want)
		return nil, false
	}
	raw := d.data[start:d.pos]
	if !utf8.Valid(raw) {
		raw = bytes.ToValidUTF8(raw, []byte("\uFFFD"))
	}
	return raw, true
}

// open enters the container that starts with c, which may be JSON text in a string. It returns
// false for null and for an empty text, and for any other value, which is an error.
func (d *Decoder) open(c byte, want string) bool {
	if d.err != nil {
		return false
	}
	switch d.peek() {
	case c:
	case 'n':
		d.null()
		return false
	case '"':
		if !d.enter(c, want) {
			return false
		}
	default:
		d.fail(d.pos, want)
		return false
	}
	if d.depth >= maxDepth {
		d.fail(d.pos, tooDeep)
		return false
	}
	d.pos++
	d.depth++
	d.first = true
	return true
}

// enter continues reading inside a string whose text starts with c.
func (d *Decoder) enter(c byte, want string) bool {
	outer, start := d.scanner, d.pos
	text, ok := d.string()
	if !ok {
		return false
	}
	inner := scanner{data: text}
	switch inner.peek() {
	case c:
		outer.pos = d.pos
		d.frames = append(d.frames, frame{outer: outer, start: start, depth: d.depth})
		d.scanner = inner
		return true
	case 0:
		if inner.pos == len(inner.data) {
			return false
		}
	case 'n':
		if string(bytes.TrimSpace(text)) == "null" {
			return false
		}
	}
	d.scanner = outer
	d.fail(start, want)
	return false
}

// leave ends a container, and the string around it if there is one.
func (d *Decoder) leave() {
	d.pos++
	d.depth--
	d.first = false
	top := len(d.frames) - 1
	if top < 0 || d.frames[top].depth != d.depth {
		return
	}
	if d.End(); d.err != nil {
		return
	}
	d.scanner = d.frames[top].outer
	d.frames = d.frames[:top]
}

// more moves to the next item of a container that ends with end. Without another item it
// leaves the container.
func (d *Decoder) more(end byte) bool {
	if d.err != nil {
		return false
	}
	c := d.peek()
	if c == end {
		d.leave()
		return false
	}
	if d.pos >= d.next && d.isOver() {
		return false
	}
	if d.first {
		d.first = false
		return true
	}
	if c == ',' {
		d.pos++
		if d.peek() != end {
			return true
		}
	}
	d.fail(d.pos, "a comma or "+string(end))
	return false
}

// holds reports whether the next value begins with c, in a string or not.
func (d *Decoder) holds(c byte) bool {
	if d.peek() != '"' {
		return d.peek() == c
	}
	text := bytes.TrimLeft(d.data[d.pos+1:], " \t")
	return len(text) > 0 && text[0] == c
}

// Object enters an object; read its members with Member.
func (d *Decoder) Object() bool { return d.open('{', "an object") }

// Member returns the next member's name, valid until the next call, and false
// at the object's end. Read exactly one value after it.
func (d *Decoder) Member() ([]byte, bool) {
	if !d.more('}') {
		return nil, false
	}
	if !d.at('"') {
		d.fail(d.pos, "the name of a member")
		return nil, false
	}
	name, ok := d.string()
	if !ok {
		return nil, false
	}
	if !d.at(':') && d.peek() != ':' {
		d.fail(d.pos, "a colon")
		return nil, false
	}
	d.pos++
	return name, true
}

// Lower returns a name in lower case.
func Lower(name []byte) string { return strings.ToLower(string(name)) }

// Members reads an object, which is no text, and calls read for each member's value.
func (d *Decoder) Members(read func(name []byte)) {
	if d.peek() != '{' {
		d.fail(d.pos, "an object")
	}
	if !d.Object() {
		return
	}
	for name, ok := d.Member(); ok; name, ok = d.Member() {
		read(name)
	}
}

// Array enters an array; read its items while Item returns true.
func (d *Decoder) Array() bool {
	if d.err == nil {
		d.seen++
	}
	return d.open('[', "an array")
}

// maxItems bounds the items of all arrays in a document, which take much more memory than their
// text.
const maxItems = 100_000

// Item reports whether the array has another item. Read exactly one value after it.
func (d *Decoder) Item() bool {
	if !d.more(']') {
		return false
	}
	if d.items++; d.items > maxItems {
		d.fail(d.pos, "at most "+strconv.Itoa(maxItems)+" items")
		return false
	}
	return true
}

// ObjectOr enters an object. It stores any other value as text in text.
func (d *Decoder) ObjectOr(text *string) bool {
	if d.err != nil {
		return false
	}
	switch d.peek() {
	case '{':
		return d.Object()
	case '"':
		before := d.scanner
		s, ok := d.string()
		if !ok {
			return false
		}
		if inner := (scanner{data: s}); inner.peek() == '{' && Valid(s) {
			d.scanner = before
			return d.Object()
		}
		d.scanner = before
	}
	String(d, text)
	return false
}

// maxExtras bounds the unknown members that a response may have. Each of them takes much more
// time and memory than its text.
const maxExtras = 10_000

// Extra adds the value of an unknown member to m.
func (d *Decoder) Extra(m map[string]json.RawMessage, name []byte) map[string]json.RawMessage {
	key := string(name)
	raw, ok := d.skipped()
	if !ok {
		return m
	}
	if d.extras++; d.extras > maxExtras {
		d.fail(d.pos, "at most "+strconv.Itoa(maxExtras)+" unknown members")
		return m
	}
	if m == nil {
		m = make(map[string]json.RawMessage)
	}
	m[key] = bytes.Clone(raw)
	return m
}

// Raw returns the next value as it is, or nil if it is broken.
func (d *Decoder) Raw() json.RawMessage {
	raw, _ := d.skipped()
	return bytes.Clone(raw)
}

// Skip reads over a value.
func (d *Decoder) Skip() { d.skipped() }
