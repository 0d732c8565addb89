package wrapper_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/spec"
	"github.com/nimroom/nimroom/wrapper"
)

// network is a set of hosts, some of them down, that counts what each gets.
type network struct {
	down   map[string]bool
	calls  map[string]int // by host
	probes map[string]int
}

func newNetwork(down ...string) *network {
	n := &network{down: map[string]bool{}, calls: map[string]int{}, probes: map[string]int{}}
	for _, host := range down {
		n.down[host] = true
	}
	return n
}

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	probe := r.URL.Path == "/nimserver/health/liveness.action"
	if probe {
		n.probes[r.URL.Host]++
		if r.Header.Get("CheckSum") != "" {
			return nil, errors.New("a probe must not be signed")
		}
	} else {
		n.calls[r.URL.Host]++
	}
	if n.down[r.URL.Host] {
		return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	}
	if probe {
		return respond(r, 200, `{"code":200}`), nil
	}
	return respond(r, 200, okRoom), nil
}

func (n *network) client(t *testing.T, options ...wrapper.Option) *wrapper.Client {
	t.Helper()
	return newTransportClient(t, n.RoundTrip, append([]wrapper.Option{
		wrapper.WithHosts("http://a/nimserver", "http://b/nimserver", "http://c/nimserver"),
		wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4, Backoff: func(int) time.Duration { return 0 }}),
	}, options...)...)
}

func get(t *testing.T, client *wrapper.Client, options ...wrapper.CallOption) error {
	t.Helper()
	_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 66}, options...)
	return err
}

func TestCallsMoveToTheNextHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork("a", "b")
		client := n.client(t)
		require.NoError(t, get(t, client))
		assert.Equal(t, map[string]int{"a": 1, "b": 1, "c": 1}, n.calls)
		for range 5 {
			require.NoError(t, get(t, client))
		}
		assert.Equal(t, map[string]int{"a": 1, "b": 1, "c": 6}, n.calls, "dead hosts are left alone")
	})
}

// TestCreateMovesOnOnlyWhenItWasNotSent: an operation that is not repeated still
// moves on from a host that never got it.
func TestCreateMovesOnOnlyWhenItWasNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork("a")
		client := n.client(t)
		_, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: "n"})
		require.NoError(t, err)
		assert.Equal(t, map[string]int{"a": 1, "b": 1}, n.calls)

		s := &script{steps: []step{lost, says(okRoom)}}
		client = newTransportClient(t, s.RoundTrip, wrapper.WithHosts("http://a/x", "http://b/x"), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		_, err = client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: "n"})
		require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
		assert.Len(t, s.forms, 1)
	})
}

// TestHostComesBackAfterItsProbe: a dead host is not used before it has responded
// for its liveness, and is asked after pauses that grow.
func TestHostComesBackAfterItsProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork("a")
		client := n.client(t)
		require.NoError(t, get(t, client))
		for range 130 { // two minutes, a call a second
			time.Sleep(time.Second) //nolint:forbidigo // the bubble's time
			require.NoError(t, get(t, client))
			synctest.Wait()
		}
		assert.Equal(t, 1, n.calls["a"], "not used while it is down")
		assert.InDelta(t, 7, n.probes["a"], 1, "pauses of 1, 2, 4, 8, 16, 32, 60 seconds")

		n.down["a"] = false
		used := n.calls["b"]
		for range 70 {
			time.Sleep(time.Second) //nolint:forbidigo // the bubble's time
			require.NoError(t, get(t, client))
			synctest.Wait()
		}
		assert.Positive(t, n.calls["a"]-1, "the preferred host is used again")
		assert.Less(t, n.calls["b"]-used, 65)
	})
}

func TestAllHostsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork("a", "b", "c")
		err := get(t, n.client(t))
		require.ErrorIs(t, err, wrapper.ErrUnavailable)
		assert.Equal(t, map[string]int{"a": 2, "b": 1, "c": 1}, n.calls, "each once, then the one that paused first")
		synctest.Wait()
	})
}

// TestAPIErrorsKeepTheHost checks that a host that responds stays in use, whatever its response.
func TestAPIErrorsKeepTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hosts := map[string]int{}
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			hosts[r.URL.Host]++
			return respond(r, 200, `{"code":500}`), nil
		}, wrapper.WithHosts("http://a/x", "http://b/x"), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 3}))
		require.Error(t, get(t, client))
		assert.Equal(t, map[string]int{"a": 3}, hosts)
	})
}

func TestGatewayWithoutServiceMovesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hosts := map[string]int{}
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			hosts[r.URL.Host]++
			if r.URL.Host == "a" {
				return respond(r, 502, ""), nil
			}
			return respond(r, 200, okRoom), nil
		}, wrapper.WithHosts("http://a/x", "http://b/x"), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 3}))
		require.NoError(t, get(t, client))
		assert.Equal(t, map[string]int{"a": 1, "b": 1}, hosts)
	})
}

// Calls that were under way together meet the gateway one after the other. The second
// one's 502 is no sign of life.
func TestGatewayWithoutServiceStaysDeadForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var atA atomic.Int64
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			if r.URL.Host == "a" {
				atA.Add(1)
				time.Sleep(time.Millisecond) //nolint:forbidigo // the bubble's time
				return respond(r, 502, ""), nil
			}
			return respond(r, 200, okRoom), nil
		}, wrapper.WithHosts("http://a/x", "http://b/x"), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 2, Backoff: func(int) time.Duration { return 0 }}))
		var calls sync.WaitGroup
		for range 2 {
			calls.Go(func() { assert.NoError(t, get(t, client)) })
		}
		calls.Wait()
		for range 5 {
			require.NoError(t, get(t, client))
		}
		assert.EqualValues(t, 2, atA.Load(), "left alone within its pause")
	})
}

// A host that responded in its pause and fails again is paused again.
func TestPauseEndsWithAResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork("a", "b", "c")
		client := n.client(t)
		require.Error(t, get(t, client))
		n.down = map[string]bool{}
		require.NoError(t, get(t, client, wrapper.WithBaseURL("http://a/nimserver")), "a call to one of the client's hosts ends its pause")
		time.Sleep(time.Millisecond) //nolint:forbidigo // the bubble's time
		n.down["a"] = true
		n.calls = map[string]int{}
		for range 2 {
			require.NoError(t, get(t, client))
		}
		assert.Equal(t, 1, n.calls["a"])
	})
}

// TestCallerThatGivesUpDoesNotKillAHost: a cancelled call says nothing about the host.
func TestCallerThatGivesUpDoesNotKillAHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hosts := map[string]int{}
		hanging := true
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			hosts[r.URL.Host]++
			if hanging {
				return hang(r)
			}
			return respond(r, 200, okRoom), nil
		}, wrapper.WithHosts("http://a/x", "http://b/x"))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := client.Rooms.Get(ctx, gen.GetChatroomForm{RoomID: 66})
		require.ErrorIs(t, err, context.Canceled)
		hanging = false
		require.NoError(t, get(t, client))
		assert.Equal(t, map[string]int{"a": 2}, hosts)
	})
}

func TestBaseURLOfACall(t *testing.T) {
	n := newNetwork()
	client := n.client(t)
	require.NoError(t, get(t, client, wrapper.WithBaseURL("http://other/nimserver/")))
	require.NoError(t, get(t, client, wrapper.WithBaseURL("http://other/nimserver")))
	assert.Equal(t, map[string]int{"other": 2}, n.calls)
	err := get(t, client, wrapper.WithBaseURL("ftp://other"))
	require.ErrorIs(t, err, wrapper.ErrBadParameter)
	require.ErrorContains(t, err, "http or https")
	assert.Equal(t, 2, n.calls["other"])
}

// TestPresets holds the presets to the spec's servers.
func TestPresets(t *testing.T) {
	text, err := spec.Read(spec.Variant{Format: "json"})
	require.NoError(t, err)
	var doc struct {
		Servers []struct{ URL, Description string }
	}
	require.NoError(t, json.Unmarshal(text, &doc))
	var china, overseas []string
	for _, server := range doc.Servers {
		switch {
		case strings.HasPrefix(server.Description, "China"):
			china = append(china, server.URL)
		case strings.HasPrefix(server.Description, "Overseas"):
			overseas = append(overseas, server.URL)
		}
	}
	assert.Equal(t, china, wrapper.ChinaHosts())
	assert.Equal(t, overseas, wrapper.OverseasHosts())
	for _, hosts := range [][]string{wrapper.ChinaHosts(), wrapper.OverseasHosts()} {
		_, err := wrapper.New(credentials(t), wrapper.WithHosts(hosts...))
		require.NoError(t, err)
	}
	_, err = wrapper.New(credentials(t), wrapper.WithHosts())
	require.ErrorContains(t, err, "none given")
	_, err = wrapper.New(credentials(t), wrapper.WithHosts("https://a", "b"))
	require.ErrorContains(t, err, "host 2")
}
