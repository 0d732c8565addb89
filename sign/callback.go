package sign

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// HeaderMD5 is the header of a callback that takes the place of Nonce.
const HeaderMD5 = "MD5"

const keyMD5 = "Md5"

// The errors of VerifyCallback, beside [ErrAppKey], [ErrCheckSum] and those that wrap
// [ErrMissingHeader] and [ErrRepeatedHeader].
var (
	// ErrRepeatedHeader is wrapped by the [Error] that names a header which is there more than
	// once.
	ErrRepeatedHeader = errors.New("sign: a signature header is repeated")
	// ErrMD5 means that the MD5 header is not that of the body, which was changed on its way.
	// A middleware that reads JSON and writes it again does so.
	ErrMD5 = &Error{Header: HeaderMD5, desc: "md5", why: "MD5 is not the lower-case hex MD5 of the body"}
	// ErrCallbackTimeIllegal means that CurTime is not in Unix milliseconds.
	ErrCallbackTimeIllegal = &Error{Header: HeaderCurTime, desc: "CurTime is illegal", why: "CurTime is not a time in Unix milliseconds"}
	// ErrCallbackTimeExpired means that CurTime is more than five minutes off.
	ErrCallbackTimeExpired = &Error{Header: HeaderCurTime, desc: "CurTime is expired", why: "CurTime is more than five minutes off this machine's time"}
	// ErrBodyTooLarge means that the body has more bytes than the limit.
	ErrBodyTooLarge = errors.New("sign: the body is larger than the limit")
)

// every returns the values of a header, in whatever spelling of its name.
func every(h http.Header, header string) (values []string) {
	for name, list := range h {
		if strings.EqualFold(name, header) {
			values = append(values, list...)
		}
	}
	return values
}

// MD5 returns the value of the MD5 header of a callback: the MD5 of its body as 32 lower-case
// hex digits.
//
// The service requires MD5; this package has no choice. The CheckSum over it proves who sent the
// body.
func MD5(body []byte) string {
	sum := md5.Sum(body)
	return hex.EncodeToString(sum[:])
}

// SignCallback sets the headers AppKey, CurTime, MD5 and CheckSum of a callback with a body, as
// the service does at the time now. CurTime is in Unix milliseconds, and CheckSum is [CheckSum]
// with the MD5 in place of the nonce. For zero credentials it returns [ErrCredentials].
func (c Credentials) SignCallback(h http.Header, body []byte, now time.Time) error {
	if c.IsZero() {
		return ErrCredentials
	}
	sum, curTime := MD5(body), strconv.FormatInt(now.UnixMilli(), 10)
	h[keyAppKey] = []string{c.appKey}
	h[keyMD5] = []string{sum}
	h[keyCurTime] = []string{curTime}
	h[keyCheckSum] = []string{c.CheckSum(sum, curTime)}
	return nil
}

// VerifyCallback reads the body of a callback that arrived at the time now, checks its headers,
// and returns the body. The callback may be for any of the apps. The error is an [*Error],
// [ErrBodyTooLarge], or the error of reading the body.
//
// It checks in this order that all four headers are there once, that an app has the AppKey,
// that CurTime is in milliseconds and at most five minutes off, that the body has at most limit
// bytes, that MD5 is that of the body, and that CheckSum is right, which it compares in constant
// time. It does not read the body if a check before that fails, and never more than one byte
// beyond the limit. It accepts a callback that arrived before; the service repeats callbacks.
func VerifyCallback(h http.Header, body io.Reader, limit int64, now time.Time, apps ...Credentials) ([]byte, error) {
	if body == nil {
		return nil, errors.New("sign: the body is nil")
	}
	values := map[string]string{}
	for _, name := range []string{HeaderAppKey, HeaderCurTime, HeaderMD5, HeaderCheckSum} {
		found := every(h, name)
		switch {
		case len(found) == 0 || len(found) == 1 && found[0] == "":
			return nil, missing(name)
		case len(found) > 1:
			return nil, &Error{Header: name, desc: name + " is repeated", kind: ErrRepeatedHeader, why: fmt.Sprintf("header %s is there %d times", name, len(found))}
		}
		values[name] = found[0]
	}
	credentials, known := find(apps, values[HeaderAppKey])
	if !known {
		return nil, ErrAppKey.because("no app has the AppKey %.40q", values[HeaderAppKey])
	}
	curTime := values[HeaderCurTime]
	millis, err := strconv.ParseUint(curTime, 10, 63) // which accepts digits only, no sign
	if err != nil || millis <= latestCurTime {
		return nil, ErrCallbackTimeIllegal.because("CurTime %.40q is not a time in Unix milliseconds", curTime)
	}
	if at := time.UnixMilli(int64(millis)); now.Sub(at).Abs() > Window {
		return nil, ErrCallbackTimeExpired.because("CurTime is %s and this machine's time %s, which is more than five minutes off",
			at.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	data, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, ErrBodyTooLarge
	}
	sum := MD5(data)
	if subtle.ConstantTimeCompare([]byte(values[HeaderMD5]), []byte(sum)) == 0 {
		return nil, ErrMD5.because("MD5 is %.40q, but the lower-case hex MD5 of the body is %s", values[HeaderMD5], sum)
	}
	if subtle.ConstantTimeCompare([]byte(values[HeaderCheckSum]), []byte(credentials.CheckSum(sum, curTime))) == 0 {
		return nil, ErrCheckSum
	}
	return data, nil
}
