package cassettes_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/wrapper"
)

const (
	aToken    = "T0kenOfAnAccount"
	aSecret   = "a-secret-of-the-environment"
	aCheckSum = "4c6f0fbc04efedd91685a226da081807de269350"
)

// TestNoSecretIsSaved, wherever it stands: in headers, in forms, in JSON and in
// JSON inside of them.
func TestNoSecretIsSaved(t *testing.T) {
	t.Setenv(cassettes.EnvAppSecret, aSecret)
	body := `{"code":200,"info":{"accid":"a","token":"` + aToken + `","accessToken" : 12345678901,"name":"key ` + testKey + `"},` +
		`"desc":"{\"token\":\"` + aToken + `\"}","sum":"` + aCheckSum + `","of":"` + aSecret + `"}`
	var headers http.Header
	server := roundTrip(func(r *http.Request) (*http.Response, error) {
		headers = r.Header.Clone()
		return response(r, body), nil
	})
	form := url.Values{
		"accid": {"a"}, "token": {aToken}, "name": {"x" + aSecret + "y"}, "sum": {aCheckSum},
		"props": {`{"a":1,"password":"` + aToken + `"}`}, "plain": {"this stays & that"},
	}
	call := func(c *wrapper.Client) {
		_, err := c.Do(t.Context(), "/user/create.action", form, wrapper.WithHeader("Authorization", "Bearer "+aToken), wrapper.WithHeader("Cookie", "id="+aToken))
		require.NoError(t, err)
	}
	name := recorded(t, server, call)
	require.Equal(t, "Bearer "+aToken, headers.Get("Authorization"), "the service gets what was sent")
	text, err := os.ReadFile(name + ".yaml")
	require.NoError(t, err)
	for _, secret := range []string{
		aToken, aSecret, aCheckSum, testKey, testSecret, headers.Get("CheckSum"), headers.Get("Nonce"), headers.Get("RequestId"),
		headers.Get("CurTime"), "12345678901", "Cookie", "session=", "X-Trace", "Date", "Authorization",
	} {
		assert.NotContains(t, string(text), secret)
	}
	f, err := cassettes.Parse(text)
	require.NoError(t, err)
	i := f.Interactions[0]
	assert.Equal(t, "this stays & that", i.Request.Form.Get("plain"))
	assert.JSONEq(t, `{"a":1,"password":"REDACTED"}`, i.Request.Form.Get("props"))
	assert.Equal(t, int64(len(i.Request.Body)), i.Request.ContentLength)
	assert.Equal(t, int64(len(i.Response.Body)), i.Response.ContentLength)
	assert.Zero(t, i.Response.Duration)
	assert.Empty(t, f.Leaks(aToken, testKey))

	t.Setenv(cassettes.EnvAppSecret, "")
	c := replay(t, name)
	form.Set("token", "another, as each run may have")
	form.Set("name", "xREDACTEDy")
	call(client(t, c.Option()))
	assert.NoError(t, c.Close())
}

