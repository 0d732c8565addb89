package sign

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	// Window is how far CurTime may lie from the server's time, either way.
	Window = 5 * time.Minute
	// MaxNonceLength is in characters.
	MaxNonceLength = 128
)

// latestCurTime is in the year 5138. Beyond it the number is surely not in
// seconds: the milliseconds of any day since 1973 are larger.
const latestCurTime = 99_999_999_999

// Error is the reason why [Verify] refused a request. Compare it with
// [errors.Is] against the Err values of this package.
type Error struct {
	// Header is the one at fault, as the documents spell it.
	Header string

	desc string
	kind error
	why  string
}

// Desc is the text that the service answers, beside code 414.
func (e *Error) Desc() string { return e.desc }

// Error says more than Desc, for a person.
func (e *Error) Error() string { return "sign: " + e.why }

// Unwrap gives [ErrMissingHeader] where a header is missing.
func (e *Error) Unwrap() error { return e.kind }

// ErrMissingHeader is wrapped by the [Error] that names the missing header.
var ErrMissingHeader = errors.New("sign: a signature header is missing")

// What Verify refuses. The descriptions are the service's own, but for those
// of a missing header and of a long nonce, which no document gives.
var (
	// ErrAppKey: no such app. Check the key, and that it belongs to this environment.
	ErrAppKey = &Error{Header: HeaderAppKey, desc: "appkey", why: "no such AppKey"}
	// ErrNonceTooLong: shorten the nonce to [MaxNonceLength] characters.
	ErrNonceTooLong = &Error{Header: HeaderNonce, desc: "Nonce exceeds 128 characters", why: "Nonce is longer than 128 characters"}
	// ErrCurTimeIllegal: send Unix seconds, not milliseconds and not a date.
	ErrCurTimeIllegal = &Error{Header: HeaderCurTime, desc: "CurTime is illegal", why: "CurTime is not a time in Unix seconds"}
	// ErrCurTimeExpired: correct the clock that signed.
	ErrCurTimeExpired = &Error{Header: HeaderCurTime, desc: "CurTime is expired", why: "CurTime is more than five minutes off the server's time"}
	// ErrCheckSum: check the secret, and that the CheckSum is lower-case hex SHA-1 over secret + Nonce + CurTime.
	ErrCheckSum = &Error{Header: HeaderCheckSum, desc: "checksum", why: "CheckSum does not fit secret, Nonce and CurTime"}
)

// Verify checks the signature headers of a request that arrived at the time
// now, and returns nil or an [*Error]. The request may belong to any of apps.
//
// Checked in this order: all four headers there, AppKey known, Nonce of at
// most 128 characters, CurTime in seconds and at most five minutes off, and
// CheckSum, compared in constant time. A nonce seen before is accepted, as the
// service accepts it.
func Verify(h http.Header, now time.Time, apps ...Credentials) error {
	app, nonce, curTime, sum := value(h, keyAppKey), value(h, keyNonce), value(h, keyCurTime), value(h, keyCheckSum)
	for _, header := range [...]struct{ name, value string }{
		{HeaderAppKey, app}, {HeaderNonce, nonce}, {HeaderCurTime, curTime}, {HeaderCheckSum, sum},
	} {
		if header.value == "" {
			return &Error{
				Header: header.name,
				desc:   header.name + " is empty",
				kind:   ErrMissingHeader,
				why:    "header " + header.name + " is missing or empty",
			}
		}
	}

	credentials, known := find(apps, app)
	if !known {
		return ErrAppKey
	}
	if utf8.RuneCountInString(nonce) > MaxNonceLength {
		return ErrNonceTooLong
	}
	seconds, err := strconv.ParseUint(curTime, 10, 64) // takes digits alone, no sign
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

func find(apps []Credentials, appKey string) (Credentials, bool) {
	for _, app := range apps {
		if !app.IsZero() && app.appKey == appKey {
			return app, true
		}
	}
	return Credentials{}, false
}

// value finds a header by its canonical key. The scan serves headers that did
// not come through net/http and keep the spelling they were written with.
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
