package wrapper

import (
	"context"
	"time"

	"github.com/nimroom/nimroom/wrapper/internal/hosts"
	"github.com/nimroom/nimroom/wrapper/internal/response"
)

// route picks the host of an attempt and notes whether it responded.
func route(pool *hosts.Pool) layer {
	return func(next stage) stage {
		return func(ctx context.Context, c *call) *Error {
			var host *hosts.Host
			if c.baseURL != "" {
				host = pool.Pin(c.baseURL)
			} else {
				host = pool.Pick() //nolint:contextcheck // a probe of a paused host outlives the call
			}
			c.attempt.host = host
			e := next(ctx, c)
			switch a := &c.attempt; {
			case !a.signed, a.stale: // nothing is known about the host
			case a.body == nil: // no complete response came
				if ctx.Err() == nil && !c.overdue() { // the host had enough time
					host.Failed(time.Now())
				}
			case response.IsGateway(a.response.StatusCode):
				host.Failed(time.Now())
			default:
				host.Responded(a.began)
			}
			return e
		}
	}
}
