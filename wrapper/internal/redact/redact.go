// Package redact removes secrets from texts that other programs wrote. Credentials print as
// REDACTED by themselves, but the response of a server may repeat the request, and the error
// of a transport or a middleware may quote it.
package redact

import (
	"errors"

	"github.com/nimroom/nimroom/sign"
)

// Secrets are the texts that no error of a call may contain.
type Secrets struct {
	// Credentials are the credentials of the app.
	Credentials sign.Credentials
	// CheckSums are the signatures of the call's attempts.
	CheckSums []string
}

// Text returns the text without the secrets.
func (s *Secrets) Text(text string) string { return s.Credentials.Redact(text, s.CheckSums...) }

// Bytes returns a body without the secrets, and reports whether it held any.
func (s *Secrets) Bytes(body []byte) (clean []byte, redacted bool) {
	text := string(body)
	if clean := s.Text(text); clean != text {
		return []byte(clean), true
	}
	return body, false
}

// Error returns err, or an error that replaces it if its text, or the text of an error in its
// tree, holds a secret.
func (s *Secrets) Error(err error) error {
	if err == nil || !s.in(err) {
		return err
	}
	return &redactedError{s.Text(err.Error()), func(target error) bool { return errors.Is(err, target) }}
}

// in reports whether the text of an error in the tree holds a secret.
func (s *Secrets) in(err error) bool {
	if text := err.Error(); s.Text(text) != text {
		return true
	}
	switch wrapped := err.(type) { //nolint:errorlint // the function walks the tree itself
	case interface{ Unwrap() error }:
		inner := wrapped.Unwrap()
		return inner != nil && s.in(inner)
	case interface{ Unwrap() []error }:
		for _, inner := range wrapped.Unwrap() {
			if inner != nil && s.in(inner) {
				return true
			}
		}
	}
	return false
}

// redactedError replaces an error and matches by errors.Is the same errors. errors.As finds
// nothing in it, because it would find the secret.
type redactedError struct {
	text string
	is   func(target error) bool
}

func (e *redactedError) Error() string        { return e.text }
func (e *redactedError) Is(target error) bool { return e.is(target) }
