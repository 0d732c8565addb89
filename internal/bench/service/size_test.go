package service

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

// BenchmarkRoomSize compares a room of 100,000 members with one of 100, and a server of
// 100,000 rooms with one of two. It does not use a network, which would hide the
// difference.
func BenchmarkRoomSize(b *testing.B) {
	const small, large = 100, 100_000
	fewRooms, manyRooms := emulator.Start(b), emulator.Start(b)
	smallRoom, largeRoom := filled(b, fewRooms, small), filled(b, fewRooms, large)
	for range large {
		newRoom(b, manyRooms)
	}
	oneOfMany := filled(b, manyRooms, small)
	for _, tt := range []struct{ name, path, form string }{
		{"get", "/chatroom/get.action", "needOnlineUserCount=true"},
		{"sendMsg", "/chatroom/sendMsg.action", "fromAccid=m50&msgType=0&attach=Hello&msgId=1"},
		{"membersByPage", "/chatroom/membersByPage.action", "type=1&endtime=0&limit=100"},
	} {
		form := func(id gen.RoomID) string { return fmt.Sprintf("roomid=%d&%s", id, tt.form) }
		b.Run(tt.name+"-members", func(b *testing.B) {
			inTurns(b, request(b, fewRooms, tt.path, form(largeRoom)), request(b, fewRooms, tt.path, form(smallRoom)), "large", "small")
		})
		b.Run(tt.name+"-rooms", func(b *testing.B) {
			inTurns(b, request(b, manyRooms, tt.path, form(oneOfMany)), request(b, fewRooms, tt.path, form(smallRoom)), "many", "few")
		})
	}
}

func newRoom(b *testing.B, srv *emulator.Server) gen.RoomID {
	b.Helper()
	id, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "zhangsan", Name: "n"})
	if err != nil {
		b.Fatal(err)
	}
	return id
}

// filled creates a room with the given number of members.
func filled(b *testing.B, srv *emulator.Server, members int) gen.RoomID {
	b.Helper()
	id := newRoom(b, srv)
	for i := range members - 1 {
		if err := srv.Join(id, emulator.JoinOptions{Accid: fmt.Sprintf("m%d", i)}); err != nil {
			b.Fatal(err)
		}
	}
	return id
}

// request signs a request and returns a function that sends it without a network.
func request(b *testing.B, srv *emulator.Server, path, form string) func() {
	b.Helper()
	signed := httptest.NewRequest(http.MethodPost, "/nimserver"+path, nil)
	signed.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := sign.NewSigner(srv.Credentials()).Edit(b.Context(), signed); err != nil {
		b.Fatal(err)
	}
	handler := srv.Handler()
	return func() {
		req := httptest.NewRequest(http.MethodPost, "/nimserver"+path, strings.NewReader(form))
		req.Header = signed.Header
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, req)
		if !strings.Contains(response.Body.String(), `"code":200`) {
			b.Fatal(response.Body)
		}
	}
}

// inTurns compares two functions. It alternates between them and calls each a hundred times
// before it switches.
func inTurns(b *testing.B, first, second func(), firstName, secondName string) {
	b.Helper()
	var times [2][]float64
	for b.Loop() {
		for which, do := range [2]func(){first, second} {
			begin := time.Now()
			for range 100 {
				do()
			}
			times[which] = append(times[which], float64(time.Since(begin).Microseconds())/100)
		}
	}
	b.ReportMetric(0, "ns/op")
	m, n := median(times[0]), median(times[1])
	b.ReportMetric(m, "µs-"+firstName)
	b.ReportMetric(n, "µs-"+secondName)
	b.ReportMetric(m/n, "ratio")
}
