package wrapper_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

func TestRequestOnTheWire(t *testing.T) {
	var got *http.Request
	var body []byte
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		_, _ = io.WriteString(w, roomBody)
	}, wrapper.WithApplication("shop", "1.2"))
	_, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{
		Creator: "c@d", Name: "a b+c=%é&d", Announcement: wrapper.Ptr(""), QueueLevel: wrapper.Ptr(gen.QueueLevelEveryone),
	})
	require.NoError(t, err)
	assert.Equal(t, http.MethodPost, got.Method)
	assert.Equal(t, "/chatroom/create.action", got.URL.Path)
	assert.Equal(t, "application/x-www-form-urlencoded;charset=utf-8", got.Header.Get("Content-Type"))
	assert.Equal(t, "shop/1.2 nimroom/"+wrapper.Version, got.Header.Get("User-Agent"))
	assert.Equal(t, "creator=c%40d&name=a+b%2Bc%3D%25%C3%A9%26d&announcement=&queuelevel=0", string(body))
	assert.NoError(t, sign.Verify(got.Header, time.Now(), credentials(t)))
}

func TestEveryCallIsSignedAnew(t *testing.T) {
	nonces := map[string]bool{}
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
		nonces[r.Header.Get("Nonce")] = true
		return respond(r, 200, roomBody), nil
	})
	for range 100 {
		_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 66})
		require.NoError(t, err)
	}
	assert.Len(t, nonces, 100)
}

func TestInvalidRequestIsNotSent(t *testing.T) {
	client := newTransportClient(t, func(*http.Request) (*http.Response, error) {
		t.Error("sent")
		return nil, io.EOF
	})
	_, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: string(make([]byte, 129))})
	var e *wrapper.Error
	require.ErrorAs(t, err, &e)
	assert.ErrorIs(t, err, wrapper.ErrBadParameter)
	assert.NotErrorIs(t, err, wrapper.ErrOutcomeUnknown)
	assert.Equal(t, "name", e.Field)
	assert.Zero(t, e.Attempts)
	assert.Contains(t, err.Error(), "at most 128")
}

// TestOutcomeWithoutAResponse checks what an error says when no response came.
func TestOutcomeWithoutAResponse(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	tests := []struct {
		name    string
		sends   bool // the transport reads the body before it fails
		err     error
		unknown bool
	}{
		{"not connected", false, refused, false},
		{"cut off after sending", true, io.EOF, true},
		{"reset after sending", true, &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
				if tt.sends {
					_, _ = io.Copy(io.Discard, r.Body)
				}
				return nil, tt.err
			})
			_, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: "n"})
			assert.ErrorIs(t, err, wrapper.ErrUnavailable)
			assert.ErrorIs(t, err, tt.err)
			assert.Equal(t, tt.unknown, errors.Is(err, wrapper.ErrOutcomeUnknown))

			_, err = client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1})
			assert.ErrorIs(t, err, wrapper.ErrUnavailable)
			assert.NotErrorIs(t, err, wrapper.ErrOutcomeUnknown, "a read has no outcome to know")
		})
	}
}

// hang reads the request and responds when the context ends.
func hang(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestTimeouts(t *testing.T) {
	tests := []struct {
		name    string
		options []wrapper.Option
		call    []wrapper.CallOption
		ctx     time.Duration
		want    time.Duration
	}{
		{"default", nil, nil, 0, wrapper.DefaultTimeout},
		{"client", []wrapper.Option{wrapper.WithTimeout(time.Second)}, nil, 0, time.Second},
		{"call", []wrapper.Option{wrapper.WithTimeout(time.Second)}, []wrapper.CallOption{wrapper.WithTimeout(2 * time.Second)}, 0, 2 * time.Second},
		{"context is earlier", []wrapper.Option{wrapper.WithTimeout(time.Minute)}, nil, 3 * time.Second, 3 * time.Second},
		{"context is later", []wrapper.Option{wrapper.WithTimeout(time.Second)}, nil, time.Hour, time.Second},
		{"none but the context's", []wrapper.Option{wrapper.WithTimeout(0)}, nil, time.Hour, time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if tt.ctx > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tt.ctx)
					defer cancel()
				}
				client := newTransportClient(t, hang, append(tt.options, wrapper.WithAttemptTimeout(0))...)
				start := time.Now()
				err := client.Rooms.EnableEntryNotifications(ctx, wrapper.EntryNotificationsForm{RoomID: 1}, tt.call...)
				assert.Equal(t, tt.want, time.Since(start))
				assert.ErrorIs(t, err, context.DeadlineExceeded)
				assert.ErrorIs(t, err, wrapper.ErrUnavailable)
				assert.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
			})
		})
	}
}

func TestCancelledContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	client := newTransportClient(t, func(*http.Request) (*http.Response, error) {
		t.Error("sent")
		return nil, io.EOF
	})
	_, err := client.Rooms.Create(ctx, gen.CreateChatroomForm{Creator: "c", Name: "n"})
	assert.ErrorIs(t, err, context.Canceled)
	assert.NotErrorIs(t, err, wrapper.ErrOutcomeUnknown)
}

func TestRedirectIsNotFollowed(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the redirect was followed, with CheckSum %q", r.Header.Get("CheckSum"))
	}))
	defer elsewhere.Close()
	follow := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
	for _, status := range []int{301, 302, 303, 307, 308} {
		for name, options := range map[string][]wrapper.Option{"own": nil, "caller's": {wrapper.WithHTTPClient(follow)}} {
			client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, elsewhere.URL+"/steal?a=b", status)
			}, options...)
			_, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: "n"})
			assert.ErrorIs(t, err, wrapper.ErrBadResponse, "%d %s", status, name)
			assert.ErrorContains(t, err, "redirect to "+elsewhere.URL+" not followed")
		}
	}
	require.NoError(t, follow.CheckRedirect(nil, nil), "the caller's client was changed")
}

func TestBaseURLIsJoined(t *testing.T) {
	for _, base := range []string{"http://h/nimserver", "http://h/nimserver/", "http://h", "http://h/"} {
		var url string
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			url = r.URL.String()
			return respond(r, 200, `{"code":200,"data":[]}`), nil
		}, wrapper.WithBaseURL(base))
		_, err := client.Statistics.ListTop(t.Context(), gen.ListTopChatroomsForm{})
		require.NoError(t, err)
		want := "http://h/nimserver/stats/chatroom/topn.action"
		if base == "http://h" || base == "http://h/" {
			want = "http://h/stats/chatroom/topn.action"
		}
		assert.Equal(t, want, url)
		_, err = client.Do(t.Context(), "/stats/chatroom/topn.action", nil)
		require.NoError(t, err)
		assert.Equal(t, want, url, "Do")
	}
}

// TestConcurrentUse is for the race detector.
func TestConcurrentUse(t *testing.T) {
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		_, _ = io.WriteString(w, `{"chatroom":{"roomid":`+r.PostForm.Get("roomid")+`,"name":"n"},"code":200}`)
	})
	done := make(chan error)
	const workers, calls = 16, 50
	for w := range gen.RoomID(workers) {
		go func() {
			for i := range gen.RoomID(calls) {
				id := w*calls + i + 1
				room, err := client.Rooms.Get(context.Background(), gen.GetChatroomForm{RoomID: id})
				if err == nil && room.RoomID != id {
					err = errors.New("another call's response")
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range workers {
		require.NoError(t, <-done)
	}
}
