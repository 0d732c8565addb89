package events_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/control"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/emulator/internal/events"
	"github.com/nimroom/nimroom/gen"
)

// sseClient reads a stream of server-sent events as a browser does.
type sseClient struct {
	*http.Response
	lines *bufio.Scanner
}

func openSSE(t testing.TB, srv *emulator.Server, path string, header http.Header) sseClient {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.TrimSuffix(srv.URL, emutest.ApiPath)+"/_emulator/rooms/"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		req.Header = header
	}
	resp, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	c := sseClient{resp, bufio.NewScanner(resp.Body)}
	if resp.StatusCode == http.StatusOK {
		if comment, _ := c.next(t); !strings.HasPrefix(comment, ": events of room ") {
			t.Fatalf("began with %q", comment)
		}
	}
	return c
}

// next returns the next block of lines, and false at the end.
func (c sseClient) next(t testing.TB) (string, bool) {
	t.Helper()
	var block []string
	for c.lines.Scan() {
		if c.lines.Text() == "" {
			return strings.Join(block, "\n"), true
		}
		block = append(block, c.lines.Text())
	}
	return "", false
}

func TestServerSentEvents(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.OpenRoom(t, srv)
	path := id.String() + "/events"
	all, lisi := openSSE(t, srv, path, nil), openSSE(t, srv, path+"?accid=lisi", nil)
	if got := all.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("content type %s", got)
	}
	emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, "1", "a"))
	emutest.Join(t, srv, id, "lisi")
	form := emutest.Say(id, "2", "a")
	form.Attach = emutest.Ptr("two\nlines")
	emutest.Do(t, srv, gen.SendMessageEndpoint, form)

	wantBlock := func(c sseClient, id int64, kind string) emulator.Event {
		t.Helper()
		block, _ := c.next(t)
		head, data, found := strings.Cut(block, "\ndata: ")
		var e emulator.Event
		if err := json.Unmarshal([]byte(data), &e); err != nil || !found {
			t.Fatalf("%v: %s", err, block)
		}
		if want := "id: " + strconv.FormatInt(id, 10) + "\nevent: " + kind; head != want || e.ID != id || string(e.Kind) != kind {
			t.Errorf("got %s, want %s", block, want)
		}
		return e
	}
	wantBlock(all, 1, "message")
	wantBlock(all, 2, "enter")
	if e := wantBlock(all, 3, "message"); e.Message.Attach != "two\nlines" || e.RoomID != id || e.Operator != "a" {
		t.Errorf("got %+v", e)
	}
	wantBlock(lisi, 2, "enter")
	wantBlock(lisi, 3, "message")

	all.Body.Close()
	emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, "3", "a"))
	wantBlock(openSSE(t, srv, path, http.Header{"Last-Event-Id": {"3"}}), 4, "message")
	wantBlock(openSSE(t, srv, path+"?since=2", nil), 3, "message")

	srv.Reset()
	wantBlock(lisi, 4, "message")
	if block, more := lisi.next(t); more {
		t.Errorf("after the reset came %q", block)
	}
}

func TestAStreamReportsWhatItLost(t *testing.T) {
	srv := emulator.Start(t, emulator.WithoutPort())
	id := emutest.OpenRoom(t, srv)
	emutest.Watch(t, srv, id, "")
	for range 1030 {
		emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, "1", "a"))
	}
	stream := openSSE(t, srv, id.String()+"/events?since=0", nil)
	if got, _ := stream.next(t); got != "event: lost\ndata: {\"lost\":6}" {
		t.Errorf("got %q", got)
	}
	if got, _ := stream.next(t); !strings.HasPrefix(got, "id: 7\n") {
		t.Errorf("got %q", got)
	}
}

func TestAStreamOfNoRoomIsRejected(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.OpenRoom(t, srv).String()
	for _, tt := range []struct {
		method, path string
		status       int
		want         string
	}{
		{"GET", "rooms/1/events", 404, "chatroom not exist"},
		{"GET", "rooms/x/events", 400, "roomid: x, want a room id"},
		{"GET", "rooms/" + id + "/events?since=x", 400, "since: x, want the id of an event, or 0"},
		{"GET", "rooms/" + id + "/events?since=-1", 400, "since: -1, want the id of an event, or 0"},
		{"POST", "rooms/" + id + "/events", 405, "method POST is not for /_emulator/rooms/" + id + "/events"},
	} {
		status, got := emutest.ControlCall(t, srv, tt.method, tt.path, "")
		if status != tt.status || got["error"] != tt.want {
			t.Errorf("%s %s: %d %v", tt.method, tt.path, status, got)
		}
	}
}

func TestASilentStreamShowsThatItLives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := emulator.Start(t, emulator.WithoutPort())
		id := emutest.OpenRoom(t, srv)
		began := time.Now()
		stream := openSSE(t, srv, id.String()+"/events", nil)
		for i := range 3 {
			if got, _ := stream.next(t); got != ": still here" {
				t.Errorf("got %q", got)
			}
			if passed, want := time.Since(began), time.Duration(i+1)*events.HeartbeatTime; passed != want {
				t.Errorf("after %v, want %v", passed, want)
			}
		}
		// The first look at the room after a robot's time sends its leaving.
		emutest.Do(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"r"}})
		if got, _ := stream.next(t); !strings.Contains(got, `"kind":"enter"`) {
			t.Errorf("got %q", got)
		}
		for time.Since(began) < 25*time.Hour {
			if got, _ := stream.next(t); strings.Contains(got, `"kind":"leave"`) {
				return
			}
		}
		t.Error("the robot stayed, or left without a word")
	})
}

func TestAServerThatStopsEndsItsStreams(t *testing.T) {
	var f emutest.FakeT
	srv := emulator.Start(&f)
	stream := openSSE(t, srv, emutest.OpenRoom(t, srv).String()+"/events", nil)
	for _, c := range f.Cleanups {
		c()
	}
	if block, more := stream.next(t); more || f.Failed != "" {
		t.Errorf("came %q, %s", block, f.Failed)
	}
}

// FuzzEventsRequest opens streams with any query and header: never a server
// fault, and what is sent is made of whole blocks.
func FuzzEventsRequest(f *testing.F) {
	f.Add("accid=lisi", "0")
	f.Add("since=1", "")
	f.Add("since=%00&accid=%0a%0a", "1\n")
	f.Add(";", "-1")
	f.Fuzz(func(t *testing.T, query, last string) {
		srv := emutest.NewServer(t)
		id := emutest.OpenRoom(t, srv)
		emutest.Watch(t, srv, id, "")
		form := emutest.Say(id, "1", "zhangsan")
		form.Attach = &query
		_, _ = emulator.Call(srv, gen.SendMessageEndpoint, form) // may be too long
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		req := httptest.NewRequest(http.MethodGet, "http://localhost/", nil).WithContext(ctx)
		req.URL.Path = control.Path + "rooms/" + id.String() + "/events"
		req.URL.RawQuery = query
		req.Header.Set("Last-Event-ID", last)
		w := httptest.NewRecorder()
		srv.Handler().ServeHTTP(w, req)
		body, _ := io.ReadAll(w.Body)
		switch {
		case w.Code == http.StatusOK:
			if !strings.HasSuffix(string(body), "\n\n") || strings.Count(string(body), "\n\n") > 2 {
				t.Errorf("sent %q", body)
			}
		case w.Code != http.StatusBadRequest:
			t.Errorf("%d %s", w.Code, body)
		}
	})
}
