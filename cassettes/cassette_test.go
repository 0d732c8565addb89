package cassettes_test

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

const roomResponse = `{"chatroom":{"roomid":1,"valid":true,"name":"a","creator":"c"},"code":200}`

func getRoom(t *testing.T, c *wrapper.Client, id int64) error {
	t.Helper()
	_, err := c.Do(t.Context(), "/chatroom/get.action", url.Values{"roomid": {itoa(id)}})
	return err
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// TestReplaysWhatWasRecorded: several calls, the same request twice included,
// get their responses in the recorded order.
func TestReplaysWhatWasRecorded(t *testing.T) {
	scenario := func(c *wrapper.Client) {
		t.Helper()
		assert.ErrorIs(t, getRoom(t, c, 1), wrapper.ErrNotFound)
		assert.NoError(t, getRoom(t, c, 1))
		assert.ErrorIs(t, getRoom(t, c, 999), wrapper.ErrForbidden)
	}
	name := recorded(t, says(`{"code":404}`, roomResponse, `{"code":403}`), scenario)
	c := replay(t, name)
	scenario(client(t, c.Option()))
	assert.NoError(t, c.Close())

	loaded, err := cassette.Load(name)
	require.NoError(t, err, "go-vcr itself reads it")
	assert.Len(t, loaded.Interactions, 3)
}

// TestUnknownRequestFails: the same operation for another room too.
func TestUnknownRequestFails(t *testing.T) {
	name := recorded(t, says(roomResponse), func(c *wrapper.Client) { require.NoError(t, getRoom(t, c, 1)) })
	c := replay(t, name)
	caller := client(t, c.Option())
	require.NoError(t, getRoom(t, caller, 1))
	for _, id := range []int64{999, 1} { // another one, and the same once more
		assert.ErrorIs(t, getRoom(t, caller, id), cassettes.ErrUnknownRequest)
	}
	err := c.Close()
	assert.ErrorIs(t, err, cassettes.ErrUnknownRequest)
	assert.ErrorContains(t, err, "roomid=999")
	assert.NotErrorIs(t, err, cassettes.ErrUnused)
}

func TestUnusedInteractionFails(t *testing.T) {
	name := recorded(t, says(roomResponse), func(c *wrapper.Client) {
		require.NoError(t, getRoom(t, c, 1))
		require.NoError(t, getRoom(t, c, 2))
	})
	c := replay(t, name)
	require.NoError(t, getRoom(t, client(t, c.Option()), 2))
	err := c.Close()
	assert.ErrorIs(t, err, cassettes.ErrUnused)
	assert.ErrorContains(t, err, "number 0, POST /nimserver/chatroom/get.action roomid=1")
}

// TestReplayNeverDials: the transport for recording is not touched.
func TestReplayNeverDials(t *testing.T) {
	name := recorded(t, says(roomResponse), func(c *wrapper.Client) { require.NoError(t, getRoom(t, c, 1)) })
	dials := 0
	c := replay(t, name, cassettes.WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
		dials++
		return response(r, roomResponse), nil
	})))
	caller := client(t, c.Option())
	require.NoError(t, getRoom(t, caller, 1))
	require.Error(t, getRoom(t, caller, 2))
	assert.Zero(t, dials)
}

// TestLatencyIsNotReplayed, in a bubble whose time only moves when all wait.
func TestLatencyIsNotReplayed(t *testing.T) {
	name := recorded(t, says(roomResponse), func(c *wrapper.Client) { require.NoError(t, getRoom(t, c, 1)) })
	text, err := os.ReadFile(name + ".yaml")
	require.NoError(t, err)
	require.Contains(t, string(text), "duration: 0s")
	slow := strings.Replace(string(text), "duration: 0s", "duration: 1h0m0s", 1)
	require.NoError(t, os.WriteFile(name+".yaml", []byte(slow), 0o600))
	synctest.Test(t, func(t *testing.T) {
		c := replay(t, name)
		start := time.Now()
		require.NoError(t, getRoom(t, client(t, c.Option()), 1))
		assert.Zero(t, time.Since(start))
		assert.NoError(t, c.Close())
	})
}

