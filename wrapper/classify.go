package wrapper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// fail makes the error of an attempt.
func (c *call) fail(kind, cause error) *Error {
	return &Error{Operation: c.operation.ID, RequestID: c.info.RequestID, Attempts: c.attempts, kind: kind, cause: cause}
}

// changes tells whether the operation changes anything, so that an attempt
// with no known outcome matters.
func (c *call) changes() bool { return c.operation.Idempotency != gen.Safe }

// settle marks the error with what the attempts so far leave open.
func (c *call) settle(e *Error) {
	c.ambiguous = c.ambiguous || e.ambiguous
	if c.ambiguous && c.changes() {
		e.MayHaveTakenEffect = true
		e.Ask = c.operation.Ask
	}
}

// invalid reports a request that fails validation.
func (c *call) invalid(err error) *Error {
	e := c.fail(ErrBadParameter, err)
	var field *wire.FieldError
	if errors.As(err, &field) {
		e.Field = field.Field
	}
	c.redactError(e)
	return e
}

// unclear reports a call that is done, by an answer that may hide what it did.
func (c *call) unclear() *Error {
	e := c.fail(ErrResultUnknown, errors.New("an earlier attempt without an answer may have changed what "+c.operation.Unclear+" does not tell"))
	e.Code, e.HTTPStatus = gen.CodeOK, http.StatusOK
	e.MayHaveTakenEffect, e.Ask = true, c.operation.Ask
	return e
}

// held reports a call that the limiter did not let through.
func (c *call) held(err error) *Error {
	kind := ErrRateLimited
	if errors.Is(err, context.Canceled) {
		kind = ErrUnavailable // the caller gave up
	}
	e := c.fail(kind, fmt.Errorf("held back by the limiter: %w", err))
	var told interface{ RetryAfter() time.Duration }
	if errors.As(err, &told) {
		e.RetryAfter = told.RetryAfter()
	}
	return e
}

// unanswered reports an attempt without an answer: not connected, timed out,
// cancelled, cut off.
func (c *call) unanswered(err error, sent bool) *Error {
	e := c.fail(ErrUnavailable, err)
	e.transient, e.ambiguous = true, sent
	return e
}

// interrupted reports an answer that broke off.
func (c *call) interrupted(status int, err error, body []byte) *Error {
	e := c.fail(ErrUnavailable, fmt.Errorf("the answer broke off after %d bytes: %w", len(body), err))
	e.transient = true
	return e.answered(status, body)
}

// tooLarge reports an answer over the client's limit.
func (c *call) tooLarge(status int, limit int64, body []byte) *Error {
	return c.fail(ErrBadResponse, fmt.Errorf("the answer is larger than %d bytes", limit)).answered(status, body)
}

// answered completes the error of an answer, which tells no outcome unless the
// caller knows better.
func (e *Error) answered(status int, body []byte) *Error {
	e.HTTPStatus = status
	e.Body = bytes.Clone(body[:min(len(body), maxErrorBody)])
	e.ambiguous = true
	return e
}

// classify turns an answer that is no success into the attempt's error; err is
// what decoding it gave.
func (c *call) classify(err error, response *http.Response, body []byte) *Error {
	var refusal *wire.APIError
	var e *Error
	switch {
	case errors.As(err, &refusal):
		e = c.refused(refusal, response.StatusCode, body)
	case response.StatusCode != http.StatusOK:
		e = c.badStatus(response, body)
	default:
		e = c.fail(ErrBadResponse, err).answered(http.StatusOK, body)
		e.transient = true // a proxy's page, an answer cut short
	}
	e.RetryAfter = retryAfter(response.Header)
	if e.is(ErrRateLimited) && e.RetryAfter == 0 {
		e.RetryAfter = rateBlock
	}
	return e
}

// refused reports a refusal by the service.
func (c *call) refused(refusal *wire.APIError, status int, body []byte) *Error {
	e := c.fail(kindOf(refusal.Code, refusal.Desc), nil).answered(status, body)
	e.Code, e.Message = refusal.Code, refusal.Desc
	info, _ := gen.LookupCode(refusal.Code)
	e.transient, e.ambiguous = info.Transient, info.Executed != gen.NotExecuted
	if refusal.Code == 0 {
		e.kind, e.cause = ErrBadResponse, errors.New("the answer's code is 0")
	}
	return e
}

// badStatus reports an answer with another HTTP status than 200. The service
// itself always answers 200; a gateway, a proxy or a wrong base URL does not.
func (c *call) badStatus(response *http.Response, body []byte) *Error {
	status := response.StatusCode
	e := c.fail(ErrUnavailable, nil).answered(status, body)
	switch {
	case status < 300:
		e.kind = ErrBadResponse
		return e
	case status < 400:
		e.kind = ErrBadResponse
		e.cause = fmt.Errorf("redirect to %s not followed", redirectHost(response))
	case status == http.StatusTooManyRequests:
		e.kind = ErrRateLimited
	case status == http.StatusRequestTimeout:
		e.transient = true
		return e
	case status < 500:
		e.kind = ErrBadResponse
		e.cause = fmt.Errorf("no answer of the service (is the base URL right?): %q", shorten(body))
	case status == http.StatusServiceUnavailable:
		e.transient = true // answered in place of the service
	default:
		e.transient = true
		return e
	}
	e.ambiguous = false
	return e
}

// isGateway tells a status by which a gateway says that it has no service
// behind it.
func isGateway(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// retryAfter reads the Retry-After header, in seconds or as a date.
func retryAfter(header http.Header) time.Duration {
	text := header.Get("Retry-After")
	seconds, err := strconv.Atoi(text) // the largest number where it is too large
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(max(0, seconds), maxRetryAfter)) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now := time.Now()
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date // by the same clock
	}
	return min(max(0, at.Sub(now)), maxRetryAfter*time.Second)
}

// maxRetryAfter, in seconds, keeps what a server says from overflowing.
const maxRetryAfter = 24 * 60 * 60

// shorten is what an error says of a body.
func shorten(body []byte) string {
	const shown = 120
	text := strings.Join(strings.Fields(string(body[:min(len(body), 4*shown)])), " ")
	if len(text) > shown {
		return strings.ToValidUTF8(text[:shown], "") + "..."
	}
	return text
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
