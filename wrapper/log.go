package wrapper

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// WithLogger logs calls, one record each. A call that the service rejects for a reason of
// the caller's, such as a muted account, is a warning, any other failed call is an error, and
// a call that succeeds is logged at debug level. An attempt is a warning if another one
// follows, and is logged at debug level otherwise. A record holds the operation, the room,
// the request id, counts, durations, codes, and the reason of a failure. It never holds a
// form, a header or a response.
func WithLogger(logger *slog.Logger) Option {
	return clientOption(func(c *config) error {
		if logger == nil {
			return errors.New("logger: nil")
		}
		return WithHooks(Hooks{
			Attempt: func(ctx context.Context, a AttemptInfo) { logAttempt(ctx, logger, a) },
			End:     func(ctx context.Context, e EndInfo) { logEnd(ctx, logger, e) },
		}).applyToClient(c)
	})
}

func logAttempt(ctx context.Context, logger *slog.Logger, a AttemptInfo) {
	level := slog.LevelDebug
	if a.Again {
		level = slog.LevelWarn
	}
	if !logger.Enabled(ctx, level) {
		return
	}
	attrs := append(logged(a.CallInfo, a.Duration, a.Err), slog.Int("attempt", a.Number), slog.String("host", a.Host))
	if a.Again {
		attrs = append(attrs, slog.Duration("again", a.Wait))
	}
	logger.LogAttrs(ctx, level, "nimroom attempt", attrs...)
}

func logEnd(ctx context.Context, logger *slog.Logger, e EndInfo) {
	level := slog.LevelDebug
	if e.Err != nil {
		level = slog.LevelError
		var failed *Error
		if errors.As(e.Err, &failed) && failed.is(rejections...) && !failed.MayHaveTakenEffect {
			level = slog.LevelWarn
		}
	}
	if !logger.Enabled(ctx, level) {
		return
	}
	logger.LogAttrs(ctx, level, "nimroom call", append(logged(e.CallInfo, e.Duration, e.Err), slog.Int("attempts", e.Attempts))...)
}

// rejections are the kinds of errors that are no fault of the service, of the network or of
// the configuration.
var rejections = []error{
	ErrNotFound, ErrForbidden, ErrBadParameter, ErrDuplicate, ErrOverLimit, ErrRoomClosed, ErrBlocked, ErrMuted, ErrRateLimited,
}

// logged returns the attributes of every record.
func logged(call CallInfo, took time.Duration, err error) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("operation", call.Operation.ID), slog.String("path", call.Operation.Path),
		slog.String("requestId", call.RequestID), slog.Duration("took", took),
	}
	if call.RoomID != 0 {
		attrs = append(attrs, slog.String("room", call.RoomID.String()))
	}
	var e *Error
	if errors.As(err, &e) {
		attrs = append(attrs, e.outcome()...)
	}
	return attrs
}
