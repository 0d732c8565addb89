package wrapper_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// TestStaleConnectionsDoNotSurface fills the pool with connections that the server
// then cuts off, one by one, as each is used again. A transport may be one that cannot
// close its idle connections.
func TestStaleConnectionsDoNotSurface(t *testing.T) {
	own := &http.Transport{MaxIdleConnsPerHost: 64}
	defer own.CloseIdleConnections()
	for name, client := range map[string]*http.Client{
		"default transport": nil,
		"foreign transport": {Transport: transport(own.RoundTrip)},
	} {
		t.Run(name, func(t *testing.T) { testStaleConnections(t, client) })
	}
}

func testStaleConnections(t *testing.T, foreign *http.Client) {
	const connections = 20
	var cut atomic.Bool
	var seen sync.Map
	full := make(chan struct{})
	var waiting atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, again := seen.LoadOrStore(r.RemoteAddr, true)
		if cut.Load() && again {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				conn.Close()
			}
			return
		}
		if !cut.Load() { // until all connections are open
			if waiting.Add(1) == connections {
				close(full)
			}
			<-full
		}
		if strings.Contains(r.URL.Path, "sendMsg") {
			_, _ = io.WriteString(w, okMessage)
			return
		}
		_, _ = io.WriteString(w, okRoom)
	}))
	defer server.Close()
	options := []wrapper.Option{wrapper.WithBaseURL(server.URL), wrapper.WithLimiter(nil),
		wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 2, Backoff: func(int) time.Duration { return 0 }})}
	if foreign != nil {
		options = append(options, wrapper.WithHTTPClient(foreign))
	}
	client, err := wrapper.New(credentials(t), options...)
	require.NoError(t, err)
	for _, call := range []func() error{
		func() error { return get(t, client) },
		func() error {
			_, err := client.Rooms.Update(t.Context(), gen.UpdateChatroomForm{RoomID: 1, Name: wrapper.Ptr("n")})
			return err
		},
		func() error {
			_, err := client.Messages.Send(t.Context(), gen.SendMessageForm{RoomID: 1, FromAccid: "c", MsgType: wrapper.Ptr(gen.MessageTypeText)})
			return err
		},
	} {
		cut.Store(false)
		full = make(chan struct{})
		waiting.Store(0)
		seen.Clear()
		var done sync.WaitGroup
		for range connections {
			done.Go(func() { assert.NoError(t, get(t, client)) })
		}
		done.Wait()
		cut.Store(true)
		for range connections {
			require.NoError(t, call())
		}
	}
}

// transport is a RoundTripper without further methods.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestUnbuiltRequestsAreNotSent: what cannot become a request is the caller's
// mistake, whatever the operation.
func TestUnbuiltRequestsAreNotSent(t *testing.T) {
	n := newNetwork()
	client := n.client(t)
	create := func(options ...wrapper.CallOption) error {
		_, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: "n"}, options...)
		return err
	}
	for _, option := range []wrapper.CallOption{
		wrapper.WithHeader("bad name", "v"), wrapper.WithHeader("", "v"), wrapper.WithHeader("X", "v\n"), wrapper.WithHeader("X", "\x00"),
	} {
		err := create(option)
		require.ErrorIs(t, err, wrapper.ErrBadParameter)
		require.NotErrorIs(t, err, wrapper.ErrOutcomeUnknown)
	}
	_, err := client.Do(t.Context(), "/%zz", nil)
	require.ErrorIs(t, err, wrapper.ErrBadParameter)
	require.NotErrorIs(t, err, wrapper.ErrOutcomeUnknown)
	var e *wrapper.Error
	require.ErrorAs(t, err, &e)
	assert.Zero(t, e.Attempts)
	require.ErrorIs(t, create(wrapper.WithBaseURL("ftp://x"), wrapper.WithBaseURL("http://a/nimserver")), wrapper.ErrBadParameter, "the first mistake counts")
	assert.Empty(t, n.calls)
}

// TestAttemptAfterAStaleOneIsJudgedAlone: the host goes away behind a stale
// connection; that a connection was had before does not make the next one had.
func TestAttemptAfterAStaleOneIsJudgedAlone(t *testing.T) {
	var cut atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !cut.Load() {
			_, _ = io.WriteString(w, okRoom)
			return
		}
		if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
			conn.Close()
		}
	}))
	defer server.Close()
	client, err := wrapper.New(credentials(t), wrapper.WithBaseURL(server.URL), wrapper.WithLimiter(nil),
		wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 2, Backoff: func(int) time.Duration { return 0 }}))
	require.NoError(t, err)
	require.NoError(t, get(t, client))
	cut.Store(true)
	err = get(t, client)
	require.ErrorIs(t, err, wrapper.ErrUnavailable)
	var e *wrapper.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, 2, e.Attempts, "the stale one aside")
}

// pipes is a network in memory, for the time of a bubble.
type pipes chan net.Conn

func (p pipes) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	p <- far
	return near, nil
}

func (p pipes) Accept() (net.Conn, error) {
	conn, open := <-p
	if !open {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (pipes) Close() error   { return nil }
func (pipes) Addr() net.Addr { return &net.TCPAddr{} }

type lastUsed struct{}

// TestWhatIsNotRepeatedAvoidsIdleConnections: a server drops connections that were
// idle for a second, as a request comes in. Operations that are not repeated do not
// meet that; it is shown that another client does.
func TestWhatIsNotRepeatedAvoidsIdleConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := make(pipes)
		server := &http.Server{
			ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
				return context.WithValue(ctx, lastUsed{}, new(time.Time))
			},
			Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				used := r.Context().Value(lastUsed{}).(*time.Time)
				if !used.IsZero() && time.Since(*used) > time.Second {
					if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
						conn.Close()
					}
					return
				}
				*used = time.Now()
				_, _ = io.WriteString(w, okRoom)
			}),
		}
		go func() { _ = server.Serve(network) }()
		transport := &http.Transport{DialContext: network.dial, IdleConnTimeout: time.Minute}
		defer func() {
			transport.CloseIdleConnections()
			close(network)
			server.Close()
		}()
		client := newTransportClient(t, transport.RoundTrip, wrapper.WithHTTPClient(&http.Client{Transport: transport}))
		keeping := newTransportClient(t, transport.RoundTrip) // cannot drop the connections
		create := func(c *wrapper.Client) error {
			_, err := c.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: "n"})
			return err
		}
		for _, idle := range []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond, 900 * time.Millisecond, 30 * time.Second} {
			time.Sleep(idle) //nolint:forbidigo // the bubble's time
			require.NoError(t, create(client), "after %v", idle)
		}
		time.Sleep(2 * time.Second) //nolint:forbidigo // the bubble's time
		require.ErrorIs(t, create(keeping), wrapper.ErrOutcomeUnknown, "the server does what the test is about")
	})
}
