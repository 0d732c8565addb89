package wrapper_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper"
)

const roomBody = `{"chatroom":{"roomid":66,"valid":true,"name":"n","creator":"c"},"code":200}`

// TestOddResponsesAreErrors holds that whatever a server, a gateway or a proxy
// sends, the outcome is an *Error that describes the response.
func TestOddResponsesAreErrors(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		kind   error
		says   string
	}{
		{"HTML", 200, "<html><body>hello</body></html>", wrapper.ErrBadResponse, "<html>"},
		{"empty", 200, "", wrapper.ErrBadResponse, "nothing"},
		{"white space", 200, " \n", wrapper.ErrBadResponse, ""},
		{"truncated", 200, roomBody[:40], wrapper.ErrBadResponse, "byte 40"},
		{"trailing garbage", 200, roomBody + "x", wrapper.ErrBadResponse, ""},
		{"array", 200, `[1]`, wrapper.ErrBadResponse, "object"},
		{"number", 200, `200`, wrapper.ErrBadResponse, "object"},
		{"null", 200, `null`, wrapper.ErrBadResponse, ""},
		{"no code", 200, `{"chatroom":{"roomid":66}}`, wrapper.ErrBadResponse, "code"},
		{"no payload", 200, `{"code":200}`, wrapper.ErrBadResponse, "chatroom"},
		{"null payload", 200, `{"code":200,"chatroom":null}`, wrapper.ErrBadResponse, "chatroom"},
		{"empty payload", 200, `{"code":200,"chatroom":{}}`, wrapper.ErrBadResponse, ""},
		{"payload of a wrong shape", 200, `{"code":200,"chatroom":[]}`, wrapper.ErrBadResponse, "chatroom"},
		{"room without an id", 200, `{"code":200,"chatroom":{"name":"x"}}`, wrapper.ErrBadResponse, "want a value of roomid"},
		{"field of a wrong shape", 200, `{"code":200,"chatroom":{"roomid":"abc"}}`, wrapper.ErrBadResponse, "chatroom.roomid"},
		{"deep nesting", 200, strings.Repeat(`{"a":`, 100000), wrapper.ErrBadResponse, ""},
		{"bare 502", 502, "", wrapper.ErrUnavailable, "HTTP status 502"},
		{"HTML 504", 504, "<html>", wrapper.ErrUnavailable, "HTTP status 504"},
		{"503", 503, "busy", wrapper.ErrUnavailable, "HTTP status 503"},
		{"success with status 500", 500, roomBody, wrapper.ErrUnavailable, "HTTP status 500"},
		{"429", 429, "", wrapper.ErrRateLimited, "HTTP status 429"},
		{"404 by another server", 404, "page not\n found", wrapper.ErrBadResponse, `is the base URL right?): "page not found"`},
		{"401", 401, "", wrapper.ErrBadResponse, "HTTP status 401"},
		{"413", 413, "", wrapper.ErrBadResponse, "HTTP status 413"},
		{"204", 204, "", wrapper.ErrBadResponse, "HTTP status 204"},
		{"API error with its own status", 404, `{"code":404,"desc":"gone"}`, wrapper.ErrNotFound, "code 404"},
		{"API error with an object for desc", 200, `{"code":414,"desc":{"a":1}}`, wrapper.ErrBadParameter, `{"a":1}`},
		{"API error with null", 200, `{"code":500,"desc":null}`, wrapper.ErrServerFault, "code 500"},
		{"API error with a text code", 200, `{"desc":"no","code":"403"}`, wrapper.ErrForbidden, "code 403"},
		{"code 0", 200, `{"code":0,"desc":"?"}`, wrapper.ErrBadResponse, "code is 0"},
		{"unknown code", 200, `{"code":777,"desc":"news"}`, nil, "code 777: news"},
		{"lines in the words", 200, `{"code":777,"desc":"a\nlevel=INFO\u2028b\u001b[2J"}`, nil, "code 777: a level=INFO b [2J"},
		{"words without end", 200, `{"code":777,"desc":"` + strings.Repeat("词", 400) + `"}`, nil, strings.Repeat("词", 333) + "..."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client := newTransportClient(t, func(r *http.Request) (*http.Response, error) { return respond(r, tt.status, tt.body), nil })
			room, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 66})
			require.Nil(t, room)
			var e *wrapper.Error
			require.ErrorAs(t, err, &e)
			if tt.kind != nil {
				assert.ErrorIs(t, err, tt.kind)
			}
			assert.Contains(t, err.Error(), tt.says)
			assert.Equal(t, "getChatroom", e.Operation)
			assert.Equal(t, tt.status, e.HTTPStatus)
			assert.Equal(t, 1, e.Attempts)
			assert.False(t, e.MayHaveTakenEffect, "a read changes nothing")
			assert.Equal(t, tt.body[:min(len(tt.body), 64<<10)], string(e.Body))
		})
	}
}

