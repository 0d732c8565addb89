package wrapper

import (
	"context"
	"net/http"

	"github.com/nimroom/nimroom/sign"
)

// decode reads the result of a response, or the error in its place. It is the last stage.
func decode(credentials sign.Credentials) layer {
	return func(stage) stage {
		return func(_ context.Context, c *call) *Error {
			body := c.attempt.body.Bytes()
			err := c.decode(body)
			if err == nil && c.attempt.response.StatusCode == http.StatusOK {
				return nil
			}
			clean, redacted := c.secrets(credentials).Bytes(body)
			if redacted {
				if quoting := c.decode(clean); quoting != nil {
					err = quoting // the error quotes what it cannot read
				}
			}
			return c.classify(err, c.attempt.response, clean)
		}
	}
}
