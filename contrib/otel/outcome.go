package nimotel

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/semconv/v1.43.0/rpcconv"

	"github.com/nimroom/nimroom/wrapper"
)

// kinds are the values of error.type, the first that matches an error first. A
// time-out is an error of its own only where nothing else is known.
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
	{context.DeadlineExceeded, "deadline_exceeded"},
	{wrapper.ErrUnavailable, "unavailable"},
}

// kind names what went wrong, empty for nothing.
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

// outcome names how a call ended, empty for success. That it may have been
// carried out matters more than why that is not known.
func outcome(err error) string {
	if errors.Is(err, wrapper.ErrOutcomeUnknown) && !errors.Is(err, wrapper.ErrResultUnknown) {
		return "outcome_unknown"
	}
	return kind(err)
}
