package wrapper

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"unicode/utf8"

	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper/internal/response"
)

// decode decodes the result of a response, or its error. It is the last stage.
func decode(credentials sign.Credentials) layer {
	return func(stage) stage {
		return func(ctx context.Context, c *call) *Error {
			body := c.attempt.body.Bytes()
			err := c.decode(ctx, body)
			charset := response.Charset(c.attempt.response.Header)
			switch {
			case err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()):
				return c.brokeOff(ctx, "decoding the response broke off", err, body)
			case charset != "" && !utf8.Valid(body):
				err = fmt.Errorf("the response is in %s, not in UTF-8", wire.OneLine(charset))
			case err == nil && c.attempt.response.StatusCode == http.StatusOK:
				return nil
			}
			clean, redacted := c.secrets(credentials).Bytes(body)
			if redacted {
				if quoting := c.decode(ctx, clean); quoting != nil {
					err = quoting // the error quotes text that it cannot read
				}
			}
			return c.classify(err, c.attempt.response, clean)
		}
	}
}
