package cassettes_test

import (
	"fmt"
	"regexp"
	"strings"
)

// hexKey is a key, 32 digits, or a CheckSum, 40.
var hexKey = regexp.MustCompile(`\b([0-9a-fA-F]{32}|[0-9a-fA-F]{40})\b`)

// suspicious scans a text as it is, without knowing its format.
func suspicious(text string, secrets []string) []string {
	var found []string
	for _, digits := range hexKey.FindAllString(text, -1) {
		found = append(found, fmt.Sprintf("%d hex digits, %s...", len(digits), digits[:4]))
	}
	for n, secret := range secrets {
		if strings.Contains(text, secret) {
			found = append(found, fmt.Sprintf("secret number %d", n+1))
		}
	}
	return found
}
