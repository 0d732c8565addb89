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
	// round is how long one server is under load before the other is. It is short, so
	// that other work of the machine affects both.
	round = 300 * time.Millisecond
	// rounds is the number of rounds for a median.
	rounds = 7
)

// The two loads use the first room of a server.
var (
	getLoad  = load{Path: "/nimserver/chatroom/get.action", Form: "roomid=10010000001&needOnlineUserCount=true"}
	sendLoad = load{
		Path: "/nimserver/chatroom/sendMsg.action",
		Form: "roomid=10010000001&fromAccid=zhangsan&msgType=0&attach=Hello%2C+everyone&msgId=" + serial,
	}
)

// The responses of a bare handler are as long as those of the emulator.
const (
	roomBody = `{"chatroom":{"roomid":10010000001,"valid":true,"muted":false,"announcement":"","name":"Evening show","broadcasturl":"","onlineusercount":0,"ext":"","creator":"zhangsan","queuelevel":0,"ionotify":true},"code":200}`
	sentBody = `{"desc":{"time":"1456396333115","fromAvator":"","msgid_client":"000000000000","fromClientType":"REST","attach":"Hello, everyone","roomId":"10010000001","fromAccount":"zhangsan","fromNick":"zhangsan","type":"0","ext":""},"code":200}`
)

// bare starts a server that reads a form and writes a constant body, which is the minimum
// that any emulator does. It returns the address.
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

// service starts an emulator with two rooms. It returns the address and a function that
// resets the emulator to this state.
func service(b *testing.B, options ...emulator.Option) (address string, reset func()) {
	b.Helper()
	srv := emulator.Start(b, options...)
	reset = func() {
		if err := srv.Reset(); err != nil {
			b.Fatal(err)
		}
		for range 2 {
			if _, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "zhangsan", Name: "Evening show"}); err != nil {
				b.Fatal(err)
			}
		}
	}
	reset()
	u, err := url.Parse(srv.URL)
	if err != nil {
		b.Fatal(err)
	}
	return u.Host, reset
}

// compare puts a load on two servers alternately. It reports the medians of each server and
// the median of the ratios of two subsequent rounds.
func compare(b *testing.B, l load, connections int, ours, theirs string, reset func(), names [2]string) {
	b.Helper()
	l.Connections, l.Duration = connections, round
	loads := [2]load{l, l}
	loads[0].Address, loads[1].Address = ours, theirs
	compareLoads(b, loads, rounds, reset, names)
}

// compareLoads alternates between two loads.
func compareLoads(b *testing.B, loads [2]load, rounds int, reset func(), names [2]string) {
	b.Helper()
	var rates, p99s [2][]float64
	var ratios []float64
	for b.Loop() {
		for i := range rounds {
			var pair [2]float64
			for _, which := range [2]int{i % 2, 1 - i%2} {
				reset()
				r := loads[which].run(b)
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
				ours, reset := service(b)
				compare(b, tt.load, connections, ours, bare(b, tt.body), reset, [2]string{"emulator", "bare"})
			})
		}
	}
}

// BenchmarkData compares writes to a directory with writes to memory.
func BenchmarkData(b *testing.B) {
	for _, sync := range []bool{false, true} {
		for _, connections := range []int{1, 64} {
			b.Run(fmt.Sprintf("sync=%t-%d", sync, connections), func(b *testing.B) {
				ours, resetOurs := service(b, emulator.WithData(b.TempDir()), emulator.WithSync(sync))
				theirs, resetTheirs := service(b)
				compare(b, sendLoad, connections, ours, theirs, func() { resetOurs(); resetTheirs() }, [2]string{"data", "memory"})
			})
		}
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
