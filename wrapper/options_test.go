package wrapper_test

import (
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

func TestOptionsThatMakeNoSense(t *testing.T) {
	tests := []struct {
		option wrapper.Option
		says   string
	}{
		{wrapper.WithBaseURL(""), "http or https"},
		{wrapper.WithHTTPClient(nil), "HTTP client"},
		{wrapper.WithTimeout(-time.Second), "negative"},
		{wrapper.WithMaxResponseSize(0), "at least 1"},
		{wrapper.WithApplication("", "1"), "application"},
		{wrapper.WithApplication("my shop", ""), "application"},
		{wrapper.WithApplication("shop\r\nX: y", ""), "application"},
		{wrapper.WithClock(nil), "clock"},
		{wrapper.WithTransport(func(sign.Credentials, func() time.Time) http.RoundTripper { return nil }), "transport"},
		{wrapper.WithAttemptTimeout(-time.Second), "negative"},
		{wrapper.WithRetry(wrapper.RetryPolicy{}), "at least 1"},
		{wrapper.WithHeader("AppKey", "k"), "sets it itself"},
		{nil, "option 1 is nil"},
	}
	for _, tt := range tests {
		client, err := wrapper.New(credentials(t), tt.option)
		assert.Nil(t, client)
		assert.ErrorContains(t, err, tt.says)
	}
	_, err := wrapper.New(sign.Credentials{})
	assert.ErrorIs(t, err, sign.ErrCredentials)
}

func TestCallOptionsThatMakeNoSense(t *testing.T) {
	client := newTransportClient(t, func(*http.Request) (*http.Response, error) {
		t.Error("sent")
		return nil, io.EOF
	})
	tests := []struct {
		option wrapper.CallOption
		says   string
	}{
		{nil, "option 1 is nil"},
		{wrapper.WithRetry(wrapper.RetryPolicy{}), "at least 1"},
		{wrapper.WithRawResponse(nil), "raw response: nil"},
		{wrapper.WithTimeout(-1), "timeout -1ns"},
		{wrapper.WithAttemptTimeout(-time.Second), "attempt timeout -1s"},
		{wrapper.WithBaseURL("http://:80"), "no host"},
		{wrapper.WithHeader("Accept-Encoding", "gzip"), "Accept-Encoding"},
	}
	for _, tt := range tests {
		err := get(t, client, tt.option)
		require.ErrorIs(t, err, wrapper.ErrBadParameter)
		assert.ErrorContains(t, err, tt.says)
	}
}

func TestBatchOptionsThatMakeNoSense(t *testing.T) {
	client := newTransportClient(t, func(*http.Request) (*http.Response, error) {
		t.Error("sent")
		return nil, io.EOF
	})
	tests := []struct {
		option wrapper.BatchOption
		says   string
	}{
		{nil, "option 1 is nil"},
		{wrapper.WithConcurrency(0), "at least 1"},
		{wrapper.WithProgress(nil), "progress: nil"},
		{wrapper.WithTimeout(-1), "timeout -1ns"},
		{wrapper.WithBaseURL("http://:80"), "no host"},
	}
	for _, tt := range tests {
		_, err := client.Rooms.GetMany(t.Context(), gen.GetChatroomsForm{RoomIDs: []gen.RoomID{1}}, tt.option)
		require.ErrorIs(t, err, wrapper.ErrBadParameter)
		assert.ErrorContains(t, err, tt.says)
	}
}

// TestCommonOptionsHoldAtEachLevel gives the same options to a client, to a call and to
// a batch. The call's own option wins over the client's.
func TestCommonOptionsHoldAtEachLevel(t *testing.T) {
	var seen *http.Request
	var left time.Duration
	attempts := 0
	transport := func(r *http.Request) (*http.Response, error) {
		attempts++
		seen = r
		deadline, _ := r.Context().Deadline()
		left = time.Until(deadline)
		return respond(r, 200, `{"code":503}`), nil
	}
	options := func(n int) []wrapper.CommonOption {
		return []wrapper.CommonOption{
			wrapper.WithBaseURL("http://h" + strconv.Itoa(n)), wrapper.WithHeader("X-Level", strconv.Itoa(n)),
			wrapper.WithTimeout(time.Duration(n) * time.Hour), wrapper.WithAttemptTimeout(time.Duration(n) * time.Hour),
			wrapper.WithRetry(wrapper.RetryPolicy{Attempts: n, Backoff: func(int) time.Duration { return 0 }}),
		}
	}
	var ofClient []wrapper.Option
	for _, option := range options(1) {
		ofClient = append(ofClient, option)
	}
	var ofCall []wrapper.CallOption
	var ofBatch []wrapper.BatchOption
	for _, option := range options(2) {
		ofCall, ofBatch = append(ofCall, option), append(ofBatch, option)
	}
	client := newTransportClient(t, transport, ofClient...)
	holds := func(level int, headers ...string) {
		t.Helper()
		assert.Equal(t, "h"+strconv.Itoa(level), seen.URL.Host)
		assert.Equal(t, headers, seen.Header.Values("X-Level"))
		assert.Equal(t, time.Duration(level)*time.Hour, left.Round(time.Minute))
		assert.Equal(t, level, attempts)
		attempts = 0
	}
	require.Error(t, get(t, client))
	holds(1, "1")
	require.Error(t, get(t, client, ofCall...))
	holds(2, "1", "2")
	_, err := client.Rooms.GetMany(t.Context(), gen.GetChatroomsForm{RoomIDs: []gen.RoomID{1}}, ofBatch...)
	require.Error(t, err)
	holds(2, "1", "2")
	require.Error(t, get(t, client))
	holds(1, "1")
}

// The largest number stands for no bound.
func TestLargestNumbersBoundNothing(t *testing.T) {
	calls := 0
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
		if calls++; calls == 1 {
			return respond(r, 200, `{"code":503}`), nil
		}
		return respond(r, 200, okRoom), nil
	}, wrapper.WithMaxResponseSize(math.MaxInt64), wrapper.WithRetryBudget(math.MaxInt), wrapper.WithTimeout(math.MaxInt64),
		wrapper.WithAttemptTimeout(math.MaxInt64), wrapper.WithRate(math.MaxInt),
		wrapper.WithRetry(wrapper.RetryPolicy{Attempts: math.MaxInt, Backoff: func(int) time.Duration { return 0 }}))
	require.NoError(t, get(t, client))
	assert.Equal(t, 2, calls)
}

