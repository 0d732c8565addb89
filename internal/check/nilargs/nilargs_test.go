// Package nilargs holds the public functions to what they do with nil.
package nilargs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/callback"
	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/conformance"
	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// noContext is a context that a caller forgot.
var noContext context.Context

// failing is a test that keeps its failure.
type failing struct {
	testing.TB
	err error
}

func (f *failing) Helper()        {}
func (f *failing) Cleanup(func()) {}
func (f *failing) Fatalf(format string, args ...any) {
	f.err = fmt.Errorf(format, args...)
}

func credentials() sign.Credentials {
	c, _ := sign.NewCredentials("K", "S")
	return c
}

func newClient(options ...wrapper.Option) error {
	_, err := wrapper.New(credentials(), options...)
	return err
}

func open(options ...cassettes.Option) error {
	_, err := cassettes.Open("no-such-cassette", options...)
	return err
}

func signed(options ...sign.Option) error {
	return sign.NewSigner(credentials(), options...).Edit(context.Background(), httptest.NewRequest(http.MethodPost, "/", nil))
}

// get calls a client whose transport must not be reached.
func get(options ...wrapper.CallOption) error {
	client, err := wrapper.New(credentials(), wrapper.WithTransport(func(sign.Credentials, func() time.Time) http.RoundTripper { return unreachable{} }))
	if err != nil {
		return err
	}
	_, err = client.Rooms.GetMany(context.Background(), gen.GetChatroomsForm{RoomIDs: []gen.RoomID{1}}, wrapper.WithProgress(nil))
	if options != nil {
		_, err = client.Rooms.Get(context.Background(), gen.GetChatroomForm{RoomID: 1}, options...)
	}
	return err
}

type unreachable struct{}

func (unreachable) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.EOF }

