package wrapper

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper/internal/response"
)

// rateBlock is how long the service blocks an operation after code 416.
const rateBlock = 10 * time.Second

// classify makes the error of a response that is no success. err is the error of
// decoding it, and body is its body without secrets.
func (c *call) classify(err error, r *http.Response, body []byte) *Error {
	var apiError *wire.APIError
	var e *Error
	switch {
	case errors.As(err, &apiError):
		e = c.rejected(apiError, body)
	case r.StatusCode != http.StatusOK:
		e = c.badStatus(r, body)
	default: // a proxy's page, a response cut short
		e = c.failResponse(ErrBadResponse, err, body)
		e.transient = true
	}
	e.RetryAfter = response.RetryAfter(r.Header)
	if e.is(ErrRateLimited) && e.RetryAfter == 0 {
		e.RetryAfter = rateBlock
	}
	return e
}

// rejected makes the error of an API error, which is the service's own.
func (c *call) rejected(apiError *wire.APIError, body []byte) *Error {
	e := c.failResponse(kindOf(apiError.Code, apiError.Desc), nil, body)
	e.Code, e.Message = apiError.Code, apiError.Desc
	info, _ := gen.LookupCode(apiError.Code)
	e.transient, e.ambiguous = info.Transient, info.Executed != gen.NotExecuted
	if apiError.Code == 0 {
		e.kind, e.cause = ErrBadResponse, errors.New("the response's code is 0")
	}
	return e
}

// badStatus makes the error of a response with another HTTP status than 200 and without
// a code. The service itself always responds with 200; a gateway, a proxy and a wrong
// base URL do not.
func (c *call) badStatus(r *http.Response, body []byte) *Error {
	e := c.failResponse(ErrUnavailable, nil, body)
	switch status := r.StatusCode; {
	case status < 300:
		e.kind = ErrBadResponse
	case status < 400:
		e.kind, e.ambiguous = ErrBadResponse, false
		e.cause = fmt.Errorf("redirect to %s not followed", response.RedirectHost(r))
	case status == http.StatusTooManyRequests:
		e.kind, e.ambiguous = ErrRateLimited, false
	case status == http.StatusRequestTimeout:
		e.transient = true
	case status < 500:
		e.kind, e.ambiguous = ErrBadResponse, false
		e.cause = fmt.Errorf("not a response of the service (is the base URL right?): %q", response.Excerpt(body))
	case status == http.StatusServiceUnavailable:
		e.transient, e.ambiguous = true, false // sent in place of the service's response
	default:
		e.transient = true
	}
	return e
}

// kindOf returns the kind of an API error, which for 414 depends on its explanation. It
// is nil for a code that is not known.
func kindOf(code int, desc string) error {
	if code == gen.CodeBadParameter {
		return kindOfBadParameter(desc)
	}
	return kinds[code]
}

// kindOfBadParameter tells the failures of authentication apart from a bad parameter.
// They share code 414.
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