func TestClockSigns(t *testing.T) {
	now := time.Unix(1443592222, 0)
	var header http.Header
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
		header = r.Header
		return respond(r, 200, roomBody), nil
	}, wrapper.WithClock(func() time.Time { return now }))
	_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 1})
	require.NoError(t, err)
	assert.Equal(t, "1443592222", header.Get("CurTime"))
}

func TestDo(t *testing.T) {
	var path, form string
	body := `{"code":200,"anything":[1]}`
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
		read, _ := io.ReadAll(r.Body)
		path, form = r.URL.Path, string(read)
		return respond(r, 200, body), nil
	})
	raw, err := client.Do(t.Context(), "chatroom/noSuchOperation.action", url.Values{"roomid": {"1"}, "accid": {"a b"}})
	require.NoError(t, err)
	assert.JSONEq(t, body, string(raw))
	assert.Equal(t, "/nimserver/chatroom/noSuchOperation.action", path)
	assert.Equal(t, "accid=a+b&roomid=1", form)

	body = `{"code":500}`
	_, err = client.Do(t.Context(), "/chatroom/noSuchOperation.action", nil)
	assert.ErrorIs(t, err, wrapper.ErrServerFault)
	assert.ErrorIs(t, err, wrapper.ErrOutcomeUnknown, "an unknown operation may change anything")
	_, err = client.Do(t.Context(), "/chatroom/get.action", nil)
	assert.NotErrorIs(t, err, wrapper.ErrOutcomeUnknown, "get only reads")
}

func TestDoTakesPathsOnly(t *testing.T) {
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
		t.Errorf("sent to %s", r.URL)
		return nil, io.EOF
	})
	for _, path := range []string{"", "//evil/x", "https://evil/x", "/x?a=b", "/../x"} {
		_, err := client.Do(t.Context(), path, url.Values{"a": {"b"}})
		require.ErrorIs(t, err, wrapper.ErrBadParameter, "%q", path)
		assert.ErrorContains(t, err, "path")
	}
}

// TestDoRepeatsAsTheMethodsDo: a deduplicated operation is marked as sent again
// whichever way it is called.
func TestDoRepeatsAsTheMethodsDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{lost, says(okMessage)}}
		client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		form := url.Values{"roomid": {"66"}, "fromAccid": {"c"}, "msgType": {"0"}, "msgId": {"m1"}}
		_, err := client.Do(t.Context(), "/chatroom/sendMsg.action", form)
		require.NoError(t, err)
		require.Len(t, s.forms, 2)
		assert.Equal(t, []string{"1", "1"}, []string{s.forms[0].Get("resendFlag"), s.forms[1].Get("resendFlag")})
		assert.Len(t, form, 4, "the caller's form is left as it is")

		delete(form, "msgId")
		s = &script{steps: []step{lost, says(okMessage)}}
		client = newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		_, err = client.Do(t.Context(), "/chatroom/sendMsg.action", form)
		require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
		assert.Len(t, s.forms, 1, "there is no id to be known by")

		s = &script{steps: []step{lost, says(okMessage)}}
		client = newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		_, err = client.Do(t.Context(), "/chatroom/noSuchOperation.action", nil)
		require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
		assert.Len(t, s.forms, 1, "nothing is known of this operation")

		s = &script{steps: []step{lost, says(`{"code":200,"size":0,"msgs":[]}`)}}
		client = newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		_, err = client.Do(t.Context(), "/chatroom/queryTagHistoryMsg.action", url.Values{"roomId": {"66"}, "tags": {`["a"]`}})
		require.NoError(t, err, "a read, by the other path that a document gives")
		assert.Len(t, s.forms, 2)

		s = &script{steps: []step{lost, says(`{"code":417}`)}}
		client = newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}))
		raw, err := client.Do(t.Context(), "/chatroom/updateInOutNotification.action", url.Values{"roomid": {"66"}, "close": {"true"}})
		require.NoError(t, err)
		assert.JSONEq(t, okNothing, string(raw))
	})
}
