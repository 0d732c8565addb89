package wrapper_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// TestWithTransport: a transport can verify requests with what it is given,
// and keeps the rest of the HTTP client.
func TestWithTransport(t *testing.T) {
	credentials, err := sign.NewCredentials("a-key", "a-secret")
	require.NoError(t, err)
	now := time.Date(2024, time.March, 15, 6, 31, 51, 0, time.UTC)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	service, err := url.Parse(wrapper.DefaultBaseURL)
	require.NoError(t, err)
	jar.SetCookies(service, []*http.Cookie{{Name: "a", Value: "b", Path: "/"}})
	verified := 0
	client, err := wrapper.New(credentials,
		wrapper.WithHTTPClient(&http.Client{Jar: jar, Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			t.Error("the other transport was used")
			return nil, http.ErrServerClosed
		})}),
		wrapper.WithClock(func() time.Time { return now }),
		wrapper.WithTransport(func(given sign.Credentials, clock func() time.Time) http.RoundTripper {
			return roundTrip(func(r *http.Request) (*http.Response, error) {
				assert.NoError(t, sign.Verify(r.Header, clock(), given))
				assert.Equal(t, now, clock())
				_, err := r.Cookie("a")
				assert.NoError(t, err)
				verified++
				return respond(r, 200, `{"code":404}`), nil
			})
		}))
	require.NoError(t, err)
	_, err = client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1})
	assert.ErrorIs(t, err, wrapper.ErrNotFound)
	assert.Equal(t, 1, verified)

	_, err = wrapper.New(credentials, wrapper.WithTransport(nil))
	assert.ErrorContains(t, err, "transport: nil")
}
