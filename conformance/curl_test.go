package conformance

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/check/evidence"
	"github.com/nimroom/nimroom/internal/golden"
)

// line is a cURL line of a page.
type line struct {
	document, path string
	headers        []string
	body           string
}

// lines takes the cURL lines of the pages.
func lines(t *testing.T) []line {
	t.Helper()
	known, err := evidence.Load("../spec/evidence")
	if err != nil {
		t.Fatal(err)
	}
	var list []line
	for _, claim := range known.Claims() {
		if claim.Curl != nil {
			_, path := evidence.SplitURL(claim.Curl.URL)
			list = append(list, line{claim.Source.ID, path, claim.Curl.Headers, claim.Curl.Body})
		}
	}
	golden.Counts(t, "conformance: cURL lines of the pages", map[string]int{"lines": len(list)})
	return list
}

// send sends a line as it is printed, with its own header names and a new signature.
func (l line) send(t *testing.T, srv *emulator.Server, body string) reply {
	t.Helper()
	r := request(t, srv, l.path, body)
	headers := http.Header{}
	for _, name := range l.headers {
		headers[name] = []string{r.Header.Get(name)}
		if strings.EqualFold(name, "cache-control") {
			headers[name] = []string{"no-cache"}
		}
	}
	r.Header = headers
	return send(t, r)
}

// TestCURLLinesAsPrinted: an emulator without their rooms finds nothing else wrong
// with any of them. Some operations have code 404 for an unknown room, others 414.
func TestCURLLinesAsPrinted(t *testing.T) {
	srv := emulator.Start(t)
	for _, l := range lines(t) {
		t.Run(l.document+l.path, func(t *testing.T) {
			got := l.send(t, srv, l.body)
			noRoom := got.Code == 404 || got.Code == 414 && got.text() == "error roomId"
			if got.Status != http.StatusOK || got.Code != codeOK && !noRoom {
				t.Errorf("HTTP status %d, code %d %q", got.Status, got.Code, got.text())
			}
		})
	}
}

var roomIDs = regexp.MustCompile(`(room[iI]d=|roomids=\["|",")\d+`)

// TestCURLLinesOnARoomThatExists: with the id of an existing room in place of the
// printed one, and with the accounts that the lines name in it, all succeed.
func TestCURLLinesOnARoomThatExists(t *testing.T) {
	for _, l := range lines(t) {
		t.Run(l.document+l.path, func(t *testing.T) {
			srv := emulator.Start(t)
			id := createRoom(t, srv)
			for _, form := range []struct{ path, body string }{
				{"/chatroom/setMemberRole.action", "&operator=zhangsan&target=xxx&opt=1&optvalue=true"},
				{"/chatroom/setMemberRole.action", "&operator=zhangsan&target=hzyangfeng201403&opt=2&optvalue=true"},
			} {
				if got := post(t, srv, form.path, "roomid="+id+form.body); got.Code != codeOK {
					t.Fatalf("%s: code %d %q", form.body, got.Code, got.text())
				}
			}
			target, err := NewEmulated(t.Context(), srv.URL, srv.Credentials())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := target.Control(t.Context(), "join", id, []byte(`{"accid":"tyuiu987655787987fs7f98sd"}`)); err != nil {
				t.Fatal(err)
			}
			if l.path == "/chatroom/toggleCloseStat.action" { // the line opens the room
				post(t, srv, l.path, "roomid="+id+"&operator=zhangsan&valid=false")
			}
			body := roomIDs.ReplaceAllString(l.body, "${1}"+id)
			if got := l.send(t, srv, body); got.Code != codeOK {
				t.Errorf("%s: code %d %q", body, got.Code, got.text())
			}
		})
	}
}
