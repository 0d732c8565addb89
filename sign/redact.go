package sign

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	// shortestSecret is how long a secret must be for Redact to look for it. Replacing
	// shorter ones would mangle texts that do not hold them.
	shortestSecret = 6
	// fragment is how much of a secret, at the end of a text that broke off, is taken
	// for it.
	fragment = 8
)

// Redact replaces the app's secret, and what else is given, such as a CheckSum, by
// REDACTED wherever text holds it: plain, in upper case, or with the escapes of a URL,
// of JSON or of a quoted string. It is for texts of others, such as the answer of a
// server that repeats what it was sent. What has less than 6 characters is not looked
// for.
func (c Credentials) Redact(text string, others ...string) string {
	if !c.IsZero() {
		text = redact(text, c.secret())
	}
	for _, secret := range others {
		text = redact(text, secret)
	}
	return text
}

func redact(text, secret string) string {
	if len(secret) < shortestSecret {
		return text
	}
	for _, spelling := range spellings(secret) {
		text = strings.ReplaceAll(text, spelling, redacted)
		for n := min(len(spelling)-1, len(text)); n >= fragment; n-- {
			if strings.HasSuffix(text, spelling[:n]) {
				text = text[:len(text)-n] + redacted
				break
			}
		}
	}
	return text
}

// spellings are the ways a secret may be written, each once.
func spellings(secret string) []string {
	quoted := strconv.Quote(secret)
	escaped, err := json.Marshal(secret) // escapes more
	if err != nil {
		escaped = []byte(quoted)
	}
	all := []string{secret, strings.ToUpper(secret), url.QueryEscape(secret), quoted[1 : len(quoted)-1], string(escaped[1 : len(escaped)-1])}
	slices.Sort(all)
	return slices.Compact(all)
}
