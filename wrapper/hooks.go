package wrapper

import (
	"context"
	"slices"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// Hooks observe calls, for logs, traces and metrics. Each function may be nil. The functions
// run on the goroutine of the call, one after the other, and must be safe for concurrent use
// by several goroutines. Their arguments hold no secret, no signature and no form.
type Hooks struct {
	// Start is called when a call begins, before validation. The context that it
	// returns is used for the call, its attempts and the other hooks. Nil leaves the
	// context as it is.
	Start func(ctx context.Context, call CallInfo) context.Context
	// Attempt is called after each attempt. It is not called for an attempt that the
	// limiter did not let through.
	Attempt func(ctx context.Context, attempt AttemptInfo)
	// End is called when the call ends, also if it ends with a panic of a function that the
	// caller gave to the client. Start may then not have been called.
	End func(ctx context.Context, end EndInfo)
	// Err says why the hooks cannot be used, such as an option that is nil. [New] returns it.
	Err error
}

// CallInfo describes a call.
type CallInfo struct {
	// Operation is the operation. Its Path has few values and can serve as a label.
	Operation *gen.Operation
	// RequestID is the RequestId header. It is the same for all attempts of a call; see
	// [Error.RequestID] for the exception.
	RequestID string
	// RoomID is the room that the form names, or 0.
	RoomID gen.RoomID
}

// AttemptInfo describes an attempt.
type AttemptInfo struct {
	CallInfo
	// Number counts attempts from 1.
	Number int
	// Host is the base URL that the attempt went to.
	Host string
	// Start is when the attempt began and Duration how long it took, both without the
	// wait for the limiter.
	Start    time.Time
	Duration time.Duration
	// Err is nil after a success and an *Error otherwise.
	Err error
	// Again reports that another attempt follows, after Wait.
	Again bool
	Wait  time.Duration
}

// EndInfo describes how a call ended.
type EndInfo struct {
	CallInfo
	// Attempts counts how often the call was sent.
	Attempts int
	// Duration is that of the whole call, with all waits.
	Duration time.Duration
	// Err is nil after a success and an *Error otherwise.
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
	for _, h := range slices.Backward(l) {
		if h.Attempt != nil {
			defer h.Attempt(ctx, attempt) // in order, also after one of them panics
		}
	}
}

func (l hookList) end(ctx context.Context, end EndInfo) {
	for _, h := range slices.Backward(l) {
		if h.End != nil {
			defer h.End(ctx, end) // in order, also after one of them panics
		}
	}
}
