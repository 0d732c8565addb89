package wrapper

import (
	"errors"
)

// Credentials print as REDACTED by themselves. What is here is for texts of others: a
// server that repeats in its answer what it was sent, a transport or a middleware
// that quotes a request. None of it may stand in an error.

// redact takes the app's secret and the CheckSums of the call's attempts out of a text.
func (c *call) redact(text string) string {
	return c.client.credentials.Redact(text, c.checkSums...)
}

// redactBody is redact for an answer, and tells whether there was anything to take out.
func (c *call) redactBody(body []byte) (clean []byte, redacted bool) {
	text := string(body)
	if told := c.redact(text); told != text {
		return []byte(told), true
	}
	return body, false
}

// redactError is redact for all that an error says.
func (c *call) redactError(e *Error) {
	e.Message = c.redact(e.Message)
	if body, redacted := c.redactBody(e.Body); redacted {
		e.Body = body
	}
	if e.cause != nil && c.tells(e.cause) {
		cause := e.cause
		e.cause = &redactedError{c.redact(cause.Error()), func(target error) bool { return errors.Is(cause, target) }}
	}
}

// tells finds a secret in an error or in what it wraps.
func (c *call) tells(err error) bool {
	if text := err.Error(); c.redact(text) != text {
		return true
	}
	switch wrapped := err.(type) { //nolint:errorlint // it walks the tree itself
	case interface{ Unwrap() error }:
		inner := wrapped.Unwrap()
		return inner != nil && c.tells(inner)
	case interface{ Unwrap() []error }:
		for _, inner := range wrapped.Unwrap() {
			if inner != nil && c.tells(inner) {
				return true
			}
		}
	}
	return false
}

// redactedError stands for an error that told a secret. It matches what that matched
// by errors.Is; errors.As finds nothing in it, as it would find the secret.
type redactedError struct {
	text string
	is   func(target error) bool
}

func (e *redactedError) Error() string        { return e.text }
func (e *redactedError) Is(target error) bool { return e.is(target) }
