package wrapper

import (
	"context"

	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper/internal/redact"
)

// redactErrors removes the app's secret and the signatures of the call from errors. It
// stands in the chain twice: around the call, and around each attempt, whose error hooks
// and the retry policy see.
func redactErrors(credentials sign.Credentials) layer {
	return func(next stage) stage {
		return func(ctx context.Context, c *call) *Error {
			e := next(ctx, c)
			if e != nil {
				secrets := c.secrets(credentials)
				e.Message = secrets.Text(e.Message)
				e.Body, _ = secrets.Bytes(e.Body)
				e.cause = secrets.Error(e.cause)
			}
			return e
		}
	}
}

// secrets returns the texts that must not appear in errors of the call.
func (c *call) secrets(credentials sign.Credentials) *redact.Secrets {
	return &redact.Secrets{Credentials: credentials, CheckSums: c.checkSums}
}
