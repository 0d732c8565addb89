package wrapper

import (
	"context"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper/internal/conn"
)

// mostReconnects bounds how many dead idle connections a call uses up. A transport that
// cannot close its idle connections may have many.
const mostReconnects = 256

// reconnect repeats an attempt that used an idle connection which the server had closed,
// until a new connection or a live one is used. It closes the other idle connections first,
// which not every transport can do. The attempt does not count, because neither the host
// nor the call caused the failure.
func reconnect(closeIdle func()) layer {
	return func(next stage) stage {
		return func(ctx context.Context, c *call) *Error {
			for {
				e := next(ctx, c)
				if !c.attempt.stale {
					return e
				}
				closeIdle()
				c.reconnects++
				c.ambiguous = c.ambiguous || e.ambiguous
				c.attempts--
				c.attempt = attempt{}
			}
		}
	}
}

// isStale reports whether an attempt without a response used a dead idle connection, in a
// call that may be sent again at once.
func (c *call) isStale(ctx context.Context, watch *conn.Watch, e *Error) bool {
	if c.reconnects >= mostReconnects || c.retry.Attempts <= 1 || !watch.Reused() || ctx.Err() != nil {
		return false
	}
	return !e.ambiguous || c.harmless()
}

// longestIdle is how long a connection may be idle before operations that cannot be repeated
// avoid it. The server may close an older connection while the request is on its way, and
// then it is unknown whether the request arrived.
const longestIdle = time.Second

// freshen closes the idle connections before such an operation if its host was not used for
// a while. Otherwise net/http takes the connection that was used last.
func freshen(closeIdle func()) layer {
	return func(next stage) stage {
		return func(ctx context.Context, c *call) *Error {
			if c.info.Operation.Idempotency == gen.Unsafe && c.attempt.host.IdleFor(c.attempt.began) > longestIdle {
				closeIdle()
			}
			return next(ctx, c)
		}
	}
}
