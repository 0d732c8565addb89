package bench

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// inProcess answers without a network.
type inProcess []byte

func (body inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: answerHeader, Request: r,
		ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}, nil
}

// answerHeader is what the service's answers have; the client learns from Date.
var answerHeader = http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}

// BenchmarkEngine is what limiter, retries, clock, hosts, request ids and hooks add
// to a call: the client against the generated code alone, both signed and bounded
// in time, neither on a network.
func BenchmarkEngine(b *testing.B) {
	credentials, err := sign.NewCredentials("app-key", "app-secret")
	if err != nil {
		b.Fatal(err)
	}
	httpClient := &http.Client{Transport: inProcess(roomAnswer)}
	full, err := wrapper.New(credentials, wrapper.WithHTTPClient(httpClient), wrapper.WithRate(1_000_000_000))
	if err != nil {
		b.Fatal(err)
	}
	bare, err := gen.NewClient(wrapper.DefaultBaseURL, gen.WithHTTPClient(httpClient), gen.WithRequestEditorFn(sign.NewSigner(credentials).Edit))
	if err != nil {
		b.Fatal(err)
	}
	form := gen.GetChatroomForm{RoomID: 66}
	pair(b, 50, func() {
		if room, err := full.Rooms.Get(b.Context(), form); err != nil || room.RoomID != 66 {
			b.Fatal(room, err)
		}
	}, func() {
		if err := form.Validate(); err != nil {
			b.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
		defer cancel()
		response, err := gen.GetChatroomEndpoint.Send(bare, ctx, "application/x-www-form-urlencoded;charset=utf-8", bytes.NewReader(form.AppendForm(nil)))
		if err != nil {
			b.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			b.Fatal(err)
		}
		if err := response.Body.Close(); err != nil {
			b.Fatal(err)
		}
		if room, err := gen.GetChatroomEndpoint.Decode(body); err != nil || room.Chatroom.RoomID != 66 {
			b.Fatal(room, err)
		}
	})
}
