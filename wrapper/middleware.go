package wrapper

import (
	"errors"
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
	response, err := w.middleware(req, w.next)
	if response == nil && err == nil {
		return nil, errors.New("middleware: neither a response nor an error")
	}
	return response, err
}
