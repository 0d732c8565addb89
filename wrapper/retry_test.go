package wrapper_test

import (
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// step is how a scripted transport treats one request.
type step func(r *http.Request) (*http.Response, error)

// says responds with HTTP status 200 and a body.
func says(body string) step {
	return func(r *http.Request) (*http.Response, error) { return respond(r, 200, body), nil }
}

// status responds with an HTTP status and no JSON.
func status(code int, header ...string) step {
	return func(r *http.Request) (*http.Response, error) {
		response := respond(r, code, "<html>")
		for i := 0; i+1 < len(header); i += 2 {
			response.Header.Set(header[i], header[i+1])
		}
		return response, nil
	}
}

// lost reads the request and sends no response.
func lost(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	return nil, io.ErrUnexpectedEOF
}

// refusedConnection never gets the request.
func refusedConnection(*http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
}

// script plays its steps in turn, the last one for ever, and keeps the forms.
type script struct {
	steps []step
	forms []url.Values
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	text, _ := io.ReadAll(body)
	form, _ := url.ParseQuery(string(text))
	s.forms = append(s.forms, form)
	return s.steps[min(len(s.forms), len(s.steps))-1](r)
}

const (
	okRoom    = `{"chatroom":{"roomid":66,"name":"n","creator":"c","valid":true},"code":200}`
	okDesc    = `{"desc":{"roomid":66,"name":"n","creator":"c","valid":true},"code":200}`
	okMessage = `{"desc":{"time":"1","msgid_client":"m","roomId":"66","fromAccount":"c","type":"0"},"code":200}`
	okNothing = `{"code":200}`
)

// TestRetryTable is the table of the package documentation, row by row: how often
// a call is sent when its first attempt fails in some way and the second succeeds.
func TestRetryTable(t *testing.T) {
	type outcome struct {
		sent    int
		success bool
		unknown bool
	}
	again := outcome{2, true, false}
	never := outcome{1, false, false}
	unknown := outcome{1, false, true}
	rows := []struct {
		name  string
		first step
		// for a safe, an idempotent, a deduplicated and an unsafe operation
		want [4]outcome
	}{
		{"not sent", refusedConnection, [4]outcome{again, again, again, again}},
		{"sent, no response", lost, [4]outcome{again, again, again, unknown}},
		{"rate limited", says(`{"code":416,"desc":"query too fast"}`), [4]outcome{again, again, again, again}},
		{"HTTP 429", status(429), [4]outcome{again, again, again, unknown}},
		{"busy", says(`{"code":503}`), [4]outcome{again, again, again, again}},
		{"unavailable", says(`{"code":514}`), [4]outcome{again, again, again, again}},
		{"HTTP 503", status(503), [4]outcome{again, again, again, unknown}},
		{"HTTP 408", status(408), [4]outcome{again, again, again, unknown}},
		{"server fault", says(`{"code":500}`), [4]outcome{again, again, again, unknown}},
		{"another attempt wanted", says(`{"code":449}`), [4]outcome{again, again, again, unknown}},
		{"app server unreachable", says(`{"code":511}`), [4]outcome{never, unknown, unknown, unknown}},
		{"client timeout", says(`{"code":408}`), [4]outcome{again, again, again, unknown}},
		{"HTTP 502", status(502), [4]outcome{again, again, again, unknown}},
		{"HTTP 504", status(504), [4]outcome{again, again, again, unknown}},
		{"truncated response", says(okRoom[:30]), [4]outcome{again, again, again, unknown}},
		{"bad parameter", says(`{"code":414,"desc":"x is empty"}`), [4]outcome{never, never, never, never}},
		{"wrong secret", says(`{"code":414,"desc":"checksum"}`), [4]outcome{never, never, never, never}},
		{"clock, and no Date to learn from", says(`{"code":414,"desc":"CurTime is expired"}`), [4]outcome{never, never, never, never}},
		{"forbidden", says(`{"code":403}`), [4]outcome{never, never, never, never}},
		{"not found", says(`{"code":404}`), [4]outcome{never, never, never, never}},
		{"duplicate operation", says(`{"code":417}`), [4]outcome{never, never, never, never}},
		{"closed", says(`{"code":13002}`), [4]outcome{never, never, never, never}},
		{"unpack error", says(`{"code":998}`), [4]outcome{never, never, never, never}},
		{"redirect", status(302, "Location", "http://elsewhere/"), [4]outcome{never, unknown, unknown, unknown}},
		{"HTTP 404", status(404), [4]outcome{never, unknown, unknown, unknown}},
		{"HTTP 400", status(400), [4]outcome{never, unknown, unknown, unknown}},
		{"unknown code", says(`{"code":29999}`), [4]outcome{never, unknown, unknown, unknown}},
	}
	operations := []struct {
		name string
		ok   string
		call func(context.Context, *wrapper.Client) error
	}{
		{"safe", okRoom, func(ctx context.Context, c *wrapper.Client) error {
			_, err := c.Rooms.Get(ctx, gen.GetChatroomForm{RoomID: 66})
			return err
		}},
		{"idempotent", okDesc, func(ctx context.Context, c *wrapper.Client) error {
			_, err := c.Rooms.Open(ctx, wrapper.RoomStateForm{RoomID: 66, Operator: "c"})
			return err
		}},
		{"deduplicated", okMessage, func(ctx context.Context, c *wrapper.Client) error {
			_, err := c.Messages.Send(ctx, gen.SendMessageForm{RoomID: 66, FromAccid: "c", MsgType: wrapper.Ptr(gen.MessageTypeText)})
			return err
		}},
		{"unsafe", okRoom, func(ctx context.Context, c *wrapper.Client) error {
			_, err := c.Rooms.Create(ctx, gen.CreateChatroomForm{Creator: "c", Name: "n"})
			return err
		}},
	}
	for _, row := range rows {
		for i, operation := range operations {
			t.Run(row.name+"/"+operation.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := &script{steps: []step{row.first, says(operation.ok)}}
					client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
					err := operation.call(t.Context(), client)
					assert.Len(t, s.forms, row.want[i].sent, "attempts; %v", err)
					assert.Equal(t, row.want[i].success, err == nil, "%v", err)
					assert.Equal(t, row.want[i].unknown, errors.Is(err, wrapper.ErrOutcomeUnknown), "%v", err)
					synctest.Wait()
				})
			})
		}
	}
}

