package conn_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/wrapper/internal/conn"
)

func TestNewClientLeavesTheGivenOneAlone(t *testing.T) {
	given := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }, Transport: &http.Transport{}}
	own := conn.NewClient(given)
	assert.Same(t, given.Transport, own.Transport)
	assert.Equal(t, http.ErrUseLastResponse, own.CheckRedirect(nil, nil))
	assert.NoError(t, given.CheckRedirect(nil, nil))
	made := conn.NewClient(nil)
	assert.NotNil(t, made.Transport, "not the default one, which other code shares")
	assert.NotSame(t, made.Transport, conn.NewClient(nil).Transport)
}

func TestWatch(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	client := conn.NewClient(server.Client())
	send := func(url string) *conn.Watch {
		w := new(conn.Watch)
		req, err := http.NewRequestWithContext(w.Context(t.Context()), http.MethodGet, url, nil)
		require.NoError(t, err)
		if response, err := client.Do(req); err == nil {
			require.NoError(t, response.Body.Close())
		}
		return w
	}
	first, second := send(server.URL), send(server.URL)
	assert.False(t, first.Reused())
	assert.True(t, second.Reused())
	assert.True(t, first.MayHaveArrived(io.EOF))
	assert.False(t, send("http://127.0.0.1:1").MayHaveArrived(io.EOF), "no connection")
}

func TestMayHaveArrived(t *testing.T) {
	dial := &net.OpError{Op: "dial", Err: errors.New("refused")}
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{dial, false},
		{fmt.Errorf("wrapped: %w", dial), false},
		{&net.OpError{Op: "read", Err: io.EOF}, true},
		{io.EOF, true},
	} {
		assert.Equal(t, tt.want, new(conn.Watch).MayHaveArrived(tt.err), "%v, of a transport that reports nothing", tt.err)
	}
}
