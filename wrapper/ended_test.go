package wrapper_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// waitForEnd is a transport that responds with the error of the request's context, as
// net/http does.
func waitForEnd(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// slowBody responds at once with a body that does not come.
func slowBody(r *http.Request) (*http.Response, error) {
	response := respond(r, 200, "")
	response.Body = io.NopCloser(readFunc(func() error {
		<-r.Context().Done()
		return r.Context().Err()
	}))
	return response, nil
}

// neverReady is a limiter that has no turn.
type neverReady struct{}

func (neverReady) Wait(ctx context.Context, _ *gen.Operation) error { <-ctx.Done(); return ctx.Err() }
func (neverReady) Blocked(*gen.Operation, time.Duration)            {}

// TestACancellationSaysWhy cancels a call in every phase. The error matches both
// context.Canceled and the cause.
func TestACancellationSaysWhy(t *testing.T) {
	left := errors.New("the user left")
	hour := wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 2, Backoff: func(int) time.Duration { return time.Hour }})
	for name, phase := range map[string]struct {
		transport func(*http.Request) (*http.Response, error)
		option    wrapper.Option
		before    bool
	}{
		"before the call": {waitForEnd, hour, true},
		"limiter":         {waitForEnd, wrapper.WithLimiter(neverReady{}), false},
		"request":         {waitForEnd, hour, false},
		"body":            {slowBody, hour, false},
		"back-off":        {refusedConnection, hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := newTransportClient(t, phase.transport, phase.option, wrapper.WithTimeout(0))
				ctx, cancel := context.WithCancelCause(t.Context())
				if phase.before {
					cancel(left)
				} else {
					time.AfterFunc(time.Millisecond, func() { cancel(left) })
				}
				_, err := client.Rooms.Get(ctx, wrapper.GetChatroomForm{RoomID: 66})
				require.ErrorIs(t, err, context.Canceled)
				require.ErrorIs(t, err, left)
				require.ErrorContains(t, err, "the user left")
				synctest.Wait()
			})
		})
	}
}

// TestTimeoutsCanBeToldApart: an attempt's, the call's, and the caller's deadline.
func TestTimeoutsCanBeToldApart(t *testing.T) {
	const short = 100 * time.Millisecond
	once := wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1})
	for name, tt := range map[string]struct {
		options []wrapper.CallOption
		caller  bool
		want    error
		text    string
	}{
		"attempt": {[]wrapper.CallOption{wrapper.WithAttemptTimeout(short)}, false, wrapper.ErrAttemptTimeout, "the attempt took longer than 100ms"},
		"call":    {[]wrapper.CallOption{wrapper.WithTimeout(short)}, false, wrapper.ErrCallTimeout, "the call took longer than 100ms"},
		"caller":  {nil, true, nil, "context deadline exceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, transport := range []func(*http.Request) (*http.Response, error){waitForEnd, slowBody} {
					client := newTransportClient(t, transport, once)
					ctx := t.Context()
					if tt.caller {
						var cancel context.CancelFunc
						ctx, cancel = context.WithTimeout(ctx, short)
						defer cancel()
					}
					_, err := client.Rooms.Get(ctx, wrapper.GetChatroomForm{RoomID: 66}, tt.options...)
					require.ErrorIs(t, err, context.DeadlineExceeded)
					for _, kind := range []error{wrapper.ErrAttemptTimeout, wrapper.ErrCallTimeout} {
						assert.Equal(t, errors.Is(kind, tt.want), errors.Is(err, kind), "%v", err)
					}
					assert.True(t, strings.HasSuffix(err.Error(), tt.text), "%v", err)
				}
			})
		})
	}
}
