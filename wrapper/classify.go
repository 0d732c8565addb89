package wrapper

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wire"
)

// fail makes the call's error.
func (c *call) fail(kind, cause error) *Error {
	return &Error{Operation: c.operation.ID, Attempts: c.attempts, kind: kind, cause: cause}
}

// changes tells whether the operation changes anything, so that an attempt
// with no known outcome matters.
func (c *call) changes() bool { return c.operation.Idempotency != gen.Safe }

// invalid reports a request that fails validation.
func (c *call) invalid(err error) *Error {
	e := c.fail(ErrBadParameter, err)
	var field *wire.FieldError
	if errors.As(err, &field) {
		e.Field = field.Field
	}
	return e
}

// unanswered reports an attempt without an answer: not connected, timed out,
// cancelled, cut off.
func (c *call) unanswered(err error, sent bool) *Error {
	e := c.fail(ErrUnavailable, err)
	e.MayHaveTakenEffect = sent && c.changes()
	return e
}

// interrupted reports an answer that broke off.
func (c *call) interrupted(status int, err error, body []byte) *Error {
	e := c.fail(ErrUnavailable, fmt.Errorf("the answer broke off after %d bytes: %w", len(body), err))
	return c.answered(e, status, body)
}

// tooLarge reports an answer over the client's limit.
func (c *call) tooLarge(status int, limit int64, body []byte) *Error {
	return c.answered(c.fail(ErrBadAnswer, fmt.Errorf("the answer is larger than %d bytes", limit)), status, body)
}

// answered completes the error of an answer that tells no outcome.
func (c *call) answered(e *Error, status int, body []byte) *Error {
	e.HTTPStatus = status
	e.Body = bytes.Clone(body[:min(len(body), maxErrorBody)])
	e.MayHaveTakenEffect = c.changes()
	return e
}

// classify turns an answer that is no success into the call's error; err is
// what decoding it gave.
func (c *call) classify(err error, response *http.Response, body []byte) *Error {
	var refusal *wire.Refusal
	switch {
	case errors.As(err, &refusal):
		return c.refused(refusal, response.StatusCode, body)
	case response.StatusCode != http.StatusOK:
		return c.badStatus(response, body)
	}
	return c.answered(c.fail(ErrBadAnswer, err), http.StatusOK, body)
}

// refused reports a refusal by the service.
func (c *call) refused(refusal *wire.Refusal, status int, body []byte) *Error {
	e := c.answered(c.fail(kindOf(refusal.Code, refusal.Desc), nil), status, body)
	e.Code, e.Message = refusal.Code, refusal.Desc
	e.MayHaveTakenEffect = c.changes() && executed(refusal.Code) != gen.NotExecuted
	return e
}

// badStatus reports an answer with another HTTP status than 200. The service
// itself always answers 200; a gateway, a proxy or a wrong base URL does not.
func (c *call) badStatus(response *http.Response, body []byte) *Error {
	status := response.StatusCode
	e := c.answered(c.fail(ErrUnavailable, nil), status, body)
	switch {
	case status >= 300 && status < 400:
		e.kind = ErrBadAnswer
		e.cause = fmt.Errorf("redirect to %s not followed", redirectHost(response))
		e.MayHaveTakenEffect = false
	case status == http.StatusTooManyRequests:
		e.kind = ErrRateLimited
		e.MayHaveTakenEffect = false
	case status == http.StatusServiceUnavailable:
		e.MayHaveTakenEffect = false // answered in place of the service
	case status == http.StatusNotFound:
		e.kind = ErrNotFound
		e.MayHaveTakenEffect = false
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		e.kind = ErrForbidden
		e.MayHaveTakenEffect = false
	case status >= 400 && status < 500:
		e.kind = ErrBadParameter
		e.MayHaveTakenEffect = false
	case status < 300:
		e.kind = ErrBadAnswer
	}
	return e
}

// redirectHost names where a redirect points, without its query.
func redirectHost(response *http.Response) string {
	u, err := response.Location()
	if err != nil {
		return "nowhere"
	}
	return u.Scheme + "://" + u.Host
}

// kindOf maps a code, and for 414 its explanation, to what went wrong; nil for
// a code that is not known.
func kindOf(code int, desc string) error {
	switch code {
	case gen.CodeBadParameter:
		return kindOfBadParameter(desc)
	case gen.CodeParameterTooLong, gen.CodeInvalidProtocol:
		return ErrBadParameter
	case gen.CodeForbidden, gen.CodeBanned, gen.CodeWrongCredentials, gen.CodeIPRestricted,
		gen.CodeAccountDisabled, gen.CodeProfileRejected, gen.CodeRecallTooLate:
		return ErrForbidden
	case gen.CodeNotFound:
		return ErrNotFound
	case gen.CodeRateLimited:
		return ErrRateLimited
	case gen.CodeDuplicateOperation, gen.CodeDuplicateRequest:
		return ErrDuplicate
	case gen.CodeOverLimit:
		return ErrOverLimit
	case gen.CodeRoomClosed:
		return ErrRoomClosed
	case gen.CodeBlocked:
		return ErrBlocked
	case gen.CodeMuted, gen.CodeAccountMuted:
		return ErrMuted
	case gen.CodeServerFault, gen.CodeClientTimeout, gen.CodeUnpackError, gen.CodePackError:
		return ErrServerFault
	case gen.CodeServerBusy, gen.CodeServiceUnavailable, gen.CodeLinkAbnormal:
		return ErrUnavailable
	}
	return nil
}

// kindOfBadParameter tells the failures of authentication, which share code
// 414, from a bad parameter.
func kindOfBadParameter(desc string) error {
	lower := strings.ToLower(strings.TrimSpace(desc))
	switch {
	case lower == "checksum", lower == "appkey",
		lower == "appkey is empty", lower == "nonce is empty", lower == "curtime is empty", lower == "checksum is empty":
		return ErrBadSignature
	case strings.HasPrefix(lower, "curtime is "):
		return ErrClock
	}
	return ErrBadParameter
}

// executed tells whether an operation refused with a code may have happened.
// Of a code that is not known nobody can tell.
func executed(code int) gen.Executed {
	if info, ok := gen.LookupCode(code); ok {
		return info.Executed
	}
	return gen.MaybeExecuted
}
