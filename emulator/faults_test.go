package emulator

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

func addFault(t testing.TB, srv *Server, f Fault) {
	t.Helper()
	if err := srv.AddFault(f); err != nil {
		t.Fatal(err)
	}
}

func message(id gen.RoomID, msgID string) string {
	return fmt.Sprintf("roomid=%d&msgId=%s&fromAccid=lisi&msgType=0&attach=hello", id, msgID)
}

// seen is what a client sees of an answer: a code, an HTTP status, a text that
// is no JSON, or an error.
func seen(t testing.TB, srv *Server, path, form string) string {
	t.Helper()
	req := request(t, srv, http.MethodPost, path, form)
	if err := sign.NewSigner(srv.Credentials(), sign.WithClock(srv.Now)).Edit(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		if errors.Is(err, syscall.ECONNRESET) {
			return "reset"
		}
		return err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "cut short"
	case err != nil:
		return err.Error()
	case resp.StatusCode != http.StatusOK:
		return fmt.Sprint("HTTP ", resp.StatusCode, " ", string(body))
	case body[0] != '{':
		return "no JSON"
	}
	return strconv.Itoa(codeOf(t, body))
}

func TestAFaultStrikesBeforeOrAfterTheMessageIsStored(t *testing.T) {
	tests := []struct {
		fault  Fault
		seen   string
		logged int // the code in the log when it strikes before
	}{
		{Fault{Kind: FaultCode, Code: gen.CodeServerFault}, "500", 500},
		{Fault{Kind: FaultStatus, Status: http.StatusBadGateway}, "HTTP 502 ", 0},
		{Fault{Kind: FaultDelay, Delay: time.Millisecond}, "200", 200},
		{Fault{Kind: FaultReset}, "reset", 0},
		{Fault{Kind: FaultTruncate}, "cut short", 0},
		{Fault{Kind: FaultMalformed}, "no JSON", 0},
	}
	for _, tt := range tests {
		for _, phase := range []FaultPhase{FaultBefore, FaultAfter} {
			t.Run(string(tt.fault.Kind)+" "+string(phase), func(t *testing.T) {
				srv := Start(t)
				id := newRoom(t, srv)
				f := tt.fault
				f.Operation, f.Phase = "sendMsg", phase
				addFault(t, srv, f)
				if got := seen(t, srv, "/chatroom/sendMsg.action", message(id, "m1")); got != tt.seen {
					t.Errorf("seen %q, want %q", got, tt.seen)
				}
				stored, logged := 1, gen.CodeOK
				if phase == FaultBefore {
					logged = tt.logged
					if f.Kind != FaultDelay {
						stored = 0
					}
				}
				room, err := srv.Room(id)
				if err != nil || len(room.Messages) != stored {
					t.Errorf("%d messages stored, %v", len(room.Messages), err)
				}
				entry := srv.Requests("sendMsg")[0]
				if entry.Code != logged || entry.Fault != f.String() || entry.Signature != SignatureOK {
					t.Errorf("logged as %+v", entry)
				}
				if got := seen(t, srv, "/chatroom/sendMsg.action", message(id, "m2")); got != "200" {
					t.Errorf("it strikes again: %s", got)
				}
				if entry := srv.Requests("sendMsg")[1]; entry.Fault != "" {
					t.Errorf("logged as %+v", entry)
				}
			})
		}
	}
}

func TestAResetWithoutTCPIsAnEnd(t *testing.T) {
	srv := Start(t, WithoutPort())
	addFault(t, srv, Fault{Operation: "get", Kind: FaultReset, Times: 2})
	if _, err := srv.Client().Do(signedRequest(t, srv, "/chatroom/get.action", "roomid=1")); !errors.Is(err, io.EOF) {
		t.Errorf("over a pipe: %v", err)
	}
	defer func() {
		if v := recover(); v != http.ErrAbortHandler { //nolint:errorlint // a value that was panicked with
			t.Errorf("in memory: %v", v)
		}
	}()
	handle(t, srv, "/chatroom/get.action", "roomid=1")
}