// TestConcurrentCalls: each gets its own response.
func TestConcurrentCalls(t *testing.T) {
	const calls = 20
	server := roundTrip(func(r *http.Request) (*http.Response, error) {
		if err := r.ParseForm(); err != nil {
			return nil, err
		}
		return response(r, `{"chatroom":{"roomid":`+r.PostForm.Get("roomid")+`,"valid":true,"name":"a","creator":"c"},"code":200}`), nil
	})
	scenario := func(c *wrapper.Client) {
		var all sync.WaitGroup
		for id := range gen.RoomID(calls) {
			all.Go(func() {
				room, err := c.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: id + 1})
				assert.NoError(t, err)
				assert.Equal(t, id+1, room.RoomID)
			})
		}
		all.Wait()
	}
	c := replay(t, recorded(t, server, scenario))
	scenario(client(t, c.Option()))
	assert.NoError(t, c.Close())
}

// TestRetries: the attempts of a call are replayed one after another, and each
// must be signed anew.
func TestRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		scenario := func(c *cassettes.Cassette, options ...wrapper.Option) error {
			caller := client(t, append([]wrapper.Option{c.Option(), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 3})}, options...)...)
			_, err := caller.Messages.Send(t.Context(), gen.SendMessageForm{RoomID: 1, FromAccid: "c", MsgType: wrapper.Ptr(gen.MessageTypeText), Attach: wrapper.Ptr("hi")})
			return err
		}
		name := filepath.Join(t.TempDir(), "tape")
		server := says(`{"code":503}`, `{"code":503}`, `{"code":200,"desc":{"time":"1","msgid_client":"m","roomId":"1","type":"0"}}`)
		c, err := cassettes.Open(name, cassettes.Record(true), cassettes.WithTransport(server))
		require.NoError(t, err)
		require.NoError(t, scenario(c))
		require.NoError(t, c.Close())

		c = replay(t, name)
		require.NoError(t, scenario(c))
		require.NoError(t, c.Close())

		c = replay(t, name)
		var first http.Header
		same := wrapper.WithMiddleware(func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			if first == nil {
				first = r.Header.Clone()
			}
			r.Header = first.Clone()
			return next(r)
		})
		require.Error(t, scenario(c, same))
		assert.ErrorContains(t, c.Close(), "used before")
	})
}

// TestProbesAreNotPartOfACassette: a client with several hosts looks whether one
// is alive when it likes.
func TestProbesAreNotPartOfACassette(t *testing.T) {
	probe := func(c *cassettes.Cassette) {
		sent := false
		caller := client(t, c.Option(), wrapper.WithMiddleware(func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			if !sent {
				sent = true
				p, err := http.NewRequestWithContext(r.Context(), http.MethodGet, "https://api.netease.im/nimserver/health/liveness.action", http.NoBody)
				require.NoError(t, err)
				alive, err := next(p)
				require.NoError(t, err)
				assert.Equal(t, http.StatusOK, alive.StatusCode)
			}
			return next(r)
		}))
		require.NoError(t, getRoom(t, caller, 1))
	}
	name := filepath.Join(t.TempDir(), "tape")
	c, err := cassettes.Open(name, cassettes.Record(true), cassettes.WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
		return response(r, roomResponse), nil
	})))
	require.NoError(t, err)
	probe(c)
	require.NoError(t, c.Close())
	f, err := cassettes.Read(name + ".yaml")
	require.NoError(t, err)
	assert.Len(t, f.Interactions, 1)
	c = replay(t, name)
	probe(c)
	assert.NoError(t, c.Close())
}

