package emulator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

func TestAwaitRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := emulator.Start(t, emulator.WithoutPort())
		client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL), wrapper.WithHTTPClient(srv.Client()))
		require.NoError(t, err)
		id := emutest.OpenRoom(t, srv)
		say := func(msgID string) {
			text := "hi"
			_, err := client.Messages.Send(t.Context(), gen.SendMessageForm{RoomID: id, MsgID: msgID, FromAccid: "zhangsan", MsgType: emutest.Ptr(gen.MessageTypeText), Attach: &text})
			assert.NoError(t, err)
		}
		filter := emulator.RequestFilter{Operation: "sendMsg", RoomID: id, Code: 200, Form: map[string]string{"msgId": "m2"}}
		go func() {
			time.Sleep(time.Minute) //nolint:forbidigo // in a synctest bubble
			say("m1")
			say("m2")
		}()
		began := time.Now()
		r, err := srv.AwaitRequest(t.Context(), filter)
		require.NoError(t, err)
		assert.Equal(t, "m2", r.Form["msgId"])
		assert.Equal(t, time.Minute, time.Since(began))

		again, err := srv.AwaitRequest(t.Context(), filter) // the log holds it
		require.NoError(t, err)
		assert.Equal(t, r.ID, again.ID)

		filter.Since = r.ID
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = srv.AwaitRequest(ctx, filter)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.EqualError(t, err, fmt.Sprintf(`emulator: no request of sendMsg with room %v, code 200, msgId "m2" arrived in time, nor any other request`, id))

		say("m3")
		_, err = srv.AwaitRequest(ctx, filter)
		assert.ErrorContains(t, err, `arrived in time; request 3 (/chatroom/sendMsg.action) is nearest: msgId is "m3"`)
		_, err = srv.AwaitRequest(t.Context(), emulator.RequestFilter{Operation: "dance"})
		assert.EqualError(t, err, "emulator: operation: dance, want an action such as sendMsg, or an operationId such as sendMessage")
		_, err = srv.AwaitRequest(ctx, emulator.RequestFilter{Operation: "get", RoomID: 7, Code: 404, Form: map[string]string{"x": "y"}})
		assert.ErrorContains(t, err, "is nearest: operation is sendMsg, the form does not name the room, code is 200, x is missing")
	})
}

// TestAServerThatStopsEndsWaits awaits a request over HTTP.
func TestAServerThatStopsEndsWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := emutest.NewServer(t)
		client, _, stop := emutest.ServeInMemory(t, srv)
		stopped := make(chan error)
		go func() {
			time.Sleep(time.Second) //nolint:forbidigo // in a synctest bubble
			stopped <- stop()
		}()
		resp, err := client.Post(strings.TrimSuffix(srv.URL, emutest.ApiPath)+"/_emulator/requests/await", "application/json", strings.NewReader(`{"timeout":"5m"}`))
		require.NoError(t, err)
		assert.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
		assert.Contains(t, string(emutest.ReadAll(t, resp)), "the server is stopping")
		assert.NoError(t, <-stopped)
	})
}

// TestAWaitOutlastsTheTimeOfARequest awaits for longer than a request may usually take.
func TestAWaitOutlastsTheTimeOfARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := emulator.Start(t, emulator.WithoutPort())
		url := strings.TrimSuffix(srv.URL, emutest.ApiPath) + "/_emulator/requests/await"
		resp, err := srv.Client().Post(url, "application/json", strings.NewReader(`{"code":200,"timeout":"2m"}`))
		require.NoError(t, err)
		assert.Equal(t, http.StatusGatewayTimeout, resp.StatusCode)
		assert.JSONEq(t, `{"error":"no request with code 200 arrived in time, nor any other request; waited for 2m0s"}`, string(emutest.ReadAll(t, resp)))
	})
}

// requestStream reads a stream of requests.
type requestStream struct {
	*testing.T
	lines *bufio.Scanner
	close func()
}

