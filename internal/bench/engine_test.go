package bench

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"runtime"
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

// BenchmarkEngineParallel is 64 goroutines on one client; -cpuprofile shows what
// share of the time they spend on its locks.
func BenchmarkEngineParallel(b *testing.B) {
	credentials, err := sign.NewCredentials("app-key", "app-secret")
	if err != nil {
		b.Fatal(err)
	}
	client, err := wrapper.New(credentials, wrapper.WithHTTPClient(&http.Client{Transport: inProcess(roomAnswer)}), wrapper.WithRate(1_000_000_000))
	if err != nil {
		b.Fatal(err)
	}
	b.SetParallelism(max(1, 64/runtime.GOMAXPROCS(0)))
	// Each call has its own context, as from a server's requests: one that all share
	// would have them queue for its lock.
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if room, err := client.Rooms.Get(context.Background(), gen.GetChatroomForm{RoomID: 66}); err != nil || room.RoomID != 66 {
				b.Error(room, err)
				return
			}
		}
	})
}
