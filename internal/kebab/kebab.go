// Package kebab writes names as command lines have them: set-role for SetRole.
package kebab

import (
	"regexp"
	"strings"
)

// words finds where a word ends: before a capital after a small letter, and before the last capital
// of several, unless they are a plural such as IDs.
var words = regexp.MustCompile(`([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z]{2})`)

// Case returns a name in Go, or a name on the wire, in lower case with hyphens between its words.
func Case(name string) string {
	return strings.ToLower(words.ReplaceAllString(name, "$1$3-$2$4"))
}