// TestMessagesAreRepeatedUnderTheirID checks that a repeat keeps its msgId, and that every
// attempt is marked, because the first one may arrive last.
func TestMessagesAreRepeatedUnderTheirID(t *testing.T) {
	for _, given := range []string{"", "mine"} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{steps: []step{says(`{"code":503}`), lost, refusedConnection, says(okMessage)}}
			client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
			_, err := client.Messages.Send(t.Context(), gen.SendMessageForm{RoomID: 66, MsgID: given, FromAccid: "c", MsgType: wrapper.Ptr(gen.MessageTypeText)})
			require.NoError(t, err)
			require.Len(t, s.forms, 4)
			var flags []string
			for _, form := range s.forms {
				assert.Equal(t, s.forms[0].Get("msgId"), form.Get("msgId"))
				flags = append(flags, form.Get("resendFlag"))
			}
			assert.Equal(t, []string{"1", "1", "1", "1"}, flags)
			if given == "" {
				assert.Len(t, s.forms[0].Get("msgId"), 32)
			} else {
				assert.Equal(t, given, s.forms[0].Get("msgId"))
			}
		})
	}
}

// TestTheMarkOfARepeat checks when a message is sent with resendFlag=1: unless the caller
// sets the field or the call is made once. A message without the mark is not repeated after
// an attempt that may have arrived.
func TestTheMarkOfARepeat(t *testing.T) {
	message := gen.SendMessageForm{RoomID: 66, MsgID: "m", FromAccid: "c", MsgType: wrapper.Ptr(gen.MessageTypeText)}
	tests := []struct {
		name     string
		given    *gen.ResendFlag
		attempts int
		flag     string
		sent     int
	}{
		{"by default", nil, 4, "1", 2},
		{"once", nil, 1, "", 1},
		{"the caller sets 1", wrapper.Ptr(gen.ResendFlagAgain), 4, "1", 2},
		{"the caller sets 0", wrapper.Ptr(gen.ResendFlag(0)), 4, "0", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				policy := wrapper.WithRetry(wrapper.RetryPolicy{Attempts: tt.attempts})
				form := message
				form.ResendFlag = tt.given
				s := &script{steps: []step{lost, says(okMessage)}}
				_, err := newTransportClient(t, s.RoundTrip, policy).Messages.Send(t.Context(), form)
				assert.Equal(t, tt.sent == 1, errors.Is(err, wrapper.ErrOutcomeUnknown), "%v", err)
				assert.Len(t, s.forms, tt.sent)
				assert.Equal(t, tt.flag, s.forms[0].Get("resendFlag"))

				values := url.Values{"roomid": {"66"}, "msgId": {"m"}, "fromAccid": {"c"}, "msgType": {"0"}}
				if tt.given != nil {
					values.Set("resendFlag", tt.flag)
				}
				s = &script{steps: []step{lost, says(okMessage)}}
				_, err = newTransportClient(t, s.RoundTrip, policy).Do(t.Context(), "/chatroom/sendMsg.action", values)
				assert.Equal(t, tt.sent == 1, errors.Is(err, wrapper.ErrOutcomeUnknown), "%v", err)
				assert.Equal(t, tt.flag, s.forms[0].Get("resendFlag"))
				assert.Equal(t, tt.given != nil, values.Has("resendFlag"), "the caller's values stay")
			})
		})
	}
}

