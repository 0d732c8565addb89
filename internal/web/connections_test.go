package web

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// served is a server in memory with room for few connections.
type served struct {
	*MemoryListener
	from   string       // the address of the next connection
	done   atomic.Int64 // requests that were carried out
	gate   *gate
	finish chan struct{} // ends the requests of /wait
}

// Accept gives a connection an address of choice.
func (s *served) Accept() (net.Conn, error) {
	c, err := s.MemoryListener.Accept()
	return addressed{c, s.from}, err
}

type addressed struct {
	net.Conn
	address string
}

func (a addressed) RemoteAddr() net.Addr {
	address, _ := net.ResolveTCPAddr("tcp", a.address+":1")
	return address
}

const most, ofAddress, surplus = 8, 6, 3

func serve(t *testing.T) *served {
	t.Helper()
	s := &served{MemoryListener: NewMemoryListener(), from: "10.0.0.1", finish: make(chan struct{})}
	server, listener := NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			return
		}
		s.done.Add(1)
		if r.URL.Path == "/wait" {
			AllowWait(w, -1)
			_, _ = io.WriteString(w, "begun")
			_ = http.NewResponseController(w).Flush()
			select {
			case <-s.finish:
			case <-r.Context().Done():
			}
		}
	}), s, Identify)
	s.gate = listener.(*gate)
	s.gate.most, s.gate.ofAddress, s.gate.surplus = most, ofAddress, surplus
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		<-ended
	})
	return s
}

// open opens a connection from an address, writes a text and reads what comes.
func (s *served) open(t *testing.T, from, text string) (conn net.Conn, received *strings.Builder) {
	t.Helper()
	s.from = from
	conn, err := s.Dial(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	received = new(strings.Builder)
	go func() { _, _ = io.Copy(received, conn) }()
	if _, err := io.WriteString(conn, text); err != nil && text != "" {
		t.Logf("writing: %v", err)
	}
	synctest.Wait()
	return conn, received
}

// get asks over a connection of its own and returns the status line and the body.
func (s *served) get(t *testing.T, from string) string {
	t.Helper()
	conn, received := s.open(t, from, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	_ = conn.Close()
	synctest.Wait()
	if text := received.String(); text == "" || strings.Contains(text, "200 OK") || strings.Contains(text, ServerName) {
		return text
	}
	t.Errorf("a response without a name: %s", received)
	return ""
}

// Whatever clients do with their connections, others are served.
func TestIdleAndSlowConnectionsKeepNobodyOut(t *testing.T) {
	const head = "POST / HTTP/1.1\r\nHost: x\r\n"
	for name, tt := range map[string]struct {
		text  string
		after time.Duration
	}{
		"silent":                {"", 0},
		"headers come slowly":   {head + "X: ", 0},
		"the body comes slowly": {head + "Content-Length: 10\r\n\r\n12345", 0},
		"chunks come slowly":    {head + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n", 0},
		"idle":                  {head + "Content-Length: 0\r\n\r\n", 0},
		"the response is slow":  {"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n", SlowTime + time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := serve(t)
				for range 3 * most {
					s.open(t, "10.0.0.1", tt.text)
				}
				time.Sleep(tt.after) //nolint:forbidigo // in a synctest bubble
				for i := range 3 {
					for _, from := range []string{"10.0.0.1", "10.0.0.2"} {
						if got := s.get(t, from); !strings.Contains(got, "200 OK") {
							t.Errorf("request %d from %s: %s", i, from, got)
						}
					}
				}
			})
		})
	}
}

func TestTooManyRequestsAtOnceAreTurnedAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t)
		const wait = "GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
		var waiting []*strings.Builder
		hold := func(from string, n int) {
			for range n {
				_, received := s.open(t, from, wait)
				waiting = append(waiting, received)
			}
		}
		rejected := func(from string) bool {
			return strings.Contains(s.get(t, from), `{"code":503,"desc":"too many connections, at most 8, and 6 of one address"}`)
		}
		hold("10.0.0.1", ofAddress)
		if !rejected("10.0.0.1") || rejected("10.0.0.2") {
			t.Error("one address has all, or less than its part")
		}
		hold("10.0.0.2", most-ofAddress)
		for range 2 * surplus {
			if !rejected("10.0.0.2") {
				t.Error("more than there is room for")
			}
		}
		var flood []net.Conn
		for range 2 * surplus {
			conn, _ := s.open(t, "10.0.0.3", "")
			flood = append(flood, conn)
		}
		if n := len(s.gate.open); n != most+surplus {
			t.Errorf("%d connections are open", n)
		}
		if got := s.get(t, "10.0.0.4"); got != "" {
			t.Errorf("one of a flood: %s", got)
		}
		for _, conn := range flood {
			_ = conn.Close()
		}
		close(s.finish)
		synctest.Wait()
		for i, received := range waiting {
			if !strings.HasSuffix(received.String(), "begun\r\n0\r\n\r\n") {
				t.Errorf("response %d was cut short: %q", i, received)
			}
		}
		if rejected("10.0.0.1") || len(s.gate.open) != 0 || len(s.gate.addresses) != 0 {
			t.Errorf("after all: %d connections of %d addresses", len(s.gate.open), len(s.gate.addresses))
		}
	})
}

// The longest silence of the address with most connections ends first, and a
// request that was cut off does nothing.
func TestWhichConnectionMakesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t)
		var conns []net.Conn
		for _, host := range []string{"2", "1", "1", "3", "1", "2", "1", "3"} {
			conn, _ := s.open(t, "10.0.0."+host, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n1234")
			conns = append(conns, conn)
		}
		if got := s.get(t, "10.0.0.9"); !strings.Contains(got, "200 OK") {
			t.Error(got)
		}
		for i, conn := range conns {
			_, err := io.WriteString(conn, "5")
			if evicted := err != nil; evicted != (i == 1) {
				t.Errorf("connection %d: %v", i, err)
			}
		}
		synctest.Wait()
		if n := s.done.Load(); n != most { // all but the evicted one, and the last request
			t.Errorf("%d requests were carried out", n)
		}
	})
}

// A connection that is evicted while the last bytes of its request arrive does
// nothing.
func TestAnEvictedConnectionIsNotServed(t *testing.T) {
	c := new(connection)
	c.state.Store(evicted)
	r, err := http.NewRequestWithContext(context.WithValue(t.Context(), connectionKey{}, c), http.MethodPost, "/", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	(&gate{}).admit(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if body, err := io.ReadAll(r.Body); err == nil {
			t.Errorf("read %q", body)
		}
	})).ServeHTTP(nil, r)
	r.Body = http.NoBody
	defer func() {
		if recover() == nil {
			t.Error("a request without a body was served")
		}
	}()
	(&gate{}).admit(http.NotFoundHandler()).ServeHTTP(nil, r)
}
