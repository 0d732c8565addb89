package sign

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// nonceSize is the number of random bytes in a nonce, which is sent as hex digits.
const nonceSize = 16

// A Signer signs requests. It is safe for concurrent use by several goroutines.
type Signer struct {
	credentials Credentials
	now         func() time.Time
	err         error // the mistake of an option
}

// An Option configures a [Signer].
type Option func(*Signer)

// WithClock sets the function that the signer reads the time from, [time.Now] by
// default. A caller can use it to correct a clock that differs from the server's.
func WithClock(now func() time.Time) Option {
	return func(s *Signer) { s.now = now }
}

// NewSigner returns a signer that uses the credentials of an app. If an option or its clock
// is nil, [Signer.Edit] returns an error that says so.
func NewSigner(credentials Credentials, options ...Option) *Signer {
	s := &Signer{credentials: credentials, now: time.Now}
	for i, option := range options {
		if option == nil {
			s.err = fmt.Errorf("sign: option %d is nil", i+1)
			return s
		}
		option(s)
	}
	if s.now == nil {
		s.err = errors.New("sign: the clock is nil")
	}
	return s
}

// Edit sets the headers AppKey, Nonce, CurTime and CheckSum of req. Every call uses a
// new random nonce and the current time. Edit can be used as a gen.RequestEditorFn; it
// ignores the context. For zero credentials it returns [ErrCredentials].
func (s *Signer) Edit(_ context.Context, req *http.Request) error {
	switch {
	case s.err != nil:
		return s.err
	case s.credentials.IsZero():
		return ErrCredentials
	case req == nil:
		return errors.New("sign: the request is nil")
	}
	// One string holds the nonce, the time and the checksum, and one slice holds all
	// four values. This takes two allocations instead of a dozen.
	var room [256]byte
	text := append(room[:0], s.credentials.secret()...)
	nonceAt := len(text)
	var random [nonceSize]byte
	_, _ = rand.Read(random[:]) // its documentation says that it never fails
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
