package cassettes_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// send sends a body as it is.
func send(t *testing.T, c *cassettes.Cassette, method, path, body string) error {
	t.Helper()
	var sent error
	caller := client(t, c.Option(), wrapper.WithMiddleware(func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
		r.Method, r.URL.Path = method, path
		r.Body = io.NopCloser(strings.NewReader(body))
		response, err := next(r)
		sent = err
		return response, err
	}))
	_ = getRoom(t, caller, 1)
	return sent
}

// TestMatching: by method, path and what the form says.
func TestMatching(t *testing.T) {
	const (
		getPath    = "/nimserver/chatroom/get.action"
		batchPath  = "/nimserver/chatroom/getBatch.action"
		topPath    = "/nimserver/stats/chatroom/topn.action"
		otherPath  = "/nimserver/chatroom/noSuchOperation.action"
		createPath = "/nimserver/chatroom/create.action"
	)
	tests := []struct {
		name                 string
		path, recorded, sent string
		same                 bool
	}{
		{"the same", getPath, "roomid=66&needOnlineUserCount=true", "roomid=66&needOnlineUserCount=true", true},
		{"another order", getPath, "roomid=66&needOnlineUserCount=true", "needOnlineUserCount=true&roomid=66", true},
		{"another room", getPath, "roomid=1", "roomid=999", false},
		{"a field less", getPath, "roomid=66&needOnlineUserCount=true", "roomid=66", false},
		{"a field more", getPath, "roomid=66", "roomid=66&needOnlineUserCount=false", false},
		{"an unknown field more", getPath, "roomid=66", "roomid=66&x=1", false},
		{"another unknown value", getPath, "roomid=66&x=1", "roomid=66&x=2", false},
		{"escaped otherwise", createPath, "name=mychat room&creator=%7A", "creator=z&name=mychat+room", true},
		{"an empty text is not none", createPath, "creator=a&name=b&announcement=", "creator=a&name=b", false},
		{"spaces in JSON", batchPath, `roomids=["6001", "6002"]`, `roomids=%5B%226001%22%2C%226002%22%5D`, true},
		{"another order in JSON", batchPath, `roomids=["6001","6002"]`, `roomids=["6002","6001"]`, false},
		{"a list not as JSON", batchPath, `roomids=["6001"]`, `roomids[0]=6001`, false},
		{"a spelling of the documents", topPath, "orderby=join", "orderby=enter", true},
		{"another value", topPath, "orderby=join", "orderby=active", false},
		{"sent twice", getPath, "roomid=1&roomid=2", "roomid=1", false},
		{"not a good form, the same", getPath, "roomid=many", "roomid=many", true},
		{"not a good form, another", getPath, "roomid=many", "roomid=few", false},
		{"unknown operation", otherPath, `accids=["a", "b"]&roomid=1`, `roomid=1&accids=["a","b"]`, true},
		{"unknown operation, another", otherPath, `roomid=1`, `roomid=01`, false},
		{"nothing", getPath, "", "", true},
		{"something and nothing", getPath, "roomid=1", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := t.TempDir() + "/tape"
			c, err := cassettes.Open(name, cassettes.Record(true), cassettes.WithTransport(says(`{"code":404}`)))
			require.NoError(t, err)
			require.NoError(t, send(t, c, http.MethodPost, tt.path, tt.recorded))
			require.NoError(t, c.Close())

			c = replay(t, name)
			err = send(t, c, http.MethodPost, tt.path, tt.sent)
			assert.Equal(t, tt.same, err == nil, "%v", err)
			assert.Equal(t, tt.same, c.Close() == nil)

			c = replay(t, name)
			require.ErrorIs(t, send(t, c, http.MethodPut, tt.path, tt.recorded), cassettes.ErrUnknownRequest, "another method")
			require.ErrorIs(t, send(t, c, http.MethodPost, tt.path+"x", tt.recorded), cassettes.ErrUnknownRequest, "another path")
		})
	}
}

func TestAnyValue(t *testing.T) {
	top := func(c *cassettes.Cassette, at int64, period gen.RankingPeriod) error {
		_, err := client(t, c.Option()).Statistics.ListTop(t.Context(), gen.ListTopChatroomsForm{Timestamp: wrapper.Ptr(time.Unix(at, 0)), Period: &period})
		return err
	}
	name := t.TempDir() + "/tape"
	c, err := cassettes.Open(name, cassettes.Record(true), cassettes.WithTransport(says(`{"code":200,"data":[]}`)))
	require.NoError(t, err)
	require.NoError(t, top(c, 1471781873, gen.RankingPeriodHour))
	require.NoError(t, c.Close())

	assert.Error(t, top(replay(t, name), 1471781874, gen.RankingPeriodHour))
	assert.NoError(t, top(replay(t, name, cassettes.WithAnyValue("timestamp")), 1471781874, gen.RankingPeriodHour))
	assert.Error(t, top(replay(t, name, cassettes.WithAnyValue("timestamp")), 1471781874, gen.RankingPeriodDay))
}