// TestNothingIsSavedWithoutResponses: an empty cassette would hide that the
// recording failed.
func TestNothingIsSavedWithoutResponses(t *testing.T) {
	name := filepath.Join(t.TempDir(), "tape")
	c, err := cassettes.Open(name, cassettes.Record(true), cassettes.WithTransport(roundTrip(func(*http.Request) (*http.Response, error) {
		return nil, errors.New("no route")
	})))
	require.NoError(t, err)
	require.ErrorContains(t, getRoom(t, client(t, c.Option()), 1), "no route")
	assert.ErrorIs(t, c.Close(), cassettes.ErrEmpty)
	assert.NoFileExists(t, name+".yaml")
	entries, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	assert.Empty(t, entries, "no temporary file is left")
}

// TestAFileInMemory is recorded and replayed as one on the disk, which is not touched.
func TestAFileInMemory(t *testing.T) {
	t.Chdir(t.TempDir())
	f := new(cassettes.File)
	c, err := cassettes.Open("tape", cassettes.Record(true), cassettes.WithFile(f), cassettes.WithTransport(says(roomResponse)))
	require.NoError(t, err)
	require.NoError(t, getRoom(t, client(t, c.Option()), 1))
	assert.Empty(t, f.Interactions, "it is saved at the end")
	require.NoError(t, c.Close())
	require.Len(t, f.Interactions, 1)

	c = replay(t, "tape", cassettes.WithFile(f))
	require.NoError(t, getRoom(t, client(t, c.Option()), 1))
	require.NoError(t, c.Close())
	c = replay(t, "tape", cassettes.WithFile(f))
	err = c.Close()
	require.ErrorIs(t, err, cassettes.ErrUnused)

	c, err = cassettes.Open("tape", cassettes.Record(true), cassettes.WithFile(f), cassettes.WithTransport(says(`{"token":"`+aToken+`"}`)),
		cassettes.WithRewrite(func(f *cassettes.File) error { f.Interactions[0].Response.Body = aCheckSum; return nil }))
	require.NoError(t, err)
	_ = getRoom(t, client(t, c.Option()), 2)
	require.ErrorIs(t, c.Close(), cassettes.ErrSecret)
	assert.Contains(t, f.Interactions[0].Response.Body, "chatroom", "what holds a secret is not saved here either")

	for _, bad := range []*cassettes.File{nil, {}, {Version: 2, Interactions: []*cassette.Interaction{nil}}} {
		_, err := cassettes.Open("tape", cassettes.WithFile(bad))
		assert.Error(t, err)
	}
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	assert.Empty(t, entries)
}

func TestBadFilesAreErrors(t *testing.T) {
	for name, text := range map[string]string{
		"not YAML":      "version: [",
		"other version": "version: 1\ninteractions: []\n",
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "tape")
			require.NoError(t, os.WriteFile(file+".yaml", []byte(text), 0o600))
			_, err := cassettes.Open(file, cassettes.Record(false))
			require.Error(t, err)
			assert.Contains(t, err.Error(), file)
			_, err = cassettes.Read(file + ".yaml")
			assert.Error(t, err)
		})
	}
	_, err := cassettes.Parse([]byte("version: 2\nextra: 1\n"))
	assert.ErrorContains(t, err, "extra")
	_, err = cassettes.Parse([]byte("version: 2\ninteractions: [null]\n"))
	assert.Error(t, err)
}

// TestDebuggingShowsNothing: go-vcr would print whole requests, signature and
// all, when VCR_DEBUG is set.
func TestDebuggingShowsNothing(t *testing.T) {
	t.Setenv("VCR_DEBUG", "1")
	r, w, err := os.Pipe()
	require.NoError(t, err)
	saved := os.Stderr
	os.Stderr = w
	name := recorded(t, says(roomResponse), func(c *wrapper.Client) { require.NoError(t, getRoom(t, c, 1)) })
	c := replay(t, name)
	require.NoError(t, getRoom(t, client(t, c.Option()), 1))
	os.Stderr = saved
	require.NoError(t, w.Close())
	buffer := make([]byte, 1)
	n, _ := r.Read(buffer)
	assert.Zero(t, n)
}
