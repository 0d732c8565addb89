package wrapper

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper/internal/response"
)

// classify returns the error for a response that is not a success. err is the error of
// decoding it, and body is its body without secrets.
func (c *call) classify(err error, r *http.Response, body []byte) *Error {
	var apiError *wire.APIError
	var e *Error
	switch {
	case errors.As(err, &apiError):
		e = c.rejected(apiError, body)
	case r.StatusCode != http.StatusOK:
		e = c.badStatus(r, body)
	default: // such as a proxy's page or a truncated response
		e = c.failResponse(ErrBadResponse, err, body)
		e.transient = true
	}
	e.RetryAfter = response.RetryAfter(r.Header)
	if e.is(ErrRateLimited) && e.RetryAfter == 0 {
		e.RetryAfter = c.info.Operation.RateLimitOr(gen.DefaultRateLimit).Block
	}
	return e
}

// rejected returns the error for an API error.
func (c *call) rejected(apiError *wire.APIError, body []byte) *Error {
	e := c.failResponse(kindOf(apiError.Code, apiError.Desc), nil, body)
	e.Code, e.Message = apiError.Code, apiError.Desc
	info, _ := gen.LookupCode(apiError.Code)
	e.transient, e.ambiguous = info.Transient || e.is(ErrRateLimited), info.Executed != gen.NotExecuted
	if e.transient && e.HTTPStatus != http.StatusOK {
		e.ambiguous = true // the code may be that of a gateway which repeats its status in JSON
	}
	if apiError.Code == 0 {
		e.kind, e.cause = ErrBadResponse, errors.New("the response's code is 0")
	}
	return e
}

// badStatus returns the error for a response with an HTTP status other than 200 and without
// a code. The service itself always responds with 200, so the response comes from a gateway
// or a proxy, or the base URL is wrong. A gateway may send any status after the service got
// the request; the outcome is therefore unknown.
func (c *call) badStatus(r *http.Response, body []byte) *Error {
	e := c.failResponse(ErrUnavailable, nil, body)
	switch status := r.StatusCode; {
	case status < 300:
		e.kind = ErrBadResponse
	case status < 400:
		e.kind = ErrBadResponse
		e.cause = fmt.Errorf("redirect to %s not followed", response.RedirectHost(r))
	case status == http.StatusTooManyRequests:
		e.kind, e.transient = ErrRateLimited, true
	case status == http.StatusRequestTimeout:
		e.transient = true
	case status < 500:
		e.kind = ErrBadResponse
		e.cause = fmt.Errorf("not a response of the service (is the base URL right?): %q", response.Excerpt(body))
	default:
		e.transient = true
	}
	return e
}

// kindOf returns the kind of an API error: that of its explanation, such as the one of code 414
// that authentication failed, or else that of its code. It is nil for an unknown code.
func kindOf(code int, desc string) error {
	if kind, known := textKinds[advice.Of(code, desc).Name()]; known {
		return kind
	}
	return kinds[code]
}
