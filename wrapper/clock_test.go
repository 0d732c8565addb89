package wrapper_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// clocked is a client of an emulator whose requests are counted.
func clocked(t *testing.T, srv *emulator.Server, credentials sign.Credentials) (*wrapper.Client, *atomic.Int64) {
	t.Helper()
	var sent atomic.Int64
	client, err := wrapper.New(credentials, wrapper.WithBaseURL(srv.URL),
		wrapper.WithMiddleware(func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			sent.Add(1)
			return next(r)
		}))
	require.NoError(t, err)
	return client, &sent
}

// TestClockHeals sets the service's clock a day off, twice.
func TestClockHeals(t *testing.T) {
	srv := emulator.Start(t)
	client, sent := clocked(t, srv, srv.Credentials())
	list := func() error {
		_, err := client.Rooms.ListByCreator(t.Context(), gen.ListUserChatroomsForm{Creator: "lena"})
		return err
	}
	require.NoError(t, list())
	require.EqualValues(t, 1, sent.Load())
	for range 2 {
		require.NoError(t, srv.Advance(24*time.Hour))
		sent.Store(0)
		require.NoError(t, list())
		assert.EqualValues(t, 2, sent.Load(), "rejected once, then signed by the service's clock")
		require.NoError(t, list())
		assert.EqualValues(t, 3, sent.Load(), "and known from then on")
	}
}

// TestClockHealsForOperationsThatAreNotRepeated: a request that was rejected for its time was not carried out.
func TestClockHealsForOperationsThatAreNotRepeated(t *testing.T) {
	srv := emulator.Start(t)
	client, _ := clocked(t, srv, srv.Credentials())
	require.NoError(t, srv.Advance(24*time.Hour))
	_, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "lena", Name: "n"})
	require.NoError(t, err)
}

func TestWrongSecretDoesNotLoop(t *testing.T) {
	srv := emulator.Start(t)
	wrong, err := sign.NewCredentials(emulator.DefaultAppKey, "another-secret")
	require.NoError(t, err)
	client, sent := clocked(t, srv, wrong)
	require.NoError(t, srv.Advance(24*time.Hour))
	_, err = client.Rooms.ListByCreator(t.Context(), gen.ListUserChatroomsForm{Creator: "lena"})
	require.Error(t, err)
	assert.LessOrEqual(t, sent.Load(), int64(2))
}

// TestWhatIsLearntFromDate lists which responses move the clock.
func TestWhatIsLearntFromDate(t *testing.T) {
	const expired = `{"code":414,"desc":"CurTime is expired"}`
	tests := []struct {
		name  string
		body  string
		off   time.Duration
		slow  time.Duration
		age   string
		moved bool
	}{
		{"rejected, a day ahead", expired, 24 * time.Hour, 0, "", true},
		{"rejected, a day behind", expired, -24 * time.Hour, 0, "", true},
		{"rejected, but the same time", expired, 10 * time.Second, 0, "", false},
		{"rejected, from a cache", expired, 24 * time.Hour, 0, "3600", false},
		{"rejected, after a slow round trip", expired, 24 * time.Hour, 11 * time.Second, "", false},
		{"accepted, two minutes off", okNothing, 2 * time.Minute, 0, "", true},
		{"accepted, seconds off", okNothing, 30 * time.Second, 0, "", false},
		{"accepted, yet a day off", okNothing, 24 * time.Hour, 0, "", false},
		{"another API error, two minutes off", `{"code":404}`, 2 * time.Minute, 0, "", true},
		{"no JSON", "<html>", 2 * time.Minute, 0, "", false},
		{"bad signature", `{"code":414,"desc":"checksum"}`, 2 * time.Minute, 0, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var signed []string
				client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
					signed = append(signed, r.Header.Get("CurTime"))
					time.Sleep(tt.slow) //nolint:forbidigo // the bubble's time
					response := respond(r, 200, tt.body)
					response.Header.Set("Date", time.Now().Add(tt.off).UTC().Format(http.TimeFormat))
					if tt.age != "" {
						response.Header.Set("Age", tt.age)
					}
					return response, nil
				}, wrapper.WithAttemptTimeout(0))
				call := func() {
					_ = client.Rooms.EnableEntryNotifications(t.Context(), wrapper.EntryNotificationsForm{RoomID: 1})
				}
				call()
				time.Sleep(time.Second - tt.slow%time.Second) //nolint:forbidigo // the bubble's time
				signed = nil
				before := time.Now()
				call()
				require.NotEmpty(t, signed)
				got := parseUnix(t, signed[0]).Sub(before)
				if tt.moved {
					assert.InDelta(t, tt.off.Seconds(), got.Seconds(), 1.5)
				} else {
					assert.InDelta(t, 0, got.Seconds(), 1)
				}
			})
		})
	}
}

// TestDateIsTakenForTheMiddle: a response carries the time of its beginning, which is half a round trip
// ago, what time it is.
func TestDateIsTakenForTheMiddle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const off = 90 * time.Second
		var signed time.Time
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			signed = parseUnix(t, r.Header.Get("CurTime"))
			time.Sleep(4 * time.Second) //nolint:forbidigo // the bubble's time
			response := respond(r, 200, okRoom)
			response.Header.Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat))
			time.Sleep(4 * time.Second) //nolint:forbidigo // the bubble's time
			return response, nil
		})
		require.NoError(t, get(t, client))
		before := time.Now()
		require.NoError(t, get(t, client))
		assert.InDelta(t, off.Seconds(), signed.Sub(before).Seconds(), 1.5)
	})
}
