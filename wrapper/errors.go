package wrapper

import (
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/internal/wire"
)

// The kinds of errors, for [errors.Is]. An *[Error] matches at most one of them, and
// [ErrOutcomeUnknown] besides when that applies.
var (
	// ErrRateLimited: the app called the operation too often (code 416). The operation
	// stays blocked for a time, which is in [Error.RetryAfter]: 10 seconds for most
	// operations.
	ErrRateLimited = errors.New("rate limited")
	// ErrNotFound: the room, the account, the member or the queue does not exist (404,
	// 117404).
	ErrNotFound = errors.New("not found")
	// ErrForbidden: the operator may not do this, the account is banned, or the feature
	// is not enabled for the app (403, 301, 302, 315, 422, 463, 508, 997, 13005).
	ErrForbidden = errors.New("forbidden")
	// ErrBadParameter: a field is missing, malformed or over its limit. It is found
	// before the request is sent ([Error.Field] names the field) or by the service (414,
	// 405, 509).
	ErrBadParameter = errors.New("bad parameter")
	// ErrBadSignature: the app key is unknown, the secret is wrong, or a signing header
	// is missing (414). Check the credentials.
	ErrBadSignature = errors.New("bad signature")
	// ErrClock: the time in the signature is more than five minutes off the service's
	// (414). Set the machine's clock.
	ErrClock = errors.New("clock is off")
	// ErrDuplicate: the room or the member is already as the request wants it (417), or
	// the same request arrived before (431).
	ErrDuplicate = errors.New("duplicate")
	// ErrOverLimit: a count is over its limit (419).
	ErrOverLimit = errors.New("over limit")
	// ErrRoomClosed: the room is closed (13002). Open it first.
	ErrRoomClosed = errors.New("room is closed")
	// ErrBlocked: the account is on the room's blocklist (13003).
	ErrBlocked = errors.New("on the blocklist")
	// ErrMuted: the account or the room is muted (13004, 423, 13006).
	ErrMuted = errors.New("muted")
	// ErrServerFault: the service failed (500, 408, 998, 999).
	ErrServerFault = errors.New("server fault")
	// ErrUnavailable: the service cannot be reached, does not respond in time, or is
	// busy (503, 514, 449, 511, 13001, most HTTP statuses other than 200).
	ErrUnavailable = errors.New("unavailable")
	// ErrBadResponse: the response is not a response of the service. It is not JSON, is
	// truncated, has the wrong shape, does not say what it is about (such as a room without
	// an id), is too large, is a redirect, or has an HTTP status such as 404 and no code, so
	// that something else responds at the base URL.
	ErrBadResponse = errors.New("unreadable response")

	// ErrOutcomeUnknown: the operation changes something and may have been carried out,
	// although no response says so. Find out before calling it again.
	ErrOutcomeUnknown = errors.New("outcome unknown")
	// ErrAttemptTimeout: an attempt took longer than [WithAttemptTimeout] allows. Such an
	// error matches [context.DeadlineExceeded] too.
	ErrAttemptTimeout = errors.New("the attempt took too long")
	// ErrCallTimeout: the call took longer than [WithTimeout] allows. Such an error matches
	// [context.DeadlineExceeded] too. If the deadline of the caller's context passed
	// instead, the error matches neither ErrCallTimeout nor [ErrAttemptTimeout].
	ErrCallTimeout = errors.New("the call took too long")
	// ErrResultUnknown: what was asked for is the case, but the operation was sent again
	// because a response was lost, and the response that came may leave out what the lost
	// attempt did. Such an error matches [ErrOutcomeUnknown] too.
	ErrResultUnknown = errors.New("result unknown")
)

