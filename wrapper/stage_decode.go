package wrapper

import (
	"context"
	"net/http"
)

// decode is the last stage. It reads the result, or the error in its place.
func decode(_ context.Context, c *call) *Error {
	a := &c.attempt
	err := c.decode(a.body)
	if err == nil && a.response.StatusCode == http.StatusOK {
		return nil
	}
	body, redacted := c.secrets.Bytes(a.body)
	if redacted {
		if quoting := c.decode(body); quoting != nil {
			err = quoting // the error quotes what it cannot read
		}
	}
	return c.classify(err, a.response, body)
}
