package nimotel

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/semconv/v1.43.0/rpcconv"

	"github.com/nimroom/nimroom/wrapper"
)

// kinds are the values of error.type. The first that matches an error applies. An error
// that wraps both a deadline and a more specific error gets the name of the latter.
var kinds = []struct {
	err  error
	name string
}{
	{wrapper.ErrResultUnknown, "result_unknown"},
	{context.Canceled, "canceled"},
	{wrapper.ErrRateLimited, "rate_limited"},
	{wrapper.ErrNotFound, "not_found"},
	{wrapper.ErrForbidden, "forbidden"},
	{wrapper.ErrBadParameter, "bad_parameter"},
	{wrapper.ErrBadSignature, "bad_signature"},
	{wrapper.ErrClock, "clock"},
	{wrapper.ErrDuplicate, "duplicate"},
	{wrapper.ErrOverLimit, "over_limit"},
	{wrapper.ErrRoomClosed, "room_closed"},
	{wrapper.ErrBlocked, "blocked"},
	{wrapper.ErrMuted, "muted"},
	{wrapper.ErrServerFault, "server_fault"},
	{wrapper.ErrBadResponse, "bad_response"},
	{wrapper.ErrAttemptTimeout, "attempt_timeout"},
	{wrapper.ErrCallTimeout, "call_timeout"},
	{context.DeadlineExceeded, "deadline_exceeded"}, // the caller's
	{wrapper.ErrUnavailable, "unavailable"},
}

// kind returns the value of error.type for an error, or "" for nil.
func kind(err error) string {
	if err == nil {
		return ""
	}
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return k.name
		}
	}
	return string(rpcconv.ErrorTypeOther)
}

// outcome returns the value of error.type for a call, or "" if it succeeded. An unknown
// outcome takes precedence over its cause.
func outcome(err error) string {
	if errors.Is(err, wrapper.ErrOutcomeUnknown) && !errors.Is(err, wrapper.ErrResultUnknown) {
		return "outcome_unknown"
	}
	return kind(err)
}
