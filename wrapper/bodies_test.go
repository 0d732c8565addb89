package wrapper_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

// A success is read whatever a server or a proxy does to its headers and around its body.
func TestBodiesAsServersSendThem(t *testing.T) {
	cut := errors.New("cut off")
	for name, tt := range map[string]struct {
		body   string
		header http.Header
		then   error // after the body
	}{
		"byte order mark":         {body: "\uFEFF" + roomBody},
		"white space":             {body: "\r\n\t " + roomBody + "\n\n"},
		"no content type":         {body: roomBody},
		"HTML as content type":    {body: roomBody, header: http.Header{"Content-Type": {"text/html;charset=UTF-8"}}},
		"several content types":   {body: roomBody, header: http.Header{"Content-Type": {"text/plain", "application/json"}}},
		"another charset, ASCII":  {body: roomBody, header: http.Header{"Content-Type": {"application/json; charset=GBK"}}},
		"compressed unasked":      {body: zipped(t, roomBody), header: http.Header{"Content-Encoding": {"gzip"}}},
		"compressed, not told":    {body: zipped(t, roomBody)},
		"said to be compressed":   {body: roomBody, header: http.Header{"Content-Encoding": {"gzip"}}},
		"dates that are none":     {body: roomBody, header: http.Header{"Date": {"", "yesterday"}}},
		"cut off after the JSON":  {body: roomBody, then: cut},
		"shorter than its length": {body: roomBody, then: io.ErrUnexpectedEOF},
	} {
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			response := respond(r, 200, "")
			response.Header = tt.header
			response.Body = io.NopCloser(io.MultiReader(strings.NewReader(tt.body), failingReader{tt.then}))
			return response, nil
		})
		room, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: "n"})
		if assert.NoError(t, err, name) {
			assert.Equal(t, gen.RoomID(66), room.RoomID, name)
		}
	}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) {
	if r.err == nil {
		return 0, io.EOF
	}
	return 0, r.err
}

// Nothing else around a body is known to be sent, and the outcome is then unknown.
func TestBodiesThatTellNothing(t *testing.T) {
	for name, tt := range map[string]struct{ body, contentType, says string }{
		"prefix":         {")]}'\n" + roomBody, "", "want an object"},
		"comment":        {"/* ok */" + roomBody, "", "want an object"},
		"callback":       {"cb(" + roomBody + ")", "", "want an object"},
		"UTF-16":         {"\xff\xfe{\x00", "", "want an object"},
		"other charset":  {strings.Replace(roomBody, `"n"`, "\"\xc4\xe3\"", 1), `application/json; charset="GBK"`, "in GBK, not in UTF-8"},
		"half of a zip":  {zipped(t, roomBody)[:20], "", "broke off"},
		"too much unzip": {zipped(t, `{"code":200,"x":"`+strings.Repeat("a", 17<<20)+`"}`), "", "larger than 16777216 bytes"},
	} {
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
			response := respond(r, 200, tt.body)
			response.Header.Set("Content-Type", tt.contentType)
			return response, nil
		})
		_, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: "n"})
		require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown, name)
		assert.ErrorContains(t, err, tt.says, name)
	}
}

// A length that is too large, and a last chunk that never comes, over the network.
func TestBodiesWithAWrongLength(t *testing.T) {
	for _, headers := range []string{"Content-Length: 500\r\n\r\n" + roomBody, "Transfer-Encoding: chunked\r\n\r\n" +
		strconv.FormatInt(int64(len(roomBody)), 16) + "\r\n" + roomBody + "\r\n"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := http.NewResponseController(w).Hijack()
			if assert.NoError(t, err) {
				_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n"+headers)
				_ = c.Close()
			}
		}))
		client, err := wrapper.New(credentials(t), wrapper.WithBaseURL(server.URL), once)
		require.NoError(t, err)
		_, err = client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: "n"})
		require.NoError(t, err)
		server.Close()
	}
}

// A gateway that repeats its status in JSON is not the service.
func TestACodeWithAnotherStatusIsNotTheServicesWord(t *testing.T) {
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
		return respond(r, 503, `{"code":503,"message":"upstream"}`), nil
	}, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 3}))
	_, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: "n"})
	var e *wrapper.Error
	require.ErrorAs(t, err, &e)
	assert.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
	assert.Equal(t, 1, e.Attempts)
}

// expiring is a context that ends after it was asked a few times.
type expiring struct {
	context.Context
	left int
}

func (e *expiring) Err() error {
	if e.left--; e.left < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

// A call ends with its time while it decodes a response, too.
func TestDecodingEndsWithTheCall(t *testing.T) {
	for _, body := range []string{
		`{"code":200,"desc":{"data":[` + strings.Repeat(`{"accid":"a","roomid":1},`, 50_000) + `{"accid":"a"}]}}`,
		`{"code":200,` + strings.Repeat(`"desc":{},`, 100_000) + `"x":1}`,
	} {
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) { return respond(r, 200, body), nil },
			wrapper.WithTimeout(0), wrapper.WithAttemptTimeout(0))
		_, err := client.Members.List(&expiring{t.Context(), 10}, gen.ListMembersForm{RoomID: 1, Limit: 100, Type: wrapper.Ptr(gen.MemberKindFixed)})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "decoding the response broke off")
		require.ErrorIs(t, err, wrapper.ErrUnavailable)
	}
}

func TestItemsAreBounded(t *testing.T) {
	body := `{"code":200,"desc":{"roomids":[` + strings.Repeat("1,", 100_000) + `1]}}`
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) { return respond(r, 200, body), nil })
	_, err := client.Rooms.ListByCreator(t.Context(), gen.ListUserChatroomsForm{Creator: "c"})
	require.ErrorContains(t, err, "at most 100000 items")
}

// A reader that a middleware made may break its rules.
func TestOddReadersEnd(t *testing.T) {
	for says, read := range map[string]func(p []byte) (int, error){
		io.ErrNoProgress.Error(): func([]byte) (int, error) { return 0, nil },
		"the body read -1 bytes": func([]byte) (int, error) { return -1, nil },
		"the body read":          func(p []byte) (int, error) { return len(p) + 1, nil },
	} {
		closed := false
		client := newTransportClient(t, refusedConnection, wrapper.WithMiddleware(func(r *http.Request, _ func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			response := respond(r, 200, "")
			response.Body = oddBody{read, &closed}
			return response, nil
		}))
		_, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "c", Name: "n"})
		require.ErrorContains(t, err, says)
		require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
		assert.True(t, closed)
	}
}

type oddBody struct {
	read   func([]byte) (int, error)
	closed *bool
}

func (b oddBody) Read(p []byte) (int, error) { return b.read(p) }
func (b oddBody) Close() error {
	*b.closed = true
	return nil
}
