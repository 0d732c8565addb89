package emulator_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/web"
)

func TestAStoppingServerRespondsToRequestsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := emutest.NewServer(t)
		client, l, stop := emutest.ServeInMemory(t, srv)
		emutest.AddFault(t, srv, emulator.Fault{Operation: "create", Kind: emulator.FaultDelay, Delay: time.Hour})
		waiting := make(chan int, 1)
		go func() {
			resp, err := client.Do(emutest.SignedRequest(t, srv, "/chatroom/create.action", "creator=zhangsan&name=n"))
			if err != nil {
				t.Error(err)
				waiting <- 0
				return
			}
			waiting <- emutest.CodeOf(t, emutest.ReadAll(t, resp))
		}()
		sending := dial(t, l)
		writeSlowly(t, srv, sending, "topn")

		began := time.Now()
		stopped := make(chan error, 1)
		go func() { stopped <- stop() }()
		if code := <-waiting; code != gen.CodeOK || time.Since(began) != 0 {
			t.Errorf("the one that waited: %d after %v", code, time.Since(began))
		}
		if _, err := io.WriteString(sending, "=1"); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(sending), nil)
		if err != nil {
			t.Fatal(err)
		}
		if code := emutest.CodeOf(t, emutest.ReadAll(t, resp)); code != gen.CodeOK {
			t.Errorf("the one that was sending: %d", code)
		}
		if err := <-stopped; err != nil || time.Since(began) > emulator.ShutdownTime {
			t.Errorf("stopped after %v: %v", time.Since(began), err)
		}
		if _, err := client.Do(emutest.SignedRequest(t, srv, "/chatroom/get.action", "roomid=1")); err == nil {
			t.Error("still there")
		}
		if n := len(srv.Requests()); n != 2 || countRooms(t, srv) != 1 {
			t.Errorf("%d requests, %d rooms", n, countRooms(t, srv))
		}
	})
}

func dial(t testing.TB, l *web.MemoryListener) net.Conn {
	t.Helper()
	conn, err := l.Dial(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// writeSlowly writes a signed request for the ranking, of whose form two more
// bytes are to come, and waits until the server has taken it.
func writeSlowly(t testing.TB, srv *emulator.Server, conn net.Conn, begin string) {
	t.Helper()
	req := emutest.SignedRequest(t, srv, "/stats/chatroom/topn.action", begin+"??")
	text, err := httputil.DumpRequestOut(req, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(text[:len(text)-2]); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

func countRooms(t testing.TB, srv *emulator.Server) int {
	t.Helper()
	n := 0
	emulator.Look(srv, func(all *state.State) { n = all.CountRooms() })
	return n
}

func TestAStoppingServerDoesNotWaitForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := emutest.NewServer(t)
		_, l, stop := emutest.ServeInMemory(t, srv)
		conn := dial(t, l)
		writeSlowly(t, srv, conn, "topn")
		began := time.Now()
		if err := stop(); err == nil || time.Since(began) != emulator.ShutdownTime {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		if _, err := io.ReadAll(conn); err != nil {
			t.Errorf("still open: %v", err)
		}
	})
}

func TestServeReturnsWhyItEnds(t *testing.T) {
	l := web.NewMemoryListener()
	_ = l.Close()
	if err := emutest.NewServer(t).Serve(t.Context(), l); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

// trickle writes something every second until the connection ends, and returns
// the response that came meanwhile, and after how long.
func trickle(conn net.Conn, text string) (response string, after time.Duration) {
	began := time.Now()
	var writing sync.WaitGroup
	writing.Go(func() {
		for text != "" {
			if _, err := io.WriteString(conn, text); err != nil {
				return
			}
			time.Sleep(time.Second) //nolint:forbidigo // in a synctest bubble
		}
	})
	all, _ := io.ReadAll(conn)
	after = time.Since(began)
	writing.Wait()
	return string(all), after
}

func TestASlowClientIsNotWaitedFor(t *testing.T) {
	const head = "POST /nimserver/chatroom/get.action HTTP/1.1\r\nHost: x\r\nContent-Type: " + api.FormType + "\r\n"
	for _, tt := range []struct {
		name, begin, more string
		within            time.Duration
		want              string
	}{
		{"silent from the start", "", "", web.HeaderTime, ""},
		{"headers one by one", head, "X: y\r\n", web.HeaderTime, ""},
		{"a header without end", head + "X: ", "y", web.HeaderTime, ""},
		{"a body byte by byte", head + "Content-Length: 1000000\r\n\r\n", "x", web.RequestTime, "AppKey is empty"},
		{"a body in chunks", head + "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", web.RequestTime, "AppKey is empty"},
		{"silent after a request", head + "Content-Length: 0\r\n\r\n", "", web.IdleTime, "AppKey is empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, l, _ := emutest.ServeInMemory(t, emutest.NewServer(t))
				conn := dial(t, l)
				if _, err := io.WriteString(conn, tt.begin); err != nil {
					t.Fatal(err)
				}
				response, after := trickle(conn, tt.more)
				if after < tt.within || after > tt.within+2*time.Second || !strings.Contains(response, tt.want) || (tt.want == "") != (response == "") {
					t.Errorf("after %v: %s", after, response)
				}
			})
		})
	}
}

func TestAClientThatDoesNotReadTheResponseIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, l, _ := emutest.ServeInMemory(t, emutest.NewServer(t))
		conn := dial(t, l)
		if _, err := io.WriteString(conn, "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * web.ResponseTime) //nolint:forbidigo // in a synctest bubble
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil {
			_, err = io.Copy(io.Discard, resp.Body)
		}
		if err == nil {
			t.Error("all of it came after all")
		}
	})
}
