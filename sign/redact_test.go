package sign

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRedactTakesSecretsOut(t *testing.T) {
	const secret, sum = "s3cret+of/the=app", "4c6f0fbc04efedd91685a226da081807de269350"
	credentials, err := NewCredentials("app-key", secret)
	require.NoError(t, err)
	for text, want := range map[string]string{
		"":                                  "",
		"nothing to hide of app-key":        "nothing to hide of app-key",
		"it is " + secret + ".":             "it is REDACTED.",
		secret + secret:                     "REDACTEDREDACTED",
		"a=s3cret%2Bof%2Fthe%3Dapp&b":       "a=REDACTED&b",
		"sum " + sum + ", again " + sum:     "sum REDACTED, again REDACTED",
		"SUM " + strings.ToUpper(sum):       "SUM REDACTED",
		"broke off at " + sum[:39]:          "broke off at REDACTED",
		"broke off at " + secret[:10]:       "broke off at REDACTED",
		"the first digits " + sum[:4]:       "the first digits " + sum[:4],
		"another sum " + sum[1:] + sum[:30]: "another sum " + sum[1:] + "REDACTED",
	} {
		assert.Equal(t, want, credentials.Redact(text, sum), "%q", text)
	}
	quoting, err := NewCredentials("app-key", `s3cret"of<the\app`)
	require.NoError(t, err)
	assert.Equal(t, `"REDACTED" and "REDACTED"`, quoting.Redact(`"s3cret\"of<the\\app" and "s3cret\"of\u003cthe\\app"`))
	short, err := NewCredentials("app-key", "the")
	require.NoError(t, err)
	assert.Equal(t, "the end", short.Redact("the end"))
	assert.Equal(t, "the end", Credentials{}.Redact("the end"))
}
