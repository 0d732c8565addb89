package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
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

// engine is the two sides of the comparison, neither on a network: the client, and the
// generated code alone, both signed and bounded in time.
func engine(b *testing.B) (full, bare func(context.Context) error) {
	b.Helper()
	credentials, err := sign.NewCredentials("app-key", "app-secret")
	if err != nil {
		b.Fatal(err)
	}
	httpClient := &http.Client{Transport: inProcess(roomAnswer)}
	client, err := wrapper.New(credentials, wrapper.WithHTTPClient(httpClient), wrapper.WithRate(1_000_000_000))
	if err != nil {
		b.Fatal(err)
	}
	raw, err := gen.NewClient(wrapper.DefaultBaseURL, gen.WithHTTPClient(httpClient), gen.WithRequestEditorFn(sign.NewSigner(credentials).Edit))
	if err != nil {
		b.Fatal(err)
	}
	form := gen.GetChatroomForm{RoomID: 66}
	full = func(ctx context.Context) error {
		room, err := client.Rooms.Get(ctx, form)
		if err == nil && room.RoomID != form.RoomID {
			return fmt.Errorf("room %v", room.RoomID)
		}
		return err
	}
	bare = func(ctx context.Context) error {
		if err := form.Validate(); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		response, err := gen.GetChatroomEndpoint.Send(raw, ctx, "application/x-www-form-urlencoded;charset=utf-8", bytes.NewReader(form.AppendForm(nil)))
		if err != nil {
			return err
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			return err
		}
		if err := response.Body.Close(); err != nil {
			return err
		}
		answer, err := gen.GetChatroomEndpoint.Decode(body)
		if err == nil && answer.Chatroom.RoomID != form.RoomID {
			return fmt.Errorf("room %v", answer.Chatroom.RoomID)
		}
		return err
	}
	return full, bare
}

// BenchmarkEngine is what limiter, retries, clock, hosts, request ids and hooks add
// to a call.
func BenchmarkEngine(b *testing.B) {
	full, bare := engine(b)
	once := func(call func(context.Context) error) func() {
		return func() {
			if err := call(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	}
	pair(b, 50, once(full), once(bare))
}

// BenchmarkEngineParallel is the same with 64 goroutines on one client; `make locks`
// tells what of it is spent on locks.
func BenchmarkEngineParallel(b *testing.B) {
	const goroutines, each = 64, 8
	full, bare := engine(b)
	crowd := func(call func(context.Context) error) func() {
		return func() {
			var group sync.WaitGroup
			for range goroutines {
				group.Go(func() {
					for range each {
						// A context of its own, as from a server's requests: one that all
						// share would have them queue for its lock.
						if err := call(context.Background()); err != nil {
							b.Error(err)
						}
					}
				})
			}
			group.Wait()
		}
	}
	pairOf(b, 1, goroutines*each, crowd(full), crowd(bare))
}