// TestCodesHaveKinds holds every code to its sentinel, and to no other.
func TestCodesHaveKinds(t *testing.T) {
	all := []error{
		wrapper.ErrRateLimited, wrapper.ErrNotFound, wrapper.ErrForbidden, wrapper.ErrBadParameter, wrapper.ErrBadSignature,
		wrapper.ErrClock, wrapper.ErrDuplicate, wrapper.ErrOverLimit, wrapper.ErrRoomClosed, wrapper.ErrBlocked, wrapper.ErrMuted,
		wrapper.ErrServerFault, wrapper.ErrUnavailable, wrapper.ErrBadResponse,
	}
	tests := []struct {
		code    int
		desc    string
		kind    error
		unknown bool // outcome, for an operation that changes something
	}{
		{301, "", wrapper.ErrForbidden, false},
		{302, "", wrapper.ErrForbidden, false},
		{315, "", wrapper.ErrForbidden, false},
		{403, "no permission", wrapper.ErrForbidden, false},
		{404, "", wrapper.ErrNotFound, false},
		{405, "", wrapper.ErrBadParameter, false},
		{408, "", wrapper.ErrServerFault, true},
		{414, "name is empty", wrapper.ErrBadParameter, false},
		{414, "", wrapper.ErrBadParameter, false},
		{414, "checksum", wrapper.ErrBadSignature, false},
		{414, "appkey", wrapper.ErrBadSignature, false},
		{414, "Nonce is empty", wrapper.ErrBadSignature, false},
		{414, "CurTime is empty", wrapper.ErrBadSignature, false},
		{414, "CurTime is expired", wrapper.ErrClock, false},
		{414, "CurTime is illegal", wrapper.ErrClock, false},
		{416, "query too fast", wrapper.ErrRateLimited, false},
		{417, "", wrapper.ErrDuplicate, false},
		{419, "", wrapper.ErrOverLimit, false},
		{422, "", wrapper.ErrForbidden, false},
		{423, "", wrapper.ErrMuted, false},
		{431, "", wrapper.ErrDuplicate, true},
		{449, "", wrapper.ErrUnavailable, true},
		{463, "", wrapper.ErrForbidden, false},
		{500, "", wrapper.ErrServerFault, true},
		{503, "", wrapper.ErrUnavailable, false},
		{508, "", wrapper.ErrForbidden, false},
		{509, "", wrapper.ErrBadParameter, false},
		{511, "", wrapper.ErrUnavailable, true},
		{514, "", wrapper.ErrUnavailable, false},
		{997, "", wrapper.ErrForbidden, false},
		{998, "", wrapper.ErrServerFault, false},
		{999, "", wrapper.ErrServerFault, true},
		{13001, "", wrapper.ErrUnavailable, true},
		{13002, "", wrapper.ErrRoomClosed, false},
		{13003, "", wrapper.ErrBlocked, false},
		{13004, "", wrapper.ErrMuted, false},
		{13005, "", wrapper.ErrForbidden, false},
		{13006, "", wrapper.ErrMuted, false},
		{117404, "", wrapper.ErrNotFound, false},
		{29999, "", nil, true},
	}
	covered := map[int]bool{200: true}
	for _, tt := range tests {
		covered[tt.code] = true
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			return respond(r, 200, string(wire.AppendAPIError(nil, tt.code, tt.desc))), nil
		})
		_, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: "n"})
		var e *wrapper.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, tt.code, e.Code)
		assert.Equal(t, tt.desc, e.Message)
		for _, kind := range all {
			assert.Equal(t, errors.Is(kind, tt.kind), errors.Is(err, kind), "code %d %q and %v", tt.code, tt.desc, kind)
		}
		assert.Equal(t, tt.unknown, errors.Is(err, wrapper.ErrOutcomeUnknown), "code %d", tt.code)
	}
	for _, info := range gen.Codes {
		assert.True(t, covered[info.Code], "code %d has no case", info.Code)
	}
}