func TestAFaultsCodeBringsTheUsualText(t *testing.T) {
	srv := Start(t)
	for _, tt := range []struct {
		code       int
		desc, want string
	}{
		{gen.CodeRateLimited, "", `{"code":416,"desc":"query too fast"}`},
		{gen.CodeRoomClosed, "", `{"code":13002,"desc":"chatroom is closed"}`},
		{gen.CodeServerBusy, "", `{"code":503}`},
		{gen.CodeBadParameter, "CurTime is expired", `{"code":414,"desc":"CurTime is expired"}`},
	} {
		addFault(t, srv, Fault{Operation: "get", Kind: FaultCode, Code: tt.code, Desc: tt.desc})
		if _, body := post(t, srv, "/chatroom/get.action", "roomid=1"); body != tt.want {
			t.Errorf("%s, want %s", body, tt.want)
		}
	}
}

// strikes tells which of n requests were struck, and by which code.
func strikes(t *testing.T, srv *Server, path string, n int) (codes []int) {
	t.Helper()
	for range n {
		code, _ := post(t, srv, path, "roomid=1")
		if code == gen.CodeNotFound { // as without faults
			code = 0
		}
		codes = append(codes, code)
	}
	return codes
}

func TestFaultsStrikeInOrderOneARequest(t *testing.T) {
	code := func(operation string, code, skip, times int) Fault {
		return Fault{Operation: operation, Kind: FaultCode, Code: code, Skip: skip, Times: times}
	}
	tests := []struct {
		name   string
		faults []Fault
		want   []int
	}{
		{"once", []Fault{code("get", 1, 0, 0)}, []int{1, 0, 0, 0, 0}},
		{"by operationId", []Fault{code("getChatroom", 1, 0, 0)}, []int{1, 0, 0, 0, 0}},
		{"any operation", []Fault{code("*", 1, 0, 1)}, []int{1, 0, 0, 0, 0}},
		{"another operation", []Fault{code("getBatch", 1, 0, Forever)}, []int{0, 0, 0, 0, 0}},
		{"skip and times", []Fault{code("get", 1, 1, 2)}, []int{0, 1, 1, 0, 0}},
		{"for ever", []Fault{code("get", 1, 2, Forever)}, []int{0, 0, 1, 1, 1}},
		{"one after the other", []Fault{code("get", 1, 0, 2), code("*", 2, 0, 1)}, []int{1, 1, 2, 0, 0}},
		{"struck requests count as skipped", []Fault{code("get", 1, 0, 1), code("get", 2, 1, 1)}, []int{1, 2, 0, 0, 0}},
		{"a gap", []Fault{code("get", 1, 0, 1), code("get", 2, 3, 1)}, []int{1, 0, 0, 2, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			srv := Start(t)
			total := 0
			for _, f := range tt.faults {
				addFault(t, srv, f)
			}
			got := strikes(t, srv, "/chatroom/get.action", len(tt.want))
			if !slices.Equal(got, tt.want) {
				t.Errorf("struck as %v, want %v", got, tt.want)
			}
			for _, f := range srv.Faults() {
				total += f.Applied
			}
			if hit := len(tt.want) - len(slices.DeleteFunc(got, func(c int) bool { return c != 0 })); total != hit {
				t.Errorf("%d strikes are told of, there were %d", total, hit)
			}
		})
	}
}

func TestAFaultStrikesOnlyWhoIsLetIn(t *testing.T) {
	srv := Start(t)
	addFault(t, srv, Fault{Operation: "*", Kind: FaultStatus, Status: 502})
	unsigned := request(t, srv, http.MethodPost, "/chatroom/get.action", "roomid=1")
	if code, body := send(t, unsigned); code != gen.CodeBadParameter {
		t.Error(body)
	}
	if resp, err := http.Get(srv.URL + "/health/liveness.action"); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%v, %v", resp, err)
	}
	if n := srv.Faults()[0].Applied; n != 0 {
		t.Errorf("struck %d times", n)
	}
	// What is wrong with the form comes later than the fault.
	if got := seen(t, srv, "/chatroom/get.action", "roomid=%zz"); got != "HTTP 502 " {
		t.Errorf("seen %s", got)
	}
}