func streamRequests(t *testing.T, srv *emulator.Server, query, last string) requestStream {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.TrimSuffix(srv.URL, emutest.ApiPath)+"/_emulator/requests/events"+query, nil)
	require.NoError(t, err)
	req.Header.Set("Last-Event-ID", last)
	resp, err := srv.Client().Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { _ = resp.Body.Close() })
	s := requestStream{t, bufio.NewScanner(resp.Body), func() { _ = resp.Body.Close() }}
	require.Equal(t, ": requests", s.next())
	return s
}

// next returns the next block of lines.
func (s requestStream) next() string {
	s.Helper()
	var block []string
	for s.lines.Scan() && s.lines.Text() != "" {
		block = append(block, s.lines.Text())
	}
	return strings.Join(block, "\n")
}

// want reads an event, which must be a request of an operation.
func (s requestStream) want(id int64, operation string) {
	s.Helper()
	head, data, _ := strings.Cut(s.next(), "\ndata: ")
	var r emulator.Request
	require.NoError(s, json.Unmarshal([]byte(data), &r))
	assert.Equal(s, fmt.Sprintf("id: %d\nevent: request", id), head)
	assert.Equal(s, operation, r.Operation)
}

func TestRequestsAreStreamed(t *testing.T) {
	srv := emulator.Start(t)
	room := emutest.NewRoom(t, srv) // two requests
	all, gets := streamRequests(t, srv, "", ""), streamRequests(t, srv, "?operation=get&code=404", "")
	_, _ = emutest.Post(t, srv, "/chatroom/get.action", "roomid="+room.String())
	_, _ = emutest.Post(t, srv, "/chatroom/get.action", "roomid=1")
	all.want(3, "get")
	all.want(4, "get")
	gets.want(4, "get")
	all.close()
	require.NoError(t, srv.Reset()) // forgets four requests, of which a client that comes back has two
	_, _ = emutest.Post(t, srv, "/chatroom/get.action", "roomid=1")
	gets.want(5, "get")
	back := streamRequests(t, srv, "", "2")
	assert.Equal(t, "event: lost\ndata: {\"lost\":2}", back.next())
	back.want(5, "get")
	assert.Equal(t, int64(1), srv.Requests()[0].ID)
	streamRequests(t, srv, "?since=0", "").want(5, "get")
	streamRequests(t, srv, "?since=1", "4").want(5, "get") // the header takes precedence
	streamRequests(t, srv, "?room=1", "4").want(5, "get")
	other := streamRequests(t, srv, "", "70") // of a server before this one
	assert.Equal(t, "event: lost\ndata: {\"lost\":4}", other.next())
	other.want(5, "get")
}

// TestASlowReaderOfRequestsLosesNothingSilently comes back after the log has turned over.
func TestASlowReaderOfRequestsLosesNothingSilently(t *testing.T) {
	srv := emulator.Start(t, emulator.WithoutPort())
	for range 1003 {
		_, _ = emulator.Call(srv, gen.GetChatroomEndpoint, gen.GetChatroomForm{RoomID: 1}) // is not a request
		resp, err := srv.Client().Post(srv.URL+"/chatroom/get.action", "text/plain", nil)
		require.NoError(t, err)
		emutest.ReadAll(t, resp)
	}
	s := streamRequests(t, srv, "", "1")
	assert.Equal(t, "event: lost\ndata: {\"lost\":2}", s.next())
	for id := range int64(1000) {
		s.want(id+4, "get")
	}
	requests := srv.Requests()
	require.Len(t, requests, 1000)
	assert.Equal(t, int64(4), requests[0].ID)
}

func TestAnErrorOfAwaitRequestIsTheCauseOfTheContext(t *testing.T) {
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	_, err := emutest.NewServer(t).AwaitRequest(ctx, emulator.RequestFilter{})
	assert.ErrorIs(t, err, why)
}
