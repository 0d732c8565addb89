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

// Credentials are an app's key and its secret. The zero value signs nothing.
//
// The key is public, it travels with every request. The secret shows as
// REDACTED through fmt, slog, encoding/json and encoding.TextMarshaler, also
// where Credentials are a field of another struct.
type Credentials struct {
	appKey string
	// secret is a closure because fmt and the dumpers of test libraries follow
	// strings and pointers even through unexported fields, where they call no
	// methods. A function is as far as they get.
	secret func() string
}

// NewCredentials checks and holds an app key and its secret. Surrounding white
// space, as left by copying or by a file's last line, is cut off. An empty
// value, white space inside, or anything but visible ASCII is an error that
// wraps [ErrCredentials] and never quotes the secret.
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

// CheckSum signs a nonce and a time with the secret, as the function
// [CheckSum] does. Zero credentials give "".
func (c Credentials) CheckSum(nonce, curTime string) string {
	if c.IsZero() {
		return ""
	}
	return CheckSum(c.secret(), nonce, curTime)
}

// String shows the key and REDACTED.
func (c Credentials) String() string {
	return "{AppKey:" + c.appKey + " AppSecret:" + redacted + "}"
}

// GoString is what %#v prints.
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

// LogValue is what log/slog records.
func (c Credentials) LogValue() slog.Value {
	return slog.GroupValue(slog.String("appKey", c.appKey), slog.String("appSecret", redacted))
}

// MarshalJSON encodes the key and REDACTED.
func (c Credentials) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"appKey": c.appKey, "appSecret": redacted})
}

// MarshalText encodes the key and REDACTED.
func (c Credentials) MarshalText() ([]byte, error) { return []byte(c.String()), nil }