func TestFaultsThatMakeNoSense(t *testing.T) {
	srv := newServer(t)
	for _, tt := range []struct {
		fault Fault
		want  string
	}{
		{Fault{}, "operation is empty, want an action, an operationId or *"},
		{Fault{Operation: "dance"}, "operation: dance, want an action such as sendMsg, an operationId such as sendMessage, or *"},
		{Fault{Operation: "get"}, "kind: none, want code, status, delay, reset, truncate or malformed"},
		{Fault{Operation: "get", Kind: FaultCode}, "code: 0, want from 1 to 99999 and not 200"},
		{Fault{Operation: "get", Kind: FaultCode, Code: 200}, "code: 200, want from 1 to 99999 and not 200"},
		{Fault{Operation: "get", Kind: FaultStatus, Status: 199}, "status: 199, want from 200 to 599"},
		{Fault{Operation: "get", Kind: FaultStatus, Status: 600}, "status: 600, want from 200 to 599"},
		{Fault{Operation: "get", Kind: FaultDelay}, "delay: 0s, want more than 0 and at most 1h0m0s"},
		{Fault{Operation: "get", Kind: FaultDelay, Delay: time.Hour + 1}, "delay: 1h0m0.000000001s, want more than 0 and at most 1h0m0s"},
		{Fault{Operation: "get", Kind: FaultReset, Phase: "during"}, "phase: during, want before or after"},
		{Fault{Operation: "get", Kind: FaultReset, Skip: -1}, "skip: -1, want from 0 to 1000000"},
		{Fault{Operation: "get", Kind: FaultReset, Times: -2}, "times: -2, want from 1 to 1000000, or -1 for ever"},
		{Fault{Operation: "get", Kind: FaultReset, Times: 1_000_001}, "times: 1000001, want from 1 to 1000000, or -1 for ever"},
	} {
		if err := srv.AddFault(tt.fault); err == nil || err.Error() != tt.want {
			t.Errorf("%+v: %v, want %s", tt.fault, err, tt.want)
		}
	}
	for range 1000 {
		addFault(t, srv, Fault{Operation: "*", Kind: FaultReset})
	}
	if err := srv.AddFault(Fault{Operation: "*", Kind: FaultReset}); err == nil || err.Error() != "faults: 1000 already, at most 1000" {
		t.Error(err)
	}
}

func TestControlFaults(t *testing.T) {
	srv := Start(t)
	status, got := controlCall(t, srv, http.MethodPost, "faults",
		`{"operation":"get","kind":"code","code":416,"status":502,"delay":"2s","phase":"after","skip":1,"times":2}`)
	want := "map[code:416 desc:query too fast kind:code operation:get phase:after skip:1 struck:0 times:2]"
	if status != http.StatusOK || fmt.Sprint(got) != want {
		t.Errorf("%d %v, want %s", status, got, want)
	}
	if status, got := controlCall(t, srv, http.MethodPost, "faults", `{"operation":"*","kind":"delay","delay":"90s"}`); status != http.StatusOK ||
		got["delay"] != "1m30s" || got["phase"] != "before" || got["times"] != 1.0 {
		t.Errorf("%d %v", status, got)
	}
	srv.ClearFaults()
	addFault(t, srv, Fault{Operation: "*", Kind: FaultCode, Code: 514})
	strikes(t, srv, "/chatroom/get.action", 2)
	if _, got = controlCall(t, srv, http.MethodGet, "faults", ""); got["faults"].([]any)[0].(map[string]any)["struck"] != 1.0 {
		t.Errorf("%v", got)
	}
	for _, end := range []struct{ method, path string }{{http.MethodDelete, "faults"}, {http.MethodPost, "reset"}} {
		addFault(t, srv, Fault{Operation: "*", Kind: FaultReset})
		controlCall(t, srv, end.method, end.path, "")
		if _, got := controlCall(t, srv, http.MethodGet, "faults", ""); len(got["faults"].([]any)) != 0 {
			t.Errorf("after %s %s: %v", end.method, end.path, got)
		}
	}
}

