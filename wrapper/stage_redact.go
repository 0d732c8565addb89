package wrapper

import "context"

// redactErrors removes the app's secret and the signatures of the call from errors. It
// stands in the chain twice: around the call, and around each attempt, whose error hooks
// and the retry policy see.
func redactErrors(next stage) stage {
	return func(ctx context.Context, c *call) *Error {
		e := next(ctx, c)
		if e != nil {
			e.Message = c.secrets.Text(e.Message)
			e.Body, _ = c.secrets.Bytes(e.Body)
			e.cause = c.secrets.Error(e.cause)
		}
		return e
	}
}
