package wire

import (
	"encoding/binary"
	"slices"
	"unicode/utf8"
)

const upperHex = "0123456789ABCDEF"

// escapes holds for each byte what a form has instead of it, as url.QueryEscape
// has it: up to three bytes, and in the topmost byte their number.
var escapes = func() (t [256]uint32) {
	const unescaped = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
	for c := range t {
		t[c] = '%' | uint32(upperHex[c>>4])<<8 | uint32(upperHex[c&15])<<16 | 3<<24
	}
	for _, c := range unescaped {
		t[c] = uint32(c) | 1<<24
	}
	t[' '] = '+' | 1<<24
	return t
}()

// slack is how far past the end of its output AppendEscaped may write.
const slack = 3

// countFrom is the length from which to count the output first: for shorter
// texts room for the worst case costs less than counting does.
const countFrom = 512

// AppendEscaped appends s escaped for a form, byte for byte as url.QueryEscape
// does: letters, digits and -_.~ stay, a space becomes +, the rest %XX.
//
// It stores four bytes for each byte of s and moves on by as many as count,
// which spares it a branch that text makes hard to predict. So up to three
// bytes of dst's spare room after the result may be overwritten.
func AppendEscaped[S string | []byte](dst []byte, s S) []byte {
	if size := 3*len(s) + slack; cap(dst)-len(dst) < size {
		if len(s) > countFrom {
			size = slack
			for i := range len(s) {
				size += int(escapes[s[i]] >> 24)
			}
		}
		dst = slices.Grow(dst, size)
	}
	n := len(dst)
	out := dst[:cap(dst)]
	for i := range len(s) {
		e := escapes[s[i]]
		binary.LittleEndian.PutUint32(out[n:], e)
		n += int(e >> 24)
	}
	return out[:n]
}

// What a byte means to the inside of a JSON string.
const (
	mustEscape = 1 << iota
	notASCII
)

var jsonBytes = func() (t [256]byte) {
	for c := range t {
		switch {
		case c < ' ' || c == '"' || c == '\\':
			t[c] = mustEscape
		case c >= utf8.RuneSelf:
			t[c] = notASCII
		}
	}
	return t
}()

// appendEscapedJSON appends the inside of the JSON string s, escaped for a form.
func appendEscapedJSON(dst []byte, s string) []byte {
	kinds := byte(0)
	for i := range len(s) {
		kinds |= jsonBytes[s[i]]
	}
	if kinds == 0 || kinds == notASCII && utf8.ValidString(s) {
		return AppendEscaped(dst, s)
	}
	var buf [128]byte
	quoted := AppendJSONString(buf[:0], s)
	return AppendEscaped(dst, quoted[1:len(quoted)-1])
}
