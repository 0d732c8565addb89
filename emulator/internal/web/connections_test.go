package web

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestTooManyConnectionsAreTurnedAway(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, listener := NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), l)
	gate := listener.(*gate)
	gate.most, gate.surplus = 4, 3
	served := make(chan error, 1)
	go func() { served <- server.Serve(gate) }()
	t.Cleanup(func() {
		_ = server.Close()
		<-served
	})
	var conns []net.Conn
	fill := func(n int64) {
		t.Helper()
		for int64(len(conns)) < n {
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = c.Close() })
			conns = append(conns, c)
		}
	}
	health := func() (int, string) {
		resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(
			"http://" + l.Addr().String())
		if err != nil {
			return 0, ""
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK && !strings.HasPrefix(resp.Header.Get("Server"), ServerName) {
			t.Errorf("a response without a name: %v", resp.Header)
		}
		return resp.StatusCode, string(body)
	}
	fill(gate.most - 1)
	if status, body := health(); status != http.StatusOK {
		t.Errorf("the last that fits: %d %s", status, body)
	}
	for status, _ := health(); status != http.StatusOK; status, _ = health() { // the last one may not have ended yet
	}
	fill(gate.most)
	status, body := health()
	if want := `{"code":503,"desc":"too many connections, at most 4"}`; status != http.StatusServiceUnavailable || body != want {
		t.Errorf("the surplus: %d %s, want %s", status, body, want)
	}
	fill(gate.most + gate.surplus)
	for range 10 * gate.surplus { // more than there would be room for
		if status, body := health(); status == http.StatusOK {
			t.Errorf("one of a flood: %s", body)
		}
	}
	if open := gate.open.Load(); open > gate.most+gate.surplus {
		t.Errorf("%d connections are open", open)
	}
	for _, c := range conns {
		_ = c.Close()
	}
	for status, _ := health(); status != http.StatusOK; status, _ = health() { // the server learns of it in its own time
	}
}
