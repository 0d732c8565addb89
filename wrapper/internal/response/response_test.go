package response_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/wrapper/internal/response"
)

// closing is a body that notes that it was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return errors.New("ignored") }

func TestRead(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct {
		name string
		from io.Reader
		want string
		err  error
	}{
		{"whole", strings.NewReader("12345"), "12345", nil},
		{"too large", strings.NewReader("1234567"), "123456", response.ErrTooLarge},
		{"broken", io.MultiReader(strings.NewReader("12"), iotest.ErrReader(broken)), "12", broken},
		{"empty", strings.NewReader(""), "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			from := &closing{Reader: tt.from}
			body, err := response.Read(from, 5)
			defer body.Release()
			assert.Equal(t, tt.err, err)
			assert.Equal(t, tt.want, string(body.Bytes()))
			assert.True(t, from.closed)
		})
	}
	body, err := response.Read(nil, 5)
	require.NoError(t, err)
	assert.Empty(t, body.Bytes())
	body.Release()
}

func TestReleasedMemoryIsEmpty(t *testing.T) {
	for range 10 {
		body, err := response.Read(io.NopCloser(strings.NewReader("abc")), 1<<30)
		require.NoError(t, err)
		assert.Equal(t, "abc", string(body.Bytes()))
		body.Release()
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Now().UTC()
	at := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for _, tt := range []struct {
		header http.Header
		want   time.Duration
	}{
		{http.Header{}, 0},
		{http.Header{"Retry-After": {"7"}}, 7 * time.Second},
		{http.Header{"Retry-After": {"-1"}}, 0},
		{http.Header{"Retry-After": {"999999999999999999999999"}}, response.LongestRetryAfter},
		{http.Header{"Retry-After": {"86400"}}, response.LongestRetryAfter},
		{http.Header{"Retry-After": {"1e400"}}, response.LongestRetryAfter},
		{http.Header{"Retry-After": {"inf"}}, response.LongestRetryAfter},
		{http.Header{"Retry-After": {"nan"}}, 0},
		{http.Header{"Retry-After": {" 1.5 "}}, 1500 * time.Millisecond},
		{http.Header{"Retry-After": {"30s"}}, 30 * time.Second},
		{http.Header{"Retry-After": {"soon"}}, 0},
		{http.Header{"Retry-After": {at(90 * time.Second)}, "Date": {at(time.Minute)}}, 30 * time.Second},
		{http.Header{"Retry-After": {at(-time.Hour)}}, 0},
		{http.Header{"Retry-After": {at(time.Hour)}, "Date": {at(2 * time.Hour)}}, 0},
		{http.Header{"Retry-After": {at(72 * time.Hour)}}, response.LongestRetryAfter},
	} {
		assert.Equal(t, tt.want, response.RetryAfter(tt.header), "%v", tt.header)
	}
}

func TestExcerpt(t *testing.T) {
	assert.Equal(t, "page not found", response.Excerpt([]byte(" page\n not\tfound ")))
	long := response.Excerpt([]byte(strings.Repeat("词", 1000)))
	assert.Equal(t, strings.Repeat("词", 40)+"...", long)
}

func TestRedirectHost(t *testing.T) {
	to := func(location string) *http.Response {
		return &http.Response{Header: http.Header{"Location": {location}}}
	}
	assert.Equal(t, "https://h", response.RedirectHost(to("https://h/path?token=x")))
	assert.Equal(t, "nowhere", response.RedirectHost(&http.Response{}))
}

func TestIsGateway(t *testing.T) {
	for status := 100; status < 600; status++ {
		assert.Equal(t, status == 502 || status == 503 || status == 504, response.IsGateway(status), "%d", status)
	}
}