// TestAServerCannotSilenceAnOperation: a client waits two minutes at most.
func TestAServerCannotSilenceAnOperation(t *testing.T) {
	for _, tt := range []step{status(429, "Retry-After", "86400"), status(503, "Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{steps: []step{tt, says(okRoom)}}
			client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}), wrapper.WithTimeout(0))
			var e *wrapper.Error
			require.ErrorAs(t, get(t, client), &e)
			assert.Equal(t, 2*time.Minute, e.RetryAfter)
			start := time.Now()
			require.NoError(t, get(t, client))
			assert.LessOrEqual(t, time.Since(start), 2*time.Minute)
		})
	}
}

// Who gave no MsgID finds it in the error, to send the message again under it.
func TestUnknownMessageIsKnownByItsRequestID(t *testing.T) {
	s := &script{steps: []step{lost}}
	client := newTransportClient(t, s.RoundTrip)
	_, err := client.Messages.Send(t.Context(), gen.SendMessageForm{RoomID: 66, FromAccid: "c", MsgType: wrapper.Ptr(gen.MessageTypeText)})
	require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
	var e *wrapper.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, s.forms[0].Get("msgId"), e.RequestID)
}

func TestDuplicateAfterALostResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// The response would hold the room, which is unknown.
		s := &script{steps: []step{lost, says(`{"code":417}`)}}
		client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		_, err := client.Rooms.Open(t.Context(), wrapper.RoomStateForm{RoomID: 66, Operator: "c"})
		require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
		require.ErrorIs(t, err, wrapper.ErrDuplicate)
		var e *wrapper.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, "getChatroom", e.Ask)
		assert.ErrorContains(t, err, "ask getChatroom")

		// The response would hold nothing, so it is a success.
		s = &script{steps: []step{lost, says(`{"code":431}`)}}
		client = newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		require.NoError(t, client.Members.Update(t.Context(), gen.UpdateMemberForm{RoomID: 66, Accid: "a"}))
	})
}

// TestUnknownOutcomeLasts holds that a later API error does not take back that an earlier
// attempt may have arrived.
func TestUnknownOutcomeLasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{lost, says(`{"code":13004}`)}}
		client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		_, err := client.Messages.Send(t.Context(), gen.SendMessageForm{RoomID: 66, FromAccid: "c", MsgType: wrapper.Ptr(gen.MessageTypeText)})
		require.ErrorIs(t, err, wrapper.ErrMuted)
		require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
	})
}

