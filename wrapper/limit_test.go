package wrapper_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// TestNoSecondSeesMoreThanTheQuota sends as fast as it may and looks at every
// window of a second.
func TestNoSecondSeesMoreThanTheQuota(t *testing.T) {
	for _, quota := range []int{1, 7, 100} {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			var at []time.Time
			client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
				mu.Lock()
				defer mu.Unlock()
				at = append(at, time.Now())
				return respond(r, 200, okRoom), nil
			}, wrapper.WithRate(quota))
			start := time.Now()
			var done sync.WaitGroup
			for range 10 {
				done.Go(func() {
					for time.Since(start) < 10*time.Second {
						assert.NoError(t, get(t, client))
					}
				})
			}
			done.Wait()
			first := 0
			for last := range at {
				for at[last].Sub(at[first]) >= time.Second {
					first++
				}
				require.LessOrEqual(t, last-first+1, quota, "in the second before %v", at[last].Sub(start))
			}
			if quota > 1 {
				assert.GreaterOrEqual(t, len(at), quota*10*8/10, "and most of it is used")
			}
		})
	}
}

// TestARateLimitOfTheSpecIsKept calls each operation that has a limit of its own as fast as
// it may, then the service blocks it.
func TestARateLimitOfTheSpecIsKept(t *testing.T) {
	for _, op := range gen.Operations {
		if op.RateLimit == nil {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			blocked := false
			client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
				if blocked {
					return respond(r, 200, `{"code":416}`), nil
				}
				return respond(r, 200, okNothing), nil
			}, wrapper.WithRate(1), wrapper.WithTimeout(time.Hour), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}))
			start := time.Now()
			for range op.RateLimit.Calls {
				_, err := client.Do(t.Context(), op.Path, nil)
				require.NoError(t, err)
			}
			assert.InDelta(t, op.RateLimit.Per.Seconds(), time.Since(start).Seconds(), 0.01)

			blocked = true
			_, err := client.Do(t.Context(), op.Path, nil)
			var e *wrapper.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, op.RateLimit.Block, e.RetryAfter)
			blocked, start = false, time.Now()
			_, err = client.Do(t.Context(), op.Path, nil)
			require.NoError(t, err)
			assert.Equal(t, op.RateLimit.Block, time.Since(start))
		})
	}
}

func TestWithQuotaReplacesTheLimitOfAnOperation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			return respond(r, 200, okNothing), nil
		}, wrapper.WithQuota("/history/queryChatroomMsg.action", 20, time.Hour), wrapper.WithTimeout(0))
		start := time.Now()
		for range 20 {
			_, err := client.Do(t.Context(), "/history/queryChatroomMsg.action", nil)
			require.NoError(t, err)
		}
		assert.InDelta(t, time.Hour.Seconds(), time.Since(start).Seconds(), 1)
	})
}

func TestOperationsHaveQuotasOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/nimserver/chatroom/get.action" {
				return respond(r, 200, okRoom), nil
			}
			return respond(r, 200, okNothing), nil
		}, wrapper.WithRate(1))
		start := time.Now()
		require.NoError(t, get(t, client))
		require.NoError(t, client.Members.Update(t.Context(), gen.UpdateMemberForm{RoomID: 1, Accid: "a"}))
		_, err := client.Do(t.Context(), "/chatroom/noSuchOperation.action", nil)
		require.NoError(t, err)
		assert.Zero(t, time.Since(start))
		_, err = client.Do(t.Context(), "/chatroom/noSuchOperation.action", nil)
		require.NoError(t, err)
		assert.Equal(t, time.Second, time.Since(start))
	})
}

// TestBlockHoldsOtherCalls: what one call learns of a block, the others heed.
func TestBlockHoldsOtherCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{says(`{"code":416}`), says(okRoom)}}
		client := newTransportClient(t, s.RoundTrip, wrapper.WithRate(100))
		require.ErrorIs(t, get(t, client), wrapper.ErrRateLimited)
		start := time.Now()
		require.NoError(t, get(t, client))
		assert.Equal(t, 10*time.Second, time.Since(start))
		assert.Len(t, s.forms, 2)
	})
}

func TestBlockReportsItsRemainingTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{says(`{"code":416}`)}}
		client := newTransportClient(t, s.RoundTrip, wrapper.WithRate(100))
		require.ErrorIs(t, get(t, client), wrapper.ErrRateLimited)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(4*time.Second, cancel)
		_, err := client.Rooms.Get(ctx, gen.GetChatroomForm{RoomID: 66})
		var e *wrapper.Error
		require.ErrorAs(t, err, &e)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, 6*time.Second, e.RetryAfter)
	})
}

func TestWaitingEndsWithTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{says(okRoom)}}
		client := newTransportClient(t, s.RoundTrip, wrapper.WithRate(1))
		require.NoError(t, get(t, client))
		start := time.Now()
		err := get(t, client, wrapper.WithTimeout(100*time.Millisecond))
		require.ErrorIs(t, err, wrapper.ErrRateLimited)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NotErrorIs(t, err, wrapper.ErrOutcomeUnknown)
		assert.Zero(t, time.Since(start), "it does not wait for what comes too late")
		assert.Len(t, s.forms, 1)
	})
}

// closedLimiter is a limiter that lets nothing through.
type closedLimiter struct{ err error }

func (r closedLimiter) Wait(context.Context, *gen.Operation) error { return r.err }
func (closedLimiter) Blocked(*gen.Operation, time.Duration)        {}

func TestLimiterCanBeReplaced(t *testing.T) {
	down := errors.New("limiter is down")
	s := &script{steps: []step{says(okRoom)}}
	client := newTransportClient(t, s.RoundTrip, wrapper.WithLimiter(closedLimiter{down}))
	require.ErrorIs(t, get(t, client), down)
	assert.Empty(t, s.forms)
	for says, option := range map[string]wrapper.Option{
		`quota of "sendMsg": want the path`:        wrapper.WithQuota("sendMsg", 1, time.Second),
		"quota of /a: 0 calls, must be at least 1": wrapper.WithQuota("/a", 0, time.Second),
		"quota of /a: per 0s, must be at least":    wrapper.WithQuota("/a", 1, 0),
	} {
		_, err := wrapper.New(credentials(t), option)
		require.ErrorContains(t, err, says)
	}
	_, err := wrapper.New(credentials(t), wrapper.WithRate(0))
	require.ErrorContains(t, err, "at least 1")
}

// allowing lets its first turns through at once.
type allowing struct {
	closedLimiter
	left *int
}

func (a allowing) Allow(*gen.Operation) bool { *a.left--; return *a.left >= 0 }

// TestAllowIsAskedFirst: a limiter may say at once that a call may go.
func TestAllowIsAskedFirst(t *testing.T) {
	left := 2
	held := errors.New("held")
	s := &script{steps: []step{says(okRoom)}}
	client := newTransportClient(t, s.RoundTrip, wrapper.WithLimiter(allowing{closedLimiter{held}, &left}))
	require.NoError(t, get(t, client))
	require.NoError(t, get(t, client))
	require.ErrorIs(t, get(t, client), held)
	assert.Len(t, s.forms, 2)
}

// waitError is a limiter's error that says how long to wait.
type waitError time.Duration

func (n waitError) Error() string             { return "not now" }
func (n waitError) RetryAfter() time.Duration { return time.Duration(n) }

func TestLimiterReportsTheWait(t *testing.T) {
	client := newTransportClient(t, refusedConnection, wrapper.WithLimiter(closedLimiter{waitError(7 * time.Second)}))
	var e *wrapper.Error
	require.ErrorAs(t, get(t, client), &e)
	assert.ErrorIs(t, e, wrapper.ErrRateLimited)
	assert.Equal(t, 7*time.Second, e.RetryAfter)
}
