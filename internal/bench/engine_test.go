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

// inProcess is a transport that returns its own content as the body of every response.
type inProcess []byte

func (body inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: responseHeader, Request: r,
		ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}, nil
}

// responseHeader is the header of every response. The client reads the service's time from
// Date.
var responseHeader = http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}

// engine returns both sides of the comparison: a call of the client, and the same call with
// only the generated code. Both sign the request and have a time limit. Neither uses a
// network.
func engine(b *testing.B) (full, bare func(context.Context) error) {
	b.Helper()
	credentials, err := sign.NewCredentials("app-key", "app-secret")
	if err != nil {
		b.Fatal(err)
	}
	httpClient := &http.Client{Transport: inProcess(roomBody)}
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
		success, err := gen.GetChatroomEndpoint.Decode(body)
		if err == nil && success.Chatroom.RoomID != form.RoomID {
			return fmt.Errorf("room %v", success.Chatroom.RoomID)
		}
		return err
	}
	return full, bare
}

// BenchmarkEngine measures what the limiter, retries, clock, hosts, request ids and hooks
// add to a call.
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

// BenchmarkEngineParallel measures the same with 64 goroutines on one client. Run
// `make locks` to see how much of the time goes into locks.
func BenchmarkEngineParallel(b *testing.B) {
	const goroutines, each = 64, 8
	full, bare := engine(b)
	parallel := func(call func(context.Context) error) func() {
		return func() {
			var group sync.WaitGroup
			for range goroutines {
				group.Go(func() {
					for range each {
						// Each call has a context of its own, like the requests of a server.
						// All goroutines would wait for the lock of a shared context.
						if err := call(context.Background()); err != nil {
							b.Error(err)
						}
					}
				})
			}
			group.Wait()
		}
	}
	pairOf(b, 1, goroutines*each, parallel(full), parallel(bare))
}
