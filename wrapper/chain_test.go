package wrapper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper/internal/hosts"
	"github.com/nimroom/nimroom/wrapper/internal/response"
)

// The stages are tested here one at a time, each with a next stage of the test's. What
// they do together is tested through the client.

func newCall(idempotency gen.Idempotency) *call {
	return &call{
		info:     CallInfo{Operation: &gen.Operation{ID: "op", Idempotency: idempotency, Ask: "look"}},
		settings: settings{retry: RetryPolicy{Attempts: 3}},
		typed:    &typedCall[valuesForm, struct{}]{},
	}
}

// failing is a next stage that fails.
func failing(e *Error) stage { return func(context.Context, *call) *Error { return e } }

func TestChainRunsItsLayersInOrder(t *testing.T) {
	var order []string
	named := func(name string) layer {
		return func(next stage) stage {
			return func(ctx context.Context, c *call) *Error {
				order = append(order, name)
				if next == nil {
					return nil
				}
				return next(ctx, c)
			}
		}
	}
	assert.Nil(t, chain(named("first"), named("second"), named("last"))(t.Context(), newCall(gen.Safe)))
	assert.Equal(t, []string{"first", "second", "last"}, order)
}

func TestObserveSeesHowACallEnds(t *testing.T) {
	type key struct{}
	var ended EndInfo
	hooks := hookList{{
		Start: func(ctx context.Context, _ CallInfo) context.Context { return context.WithValue(ctx, key{}, 7) },
		End: func(ctx context.Context, e EndInfo) {
			assert.Equal(t, 7, ctx.Value(key{}))
			ended = e
		},
	}}
	e := &Error{kind: ErrNotFound}
	do := observe(hooks)(func(ctx context.Context, c *call) *Error {
		assert.Equal(t, 7, ctx.Value(key{}))
		c.attempts = 2
		return e
	})
	assert.Same(t, e, do(t.Context(), newCall(gen.Safe)))
	assert.Equal(t, 2, ended.Attempts)
	assert.Equal(t, error(e), ended.Err)
	observe(hooks)(failing(nil))(t.Context(), newCall(gen.Safe))
	assert.NoError(t, ended.Err, "not an error that holds no Error")
}

// TestHooksEndWithAPanic: whatever panics below, or in another hook, every End is called.
func TestHooksEndWithAPanic(t *testing.T) {
	ends := 0
	end := func(context.Context, EndInfo) { ends++ }
	broken := func() { panic("broken") }
	for name, hooks := range map[string]hookList{
		"start": {{End: end}, {Start: func(context.Context, CallInfo) context.Context { broken(); return nil }, End: end}},
		"call":  {{End: end}, {End: end}},
		"end":   {{End: end}, {End: func(context.Context, EndInfo) { broken() }}, {End: end}},
	} {
		t.Run(name, func(t *testing.T) {
			ends = 0
			next := stage(func(context.Context, *call) *Error { broken(); return nil })
			if name == "end" {
				next = failing(nil)
			}
			assert.PanicsWithValue(t, "broken", func() { observe(hooks)(next)(t.Context(), newCall(gen.Safe)) })
			assert.Equal(t, 2, ends)
		})
	}
}

func TestRedactErrorsCoversTheWholeError(t *testing.T) {
	credentials, err := sign.NewCredentials("a-key", "a-long-secret")
	require.NoError(t, err)
	c := newCall(gen.Safe)
	c.checkSums = []string{"4c6f0fbc04efedd91685a226da081807de269350"}
	e := redactErrors(credentials)(failing(&Error{
		Message: "a-long-secret", Body: []byte(c.checkSums[0]), cause: fmt.Errorf("%s: %w", c.checkSums[0], io.EOF),
	}))(t.Context(), c)
	assert.Equal(t, "REDACTED", e.Message)
	assert.Equal(t, "REDACTED", string(e.Body))
	assert.Equal(t, "REDACTED: EOF", e.cause.Error())
	assert.ErrorIs(t, e, io.EOF)
}

// turns is a limiter that notes how long it is blocked.
type turns struct {
	err     error
	blocked time.Duration
}

func (l *turns) Wait(context.Context, *gen.Operation) error { return l.err }
func (l *turns) Blocked(_ *gen.Operation, d time.Duration)  { l.blocked = d }

func TestLimit(t *testing.T) {
	l := &turns{err: errors.New("no turn")}
	e := limit(l)(func(context.Context, *call) *Error { t.Error("it had no turn"); return nil })(t.Context(), newCall(gen.Unsafe))
	assert.ErrorIs(t, e, ErrRateLimited)
	assert.ErrorIs(t, e, l.err)
	assert.Zero(t, l.blocked, "the service blocked nothing")

	l = &turns{}
	for _, e := range []*Error{nil, {kind: ErrUnavailable, RetryAfter: time.Hour}} {
		assert.Same(t, e, limit(l)(failing(e))(t.Context(), newCall(gen.Unsafe)))
		assert.Zero(t, l.blocked)
	}
	limit(l)(failing(&Error{kind: ErrRateLimited, RetryAfter: time.Minute}))(t.Context(), newCall(gen.Unsafe))
	assert.Equal(t, time.Minute, l.blocked)
}