// Error is the failure of one operation. [errors.Is] compares it with the kinds of
// errors. errors.Is and [errors.As] also find its cause, such as
// [context.DeadlineExceeded] or a [net.OpError]. If the caller cancelled the call, they find
// both [context.Canceled] and the cause of the context ([context.Cause]).
type Error struct {
	// Operation is the operation's id, such as createChatroom.
	Operation string
	// Code is the code in the response; 0 when there was none.
	Code int
	// Message is the service's own explanation (desc), as text.
	Message string
	// HTTPStatus is the status of the response; 0 when there was none.
	HTTPStatus int
	// Field is the wire name of the field that was not valid before the request was
	// sent; empty in all other cases.
	Field string
	// RequestID is the RequestId header. It is the same for all attempts, except that the
	// client repeats a read under a new id if the service took it for its own repeat.
	RequestID string
	// Attempts counts how often the request was sent, except over a dead idle connection.
	// It is 0 if nothing was sent.
	Attempts int
	// RetryAfter is how long to wait before calling again: the rest of the block after
	// ErrRateLimited, or the time that the response gives. It is 0 if neither is known.
	RetryAfter time.Duration
	// MayHaveTakenEffect reports that the operation changes something and may or may not
	// have been carried out.
	MayHaveTakenEffect bool
	// Ask is the id of the operation that shows whether it was, such as
	// listUserChatrooms; empty unless MayHaveTakenEffect.
	Ask string
	// Body is the body of the response, cut off at 64 KiB; nil when there was none. The
	// app's secret and the signature are REDACTED in it.
	Body []byte

	kind  error // one of the Err variables, or nil
	cause error

	transient bool // another attempt may succeed
	ambiguous bool // the last attempt may have been carried out
}

// maxErrorBody bounds what an Error keeps of a body.
const maxErrorBody = 64 << 10

// Error returns one line with the operation, what went wrong, and at most 1000 bytes each of
// the service's explanation and of the cause, without control characters. It contains
// neither the request nor a secret.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Operation)
	if e.Code != 0 {
		b.WriteString(": code ")
		b.WriteString(strconv.Itoa(e.Code))
	} else if e.HTTPStatus != 0 && e.HTTPStatus != 200 {
		b.WriteString(": HTTP status ")
		b.WriteString(strconv.Itoa(e.HTTPStatus))
	}
	if e.kind != nil {
		b.WriteString(": ")
		b.WriteString(e.kind.Error())
	}
	if e.Message != "" {
		b.WriteString(": ")
		b.WriteString(wire.OneLine(e.Message))
	}
	if e.cause != nil {
		b.WriteString(": ")
		b.WriteString(wire.OneLine(e.cause.Error()))
	}
	if e.MayHaveTakenEffect {
		b.WriteString(" (it may have taken effect")
		if e.Ask != "" {
			b.WriteString("; to find out, ask ")
			b.WriteString(e.Ask)
		}
		b.WriteString(")")
	}
	return b.String()
}

// Is reports whether the target is the error's kind, or ErrOutcomeUnknown if that applies.
func (e *Error) Is(target error) bool {
	return e.kind != nil && target == e.kind || e.MayHaveTakenEffect && target == ErrOutcomeUnknown
}

// orNil returns e as an error, which is nil if e is nil.
func (e *Error) orNil() error {
	if e == nil {
		return nil
	}
	return e
}

// is reports whether the error is of one of the kinds.
func (e *Error) is(kinds ...error) bool { return slices.Contains(kinds, e.kind) }

// Unwrap returns the cause, which is nil for an API error.
func (e *Error) Unwrap() error { return e.cause }

// LogValue returns the attributes that log/slog records, which are all but the body.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("operation", e.Operation), slog.String("requestId", e.RequestID), slog.Int("attempts", e.Attempts)}
	return slog.GroupValue(append(attrs, e.outcome()...)...)
}

// outcome returns the attributes that say how the service responded, for every record of
// an error.
func (e *Error) outcome() []slog.Attr {
	var attrs []slog.Attr
	if e.Code != 0 {
		attrs = append(attrs, slog.Int("code", e.Code))
	}
	if e.HTTPStatus != 0 {
		attrs = append(attrs, slog.Int("httpStatus", e.HTTPStatus))
	}
	if e.kind != nil {
		attrs = append(attrs, slog.String("kind", e.kind.Error()))
	}
	if e.Message != "" {
		attrs = append(attrs, slog.String("message", wire.OneLine(e.Message)))
	}
	if e.cause != nil {
		attrs = append(attrs, slog.String("cause", wire.OneLine(e.cause.Error())))
	}
	if e.Field != "" {
		attrs = append(attrs, slog.String("field", e.Field))
	}
	if e.RetryAfter > 0 {
		attrs = append(attrs, slog.Duration("retryAfter", e.RetryAfter))
	}
	attrs = append(attrs, slog.Bool("mayHaveTakenEffect", e.MayHaveTakenEffect))
	if e.Ask != "" {
		attrs = append(attrs, slog.String("ask", e.Ask))
	}
	return attrs
}
