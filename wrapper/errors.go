package wrapper

import (
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// What can go wrong, for [errors.Is]. Each *[Error] matches at most one of
// these and, besides, [ErrOutcomeUnknown] where that is so.
var (
	// ErrRateLimited: the app called the operation too often (code 416). The
	// operation stays blocked for 10 seconds; wait before calling it again.
	ErrRateLimited = errors.New("rate limited")
	// ErrNotFound: the room, the account or the member does not exist (404).
	ErrNotFound = errors.New("not found")
	// ErrForbidden: the operator may not do this, the account is banned, or the
	// feature is not switched on for the app (403, 301, 302, 315, 422, 13005).
	ErrForbidden = errors.New("forbidden")
	// ErrBadParameter: a field is missing, malformed or over its limit, found
	// before the request was sent ([Error.Field] tells which) or by the service
	// (414, 405, 509).
	ErrBadParameter = errors.New("bad parameter")
	// ErrBadSignature: the app key is unknown, the secret is wrong, or a signing
	// header is missing (414). Check the credentials.
	ErrBadSignature = errors.New("bad signature")
	// ErrClock: the time in the signature is more than five minutes off the
	// service's (414). Set the machine's clock.
	ErrClock = errors.New("clock is off")
	// ErrDuplicate: what was asked for is already so (417), or the same request
	// arrived before (431).
	ErrDuplicate = errors.New("duplicate")
	// ErrOverLimit: a count is over its limit (419).
	ErrOverLimit = errors.New("over limit")
	// ErrRoomClosed: the room is closed (13002). Open it first.
	ErrRoomClosed = errors.New("room is closed")
	// ErrBlocked: the account is on the room's blocklist (13003).
	ErrBlocked = errors.New("on the blocklist")
	// ErrMuted: the account is muted (13004, 423).
	ErrMuted = errors.New("muted")
	// ErrServerFault: the service failed (500, 408, 998, 999).
	ErrServerFault = errors.New("server fault")
	// ErrUnavailable: the service could not be reached, did not answer in time,
	// or says that it is busy (503, 514, 13001, most HTTP statuses but 200).
	ErrUnavailable = errors.New("unavailable")
	// ErrBadResponse: the answer is none that the service gives: no JSON, cut
	// short, of the wrong shape, too large, a redirect, or an HTTP status such as
	// 404 without a code, which comes from something else at the base URL.
	ErrBadResponse = errors.New("unreadable answer")

	// ErrOutcomeUnknown: the operation changes something and may have been
	// carried out although no answer tells so. Look before calling it again.
	ErrOutcomeUnknown = errors.New("outcome unknown")
	// ErrResultUnknown: the operation is done, but it had to be sent again because an
	// answer was lost, and the answer that came may leave out what the lost attempt
	// did. Such an error matches [ErrOutcomeUnknown] too.
	ErrResultUnknown = errors.New("result unknown")
)

// Error is the failure of one operation. Compare it with the Err variables by
// [errors.Is]; what caused it, such as [context.DeadlineExceeded] or a
// [net.OpError], is found by errors.Is and [errors.As] as well.
type Error struct {
	// Operation is the operation's id, such as createChatroom.
	Operation string
	// Code is the code in the answer; 0 where there was none.
	Code int
	// Message is the service's own explanation (desc), as text.
	Message string
	// HTTPStatus is the status of the answer; 0 where there was none.
	HTTPStatus int
	// Field is the wire name of the field that failed validation before the
	// request was sent; empty in all other cases.
	Field string
	// RequestID is that of the RequestId header, the same on each attempt, but for a
	// read that the service refused as its own repeat: it is asked under a new one.
	RequestID string
	// Attempts counts how often the request was sent, not counting one that met a
	// dead idle connection; 0 when nothing was sent.
	Attempts int
	// RetryAfter is how long to wait before calling again, where that is known:
	// the block after ErrRateLimited, or what the answer said.
	RetryAfter time.Duration
	// MayHaveTakenEffect tells that the operation changes something and that
	// it is not known whether it was carried out.
	MayHaveTakenEffect bool
	// Ask is the id of the operation that tells whether it was, such as
	// listUserChatrooms; empty unless MayHaveTakenEffect.
	Ask string
	// Body is the answer, cut off at 64 KiB; nil where there was none. Should it hold
	// the app's secret or the signature, these are REDACTED.
	Body []byte

	kind  error // one of the Err variables, or nil
	cause error

	// Of the last attempt: whether another one may fare better, and whether this
	// one may have been carried out.
	transient, ambiguous bool
}

// maxErrorBody bounds what an Error keeps of an answer.
const maxErrorBody = 64 << 10

// Error tells the operation, what went wrong, and the service's words, cut off at
// 1000 bytes, in one line. It holds neither the request nor anything secret.
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
		b.WriteString(oneLine(e.Message))
	}
	if e.cause != nil {
		b.WriteString(": ")
		b.WriteString(e.cause.Error())
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

// oneLine is a server's text without control characters, so that it forges no
// line of a log, and not endlessly long.
func oneLine(text string) string {
	const most = 1000
	end := ""
	if len(text) > most {
		text, end = strings.ToValidUTF8(text[:most], ""), "..."
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text) + end
}

// Is matches the Err variables.
func (e *Error) Is(target error) bool {
	return e.kind != nil && target == e.kind || e.MayHaveTakenEffect && target == ErrOutcomeUnknown
}

// orNil returns the error as an error, which is nil when there is none.
func (e *Error) orNil() error {
	if e == nil {
		return nil
	}
	return e
}

// is reports whether the error is of one of the kinds.
func (e *Error) is(kinds ...error) bool { return slices.Contains(kinds, e.kind) }

// Unwrap gives the cause, nil for a refusal by the service.
func (e *Error) Unwrap() error { return e.cause }

// LogValue is what log/slog records: everything but the body.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("operation", e.Operation), slog.String("requestId", e.RequestID), slog.Int("attempts", e.Attempts)}
	if e.Field != "" {
		attrs = append(attrs, slog.String("field", e.Field))
	}
	if e.cause != nil {
		attrs = append(attrs, slog.String("cause", e.cause.Error()))
	}
	return slog.GroupValue(append(attrs, e.outcome()...)...)
}

// outcome are the attributes that tell how the service answered, for every record
// of an error.
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
		attrs = append(attrs, slog.String("message", e.Message))
	}
	return append(attrs, slog.Bool("mayHaveTakenEffect", e.MayHaveTakenEffect))
}
