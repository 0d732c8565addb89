package wrapper

import (
	"context"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper/internal/conn"
)

// reconnect makes an attempt again that met an idle connection which the far side had
// closed. It closes the other idle connections first and does so once in a call, because
// after that all connections are new. Neither the host nor the call is to blame, so the
// attempt is not counted.
func reconnect(closeIdle func()) layer {
	return func(next stage) stage {
		return func(ctx context.Context, c *call) *Error {
			e := next(ctx, c)
			if !c.attempt.stale {
				return e
			}
			closeIdle()
			c.reconnected = true
			c.ambiguous = c.ambiguous || e.ambiguous
			c.attempts--
			c.attempt = attempt{}
			return next(ctx, c)
		}
	}
}

// isStale reports whether an attempt that was not responded to met a dead idle
// connection, in a call that may be sent again without more ado.
func (c *call) isStale(ctx context.Context, watch *conn.Watch, e *Error) bool {
	if c.reconnected || c.retry.Attempts <= 1 || !watch.Reused() || ctx.Err() != nil {
		return false
	}
	// An operation that is marked when it is sent again goes through repeat.
	return !e.ambiguous || c.info.Operation.Idempotency != gen.Unsafe && c.info.Operation.Repeat == nil
}

// longestIdle is how long the connections of a host may be idle before an operation that
// cannot be repeated avoids them. On an older connection the request can cross the far
// side's closing, and then nothing says whether it arrived.
const longestIdle = time.Second

// freshen closes the idle connections before such an operation if its host was not used
// for a while. If it was, net/http takes the connection that was used last.
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