func TestControlSaysWhatIsWrongWithAFault(t *testing.T) {
	srv := Start(t)
	for _, tt := range []struct{ body, want string }{
		{``, "body: empty, want a JSON object"},
		{`{}`, "operation is empty, want an action, an operationId or *"},
		{`{"operation":"get","kind":"explode"}`, "kind: explode, want code, status, delay, reset, truncate or malformed"},
		{`{"operation":"get","kind":"delay","delay":"soon"}`, `delay: "soon", want a duration such as 2s or 500ms`},
		{`{"operation":"get","kind":"delay","delay":2}`, "delay: number, want string"},
		{`{"operation":"get","kind":"code","code":"416"}`, "code: string, want int"},
		{`{"operation":"get","kind":"status","status":99}`, "status: 99, want from 200 to 599"},
		{`{"operation":"get","kind":"reset","struck":1}`, `body: json: unknown field "struck"`},
	} {
		if status, got := controlCall(t, srv, http.MethodPost, "faults", tt.body); status != http.StatusBadRequest || got["error"] != tt.want {
			t.Errorf("%s: %d %v, want %s", tt.body, status, got, tt.want)
		}
	}
	if n := len(srv.Faults()); n != 0 {
		t.Errorf("%d faults", n)
	}
}

// TestFaultsInParallel adds and clears faults while requests are struck by
// them, and switches what else requests pass; the race detector watches.
func TestFaultsInParallel(t *testing.T) {
	srv := Start(t, WithRate(api.MaxRate))
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 25 {
				for _, f := range []Fault{
					{Kind: FaultDelay, Delay: time.Hour, Phase: FaultAfter}, {Kind: FaultReset}, {Kind: FaultTruncate}, {Kind: FaultStatus, Status: 502},
				} {
					f.Operation = "*"
					addFault(t, srv, f)
				}
				if worker == 0 {
					srv.Faults()
					srv.ClearFaults()
					if err := srv.SetFeature(Search, i%2 == 0); err != nil {
						t.Error(err)
					}
					srv.Features()
					continue
				}
				answered := make(chan string, 1)
				go func() { answered <- seen(t, srv, createUserPath, fmt.Sprintf("accid=a%d-%d", worker, i)) }()
				for got := ""; got == ""; {
					select {
					case got = <-answered:
					default:
						srv.ClearFaults()
					}
				}
			}
		})
	}
	group.Wait()
	srv.ClearFaults()
	if got := seen(t, srv, createUserPath, "accid=last"); got != "200" {
		t.Errorf("seen %s", got)
	}
}

// FuzzFault adds any fault by JSON: what is accepted strikes and never breaks
// the server.
func FuzzFault(f *testing.F) {
	f.Add(`{"operation":"*","kind":"code","code":416}`)
	f.Add(`{"operation":"get","kind":"status","status":304,"phase":"after","times":-1}`)
	f.Add(`{"operation":"getChatroom","kind":"truncate","skip":1}`)
	f.Add(`{"operation":"get","kind":"delay","delay":"1ns"}`)
	f.Add(`[`)
	f.Fuzz(func(t *testing.T, body string) {
		if strings.Contains(body, "delay") {
			return // would wait
		}
		srv := newServer(t)
		status := controlInMemory(srv, http.MethodPost, "faults", body)
		if status != http.StatusOK && status != http.StatusBadRequest || (len(srv.Faults()) == 1) != (status == http.StatusOK) {
			t.Errorf("%d, %v", status, srv.Faults())
		}
		for range 3 {
			func() {
				defer func() {
					if v := recover(); v != nil && v != http.ErrAbortHandler { //nolint:errorlint // a value that was panicked with
						panic(v)
					}
				}()
				handle(t, srv, "/chatroom/get.action", "roomid=1")
			}()
		}
	})
}