// TestIdsInAListThatTheClientMadeUp: ids of the elements of a list begin with that of the call.
func TestIdsInAListThatTheClientMadeUp(t *testing.T) {
	server := roundTrip(func(r *http.Request) (*http.Response, error) {
		return response(r, `{"code":200,"success":[{"`+r.Header.Get("RequestId")+`-1":{"msgid_client":"`+r.Header.Get("RequestId")+`-1"}}]}`), nil
	})
	scenario := func(c *wrapper.Client) {
		list := []gen.MessageItem{{MsgType: wrapper.Ptr(gen.MessageTypeText)}, {MsgID: "m2", MsgType: wrapper.Ptr(gen.MessageTypeText)}}
		sent, err := c.Messages.SendBatch(t.Context(), gen.SendMessagesForm{RoomID: 1, FromAccid: "c", MsgList: list})
		require.NoError(t, err)
		assert.Len(t, sent.Success[0].Key, 34)
		assert.Equal(t, sent.Success[0].Key, sent.Success[0].Value.ClientMsgID)
	}
	name := recorded(t, server, scenario)
	f, err := cassettes.Read(name + ".yaml")
	require.NoError(t, err)
	assert.Contains(t, f.Interactions[0].Request.Form.Get("msgList"), `"made-up-1-1"`)
	c := replay(t, name)
	scenario(client(t, c.Option()))
	require.NoError(t, c.Close())
}

// TestIdsThatTheClientMadeUp: they differ in each run. Numbers stand for them
// in the file, and in replay for the new ones, in responses too.
func TestIdsThatTheClientMadeUp(t *testing.T) {
	var ids []string
	server := roundTrip(func(r *http.Request) (*http.Response, error) {
		if err := r.ParseForm(); err != nil {
			return nil, err
		}
		id := r.PostForm.Get("msgId")
		return response(r, `{"code":200,"desc":{"time":"1","msgid_client":"`+id+`","roomId":"1","type":"0","attach":"`+r.PostForm.Get("attach")+`"}}`), nil
	})
	scenario := func(c *wrapper.Client) {
		ids = nil
		for _, form := range []gen.SendMessageForm{
			{RoomID: 1, FromAccid: "c", MsgType: wrapper.Ptr(gen.MessageTypeText), Attach: wrapper.Ptr("same")},
			{RoomID: 1, FromAccid: "c", MsgType: wrapper.Ptr(gen.MessageTypeText), Attach: wrapper.Ptr("same")},
			{RoomID: 1, FromAccid: "c", MsgType: wrapper.Ptr(gen.MessageTypeText), MsgID: "m3"},
		} {
			sent, err := c.Messages.Send(t.Context(), form)
			require.NoError(t, err)
			ids = append(ids, sent.ClientMsgID)
		}
	}
	name := recorded(t, server, scenario)
	recorded := ids
	f, err := cassettes.Read(name + ".yaml")
	require.NoError(t, err)
	require.Len(t, f.Interactions, 3)
	assert.Equal(t, "made-up-1", f.Interactions[0].Request.Headers.Get("RequestId"))
	assert.Equal(t, "made-up-1", f.Interactions[0].Request.Form.Get("msgId"))
	assert.Contains(t, f.Interactions[1].Response.Body, `"made-up-2"`)
	assert.Equal(t, "m3", f.Interactions[2].Request.Form.Get("msgId"))
	text, err := f.Text()
	require.NoError(t, err)
	assert.NotContains(t, string(text), recorded[0])

	c := replay(t, name)
	scenario(client(t, c.Option()))
	require.NoError(t, c.Close())
	assert.Len(t, ids[0], 32)
	assert.NotEqual(t, ids[0], ids[1])
	assert.NotContains(t, recorded, ids[0])
	assert.Equal(t, "m3", ids[2])

	c = replay(t, name)
	_, err = client(t, c.Option()).Messages.Send(t.Context(), gen.SendMessageForm{RoomID: 1, FromAccid: "c", MsgType: wrapper.Ptr(gen.MessageTypeText), MsgID: "mine", Attach: wrapper.Ptr("same")})
	assert.Error(t, err, "an id of the caller's is not one that was made up")
}
