package wire

import (
	"slices"
	"strconv"
)

// formSize is room for a usual form, so that one allocation serves it.
const formSize = 256

// appendName starts a field: a separator if the form has fields already, and
// "name=". Names come from the spec and need no escaping.
func appendName(dst []byte, name string) []byte {
	if cap(dst) == 0 {
		dst = make([]byte, 0, formSize)
	}
	if len(dst) > 0 {
		dst = append(dst, '&')
	}
	dst = append(dst, name...)
	return append(dst, '=')
}

// FormString appends the field name=s.
func FormString[S ~string](dst []byte, name string, s S) []byte {
	return AppendEscaped(appendName(dst, name), string(s))
}

// FormInt appends the field name=n in decimal.
func FormInt[N ~int | ~int32 | ~int64](dst []byte, name string, n N) []byte {
	return strconv.AppendInt(appendName(dst, name), int64(n), 10)
}

// FormNumber appends the field name=n in decimal.
func FormNumber(dst []byte, name string, n float64) []byte {
	return appendNumber(appendName(dst, name), n)
}

// FormBool appends the field name=true or name=false.
func FormBool(dst []byte, name string, b bool) []byte {
	return strconv.AppendBool(appendName(dst, name), b)
}

// FormJSON appends the field name=text, where text is JSON.
func FormJSON(dst []byte, name string, text []byte) []byte {
	return AppendEscaped(appendName(dst, name), text)
}

// FormStrings appends the field name=["a","b"]: a JSON array of strings.
func FormStrings[S ~string](dst []byte, name string, list []S) []byte {
	size := 0
	for _, s := range list {
		size += len(s) + len("%2C%22%22")
	}
	dst = appendArray(dst, name, size)
	if len(list) == 0 {
		return append(dst, "%5D"...)
	}
	dst = append(dst, "%22"...)
	for i, s := range list {
		if i > 0 {
			dst = append(dst, "%22%2C%22"...)
		}
		dst = appendEscapedJSON(dst, string(s))
	}
	return append(dst, "%22%5D"...)
}

// FormInts appends the field name=[1,2]: a JSON array of numbers.
func FormInts[N ~int | ~int32 | ~int64](dst []byte, name string, list []N) []byte {
	return formInts(dst, name, list, "")
}

// FormQuotedInts appends the field name=["1","2"]: a JSON array of decimal strings.
func FormQuotedInts[N ~int | ~int32 | ~int64](dst []byte, name string, list []N) []byte {
	return formInts(dst, name, list, "%22")
}

func formInts[N ~int | ~int32 | ~int64](dst []byte, name string, list []N, quote string) []byte {
	dst = appendArray(dst, name, len(list)*len("%2C%22%2212345678"))
	for i, n := range list {
		if i > 0 {
			dst = append(dst, "%2C"...)
		}
		dst = append(dst, quote...)
		dst = strconv.AppendInt(dst, int64(n), 10)
		dst = append(dst, quote...)
	}
	return append(dst, "%5D"...)
}

// appendArray starts the field of an array whose items will need about size bytes.
func appendArray(dst []byte, name string, size int) []byte {
	dst = appendName(dst, name)
	dst = slices.Grow(dst, size+len("%5B%5D")+slack)
	return append(dst, "%5B"...)
}