// A room was created if the service says so, but nobody knows which one.
func TestASuccessThatNamesNothing(t *testing.T) {
	for _, body := range []string{`{"code":200,"chatroom":{"name":"x"}}`, `{"code":200,"chatroom":{"roomid":-5,"name":"x"}}`} {
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) { return respond(r, 200, body), nil })
		room, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: "n"})
		require.Nil(t, room)
		require.ErrorIs(t, err, wrapper.ErrBadResponse)
		require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
	}
}

func TestOversizedResponseIsAnError(t *testing.T) {
	long := `{"code":200,"chatroom":{"roomid":1,"name":"` + strings.Repeat("x", 2000) + `"}}`
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) { return respond(r, 200, long), nil },
		wrapper.WithMaxResponseSize(1000))
	_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1})
	require.ErrorIs(t, err, wrapper.ErrBadResponse)
	require.ErrorContains(t, err, "larger than 1000 bytes")

	exact := newTransportClient(t, func(r *http.Request) (*http.Response, error) { return respond(r, 200, long), nil },
		wrapper.WithMaxResponseSize(int64(len(long))))
	_, err = exact.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1})
	require.NoError(t, err)
}

func TestResponseThatBreaksOff(t *testing.T) {
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
		response := respond(r, 200, "")
		response.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"co`), brokenReader{}))
		return response, nil
	})
	_, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: "n"})
	require.ErrorIs(t, err, wrapper.ErrUnavailable)
	require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.ErrorContains(t, err, "after 4 bytes")
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestRawResponseIsKept(t *testing.T) {
	for _, body := range []string{roomBody, `{"code":404,"desc":"gone"}`, "<html>"} {
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) { return respond(r, 200, body), nil })
		raw := []byte("old")
		_, _ = client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1}, wrapper.WithRawResponse(&raw))
		assert.Equal(t, body, string(raw))
	}
	client := newTransportClient(t, func(*http.Request) (*http.Response, error) { return nil, io.EOF })
	raw := []byte("old")
	_, err := client.Rooms.Get(context.Background(), gen.GetChatroomForm{RoomID: 1}, wrapper.WithRawResponse(&raw))
	require.Error(t, err)
	require.Nil(t, raw)
}

// FuzzResponse feeds any body to a call: an error or a value, never a panic.
func FuzzResponse(f *testing.F) {
	for _, seed := range []string{roomBody, `{"code":414,"desc":"x"}`, "<html>", "", `{"code":200,"desc":{"data":[{"accid":1}]}}`} {
		f.Add(200, seed)
		f.Add(502, seed)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) { return respond(r, status, body), nil })
		room, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1})
		if (err == nil) == (room == nil) {
			t.Fatalf("room %v and error %v", room, err)
		}
		members, err := client.Members.List(t.Context(), gen.ListMembersForm{RoomID: 1, Limit: 100, Type: wrapper.Ptr(gen.MemberKindFixed)})
		if err != nil && members != nil {
			t.Fatal("an error and members")
		}
		_ = err
	})
}
