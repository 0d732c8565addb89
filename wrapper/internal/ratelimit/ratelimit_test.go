package ratelimit_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper/internal/ratelimit"
)

var (
	known   = gen.Operations[0]
	unknown = &gen.Operation{Path: "/chatroom/noSuchOperation.action"}
)

// limited returns a limiter for n attempts a second.
func limited(n int) *ratelimit.Limiter {
	return ratelimit.New(ratelimit.Limits{Base: gen.RateLimit{Calls: n, Per: time.Second}})
}

// TestEachOperationHasItsLimit waits for as many turns as the limit allows in its time, and
// for one more.
func TestEachOperationHasItsLimit(t *testing.T) {
	raised := gen.ListTopChatroomsEndpoint.Operation
	limits := ratelimit.Limits{
		Base: gen.RateLimit{Calls: 5, Per: time.Second},
		Own:  map[string]gen.RateLimit{raised.Path: {Calls: 40, Per: 2 * time.Second}},
	}
	for operation, want := range map[*gen.Operation]gen.RateLimit{
		known:                             limits.Base,
		unknown:                           limits.Base,
		raised:                            limits.Own[raised.Path],
		gen.ListHistoryEndpoint.Operation: {Calls: 1200, Per: time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			l, start := ratelimit.New(limits), time.Now()
			for range want.Calls {
				require.NoError(t, l.Wait(t.Context(), operation))
			}
			assert.InDelta(t, want.Per.Seconds(), time.Since(start).Seconds(), 0.01, operation.Path)
			assert.False(t, l.Allow(operation))
		})
	}
}

func TestTurnsFlowEvenly(t *testing.T) {
	for _, operation := range []*gen.Operation{known, unknown} {
		synctest.Test(t, func(t *testing.T) {
			l := limited(10) // one at once, then nine a second
			assert.True(t, l.Allow(operation))
			assert.False(t, l.Allow(operation))
			start := time.Now()
			for range 9 {
				require.NoError(t, l.Wait(t.Context(), operation))
			}
			assert.InDelta(t, 1, time.Since(start).Seconds(), 0.001)
		})
	}
}

func TestABlockHoldsItsOperation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := limited(100)
		l.Blocked(known, 10*time.Second)
		l.Blocked(known, time.Second) // shortens nothing
		assert.False(t, l.Allow(known))
		assert.True(t, l.Allow(unknown))

		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		err := l.Wait(ctx, known)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Zero(t, time.Since(start), "it does not wait in vain")
		var held interface{ RetryAfter() time.Duration }
		require.ErrorAs(t, err, &held)
		assert.Equal(t, 10*time.Second, held.RetryAfter())
		assert.EqualError(t, err, "blocked for 10s: context deadline exceeded")

		require.NoError(t, l.Wait(t.Context(), known))
		assert.Equal(t, 10*time.Second, time.Since(start))
		assert.True(t, l.Allow(known))
	})
}

func TestWaitEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := limited(1)
		require.True(t, l.Allow(known))
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		require.ErrorIs(t, l.Wait(ctx, known), context.DeadlineExceeded)
		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		require.ErrorIs(t, l.Wait(ctx, known), context.Canceled)
	})
}
