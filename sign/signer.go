package sign

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"
)

// nonceSize is in random bytes. They travel as twice as many hex digits.
const nonceSize = 16

// Signer signs requests. It holds no state of a request and is safe for use by
// several goroutines.
type Signer struct {
	credentials Credentials
	now         func() time.Time
}

// Option changes how a [Signer] works.
type Option func(*Signer)

// WithClock makes the signer read the time from now instead of [time.Now],
// which is how a caller corrects for a clock that differs from the server's.
func WithClock(now func() time.Time) Option {
	return func(s *Signer) { s.now = now }
}

// NewSigner returns a signer for an app.
func NewSigner(credentials Credentials, options ...Option) *Signer {
	s := &Signer{credentials: credentials, now: time.Now}
	for _, option := range options {
		option(s)
	}
	return s
}

// Edit sets AppKey, Nonce, CurTime and CheckSum on req and nothing else, with
// a new random nonce and the current time at every call. It is a
// gen.RequestEditorFn; ctx is not used. Zero credentials give
// [ErrCredentials].
func (s *Signer) Edit(_ context.Context, req *http.Request) error {
	if s.credentials.IsZero() {
		return ErrCredentials
	}
	// One string holds nonce, time and checksum and one slice all four values:
	// two allocations instead of a dozen.
	var room [256]byte
	text := append(room[:0], s.credentials.secret()...)
	nonceAt := len(text)
	var random [nonceSize]byte
	_, _ = rand.Read(random[:]) // never fails, says its documentation
	text = hex.AppendEncode(text, random[:])
	timeAt := len(text)
	text = strconv.AppendInt(text, s.now().Unix(), 10)
	sumAt := len(text)
	var sum [checkSumLength]byte
	encodeSum(sum[:], text)
	text = append(text, sum[:]...)

	signed := string(text[nonceAt:])
	values := []string{
		s.credentials.appKey,
		signed[:timeAt-nonceAt],
		signed[timeAt-nonceAt : sumAt-nonceAt],
		signed[sumAt-nonceAt:],
	}
	if req.Header == nil {
		req.Header = make(http.Header, len(values))
	}
	req.Header[keyAppKey] = values[0:1:1]
	req.Header[keyNonce] = values[1:2:2]
	req.Header[keyCurTime] = values[2:3:3]
	req.Header[keyCheckSum] = values[3:4:4]
	return nil
}
