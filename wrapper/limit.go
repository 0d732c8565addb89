package wrapper

import (
	"context"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper/internal/ratelimit"
)

// A Limiter keeps calls within the app's quota, which the service counts per operation.
// It must be safe for use by several goroutines. Package contrib/redislimit has one for
// a fleet that shares a quota.
type Limiter interface {
	// Wait returns when the operation may be sent once. An error ends the call before
	// anything is sent. When the context ends first, or would end first, the error is
	// the context's. The error may have a method RetryAfter() time.Duration that
	// returns how long the wait would have been, see [Error.RetryAfter].
	Wait(ctx context.Context, operation *gen.Operation) error
	// Blocked reports that the service rejected the operation for its rate and blocks
	// it for d.
	Blocked(operation *gen.Operation, d time.Duration)
}

// An Allower is a [Limiter] that can let a call through at once. The client asks Allow
// first, and Wait only if Allow returns false, which spares most calls a context of
// their own.
type Allower interface {
	Limiter
	// Allow takes a turn if there is one now, and reports whether it did.
	Allow(operation *gen.Operation) bool
}

// DefaultRate is the quota of an app per operation and second, unless the vendor has set
// another one.
const DefaultRate = 100

var _ Allower = (*ratelimit.Limiter)(nil)