// TestNoSecretIsSavedHoweverDeep: in JSON text in JSON text, in lists, in URLs
// and in lines of headers, in responses and in forms. What is scrubbed is still
// JSON.
func TestNoSecretIsSavedHoweverDeep(t *testing.T) {
	inside := func(text string) string {
		quoted, err := json.Marshal(map[string]string{"a": text, "b": "a \\ \"stays\""})
		require.NoError(t, err)
		return string(quoted)
	}
	once := `{"token":"` + aToken + `","n":"x \\","my.token" : "\"` + aToken + `\"","b":"stays"}`
	for _, text := range []string{
		once, inside(once), inside(inside(once)), inside(inside(inside(once))),
		`{"token":["` + aToken + `","]"]}`, `{"tokens":{"a":"` + aToken + `}"},"b":["stays"]}`, inside(`{"cookies":["` + aToken + `"]}`),
		inside("rtmp://live.example/room?a=1&access_token=" + aToken + "&b=stays"), inside("https://live.example/#token=" + aToken),
		inside("rtmp://anna:" + aToken + "@live.example/stays"), inside("Authorization: Bearer " + aToken), inside("Set-Cookie: session=" + aToken + "; a=b"),
		inside("id_token=" + aToken + " stays"),
	} {
		body := `{"code":200,"desc":` + text + `}`
		call := func(c *wrapper.Client) {
			_, err := c.Do(t.Context(), "/user/create.action", url.Values{"ext": {text}})
			require.NoError(t, err)
		}
		name := recorded(t, says(body), call)
		saved, err := os.ReadFile(name + ".yaml")
		require.NoError(t, err)
		assert.NotContains(t, string(saved), aToken, text)
		f, err := cassettes.Parse(saved)
		require.NoError(t, err)
		scrubbed := f.Interactions[0].Response.Body
		assert.True(t, json.Valid([]byte(scrubbed)), scrubbed)
		assert.Equal(t, strings.Count(body, "stays"), strings.Count(scrubbed, "stays"), scrubbed)
		assert.NotEmpty(t, (&cassettes.File{Interactions: []*cassette.Interaction{{Response: cassette.Response{Body: body}}}}).Leaks(), body)

		c := replay(t, name)
		call(client(t, c.Option()))
		assert.NoError(t, c.Close())
	}
}

// TestTheCallersRequestIsLeftAlone: what is scrubbed is a copy.
func TestTheCallersRequestIsLeftAlone(t *testing.T) {
	var arrived http.Header
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived = r.Header.Clone()
		w.Header().Set("Set-Cookie", "session=1")
		_, _ = w.Write([]byte(roomResponse))
	}))
	defer srv.Close()
	name := t.TempDir() + "/tape"
	c, err := cassettes.Open(name, cassettes.Record(true))
	require.NoError(t, err)
	var request *http.Request
	var received *http.Response
	var before http.Header
	watch := wrapper.WithMiddleware(func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
		request, before = r, r.Header.Clone()
		response, err := next(r)
		received = response
		return response, err
	})
	require.NoError(t, getRoom(t, client(t, c.Option(), wrapper.WithBaseURL(srv.URL+"/nimserver"), watch), 1))
	require.NoError(t, c.Close())
	assert.Equal(t, before, request.Header)
	assert.Equal(t, before.Get("CheckSum"), arrived.Get("CheckSum"))
	assert.Equal(t, srv.URL+"/nimserver/chatroom/get.action", request.URL.String())
	assert.NotEmpty(t, received.Header.Get("Date"), "the client gets the whole response")
	assert.NotEmpty(t, received.Header.Get("Set-Cookie"))

	f, err := cassettes.Read(name + ".yaml")
	require.NoError(t, err)
	assert.Equal(t, "http://service.invalid/nimserver/chatroom/get.action", f.Interactions[0].Request.URL, "whose host it is, is nobody's business")
}

// TestResponsesDoNotShareHeaders: a caller that changes them changes its own.
func TestResponsesDoNotShareHeaders(t *testing.T) {
	name := recorded(t, says(roomResponse), func(c *wrapper.Client) {
		require.NoError(t, getRoom(t, c, 1))
	})
	before, err := os.ReadFile(name + ".yaml")
	require.NoError(t, err)
	c := replay(t, name)
	spoil := wrapper.WithMiddleware(func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
		response, err := next(r)
		clear(response.Header)
		return response, err
	})
	require.NoError(t, getRoom(t, client(t, c.Option(), spoil), 1))
	require.NoError(t, c.Close())
	after, err := os.ReadFile(name + ".yaml")
	require.NoError(t, err)
	assert.Equal(t, before, after, "a replay does not write")
}

