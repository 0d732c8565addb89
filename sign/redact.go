package sign

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	// shortestSecret is the length from which Redact looks for a secret. To replace
	// shorter secrets would damage texts that do not contain them.
	shortestSecret = 6
	// fragment is the length from which the beginning of a secret counts as the secret,
	// at the end of a text that broke off.
	fragment = 8
)

// Redact replaces the app's secret in text by REDACTED, and also the other secrets that
// are given, such as a CheckSum. It finds a secret as it is, in upper case, and with the
// escapes of a URL, of JSON and of a quoted string. Use it for texts that another program
// wrote, such as the response of a server that repeats the request. Redact ignores
// secrets of less than 6 characters.
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

// spellings returns the ways in which a secret may be written, each of them once.
func spellings(secret string) []string {
	quoted := strconv.Quote(secret)
	escaped, err := json.Marshal(secret) // it escapes more characters than Quote
	if err != nil {
		escaped = []byte(quoted)
	}
	all := []string{secret, strings.ToUpper(secret), url.QueryEscape(secret), quoted[1 : len(quoted)-1], string(escaped[1 : len(escaped)-1])}
	slices.Sort(all)
	return slices.Compact(all)
}
