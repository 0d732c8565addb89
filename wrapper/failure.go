package wrapper

import (
	"bytes"
	"errors"

	"github.com/nimroom/nimroom/internal/wire"
)

// fail returns an error for a call or an attempt.
func (c *call) fail(kind, cause error) *Error {
	return &Error{Operation: c.info.Operation.ID, RequestID: c.info.RequestID, Attempts: c.attempts, kind: kind, cause: cause}
}

// badParameter returns the error for a request that is not valid.
func (c *call) badParameter(err error) *Error {
	e := c.fail(ErrBadParameter, err)
	var field *wire.FieldError
	if errors.As(err, &field) {
		e.Field = field.Field
	}
	return e
}

// noResponse returns the error for an attempt without a response: it found no connection,
// timed out, was cancelled, or lost its connection.
func (c *call) noResponse(err error, sent bool) *Error {
	e := c.fail(ErrUnavailable, err)
	e.transient, e.ambiguous = true, sent
	return e
}

// failResponse returns the error for a response. The error says that the attempt may have
// been carried out; a caller that knows better resets that.
func (c *call) failResponse(kind, cause error, body []byte) *Error {
	e := c.fail(kind, cause)
	e.HTTPStatus = c.attempt.response.StatusCode
	e.Body = bytes.Clone(body[:min(len(body), maxErrorBody)])
	e.ambiguous = true
	return e
}
