package wrapper_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/wrapper"
)

// TestErrorsAreOneBoundedLine sends texts that would forge a line of a log from every place
// of a response that an error quotes.
func TestErrorsAreOneBoundedLine(t *testing.T) {
	forged := "fatal\nlevel=ERROR msg=\"forged\" \x1b[31m\u202e\u2028\xff" + strings.Repeat("long ", 100_000)
	escaped := strings.NewReplacer("\n", `\n`, `"`, `\"`, "\x1b", `\u001b`).Replace(forged)
	for name, step := range map[string]step{
		"body":     says(forged),
		"desc":     says(`{"code":404,"desc":"` + escaped + `"}`),
		"member":   says(`{"code":200,"chatroom":{"roomid":"` + escaped + `"}}`),
		"gap":      says("{\"code\":\n\x1b[31m}"),
		"page":     func(r *http.Request) (*http.Response, error) { return respond(r, 404, forged), nil },
		"redirect": status(302, "Location", "http://a/\x1b"),
	} {
		t.Run(name, func(t *testing.T) {
			err := get(t, newTransportClient(t, roundTrip(step), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1})))
			require.Error(t, err)
			text := err.Error()
			assert.Less(t, len(text), 2500)
			assert.False(t, strings.ContainsFunc(text, func(r rune) bool {
				return unicode.IsControl(r) || r == '\u2028' || r == '\u202e' || r == unicode.ReplacementChar
			}), "%q", text)
		})
	}
}

// TestNothingBelowRepeatsByItself sends headers by which net/http takes a POST for one that
// it may send again. The server carries it out and loses the response.
func TestNothingBelowRepeatsByItself(t *testing.T) {
	var creates atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "create") {
			creates.Add(1)
			assert.Equal(t, "order-17", r.Header.Get("Idempotency-Key")+r.Header.Get("X-Idempotency-Key"))
			if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
				_ = conn.Close()
			}
			return
		}
		_, _ = io.WriteString(w, okRoom)
	}))
	defer server.Close()
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		beneath := &http.Transport{}
		defer beneath.CloseIdleConnections()
		header := wrapper.WithHeader(name, "order-17")
		for place, options := range map[string][]wrapper.Option{
			"option": {header},
			"middleware": {wrapper.WithMiddleware(func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
				r.Header.Set(name, "order-17")
				return next(r)
			})},
			"transport": {wrapper.WithHTTPClient(&http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
				r = r.Clone(r.Context())
				r.Header.Set(name, "order-17")
				return beneath.RoundTrip(r)
			})})},
		} {
			t.Run(name+" by "+place, func(t *testing.T) {
				client, err := wrapper.New(credentials(t), append(options, wrapper.WithBaseURL(server.URL))...)
				require.NoError(t, err)
				defer client.CloseIdleConnections()
				require.NoError(t, get(t, client)) // now a connection is idle
				creates.Store(0)
				_, err = client.Rooms.Create(t.Context(), wrapper.CreateChatroomForm{Creator: "lena", Name: "n"})
				require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
				assert.EqualValues(t, 1, creates.Load())

				require.NoError(t, get(t, client))
				creates.Store(0)
				_, err = client.Do(t.Context(), "/chatroom/create.action", url.Values{"creator": {"lena"}, "name": {"n"}})
				require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
				assert.EqualValues(t, 1, creates.Load())
			})
		}
	}
}

// TestTextThatIsNotUTF8IsNotSent names the field.
func TestTextThatIsNotUTF8IsNotSent(t *testing.T) {
	n := newNetwork()
	client := n.client(t)
	for field, call := range map[string]func() error{
		"name": func() error {
			_, err := client.Rooms.Create(t.Context(), wrapper.CreateChatroomForm{Creator: "lena", Name: "\xff"})
			return err
		},
		"accids[1]": func() error {
			_, err := client.Robots.AddBatch(t.Context(), wrapper.AddRobotsForm{RoomID: 1, Accids: []string{"a", "a\xffb"}})
			return err
		},
		"attach": func() error {
			_, err := client.Do(t.Context(), "/chatroom/sendMsg.action", url.Values{"attach": {"\xff"}})
			return err
		},
		"bid2": func() error {
			return get(t, client, wrapper.WithField("bid2", "\xff"))
		},
	} {
		var e *wrapper.Error
		require.ErrorAs(t, call(), &e, field)
		require.ErrorIs(t, e, wrapper.ErrBadParameter)
		assert.Equal(t, field, e.Field)
		require.ErrorContains(t, e, "UTF-8")
	}
	assert.Empty(t, n.calls)
}

// TestWithField sends a field that the spec does not know.
func TestWithField(t *testing.T) {
	s := &script{steps: []step{says(okRoom)}}
	client := newTransportClient(t, s.RoundTrip)
	require.NoError(t, get(t, client, wrapper.WithField("new", "a&b"), wrapper.WithField("new", "c")))
	assert.Equal(t, []string{"a&b", "c"}, s.forms[0]["new"])
	assert.Equal(t, "66", s.forms[0].Get("roomid"))
	for _, name := range []string{"roomid", "needOnlineUserCount"} {
		require.ErrorContains(t, get(t, client, wrapper.WithField(name, "1")), "field "+name+": the spec knows it; set it in the form")
	}
	require.ErrorIs(t, get(t, client, wrapper.WithField("", "1")), wrapper.ErrBadParameter)
	assert.Len(t, s.forms, 1)
}

// TestAResponseCannotHoldAnyNumberOfUnknownMembers bounds the time and the memory that
// decoding takes.
func TestAResponseCannotHoldAnyNumberOfUnknownMembers(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"code":200,"chatroom":{"roomid":1`)
	for i := range 20_000 {
		b.WriteString(`,"k`)
		b.WriteString(strings.Repeat("x", i%7))
		b.WriteString(`":1`)
	}
	b.WriteString(`}}`)
	err := get(t, newTransportClient(t, roundTrip(says(b.String()))))
	require.ErrorIs(t, err, wrapper.ErrBadResponse)
	require.ErrorContains(t, err, "at most 10000 unknown members")
}

// TestAPanicLeavesNoBodyOpen: a middleware panics with a response in its hands.
func TestAPanicLeavesNoBodyOpen(t *testing.T) {
	for _, ending := range []func(){func() { panic("broken") }, func() {}} {
		closed := false
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			response := respond(r, 200, okRoom)
			response.Body = closing{response.Body, &closed}
			return response, nil
		}, wrapper.WithMiddleware(func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			response, _ := next(r)
			ending()
			return response, io.ErrUnexpectedEOF
		}), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}))
		func() {
			defer func() { _ = recover() }()
			assert.Error(t, get(t, client))
		}()
		assert.True(t, closed)
	}
}

type closing struct {
	io.ReadCloser

	closed *bool
}

func (c closing) Close() error { *c.closed = true; return c.ReadCloser.Close() }
