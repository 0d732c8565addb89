// Package clip shortens text of a request before it is repeated in a response,
// an error or a log.
package clip

import (
	"slices"
	"strings"
)

// maxShown is the most that is repeated, in bytes.
const maxShown = 128

// Text shortens s. It returns a copy, which does not keep the body of a request
// in memory.
func Text(s string) string {
	if len(s) <= maxShown {
		return strings.Clone(s)
	}
	return strings.ToValidUTF8(s[:maxShown], "") + "..."
}

// All shortens each text of a list in place and returns the list.
func All(list []string) []string {
	for i, s := range list {
		list[i] = Text(s)
	}
	return list
}

// OrNone shortens s and names an empty one.
func OrNone(s string) string {
	if s == "" {
		return "none"
	}
	return Text(s)
}

// Field takes the names of embedded structs out of the path of a JSON field:
// they begin with a capital, and are not in the JSON.
func Field(path string) string {
	parts := strings.Split(path, ".")
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s != "" && s[0] >= 'A' && s[0] <= 'Z' }), ".")
}