// TestBackoffIsBoundedAndJittered: waits are drawn from all between nothing and a bound
// that doubles up to five seconds, however many attempts there are.
func TestBackoffIsBoundedAndJittered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const attempts = 500
		var at []time.Time
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			at = append(at, time.Now())
			return respond(r, 200, `{"code":503}`), nil
		}, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: attempts}), wrapper.WithTimeout(0), wrapper.WithRetryBudget(attempts))
		_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1})
		require.ErrorIs(t, err, wrapper.ErrUnavailable)
		require.Len(t, at, attempts)
		var long, total time.Duration
		for i := 1; i < len(at); i++ {
			wait, bound := at[i].Sub(at[i-1]), 5*time.Second
			if i < 7 {
				bound = min(bound, 100*time.Millisecond<<(i-1))
			}
			require.LessOrEqual(t, wait, bound, "before attempt %d", i+1)
			require.GreaterOrEqual(t, wait, time.Duration(0))
			if i >= 7 {
				long, total = max(long, wait), total+wait
			}
		}
		assert.Greater(t, long, 4500*time.Millisecond, "up to the bound")
		assert.InDelta(t, 2.5, (total / (attempts - 7)).Seconds(), 0.5, "half of the bound on average: full jitter")
	})
}

// TestOddBackoffsDoNoHarm: what a policy of the caller's gives is never waited past the
// call's time, nor taken for a time in the past.
func TestOddBackoffsDoNoHarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			backoff time.Duration
			sent    int // at least
		}{{-time.Hour, 3}, {0, 3}, {math.MinInt64, 3}, {math.MaxInt64, 1}} {
			s := &script{steps: []step{says(`{"code":503}`)}}
			client := newTransportClient(t, s.RoundTrip)
			start := time.Now()
			_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1},
				wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 3, Backoff: func(int) time.Duration { return tt.backoff }}), wrapper.WithTimeout(time.Second))
			require.ErrorIs(t, err, wrapper.ErrUnavailable)
			assert.GreaterOrEqual(t, len(s.forms), tt.sent, "%v", tt.backoff)
			assert.LessOrEqual(t, time.Since(start), time.Second, "%v", tt.backoff)
		}
	})
}

// TestNothingHappensPastTheDeadline: neither the caller's nor the call's own, whatever
// it waits for.
func TestNothingHappensPastTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, first := range []step{says(`{"code":503}`), says(`{"code":416}`), status(503, "Retry-After", "2"), hang, lost, refusedConnection, status(502)} {
			for _, own := range []time.Duration{0, 3 * time.Second} {
				s := &script{steps: []step{first}}
				var latest time.Time
				client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
					if r.Method == http.MethodGet {
						return refusedConnection(r) // a probe
					}
					latest = time.Now()
					return s.RoundTrip(r)
				}, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1000}), wrapper.WithRetryBudget(1000), wrapper.WithRate(100),
					wrapper.WithTimeout(own), wrapper.WithAttemptTimeout(time.Second), wrapper.WithHosts("http://a/n", "http://b/n"))
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				start := time.Now()
				_, err := client.Rooms.Get(ctx, gen.GetChatroomForm{RoomID: 1})
				require.Error(t, err)
				end := 5 * time.Second
				if own > 0 {
					end = own
				}
				assert.LessOrEqual(t, time.Since(start), end)
				assert.Less(t, latest.Sub(start), end)
				cancel()
				synctest.Wait()
			}
		}
	})
}

func TestRetryAfterIsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{status(503, "Retry-After", "7"), says(okRoom)}}
		client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		start := time.Now()
		require.NoError(t, get(t, client))
		assert.Equal(t, 7*time.Second, time.Since(start))

		s = &script{steps: []step{status(503, "Retry-After", "7")}}
		client = newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		start = time.Now()
		var e *wrapper.Error
		require.ErrorAs(t, get(t, client, wrapper.WithTimeout(6*time.Second)), &e)
		assert.Equal(t, 7*time.Second, e.RetryAfter)
		assert.Zero(t, time.Since(start), "given back at once")
		assert.Len(t, s.forms, 1)
	})
}

func TestBackoffCanBeReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []int
		s := &script{steps: []step{says(`{"code":503}`)}}
		client := newTransportClient(t, s.RoundTrip)
		policy := wrapper.RetryPolicy{Attempts: 3, Backoff: func(n int) time.Duration { asked = append(asked, n); return 0 }}
		_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1}, wrapper.WithRetry(policy))
		require.Error(t, err)
		assert.Equal(t, []int{2, 3}, asked)

		s.forms = nil
		policy.Allow = func(e *wrapper.Error) bool { return e.Code != 503 }
		_, err = client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1}, wrapper.WithRetry(policy))
		require.Error(t, err)
		assert.Len(t, s.forms, 1, "Allow forbids")
	})
}

// TestRateBlockIsRespected waits ten seconds after code 416 where there is time,
// and otherwise gives the wait back at once.
func TestRateBlockIsRespected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{says(`{"code":416}`), says(okRoom)}}
		client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		start := time.Now()
		_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1})
		require.NoError(t, err)
		assert.Equal(t, 10*time.Second, time.Since(start))

		s = &script{steps: []step{says(`{"code":416}`)}}
		client = newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		start = time.Now()
		_, err = client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1}, wrapper.WithTimeout(8*time.Second))
		var e *wrapper.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, 10*time.Second, e.RetryAfter)
		assert.Zero(t, time.Since(start))
		assert.Len(t, s.forms, 1)
	})
}

// TestAttemptTimeoutIsRetried keeps the time of an attempt apart from the call's
// and from the caller's.
func TestAttemptTimeoutIsRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{hang, hang, says(okRoom)}}
		client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4, Backoff: func(int) time.Duration { return 0 }}),
			wrapper.WithAttemptTimeout(2*time.Second))
		start := time.Now()
		_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1})
		require.NoError(t, err)
		assert.Equal(t, 4*time.Second, time.Since(start))

		s = &script{steps: []step{hang}}
		client = newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 100}), wrapper.WithAttemptTimeout(2*time.Second))
		start = time.Now()
		_, err = client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1}, wrapper.WithTimeout(7*time.Second))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.LessOrEqual(t, time.Since(start), 7*time.Second, "never past the deadline")
		assert.Greater(t, len(s.forms), 1)
	})
}

func TestCancelIsNotRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := &script{steps: []step{hang}}
		client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		go func() {
			time.Sleep(time.Second) //nolint:forbidigo // the bubble's time
			cancel()
		}()
		_, err := client.Rooms.Get(ctx, gen.GetChatroomForm{RoomID: 1})
		require.ErrorIs(t, err, context.Canceled)
		assert.Len(t, s.forms, 1)

		// Cancelled while it waits to be sent again.
		ctx, cancel = context.WithCancel(t.Context())
		s = &script{steps: []step{says(`{"code":416}`)}}
		client = newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		start := time.Now()
		go func() {
			time.Sleep(time.Second) //nolint:forbidigo // the bubble's time
			cancel()
		}()
		_, err = client.Rooms.Get(ctx, gen.GetChatroomForm{RoomID: 1})
		require.ErrorIs(t, err, wrapper.ErrRateLimited)
		assert.Equal(t, time.Second, time.Since(start))
		assert.Len(t, s.forms, 1)

		ctx, cancel = context.WithCancel(t.Context())
		s = &script{steps: []step{refusedConnection}}
		client = newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{
			Attempts: 4, Backoff: func(int) time.Duration { cancel(); return time.Second },
		}))
		_, err = client.Rooms.Get(ctx, gen.GetChatroomForm{RoomID: 1})
		require.ErrorIs(t, err, context.Canceled)
		assert.ErrorContains(t, err, "refused; then context canceled", "in one line")
	})
}

func TestRetryBudgetEndsRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{says(`{"code":503}`)}}
		client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}), wrapper.WithRetryBudget(5))
		for range 10 {
			_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1})
			require.Error(t, err)
		}
		assert.Len(t, s.forms, 10+5, "ten calls and five more attempts")

		s.steps, s.forms = []step{says(okRoom)}, nil
		for range 10 {
			_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1})
			require.NoError(t, err)
		}
		s.steps, s.forms = []step{says(`{"code":503}`)}, nil
		_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1})
		require.Error(t, err)
		assert.Len(t, s.forms, 2, "ten successes paid for one more attempt")
	})
}

func TestRequestIDStaysTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ids, nonces []string
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			ids = append(ids, r.Header.Get("RequestId"))
			nonces = append(nonces, r.Header.Get("Nonce"))
			return respond(r, 200, `{"code":503}`), nil
		}, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 3}))
		_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1})
		var e *wrapper.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, []string{e.RequestID, e.RequestID, e.RequestID}, ids)
		assert.Len(t, e.RequestID, 32)
		assert.Equal(t, 3, e.Attempts)
		assert.Len(t, slices.Compact(nonces), 3, "each attempt is signed anew")
	})
}

// TestMessagesOfAListAreMarkedOneByOne: a call of several messages is repeated if all of
// them are marked, and the caller's list stays as it is.
func TestMessagesOfAListAreMarkedOneByOne(t *testing.T) {
	const sent = `{"code":200,"success":[{"a":{"msgid_client":"a","time":"1"}}]}`
	text, again := wrapper.Ptr(gen.MessageTypeText), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4})
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{lost, says(sent)}}
		list := []gen.MessageItem{{MsgID: "a", MsgType: text}, {MsgType: text}}
		_, err := newTransportClient(t, s.RoundTrip, again).Messages.SendBatch(t.Context(), gen.SendMessagesForm{RoomID: 66, FromAccid: "c", MsgList: list})
		require.NoError(t, err)
		require.Len(t, s.forms, 2)
		assert.Equal(t, s.forms[0], s.forms[1])
		assert.Regexp(t, `^\[\{"msgId":"a","msgType":0,"resendFlag":1\},\{"msgId":"[0-9a-f]{32}-2","msgType":0,"resendFlag":1\}\]$`, s.forms[0].Get("msgList"))
		assert.Empty(t, list[1].MsgID)
		assert.Nil(t, list[0].ResendFlag)

		list[1].ResendFlag = wrapper.Ptr(gen.ResendFlag(0))
		s = &script{steps: []step{lost, says(sent)}}
		_, err = newTransportClient(t, s.RoundTrip, again).Messages.SendBatch(t.Context(), gen.SendMessagesForm{RoomID: 66, FromAccid: "c", MsgList: list})
		require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
		var e *wrapper.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, "sendMessages", e.Ask)
	})
	for _, tt := range []struct {
		list, want string
		sent       int
	}{
		{`[{"msgId":"a","locX":1.50},{"msgId":"b","resendFlag":"1"}]`, `[{"locX":1.50,"msgId":"a","resendFlag":1},{"msgId":"b","resendFlag":"1"}]`, 2},
		{`[{"msgId":"a","resendFlag":0}]`, `[{"msgId":"a","resendFlag":0}]`, 1},
		{`[{"msgId":"a"},{"msgId":""}]`, `[{"msgId":"a"},{"msgId":""}]`, 1},
		{`[null]`, `[null]`, 1},
		{`no list`, `no list`, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{steps: []step{lost, says(sent)}}
			values := url.Values{"roomid": {"66"}, "fromAccid": {"c"}, "msgList": {tt.list}}
			_, err := newTransportClient(t, s.RoundTrip, again).Do(t.Context(), "/chatroom/batchSendMsg.action", values)
			assert.Equal(t, tt.sent == 1, errors.Is(err, wrapper.ErrOutcomeUnknown), "%v", err)
			assert.Len(t, s.forms, tt.sent)
			assert.Equal(t, tt.want, s.forms[0].Get("msgList"))
			assert.Equal(t, tt.list, values.Get("msgList"), "the caller's values stay")
		})
	}
}
