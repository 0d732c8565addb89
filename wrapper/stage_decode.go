package wrapper

import (
	"context"
	"net/http"

	"github.com/nimroom/nimroom/sign"
)

// decode decodes the result of a response, or its error. It is the last stage.
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
					err = quoting // the error quotes text that it cannot read
				}
			}
			return c.classify(err, c.attempt.response, clean)
		}
	}
}
