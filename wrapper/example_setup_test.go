package wrapper_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/wrapper"
)

// startExample returns a client of an emulated service, which the examples run
// against. Its clock stands still at 08:00 UTC on 25 November 2022 unless it is
// advanced, so that the output is always the same.
func startExample() (*wrapper.Client, *emulator.Server) {
	start := time.Date(2022, 11, 25, 8, 0, 0, 0, time.UTC)
	srv, err := emulator.New(emulator.WithClock(func() time.Time { return start }), emulator.WithCreatedAccounts("zhangsan", "lisi", "wangwu"))
	if err != nil {
		panic(err)
	}
	client, err := wrapper.New(srv.Credentials(),
		wrapper.WithClock(srv.Now),
		wrapper.WithHTTPClient(&http.Client{Transport: inMemory{srv.Handler()}}),
	)
	if err != nil {
		panic(err)
	}
	return client, srv
}

// inMemory hands requests to a handler without a network.
type inMemory struct{ http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	m.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}

// enter lets an account into a room, as its client would.
func enter(srv *emulator.Server, roomID wrapper.RoomID, accid string, tags ...string) {
	if err := srv.AddAccounts(accid); err != nil {
		fmt.Println(err)
	}
	if err := srv.Join(roomID, emulator.JoinOptions{Accid: accid, Tags: tags}); err != nil {
		fmt.Println(err)
	}
}