// TestWhatIsLeftIsNotSaved: a secret that scrubbing put back, or missed, stops
// the recording.
func TestWhatIsLeftIsNotSaved(t *testing.T) {
	name := t.TempDir() + "/tape"
	c, err := cassettes.Open(name, cassettes.Record(true), cassettes.WithTransport(says(roomResponse)), cassettes.WithRewrite(func(f *cassettes.File) error {
		f.Interactions[0].Response.Body += aCheckSum
		return nil
	}))
	require.NoError(t, err)
	require.NoError(t, getRoom(t, client(t, c.Option()), 1))
	err = c.Close()
	assert.ErrorIs(t, err, cassettes.ErrSecret)
	assert.NotContains(t, err.Error(), aCheckSum)
	assert.NoFileExists(t, name+".yaml")
}

// TestLeaksFindsEachSeededOne: the scan of the tests finds what it is there for.
func TestLeaksFindsEachSeededOne(t *testing.T) {
	name := recorded(t, says(roomResponse), func(c *wrapper.Client) { require.NoError(t, getRoom(t, c, 1)) })
	seeds := map[string]func(*cassettes.File){
		"CheckSum header":   func(f *cassettes.File) { f.Interactions[0].Request.Headers.Set("CheckSum", aCheckSum) },
		"AppKey header":     func(f *cassettes.File) { f.Interactions[0].Request.Headers.Set("AppKey", "fe416640c8") },
		"header not canon.": func(f *cassettes.File) { f.Interactions[0].Request.Headers["checksum"] = []string{"x"} },
		"Cookie":            func(f *cassettes.File) { f.Interactions[0].Request.Headers.Set("Cookie", "a") },
		"Set-Cookie":        func(f *cassettes.File) { f.Interactions[0].Response.Headers.Set("Set-Cookie", "a") },
		"Authorization":     func(f *cassettes.File) { f.Interactions[0].Request.Headers.Set("Authorization", "a") },
		"kept header":       func(f *cassettes.File) { f.Interactions[0].Response.Headers.Set("Retry-After", aCheckSum) },
		"trailer":           func(f *cassettes.File) { f.Interactions[0].Response.Trailer = http.Header{"X": {"y"}} },
		"request body":      func(f *cassettes.File) { f.Interactions[0].Request.Body += "&a=" + strings.ToUpper(aCheckSum) },
		"request form":      func(f *cassettes.File) { f.Interactions[0].Request.Form.Set("a", aCheckSum) },
		"form field":        func(f *cassettes.File) { f.Interactions[0].Request.Form.Set("token", "a") },
		"body field":        func(f *cassettes.File) { f.Interactions[0].Request.Body += "&token=a" },
		"body JSON":         func(f *cassettes.File) { f.Interactions[0].Request.Body += `&a={"token":"a"}` },
		"response body":     func(f *cassettes.File) { f.Interactions[0].Response.Body += aCheckSum },
		"response token":    func(f *cassettes.File) { f.Interactions[0].Response.Body = `{"token":"a"}` },
		"given in a header": func(f *cassettes.File) { f.Interactions[0].Request.Headers.Set("RequestId", aSecret) },
		"URL field":         func(f *cassettes.File) { f.Interactions[0].Request.URL += "?token=a" },
		"URL user":          func(f *cassettes.File) { edit(&f.Interactions[0].Request.URL, "://", "://a:b@") },
		"URL":               func(f *cassettes.File) { f.Interactions[0].Request.URL += "?a=" + aCheckSum },
		"a given text":      func(f *cassettes.File) { f.Interactions[0].Response.Body = "a " + aSecret },
	}
	for what, seed := range seeds {
		t.Run(what, func(t *testing.T) {
			f, err := cassettes.Read(name + ".yaml")
			require.NoError(t, err)
			require.Empty(t, f.Leaks(aSecret))
			seed(f)
			leaks := f.Leaks(aSecret)
			require.NotEmpty(t, leaks)
			assert.NotContains(t, strings.Join(leaks, " "), aSecret)
		})
	}
}
