package wire

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads JSON text token by token. Its methods return false at the first unexpected
// byte, and leave pos there.
type scanner struct {
	data []byte
	pos  int
}

// peek skips white space and returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.pos < len(s.data) && s.data[s.pos] > ' ' {
		return s.data[s.pos]
	}
	return s.peekSpace()
}

func (s *scanner) peekSpace() byte {
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
)

// stops marks the bytes in x, which holds eight bytes of text, that end a plain run of a
// string: quotes, backslashes and control characters. Subtracting borrows into the top bit of
// each such byte. Only the lowest mark is reliable, because borrows propagate upwards.
func stops(x uint64) uint64 {
	quote := x ^ ones*'"'
	slash := x ^ ones*'\\'
	return ((quote-ones)&^quote | (slash-ones)&^slash | (x-ones*' ')&^x) & tops
}

// text reads a string and returns the bytes between its quotes. plain reports that these bytes
// are the text, because they have no escapes and are UTF-8.
func (s *scanner) text() (raw []byte, plain, ok bool) {
	if !s.at('"') {
		return nil, false, false
	}
	start := s.pos + 1
	plain, ascii := true, true
	for i := start; ; {
		i, ascii = s.run(i, ascii)
		if i == len(s.data) || s.data[i] < ' ' {
			s.pos = i
			return nil, false, false
		}
		if s.data[i] == '"' {
			raw = s.data[start:i]
			s.pos = i + 1
			return raw, plain && (ascii || utf8.Valid(raw)), true
		}
		plain = false
		size := escapeSize(s.data[i:])
		if size == 0 {
			s.pos = i
			return nil, false, false
		}
		i += size
	}
}

// run returns the end of the plain run at i, and whether the run, and all text before it, is
// ASCII.
func (s *scanner) run(i int, ascii bool) (int, bool) {
	high := uint64(0)
	for ; i+8 <= len(s.data); i += 8 {
		x := binary.LittleEndian.Uint64(s.data[i:])
		if mark := stops(x); mark != 0 {
			n := bits.TrailingZeros64(mark) &^ 7 // the number of bits of the run in x
			high |= x & (1<<n - 1)
			return i + n/8, ascii && high&tops == 0
		}
		high |= x
	}
	for ; i < len(s.data); i++ {
		c := s.data[i]
		if c == '"' || c == '\\' || c < ' ' {
			break
		}
		high |= uint64(c)
	}
	return i, ascii && high&tops == 0
}

// escapeSize returns the length of the escape at the start of b, or 0 if it is invalid.
func escapeSize(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := hex4(b); ok {
			return 6
		}
	}
	return 0
}

// hex4 reads the escape \uXXXX at the start of b.
func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	for _, c := range b[2:6] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// unescape appends the text of a string with the bytes raw between its quotes.
func unescape(dst, raw []byte) []byte {
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c == '\\' && raw[i+1] == 'u':
			r, _ := hex4(raw[i:])
			i += 6
			if utf16.IsSurrogate(r) {
				low, ok := hex4(raw[i:])
				if pair := utf16.DecodeRune(r, low); ok && pair != utf8.RuneError {
					r = pair
					i += 6
				}
			}
			dst = utf8.AppendRune(dst, r)
		case c == '\\':
			dst = append(dst, unescaped1(raw[i+1]))
			i += 2
		case c < utf8.RuneSelf:
			dst = append(dst, c)
			i++
		default:
			r, size := utf8.DecodeRune(raw[i:])
			dst = utf8.AppendRune(dst, r)
			i += size
		}
	}
	return dst
}

func unescaped1(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// number reads a number and returns its text.
func (s *scanner) number() ([]byte, bool) {
	start := s.pos
	if s.at('-') {
		s.pos++
	}
	if s.at('0') {
		s.pos++
	} else if !s.digits() {
		return nil, false
	}
	if s.at('.') {
		s.pos++
		if !s.digits() {
			return nil, false
		}
	}
	if s.at('e') || s.at('E') {
		s.pos++
		if s.at('+') || s.at('-') {
			s.pos++
		}
		if !s.digits() {
			return nil, false
		}
	}
	return s.data[start:s.pos], true
}

func (s *scanner) at(c byte) bool { return s.pos < len(s.data) && s.data[s.pos] == c }

func (s *scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.data) && s.data[s.pos]-'0' <= 9 {
		s.pos++
	}
	return s.pos > start
}

// literal reads the word w (true, false or null).
func (s *scanner) literal(w string) bool {
	if len(s.data)-s.pos < len(w) || string(s.data[s.pos:s.pos+len(w)]) != w {
		return false
	}
	s.pos += len(w)
	return true
}

// maxDepth limits nesting. Responses of the service need 5 levels, including JSON text.
const (
	maxDepth = 64
	tooDeep  = "at most 64 levels of nesting"
)

// skip reads one value of any type with at most depth levels.
func (s *scanner) skip(depth int) bool {
	switch c := s.peek(); c {
	case '"':
		_, _, ok := s.text()
		return ok
	case 't':
		return s.literal("true")
	case 'f':
		return s.literal("false")
	case 'n':
		return s.literal("null")
	case '{', '[':
		if depth <= 0 {
			return false
		}
		return s.skipContainer(c, depth)
	}
	_, ok := s.number()
	return ok
}

func (s *scanner) skipContainer(open byte, depth int) bool {
	end := open + 2 // '{'+2 is '}', '['+2 is ']'
	s.pos++
	if s.peek() == end {
		s.pos++
		return true
	}
	for {
		if open == '{' {
			s.peek()
			if _, _, ok := s.text(); !ok || s.peek() != ':' {
				return false
			}
			s.pos++
		}
		if !s.skip(depth - 1) {
			return false
		}
		switch s.peek() {
		case ',':
			s.pos++
		case end:
			s.pos++
			return true
		default:
			return false
		}
	}
}

// Valid reports whether text is one JSON value that is not nested too deeply for a Decoder.
func Valid(text []byte) bool {
	s := scanner{data: text}
	return s.skip(maxDepth) && s.peek() == 0 && s.pos == len(s.data)
}