func TestRouteBlamesAHostThatDidNotRespond(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	body, err := response.Read(io.NopCloser(strings.NewReader("{}")), 10)
	require.NoError(t, err)
	for _, tt := range []struct {
		name     string
		ctx      context.Context
		attempt  attempt
		deadline time.Time
		paused   bool
	}{
		{"nothing was sent", t.Context(), attempt{}, time.Time{}, false},
		{"an idle connection was dead", t.Context(), attempt{signed: true, stale: true}, time.Time{}, false},
		{"no response", t.Context(), attempt{signed: true}, time.Time{}, true},
		{"a part of a response", t.Context(), attempt{signed: true, response: &http.Response{StatusCode: http.StatusOK}}, time.Time{}, true},
		{"the caller gave up", ended, attempt{signed: true}, time.Time{}, false},
		{"the call had no more time", t.Context(), attempt{signed: true}, time.Now().Add(-time.Second), false},
		{"a gateway", t.Context(), attempt{signed: true, response: &http.Response{StatusCode: http.StatusBadGateway}, body: body}, time.Time{}, true},
		{"a response", t.Context(), attempt{signed: true, response: &http.Response{StatusCode: http.StatusInternalServerError}, body: body}, time.Time{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pool := hosts.NewPool([]string{"http://a", "http://b"}, nil, nil)
			c := newCall(gen.Safe)
			c.deadline = tt.deadline
			route(pool)(func(_ context.Context, c *call) *Error {
				assert.Equal(t, "http://a", c.attempt.host.Base)
				tt.attempt.host = c.attempt.host
				c.attempt = tt.attempt
				return nil
			})(tt.ctx, c)
			assert.Equal(t, tt.paused, pool.Pick().Base == "http://b")
		})
	}
	c := newCall(gen.Safe)
	c.baseURL = "http://other"
	route(hosts.NewPool([]string{"http://a"}, nil, nil))(failing(nil))(t.Context(), c)
	assert.Equal(t, "http://other", c.attempt.host.Base)
}

func TestBeginBoundsAnAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct{ attempt, call, want time.Duration }{
			{0, 0, 0}, {time.Second, 0, time.Second}, {0, time.Second, time.Second},
			{time.Second, time.Hour, time.Second}, {time.Hour, time.Second, time.Second},
		} {
			c := newCall(gen.Safe)
			c.attemptTimeout = tt.attempt
			c.timeout = tt.call
			c.bound(t.Context())
			begin(func(ctx context.Context, c *call) *Error {
				deadline, ok := ctx.Deadline()
				assert.Equal(t, tt.want > 0, ok)
				if ok {
					assert.Equal(t, tt.want, time.Until(deadline))
				}
				assert.Equal(t, 1, c.attempts)
				assert.Equal(t, time.Now(), c.attempt.began)
				return nil
			})(t.Context(), c)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		c := newCall(gen.Unsafe)
		e := begin(failing(nil))(ctx, c)
		assert.ErrorIs(t, e, context.Canceled)
		assert.False(t, e.ambiguous)
		assert.Zero(t, c.attempts)
	})
}

func TestReconnectUsesUpDeadConnections(t *testing.T) {
	closed, calls := 0, 0
	do := reconnect(func() { closed++ })(begin(func(_ context.Context, c *call) *Error {
		calls++
		assert.False(t, c.attempt.stale, "each attempt starts afresh")
		c.attempt.stale = calls <= 8
		return &Error{kind: ErrUnavailable, ambiguous: calls == 1}
	}))
	c := newCall(gen.Idempotent)
	assert.NotNil(t, do(t.Context(), c))
	assert.Equal(t, 9, calls)
	assert.Equal(t, 8, closed)
	assert.Equal(t, 1, c.attempts, "the stale ones are not counted")
	assert.True(t, c.ambiguous, "though it may have arrived")
}

func TestFreshenAvoidsIdleConnections(t *testing.T) {
	for _, tt := range []struct {
		idempotency gen.Idempotency
		idle        time.Duration
		closes      bool
	}{
		{gen.Unsafe, 2 * time.Second, true},
		{gen.Unsafe, time.Second, false},
		{gen.Deduplicated, time.Hour, false},
		{gen.Idempotent, time.Hour, false},
		{gen.Safe, time.Hour, false},
	} {
		now := time.Now()
		c := newCall(tt.idempotency)
		c.attempt = attempt{began: now, host: &hosts.Host{}}
		c.attempt.host.Responded(now.Add(-tt.idle))
		closed := false
		freshen(func() { closed = true })(failing(nil))(t.Context(), c)
		assert.Equal(t, tt.closes, closed, "%s after %v", tt.idempotency, tt.idle)
	}
}
