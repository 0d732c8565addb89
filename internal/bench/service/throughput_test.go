package service

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
)

const (
	// round is how long each server is under load before it is the other's
	// turn: short, as whatever else the machine does should meet both.
	round = 300 * time.Millisecond
	// rounds are enough for a median.
	rounds = 7
)

// The two loads, on the first room of a server.
var (
	getLoad  = load{Path: "/nimserver/chatroom/get.action", Form: "roomid=10010000001&needOnlineUserCount=true"}
	sendLoad = load{
		Path: "/nimserver/chatroom/sendMsg.action",
		Form: "roomid=10010000001&fromAccid=zhangsan&msgType=0&attach=Hello%2C+everyone&msgId=" + serial,
	}
)

// What a bare handler answers: as many bytes as the emulator does.
const (
	roomBody = `{"chatroom":{"roomid":10010000001,"valid":true,"muted":false,"announcement":"","name":"Evening show","broadcasturl":"","onlineusercount":0,"ext":"","creator":"zhangsan","queuelevel":0,"ionotify":true},"code":200}`
	sentBody = `{"desc":{"time":"1456396333115","fromAvator":"","msgid_client":"000000000000","fromClientType":"REST","attach":"Hello, everyone","roomId":"10010000001","fromAccount":"zhangsan","fromNick":"zhangsan","type":"0","ext":""},"code":200}`
)

// bare reads a form and writes a constant body: what any emulator does at least.
func bare(b *testing.B, body string) string {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil || r.PostForm.Get("roomid") == "" {
			http.Error(w, "no form", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = io.WriteString(w, body)
	}))
	b.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// service is an emulator with one room, and resets it.
func service(b *testing.B, options ...emulator.Option) (address string, again func()) {
	b.Helper()
	srv := emulator.Start(b, options...)
	again = func() {
		if err := srv.Reset(); err != nil {
			b.Fatal(err)
		}
		if _, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "zhangsan", Name: "Evening show"}); err != nil {
			b.Fatal(err)
		}
	}
	again()
	u, err := url.Parse(srv.URL)
	if err != nil {
		b.Fatal(err)
	}
	return u.Host, again
}

// compare puts a load on two servers in turns and reports the medians, and that
// of the ratios of two turns.
func compare(b *testing.B, l load, connections int, ours, theirs string, again func(), names [2]string) {
	b.Helper()
	l.Connections, l.Duration = connections, round
	addresses := [2]string{ours, theirs}
	var rates, p99s [2][]float64
	var ratios []float64
	for b.Loop() {
		for i := range rounds {
			var pair [2]float64
			for _, which := range [2]int{i % 2, 1 - i%2} {
				again()
				l.Address = addresses[which]
				r := l.run(b)
				pair[which] = r.PerSecond
				rates[which] = append(rates[which], r.PerSecond)
				p99s[which] = append(p99s[which], float64(r.P99.Microseconds()))
			}
			ratios = append(ratios, pair[0]/pair[1])
		}
	}
	b.ReportMetric(0, "ns/op")
	for which, name := range names {
		b.ReportMetric(median(rates[which]), "req/s-"+name)
		b.ReportMetric(median(p99s[which]), "p99-µs-"+name)
	}
	b.ReportMetric(median(ratios), "ratio")
}

// BenchmarkThroughput compares the emulator with a bare handler.
func BenchmarkThroughput(b *testing.B) {
	for _, tt := range []struct {
		name string
		load load
		body string
	}{
		{"get", getLoad, roomBody},
		{"sendMsg", sendLoad, sentBody},
	} {
		for _, connections := range []int{1, 64} {
			b.Run(tt.name+"-"+strconv.Itoa(connections), func(b *testing.B) {
				ours, again := service(b)
				compare(b, tt.load, connections, ours, bare(b, tt.body), again, [2]string{"emulator", "bare"})
			})
		}
	}
}

// BenchmarkData compares writes that are kept in a directory with writes that
// are kept in memory.
func BenchmarkData(b *testing.B) {
	for _, sync := range []bool{false, true} {
		for _, connections := range []int{1, 64} {
			b.Run(fmt.Sprintf("sync=%t-%d", sync, connections), func(b *testing.B) {
				ours, againA := service(b, emulator.WithData(b.TempDir()), emulator.WithSync(sync))
				theirs, againB := service(b)
				compare(b, sendLoad, connections, ours, theirs, func() { againA(); againB() }, [2]string{"data", "memory"})
			})
		}
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
