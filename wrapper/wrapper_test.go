package wrapper_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// testSecret is the secret of clients whose words are not looked at; see hushed.
const testSecret = "the-test-secret"

func credentials(t testing.TB) sign.Credentials {
	t.Helper()
	c, err := sign.NewCredentials("app-key", testSecret)
	require.NoError(t, err)
	return c
}

// newClient returns a client of a test server. Its base path is longer than
// the service's, so that a path built by hand would miss it.
func newClient(t testing.TB, handler http.HandlerFunc, options ...wrapper.Option) *wrapper.Client {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/base/nimserver/", http.StripPrefix("/base/nimserver", handler))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	options = append([]wrapper.Option{
		wrapper.WithBaseURL(server.URL + "/base/nimserver"), once, wrapper.WithLimiter(nil),
	}, options...)
	client, err := wrapper.New(credentials(t), options...)
	require.NoError(t, err)
	return client
}

// roundTrip is a transport that needs no server.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// once sends a call a single time.
var once = wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1})

// newTransportClient returns a client over a transport of the test's.
func newTransportClient(t testing.TB, transport roundTrip, options ...wrapper.Option) *wrapper.Client {
	t.Helper()
	options = append([]wrapper.Option{
		wrapper.WithBaseURL("http://service/nimserver"), wrapper.WithHTTPClient(&http.Client{Transport: transport}),
		once, wrapper.WithLimiter(nil),
	}, options...)
	client, err := wrapper.New(credentials(t), options...)
	require.NoError(t, err)
	return client
}

// respond returns a response as a transport does.
func respond(r *http.Request, status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
}

// parseUnix reads a CurTime.
func parseUnix(t testing.TB, text string) time.Time {
	t.Helper()
	seconds, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err)
	return time.Unix(seconds, 0)
}
