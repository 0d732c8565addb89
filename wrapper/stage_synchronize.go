package wrapper

import (
	"context"

	"github.com/nimroom/nimroom/wrapper/internal/clock"
)

// synchronize learns the service's time from its responses. It ignores the responses of
// gateways, and those that do not show that they come from the service.
func synchronize(service *clock.Clock) layer {
	return func(next stage) stage {
		return func(ctx context.Context, c *call) *Error {
			used, sent := service.Offset(), service.Local(c.attempt.began)
			e := next(ctx, c)
			switch {
			case e == nil:
				service.Learn(c.attempt.response.Header, sent, used, false)
			case e.Code != 0 && !e.is(ErrBadSignature):
				c.attempt.clockMoved = service.Learn(c.attempt.response.Header, sent, used, e.is(ErrClock))
			}
			return e
		}
	}
}
