package wrapper

import (
	"bytes"
	"errors"

	"github.com/nimroom/nimroom/internal/wire"
)

// fail makes the error of a call or an attempt.
func (c *call) fail(kind, cause error) *Error {
	return &Error{Operation: c.info.Operation.ID, RequestID: c.info.RequestID, Attempts: c.attempts, kind: kind, cause: cause}
}

// badParameter is the error of a request that is not valid.
func (c *call) badParameter(err error) *Error {
	e := c.fail(ErrBadParameter, err)
	var field *wire.FieldError
	if errors.As(err, &field) {
		e.Field = field.Field
	}
	return e
}

// noResponse is the error of an attempt without a response: it was not connected, timed
// out, cancelled or cut off.
func (c *call) noResponse(err error, sent bool) *Error {
	e := c.fail(ErrUnavailable, err)
	e.transient, e.ambiguous = true, sent
	return e
}

// failResponse is the error of a response. Unless the caller knows better, the response
// leaves open whether the attempt was carried out.
func (c *call) failResponse(kind, cause error, body []byte) *Error {
	e := c.fail(kind, cause)
	e.HTTPStatus = c.attempt.response.StatusCode
	e.Body = bytes.Clone(body[:min(len(body), maxErrorBody)])
	e.ambiguous = true
	return e
}
