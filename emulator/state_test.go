package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
)

// A state that is saved and restored is the same state: the same bytes when it
// is saved again, and the same responses from then on.
func TestARestoredServerGoesOnAsTheOldOne(t *testing.T) {
	for seed := range uint64(8) {
		old := newPlayer(t, seed)
		for range 600 {
			old.move(t)
		}
		restored := old.twin(t)
		if err := restored.srv.Restore([]byte(old.snapshot(t))); err != nil {
			t.Fatal(err)
		}
		sameFromHere(t, old, restored, 200)
	}
}

func TestTwoRunsGiveTheSameSnapshot(t *testing.T) {
	a, b := newPlayer(t, 1), newPlayer(t, 1)
	sameFromHere(t, a, b, 300)
	if err := a.srv.Reset(); err != nil {
		t.Fatal(err)
	}
	empty := newPlayer(t, 0)
	if a.snapshot(t) != empty.snapshot(t) {
		t.Errorf("after a reset: %s", a.snapshot(t))
	}
}

func TestStateOverHTTP(t *testing.T) {
	now := time.UnixMilli(1456396333115)
	clock := emulator.WithClock(func() time.Time { return now })
	srv, other := emulator.Start(t, clock), emulator.Start(t, clock)
	id := emutest.NewRoom(t, srv)
	emutest.Join(t, srv, id, "lisi", "vip")
	if err := srv.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	do := func(srv *emulator.Server, method, body string) (int, string) {
		t.Helper()
		w := httptest.NewRecorder()
		srv.Handler().ServeHTTP(w, httptest.NewRequest(method, "http://localhost/_emulator/state", strings.NewReader(body)))
		return w.Code, w.Body.String()
	}
	status, saved := do(srv, http.MethodGet, "")
	if direct, err := srv.Snapshot(); status != http.StatusOK || err != nil || string(direct) != saved {
		t.Errorf("%d %v %s", status, err, saved)
	}
	if status, response := do(other, http.MethodPut, saved); status != http.StatusOK || !strings.HasSuffix(response, `,"rooms":1}`) {
		t.Errorf("%d %s", status, response)
	}
	if _, again := do(other, http.MethodGet, ""); again != saved {
		t.Errorf("saved %s, restored %s", saved, again)
	}
	for body, want := range map[string]string{
		``:                               "at byte 0: EOF",
		`[]`:                             "state: want { at byte 1",
		`{"version":2,"new":1}`:          "version: 2, this program reads 1",
		`{"advanced":"0s"}`:              "version: missing",
		`{"rooms":[],"version":1}`:       "version: missing before",
		`{"version":1}`:                  "advanced: missing",
		`{"version":1,"advanced":"0s"`:   "unexpected EOF",
		`{"version":1,"advanced":"-1s"}`: "advanced: ",
		`{"version":1,"rooms":[]}`:       `advanced: missing before "rooms"`,
		`{"version":1,"advanced":"0s","other":1}`:           `unknown field "other"`,
		`{"version":1,"advanced":"0s","rooms":[{"new":1}]}`: `rooms[0]: at byte`,
		`{"version":1,"advanced":"0s","accounts":["a",""]}`: `accounts[1]: empty`,
		`{"version":1,"advanced":"0s","rooms":{}}`:          `rooms: want [`,
		saved + saved: "more than one",
		strings.Replace(saved, `"nick":"lisi"`, `"nick":7`, 1): "rooms[0].members.nick: number, want string",
		strings.Replace(saved, `"VISITOR"`, `"x"`, 1) + "x":    "more than one",
		strings.Replace(saved, `"TEMPORARY"`, `"KING"`, 1):     `rooms[0].members[2].type: "KING"`,
	} {
		if status, response := do(other, http.MethodPut, body); status != http.StatusBadRequest || !strings.Contains(response, strings.ReplaceAll(want, `"`, `\"`)) {
			t.Errorf("%d %s, want %s", status, response, want)
		}
	}
	if _, after := do(other, http.MethodGet, ""); after != saved {
		t.Error("a rejected state has changed something")
	}
	if status, _ := do(other, http.MethodDelete, ""); status != http.StatusMethodNotAllowed {
		t.Errorf("DELETE: %d", status)
	}
}

// A text that is no state is rejected at its first bad item, at a cost of about
// its own size, wherever in it the many are.
func TestABadSnapshotIsRejectedBeforeItTakesMemory(t *testing.T) {
	srv := emutest.NewServer(t)
	const head = `{"version":1,"advanced":"0s","nextRoomid":2,`
	many := strings.Repeat("{},", 1_000_000) + "{}"
	for before, want := range map[string]string{
		`"rooms":[`: "rooms[0].roomid",
		`"rooms":[{"roomid":1,"creator":"a","members":[`:                                              "rooms[0].members[0].accid",
		`"rooms":[{"roomid":1,"creator":"a","members":[{"accid":"a","enterTime":1,"logins":[`:         "rooms[0].members[0].logins[0].enterTime",
		`"rooms":[{"roomid":1,"creator":"a","lastEntry":1,"members":[` + aCreator + `],"messages":[`:  "rooms[0].messages[0].time",
		`"rooms":[{"roomid":1,"creator":"a","lastEntry":1,"members":[` + aCreator + `],"tempMutes":[`: "rooms[0].tempMutes[0].whom",
		`"rooms":[{"roomid":1,"creator":"a","lastEntry":1,"members":[` + aCreator + `],"tagMutes":[`:  "rooms[0].tagMutes[0].whom",
		`"random":"` + someRandom(t) + `","hourly":[`:                                                 "hourly[0].start",
		`"random":"` + someRandom(t) + `","daily":[{"start":57600,"rooms":[`:                          "daily[0].rooms[0].roomid",
	} {
		end := ""
		for _, c := range before {
			switch c {
			case '[':
				end = "]" + end
			case '{':
				end = "}" + end
			case ']', '}':
				end = end[1:]
			}
		}
		text := []byte(head + before + many + end + "}")
		var was, is runtime.MemStats
		runtime.ReadMemStats(&was)
		err := srv.Restore(text)
		runtime.ReadMemStats(&is)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", before, err, want)
		}
		if took := is.TotalAlloc - was.TotalAlloc; took > 8*uint64(len(text)) {
			t.Errorf("%s: %d bytes for a text of %d", before, took, len(text))
		}
	}
}

const aCreator = `{"accid":"a","type":"CREATOR","enterTime":1}`

func someRandom(t *testing.T) string {
	t.Helper()
	_, rest, _ := strings.Cut(newPlayer(t, 1).snapshot(t), `"random":"`)
	random, _, _ := strings.Cut(rest, `"`)
	return random
}

// FuzzRestore: nothing that is restored makes the server panic, and what it
// takes it gives back.
func FuzzRestore(f *testing.F) {
	p := newPlayer(f, 3)
	f.Add([]byte(p.snapshot(f)))
	for range 200 {
		p.move(f)
	}
	f.Add([]byte(p.snapshot(f)))
	f.Fuzz(func(t *testing.T, text []byte) {
		p := newPlayer(t, 1)
		if p.srv.Restore(text) != nil {
			return
		}
		first := p.snapshot(t)
		if err := p.srv.Restore([]byte(first)); err != nil {
			t.Fatalf("%v in what it gave itself: %s", err, first)
		}
		if second := p.snapshot(t); first != second {
			t.Errorf("first\n%s\nthen\n%s", first, second)
		}
		for range 20 {
			p.move(t)
		}
	})
}
