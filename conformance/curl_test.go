package conformance

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/golden"
)

// line is a cURL line of a page.
type line struct {
	document, path string
	headers        []string
	body           string
}

// lines takes the cURL lines from the facts about the pages.
func lines(t *testing.T) []line {
	t.Helper()
	text, err := os.ReadFile("../spec/testdata/facts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var facts struct {
		Operations map[string][]struct {
			Document string
			Curl     *struct {
				URL     string
				Headers []string
				Body    string
			}
		}
	}
	if err := yaml.Unmarshal(text, &facts); err != nil {
		t.Fatal(err)
	}
	var list []line
	for _, entries := range facts.Operations {
		for _, entry := range entries {
			if entry.Curl == nil {
				continue
			}
			u, err := url.Parse(entry.Curl.URL)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, line{entry.Document, strings.TrimPrefix(u.Path, "/nimserver"), entry.Curl.Headers, entry.Curl.Body})
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
