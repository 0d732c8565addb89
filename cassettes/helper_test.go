package cassettes_test

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// fake is a test that may fail without this one failing.
type fake struct {
	errors   []string
	failed   bool
	cleanups []func()
}

func (f *fake) Helper()          {}
func (f *fake) Cleanup(c func()) { f.cleanups = append(f.cleanups, c) }
func (f *fake) Failed() bool     { return f.failed }
func (f *fake) Errorf(format string, args ...any) {
	f.failed = true
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}
func (f *fake) Fatalf(format string, args ...any) { f.Errorf(format, args...) }

// end ends the test and returns what it complained of.
func (f *fake) end() string {
	for _, cleanup := range f.cleanups {
		cleanup()
	}
	return strings.Join(f.errors, "\n")
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// says responds to requests with bodies in turn.
func says(bodies ...string) roundTrip {
	return func(r *http.Request) (*http.Response, error) {
		_, err := io.Copy(io.Discard, r.Body)
		body := bodies[0]
		if len(bodies) > 1 {
			bodies = bodies[1:]
		}
		return response(r, body), err
	}
}

func response(r *http.Request, body string) *http.Response {
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{
			"Content-Type": {"application/json;charset=utf-8"}, "Date": {"Fri, 15 Mar 2024 06:31:51 GMT"},
			"Set-Cookie": {"session=0123456789"}, "X-Trace": {"0123456789"},
		},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r,
	}
}

const (
	testKey    = "a-key-of-this-test"
	testSecret = "a-secret-of-this-test"
)

func credentials(t *testing.T) sign.Credentials {
	t.Helper()
	c, err := sign.NewCredentials(testKey, testSecret)
	require.NoError(t, err)
	return c
}

func client(t *testing.T, options ...wrapper.Option) *wrapper.Client {
	t.Helper()
	c, err := wrapper.New(credentials(t), append([]wrapper.Option{wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1})}, options...)...)
	require.NoError(t, err)
	return c
}

// recorded records a cassette in a folder of the test's own, and returns its
// name.
func recorded(t *testing.T, transport http.RoundTripper, do func(*wrapper.Client), options ...cassettes.Option) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "tape")
	c, err := cassettes.Open(name, append(options, cassettes.Record(true), cassettes.WithTransport(transport))...)
	require.NoError(t, err)
	do(client(t, c.Option()))
	require.NoError(t, c.Close())
	return name
}

// replay opens a cassette in which nothing is wrong yet.
func replay(t *testing.T, name string, options ...cassettes.Option) *cassettes.Cassette {
	t.Helper()
	c, err := cassettes.Open(name, append([]cassettes.Option{cassettes.Record(false)}, options...)...)
	require.NoError(t, err)
	return c
}

func edit(text *string, old, other string) { *text = strings.Replace(*text, old, other, 1) }
