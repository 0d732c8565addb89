package wrapper

import (
	"context"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// Hooks observe calls, for logs, traces and metrics. Each function may be nil.
// They run on the goroutine of the call, one after the other, and must be safe
// for use by several goroutines. None of what they are given holds a secret, a
// signature or a form.
type Hooks struct {
	// Start is called when a call begins, before validation. The context it
	// returns is that of the call, its attempts and the other hooks; nil leaves it as
	// it is.
	Start func(ctx context.Context, call CallInfo) context.Context
	// Attempt is called after each attempt; not for one that the limiter held back
	// for good.
	Attempt func(ctx context.Context, attempt AttemptInfo)
	// End is called when the call ends.
	End func(ctx context.Context, end EndInfo)
}

// CallInfo tells which call it is.
type CallInfo struct {
	// Operation is the operation; its Path is a name with few values, fit for
	// labels.
	Operation *gen.Operation
	// RequestID is that of the RequestId header: one for a call, the same on
	// each of its attempts; see [Error.RequestID] for the exception.
	RequestID string
}

// AttemptInfo tells how an attempt went.
type AttemptInfo struct {
	CallInfo
	// Number counts attempts from 1.
	Number int
	// Host is the base URL that it went to.
	Host string
	// Start and Duration tell when it was and how long it took, without the wait for
	// the limiter.
	Start    time.Time
	Duration time.Duration
	// Err is nil in success and an *Error otherwise.
	Err error
	// Again tells that another attempt follows, after Wait.
	Again bool
	Wait  time.Duration
}

// EndInfo tells how a call went.
type EndInfo struct {
	CallInfo
	// Attempts counts how often it was sent.
	Attempts int
	// Duration is that of the whole call, waiting included.
	Duration time.Duration
	// Err is nil in success and an *Error otherwise.
	Err error
}

// hookList calls several hooks as one.
type hookList []Hooks

func (l hookList) start(ctx context.Context, call CallInfo) context.Context {
	for _, h := range l {
		if h.Start == nil {
			continue
		}
		if next := h.Start(ctx, call); next != nil {
			ctx = next //nolint:fatcontext // each hook builds on the one before
		}
	}
	return ctx
}

func (l hookList) attempt(ctx context.Context, attempt AttemptInfo) {
	for _, h := range l {
		if h.Attempt != nil {
			h.Attempt(ctx, attempt)
		}
	}
}

func (l hookList) end(ctx context.Context, end EndInfo) {
	for _, h := range l {
		if h.End != nil {
			h.End(ctx, end)
		}
	}
}
