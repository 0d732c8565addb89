package wrapper

import (
	"context"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper/internal/ratelimit"
)

// A Limiter keeps calls within the app's quota, which the service counts per operation. It
// must be safe for concurrent use by several goroutines. Package contrib/redislimit has a
// limiter for several processes that share a quota.
type Limiter interface {
	// Wait waits until the operation may be sent once. If it returns an error, the call
	// fails and nothing is sent. If the context ends first, or would end first, Wait
	// returns the context's error. The error may have a method RetryAfter() time.Duration
	// that returns how long the wait would have been; see [Error.RetryAfter].
	Wait(ctx context.Context, operation *gen.Operation) error
	// Blocked reports that the service rejected the operation for its rate and blocks
	// it for d.
	Blocked(operation *gen.Operation, d time.Duration)
}

// An Allower is a [Limiter] that can let a call through at once. The client calls Allow
// first, and Wait only if Allow returns false. Most calls then need no context of their own.
type Allower interface {
	Limiter
	// Allow takes a turn if there is one now, and reports whether it did.
	Allow(operation *gen.Operation) bool
}

var _ Allower = (*ratelimit.Limiter)(nil)
