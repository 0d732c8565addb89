package sign

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	// Window is the largest difference between CurTime and the server's time.
	Window = 5 * time.Minute
	// MaxNonceLength is the largest length of a nonce, in characters.
	MaxNonceLength = 128
)

// latestCurTime is a time in the year 5138. A larger number is not in seconds but in
// milliseconds, which are larger for every day since 1973.
const latestCurTime = 99_999_999_999

// An Error is the reason why [Verify] rejected a request, or [VerifyCallback] a callback. Compare it with the Err
// values of this package by [errors.Is].
type Error struct {
	// Header is the name of the wrong header, as the documents spell it.
	Header string

	desc string
	kind error
	why  string
}

// Desc returns the text that the service sends with code 414.
func (e *Error) Desc() string { return e.desc }

// Error returns a longer text than Desc, for a person.
func (e *Error) Error() string { return "sign: " + e.why }

// Unwrap returns [ErrMissingHeader] if a header is missing, and the Err value of an error that
// names what arrived.
func (e *Error) Unwrap() error { return e.kind }

// because returns the error e for a reason that names what arrived.
func (e *Error) because(format string, args ...any) *Error {
	return &Error{Header: e.Header, desc: e.desc, kind: e, why: fmt.Sprintf(format, args...)}
}

// ErrMissingHeader is wrapped by the [Error] that names the missing header.
var ErrMissingHeader = errors.New("sign: a signature header is missing")

// The errors of Verify. The service uses the same descriptions, except for a missing
// header and for a long nonce, which no document describes.
var (
	// ErrAppKey means that no app has this key. Check that the key is right and belongs
	// to this environment.
	ErrAppKey = &Error{Header: HeaderAppKey, desc: "appkey", why: "no app has this AppKey"}
	// ErrNonceTooLong means that the nonce has more than [MaxNonceLength] characters.
	ErrNonceTooLong = &Error{Header: HeaderNonce, desc: "Nonce exceeds 128 characters", why: "Nonce is longer than 128 characters"}
	// ErrCurTimeIllegal means that CurTime is not in Unix seconds. It may be in
	// milliseconds, or a date.
	ErrCurTimeIllegal = &Error{Header: HeaderCurTime, desc: "CurTime is illegal", why: "CurTime is not a time in Unix seconds"}
	// ErrCurTimeExpired means that CurTime is more than five minutes off. Correct the
	// clock of the machine that signed the request.
	ErrCurTimeExpired = &Error{Header: HeaderCurTime, desc: "CurTime is expired", why: "CurTime is more than five minutes off the server's time"}
	// ErrCheckSum means that the CheckSum is wrong. Check the secret, and that CheckSum is
	// the lower-case hex SHA-1 of secret + Nonce + CurTime; a callback has MD5 in place of Nonce.
	ErrCheckSum = &Error{Header: HeaderCheckSum, desc: "checksum", why: "CheckSum does not match the secret and the other headers"}
)

// Verify checks the signature headers of a request that arrived at the time now. The
// request may come from any of the apps. The error is an [*Error].
//
// Verify checks in this order that all four headers are there, that an app has the
// AppKey, that Nonce has at most 128 characters, that CurTime is in seconds and at most
// five minutes off, and that CheckSum is right, which it compares in constant time. It
// accepts a nonce that was used before, as the service does.
func Verify(h http.Header, now time.Time, apps ...Credentials) error {
	app, nonce, curTime, sum := value(h, keyAppKey), value(h, keyNonce), value(h, keyCurTime), value(h, keyCheckSum)
	for _, header := range [...]struct{ name, value string }{
		{HeaderAppKey, app}, {HeaderNonce, nonce}, {HeaderCurTime, curTime}, {HeaderCheckSum, sum},
	} {
		if header.value == "" {
			return missing(header.name)
		}
	}

	credentials, known := find(apps, app)
	if !known {
		return ErrAppKey
	}
	if utf8.RuneCountInString(nonce) > MaxNonceLength {
		return ErrNonceTooLong
	}
	seconds, err := strconv.ParseUint(curTime, 10, 64) // which accepts digits only, no sign
	if err != nil || seconds > latestCurTime {
		return ErrCurTimeIllegal
	}
	if off := now.Unix() - int64(seconds); off > int64(Window/time.Second) || -off > int64(Window/time.Second) {
		return ErrCurTimeExpired
	}
	if subtle.ConstantTimeCompare([]byte(sum), []byte(credentials.CheckSum(nonce, curTime))) == 0 {
		return ErrCheckSum
	}
	return nil
}

func missing(header string) *Error {
	return &Error{Header: header, desc: header + " is empty", kind: ErrMissingHeader, why: "header " + header + " is missing or empty"}
}

func find(apps []Credentials, appKey string) (Credentials, bool) {
	for _, app := range apps {
		if !app.IsZero() && app.appKey == appKey {
			return app, true
		}
	}
	return Credentials{}, false
}

// value returns the header with a canonical key. The loop finds headers that did not
// come through net/http and so have another spelling.
func value(h http.Header, key string) string {
	if values := h[key]; len(values) > 0 {
		return values[0]
	}
	for name, values := range h {
		if len(values) > 0 && strings.EqualFold(name, key) {
			return values[0]
		}
	}
	return ""
}
