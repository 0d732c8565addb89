package sign

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"unicode"
)

const redacted = "REDACTED"

// ErrCredentials is wrapped by every error of [NewCredentials]. Signing with
// the zero [Credentials] gives it too.
var ErrCredentials = errors.New("sign: unusable credentials")

// Credentials hold an app's key and its secret. The zero value cannot sign.
//
// The key is public: every request carries it. The packages fmt, log/slog and
// encoding/json, and encoding.TextMarshaler, show the secret as REDACTED, also when
// Credentials are a field of another struct.
type Credentials struct {
	appKey string
	// secret is a closure because fmt and the dumpers of test libraries follow
	// strings and pointers even through unexported fields, where they call no
	// methods. They cannot look into a function.
	secret func() string
}

// NewCredentials returns the credentials of an app. It trims white space around both
// values, which copying or the end of a file may leave. A value that is empty, or that
// contains white space or anything but visible ASCII, is an error. The error wraps
// [ErrCredentials] and never quotes the secret.
func NewCredentials(appKey, appSecret string) (Credentials, error) {
	key, err := clean("app key", appKey)
	if err != nil {
		return Credentials{}, err
	}
	secret, err := clean("app secret", appSecret)
	if err != nil {
		return Credentials{}, err
	}
	return Credentials{appKey: key, secret: func() string { return secret }}, nil
}

func clean(name, value string) (string, error) {
	value = strings.TrimSpace(value)
	if value == "" {
		return "", fmt.Errorf("%w: the %s is empty", ErrCredentials, name)
	}
	for i, r := range value {
		switch {
		case unicode.IsSpace(r):
			return "", fmt.Errorf("%w: the %s has white space at byte %d", ErrCredentials, name, i)
		case r <= ' ' || r > '~':
			return "", fmt.Errorf("%w: the %s has a character that is not visible ASCII at byte %d", ErrCredentials, name, i)
		}
	}
	return value, nil
}

// AppKey returns the app's public key.
func (c Credentials) AppKey() string { return c.appKey }

// IsZero reports whether c holds no credentials.
func (c Credentials) IsZero() bool { return c.secret == nil }

// CheckSum returns the CheckSum header for a nonce and a time in Unix seconds, as the
// function [CheckSum] does. For zero credentials it returns "".
func (c Credentials) CheckSum(nonce, curTime string) string {
	if c.IsZero() {
		return ""
	}
	return CheckSum(c.secret(), nonce, curTime)
}

// String returns the key, with REDACTED for the secret.
func (c Credentials) String() string {
	return "{AppKey:" + c.appKey + " AppSecret:" + redacted + "}"
}

// GoString returns the text that %#v prints, with REDACTED for the secret.
func (c Credentials) GoString() string {
	return "sign.Credentials{AppKey:" + strconv.Quote(c.appKey) + ", AppSecret:" + strconv.Quote(redacted) + "}"
}

// Format prints every verb without the secret.
func (c Credentials) Format(f fmt.State, verb rune) {
	s := c.String()
	switch {
	case verb == 'v' && f.Flag('#'):
		s = c.GoString()
	case verb == 'q':
		s = strconv.Quote(s)
	}
	_, _ = f.Write([]byte(s)) // fmt.State keeps its own errors
}

// LogValue returns what log/slog records: the key, with REDACTED for the secret.
func (c Credentials) LogValue() slog.Value {
	return slog.GroupValue(slog.String("appKey", c.appKey), slog.String("appSecret", redacted))
}

// MarshalJSON encodes the key, with REDACTED for the secret.
func (c Credentials) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"appKey": c.appKey, "appSecret": redacted})
}

// MarshalText encodes the key, with REDACTED for the secret.
func (c Credentials) MarshalText() ([]byte, error) { return []byte(c.String()), nil }