// given has, for each parameter that can be nil, what happens if it is, and what the error
// says. A parameter without a function is in a module of its own, whose tests hold it.
var given = map[string]struct {
	call func() error
	says string
}{
	"sign.NewSigner options":            {func() error { return signed(nil) }, "option 1 is nil"},
	"sign.WithClock now":                {func() error { return signed(sign.WithClock(nil)) }, "clock is nil"},
	"wrapper.New options":               {func() error { return newClient(nil) }, "option 1 is nil"},
	"wrapper.WithClock now":             {func() error { return newClient(wrapper.WithClock(nil)) }, "clock: nil"},
	"wrapper.WithHTTPClient client":     {func() error { return newClient(wrapper.WithHTTPClient(nil)) }, "HTTP client: nil"},
	"wrapper.WithLimiter limiter":       {func() error { return newClient(wrapper.WithLimiter((*limiter)(nil))) }, "limiter: a nil *nilargs.limiter"},
	"wrapper.WithLogger logger":         {func() error { return newClient(wrapper.WithLogger(nil)) }, "logger: nil"},
	"wrapper.WithMiddleware middleware": {func() error { return newClient(wrapper.WithMiddleware(nil)) }, "middleware: nil"},
	"wrapper.WithTransport start":       {func() error { return newClient(wrapper.WithTransport(nil)) }, "transport: nil"},
	"wrapper.WithProgress report":       {func() error { return get() }, "progress: nil"},
	"wrapper.WithRawResponse dst":       {func() error { return get(wrapper.WithRawResponse(nil)) }, "raw response: nil"},
	"wrapper.FromEnv options": {func() error {
		_, err := wrapper.FromEnv(nil)
		return err
	}, "option 1 is nil"},
	"wrapper.NewMessage content": {func() error {
		_, err := wrapper.NewMessage(1, "a", (*wrapper.Image)(nil))
		return err
	}, "no content"},
	"cassettes.Open options":            {func() error { return open(nil) }, "option 0 is nil"},
	"cassettes.WithFile file":           {func() error { return open(cassettes.WithFile(nil)) }, "file: nil"},
	"cassettes.WithRewrite rewrite":     {func() error { return open(cassettes.WithRewrite(nil)) }, "rewrite: nil"},
	"cassettes.WithTransport transport": {func() error { return open(cassettes.WithTransport(nil)) }, "transport: nil"},
	"cassettes.Use options": {func() error {
		t := new(failing)
		cassettes.Use(t, "x", nil)
		return t.err
	}, "option 0 is nil"},
	"cassettes.Credentials options": {func() error {
		t := new(failing)
		cassettes.Credentials(t, nil)
		return t.err
	}, "option 0 is nil"},
	"emulator.Call s": {func() error {
		_, err := emulator.Call(nil, gen.GetChatroomEndpoint, gen.GetChatroomForm{})
		return err
	}, "the server is nil"},
	"emulator.New list": {func() error {
		_, err := emulator.New(nil)
		return err
	}, "option 1 is nil"},
	"emulator.Start list": {func() error {
		t := new(failing)
		emulator.Start(t, nil)
		return t.err
	}, "option 1 is nil"},
	"emulator.WithRequestHook hook": {func() error {
		_, err := emulator.New(emulator.WithRequestHook(nil))
		return err
	}, "the request hook is nil"},
	"emulator.WithClock now": {func() error {
		_, err := emulator.New(emulator.WithClock(nil))
		return err
	}, "the clock is nil"},
	"conformance.NewControlPlane ctx": {func() error {
		_, err := conformance.NewControlPlane(noContext, "http://127.0.0.1:1")
		return err
	}, "nil Context"},
	"conformance.NewControlPlaneVia ctx": {func() error {
		_, err := conformance.NewControlPlaneVia(noContext, "http://127.0.0.1:1", new(http.Client))
		return err
	}, "nil Context"},
	"conformance.NewControlPlaneVia client": {func() error {
		_, err := conformance.NewControlPlaneVia(context.Background(), "http://127.0.0.1:1", nil)
		return err
	}, "the HTTP client is nil"},
	"conformance.NewEmulated ctx": {func() error {
		_, err := conformance.NewEmulated(noContext, "http://127.0.0.1:1", credentials())
		return err
	}, "nil Context"},
	"conformance.NewEmulated options": {func() error {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{}`) }))
		defer server.Close()
		_, err := conformance.NewEmulated(context.Background(), server.URL, credentials(), nil)
		return err
	}, "is nil"},
	"nimotel.Hooks options":               {},
	"nimotel.WithMeterProvider provider":  {},
	"nimotel.WithTracerProvider provider": {},
	"sign.VerifyCallback body": {func() error {
		h := http.Header{}
		_ = credentials().SignCallback(h, nil, time.Now()) // there are credentials
		_, err := sign.VerifyCallback(h, nil, 1, time.Now(), credentials())
		return err
	}, "the body is nil"},
	"callback.New options":               {func() error { return callback.New(credentials(), callback.Handlers{}, nil).Err() }, "option 1 is nil"},
	"callback.WithClock now":             {func() error { return receiver(callback.WithClock(nil)) }, "the clock is nil"},
	"callback.WithMemory m":              {func() error { return receiver(callback.WithMemory(nil)) }, "the memory is nil"},
	"callback.WithErrorHook f":           {func() error { return receiver(callback.WithErrorHook(nil)) }, "the hook is nil"},
	"callback.AppKey ctx":                {func() error { return errors.New(callback.AppKey(noContext)) }, ""},
	"redislimit.New client":              {},
	"redislimit.NewMemory client":        {},
	"redislimit.New options":             {},
	"redislimit.WithErrorHandler handle": {},
}

func receiver(option callback.Option) error {
	return callback.New(credentials(), callback.Handlers{}, option).Err()
}

type limiter struct{ wrapper.Limiter }

func TestNilArgumentsAreErrors(t *testing.T) {
	t.Setenv(wrapper.EnvAppKey, "K")
	t.Setenv(wrapper.EnvAppSecret, "S")
	left := map[string]bool{}
	for name := range given {
		left[name] = true
	}
	for _, dir := range []string{"sign", "wrapper", "cassettes", "emulator", "conformance", "tagexpr", "callback", "wrapper/proxy", "contrib/otel", "contrib/redislimit"} {
		for _, name := range nillable(t, dir) {
			test, ok := given[name]
			if !assert.True(t, ok, "nothing is known about a nil %s", name) {
				continue
			}
			delete(left, name)
			if test.call != nil {
				require.ErrorContains(t, test.call(), test.says, name)
			}
		}
	}
	assert.Empty(t, left, "no function has these")
}

func TestNilInOtherPlaces(t *testing.T) {
	var transport *http.Transport
	require.ErrorContains(t, newClient(wrapper.WithHTTPClient(&http.Client{Transport: transport})), "nil *http.Transport")
	require.ErrorContains(t, newClient(wrapper.WithTransport(func(sign.Credentials, func() time.Time) http.RoundTripper { return transport })), "transport: nil")
	require.ErrorContains(t, newClient(wrapper.WithHooks(wrapper.Hooks{Err: io.EOF})), "hooks: EOF")
	require.ErrorContains(t, sign.NewSigner(credentials()).Edit(t.Context(), nil), "the request is nil")
	require.ErrorContains(t, new(conformance.Suite).Play(t.Context(), conformance.Scenario{}, nil), "the target is nil")
	require.ErrorContains(t, new(conformance.Suite).Play(noContext, conformance.Scenario{}, new(conformance.Emulated)), "the context is nil")
	_, err := conformance.SDK{}.Call(t.Context(), "getChatroom", nil, false)
	require.ErrorContains(t, err, "no client")
	_, err = emulator.Call(new(emulator.Server), gen.Endpoint[gen.GetChatroomForm, gen.GetChatroomSuccess]{}, gen.GetChatroomForm{})
	require.ErrorContains(t, err, "no operation")
	server, err := emulator.New()
	require.NoError(t, err)
	require.ErrorContains(t, server.Serve(t.Context(), nil), "the listener is nil")
	require.NoError(t, server.Close())
}
