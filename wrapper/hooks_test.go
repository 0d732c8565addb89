package wrapper_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

type contextKey struct{}

func TestHooksSeeACallAndItsAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen []string
		note := func(ctx context.Context, format string, args ...any) {
			seen = append(seen, fmt.Sprintf("%v ", ctx.Value(contextKey{}))+fmt.Sprintf(format, args...))
		}
		hooks := func(name string) wrapper.Hooks {
			return wrapper.Hooks{
				Start: func(ctx context.Context, c wrapper.CallInfo) context.Context {
					note(ctx, "%s start %s", name, c.Operation.Path)
					return context.WithValue(ctx, contextKey{}, name)
				},
				Attempt: func(ctx context.Context, a wrapper.AttemptInfo) {
					note(ctx, "%s attempt %d at %s again %t failed %t", name, a.Number, a.Host, a.Again, a.Err != nil)
				},
				End: func(ctx context.Context, e wrapper.EndInfo) {
					note(ctx, "%s end after %d took %v failed %t", name, e.Attempts, e.Duration, e.Err != nil)
				},
			}
		}
		s := &script{steps: []step{says(`{"code":503}`), says(okRoom)}}
		policy := wrapper.RetryPolicy{Attempts: 2, Backoff: func(int) time.Duration { return 0 }}
		client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(policy), wrapper.WithHooks(hooks("A")),
			wrapper.WithHooks(wrapper.Hooks{}), wrapper.WithHooks(hooks("B")))
		require.NoError(t, get(t, client))
		assert.Equal(t, []string{
			"<nil> A start /chatroom/get.action",
			"A B start /chatroom/get.action",
			"B A attempt 1 at http://service/nimserver again true failed true",
			"B B attempt 1 at http://service/nimserver again true failed true",
			"B A attempt 2 at http://service/nimserver again false failed false",
			"B B attempt 2 at http://service/nimserver again false failed false",
			"B A end after 2 took 0s failed false",
			"B B end after 2 took 0s failed false",
		}, seen)
	})
}

func TestHooksSeeInvalidRequests(t *testing.T) {
	var ended []wrapper.EndInfo
	client := newTransportClient(t, refusedConnection, wrapper.WithHooks(wrapper.Hooks{
		Attempt: func(context.Context, wrapper.AttemptInfo) { t.Error("nothing was sent") },
		End:     func(_ context.Context, e wrapper.EndInfo) { ended = append(ended, e) },
	}))
	_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{})
	require.ErrorIs(t, err, wrapper.ErrBadParameter)
	require.Len(t, ended, 1)
	assert.Zero(t, ended[0].Attempts)
	assert.ErrorIs(t, ended[0].Err, wrapper.ErrBadParameter)
}

func TestHeldBackCallsMakeNoAttempt(t *testing.T) {
	attempts, ended := 0, 0
	client := newTransportClient(t, refusedConnection, wrapper.WithLimiter(closedLimiter{errors.New("down")}), wrapper.WithHooks(wrapper.Hooks{
		Attempt: func(context.Context, wrapper.AttemptInfo) { attempts++ },
		End:     func(context.Context, wrapper.EndInfo) { ended++ },
	}))
	require.Error(t, get(t, client))
	assert.Zero(t, attempts)
	assert.Equal(t, 1, ended)
}

func TestLogHoldsWhatItSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == "requestId" || a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}}))
		s := &script{steps: []step{says(`{"code":503,"desc":"busy"}`), says(`{"code":404,"desc":"gone"}`)}}
		policy := wrapper.RetryPolicy{Attempts: 2, Backoff: func(int) time.Duration { return 0 }}
		client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(policy), wrapper.WithLogger(logger))
		require.Error(t, get(t, client))
		assert.Equal(t, `level=WARN msg="nimroom attempt" operation=getChatroom path=/chatroom/get.action took=0s room=66 code=503 httpStatus=200 kind=unavailable message=busy mayHaveTakenEffect=false attempt=1 host=http://service/nimserver again=0s
level=DEBUG msg="nimroom attempt" operation=getChatroom path=/chatroom/get.action took=0s room=66 code=404 httpStatus=200 kind="not found" message=gone mayHaveTakenEffect=false attempt=2 host=http://service/nimserver
level=WARN msg="nimroom call" operation=getChatroom path=/chatroom/get.action took=0s room=66 code=404 httpStatus=200 kind="not found" message=gone mayHaveTakenEffect=false attempts=2
`, log.String())
	})
	_, err := wrapper.New(credentials(t), wrapper.WithLogger(nil))
	require.ErrorContains(t, err, "logger")
}

func TestMiddlewareStandsAroundEachAttempt(t *testing.T) {
	var order []string
	named := func(name string) wrapper.Middleware {
		return func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			assert.NotEmpty(t, r.Header.Get("CheckSum"), "after signing")
			order = append(order, name+" before")
			response, err := next(r)
			order = append(order, name+" after")
			return response, err
		}
	}
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
		order = append(order, "sent")
		return respond(r, 200, okRoom), nil
	}, wrapper.WithMiddleware(named("outer"), named("inner")))
	require.NoError(t, get(t, client))
	assert.Equal(t, []string{"outer before", "inner before", "sent", "inner after", "outer after"}, order)

	broken := errors.New("no")
	client = newTransportClient(t, refusedConnection, wrapper.WithMiddleware(
		func(*http.Request, func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			return nil, broken
		}))
	require.ErrorIs(t, get(t, client), broken)
	_, err := wrapper.New(credentials(t), wrapper.WithMiddleware(nil))
	require.ErrorContains(t, err, "middleware")
}

// A middleware that responds in place of the service may leave out what net/http fills in.
func TestMiddlewareMayReturnABareResponse(t *testing.T) {
	for _, response := range []*http.Response{nil, {StatusCode: 200}, {StatusCode: 302}, {StatusCode: 502}} {
		client := newTransportClient(t, refusedConnection, wrapper.WithMiddleware(
			func(*http.Request, func(*http.Request) (*http.Response, error)) (*http.Response, error) {
				return response, nil
			}))
		var e *wrapper.Error
		require.ErrorAs(t, get(t, client), &e)
		assert.Equal(t, 1, e.Attempts)
	}
}

func TestStartMayLeaveTheContext(t *testing.T) {
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
		return respond(r, 200, okRoom), nil
	}, wrapper.WithHooks(wrapper.Hooks{Start: func(context.Context, wrapper.CallInfo) context.Context { return nil }}))
	require.NoError(t, get(t, client))
}

func TestWithHeader(t *testing.T) {
	var header http.Header
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
		header = r.Header.Clone()
		return respond(r, 200, okRoom), nil
	})
	require.NoError(t, get(t, client, wrapper.WithHeader("x-trace", "1"), wrapper.WithHeader("X-Trace", "2")))
	assert.Equal(t, []string{"1", "2"}, header.Values("X-Trace"))
	for _, name := range []string{"checksum", "AppKey", "Nonce", "CurTime", "RequestId", "content-type"} {
		require.ErrorIs(t, get(t, client, wrapper.WithHeader(name, "x")), wrapper.ErrBadParameter, name)
	}
}
