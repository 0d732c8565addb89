package wrapper

import (
	"errors"
	"io"
	"net/http"
	"slices"

	"github.com/nimroom/nimroom/gen"
)

// Middleware wraps the sending of each attempt. It runs after the request was signed
// and before the HTTP client sends it. A middleware may look at the request and the
// response, respond in place of the service, or fail. It must call next at most once.
//
// The headers of the request hold the signature, which is valid for five minutes. A
// middleware that writes headers to a log must leave it out. The client removes the
// signature from errors that a middleware returns.
type Middleware func(req *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error)

// withMiddleware puts middleware around a sender, the first one outermost.
func withMiddleware(sender gen.HttpRequestDoer, middleware []Middleware) gen.HttpRequestDoer {
	for _, m := range slices.Backward(middleware) {
		sender = wrapped{m, sender.Do}
	}
	return sender
}

type wrapped struct {
	middleware Middleware
	next       func(*http.Request) (*http.Response, error)
}

func (w wrapped) Do(req *http.Request) (*http.Response, error) {
	var open io.Closer // the body that must be closed if the middleware panics
	defer func() {
		if open != nil {
			_ = open.Close()
		}
	}()
	response, err := w.middleware(req, func(req *http.Request) (*http.Response, error) {
		response, err := w.next(req)
		if response != nil && response.Body != nil {
			open = response.Body
		}
		return response, err
	})
	switch {
	case err != nil: // nobody reads the body
		if response != nil && response.Body != nil {
			_ = response.Body.Close()
		}
		return nil, err
	case response == nil:
		return nil, errors.New("middleware: neither a response nor an error")
	}
	open = nil
	return response, nil
}
