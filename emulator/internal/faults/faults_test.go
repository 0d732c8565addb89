package faults_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

func message(id gen.RoomID, msgID string) string {
	return fmt.Sprintf("roomid=%d&msgId=%s&fromAccid=lisi&msgType=0&attach=hello", id, msgID)
}

func TestAFaultAppliesBeforeOrAfterTheMessageIsStored(t *testing.T) {
	tests := []struct {
		fault  emulator.Fault
		seen   string
		logged int // the code in the log when it applies before
	}{
		{emulator.Fault{Kind: emulator.FaultCode, Code: gen.CodeServerFault}, "500", 500},
		{emulator.Fault{Kind: emulator.FaultStatus, Status: http.StatusBadGateway}, "HTTP 502 ", 0},
		{emulator.Fault{Kind: emulator.FaultDelay, Delay: time.Millisecond}, "200", 200},
		{emulator.Fault{Kind: emulator.FaultReset}, "reset", 0},
		{emulator.Fault{Kind: emulator.FaultTruncate}, "cut short", 0},
		{emulator.Fault{Kind: emulator.FaultMalformed}, "no JSON", 0},
	}
	for _, tt := range tests {
		for _, phase := range []emulator.FaultPhase{emulator.FaultBefore, emulator.FaultAfter} {
			t.Run(string(tt.fault.Kind)+" "+string(phase), func(t *testing.T) {
				srv := emulator.Start(t)
				id := emutest.NewRoom(t, srv)
				f := tt.fault
				f.Operation, f.Phase = "sendMsg", phase
				emutest.AddFault(t, srv, f)
				if got := emutest.Seen(t, srv, "/chatroom/sendMsg.action", message(id, "m1")); got != tt.seen {
					t.Errorf("seen %q, want %q", got, tt.seen)
				}
				stored, logged := 1, gen.CodeOK
				if phase == emulator.FaultBefore {
					logged = tt.logged
					if f.Kind != emulator.FaultDelay {
						stored = 0
					}
				}
				room, err := srv.Room(id)
				if err != nil || len(room.Messages) != stored {
					t.Errorf("%d messages stored, %v", len(room.Messages), err)
				}
				entry := srv.Requests("sendMsg")[0]
				if entry.Code != logged || entry.Fault != f.String() || entry.Signature != emulator.SignatureOK {
					t.Errorf("logged as %+v", entry)
				}
				if got := emutest.Seen(t, srv, "/chatroom/sendMsg.action", message(id, "m2")); got != "200" {
					t.Errorf("it applies again: %s", got)
				}
				if entry := srv.Requests("sendMsg")[1]; entry.Fault != "" {
					t.Errorf("logged as %+v", entry)
				}
			})
		}
	}
}

func TestAResetWithoutTCPIsAnEnd(t *testing.T) {
	srv := emulator.Start(t, emulator.WithoutPort())
	emutest.AddFault(t, srv, emulator.Fault{Operation: "get", Kind: emulator.FaultReset, Times: 2})
	if _, err := srv.Client().Do(emutest.SignedRequest(t, srv, "/chatroom/get.action", "roomid=1")); !errors.Is(err, io.EOF) {
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
	srv := emulator.Start(t)
	for _, tt := range []struct {
		code       int
		desc, want string
	}{
		{gen.CodeRateLimited, "", `{"code":416,"desc":"query too fast"}`},
		{gen.CodeRoomClosed, "", `{"code":13002,"desc":"chatroom is closed"}`},
		{gen.CodeServerBusy, "", `{"code":503}`},
		{gen.CodeBadParameter, "CurTime is expired", `{"code":414,"desc":"CurTime is expired"}`},
	} {
		emutest.AddFault(t, srv, emulator.Fault{Operation: "get", Kind: emulator.FaultCode, Code: tt.code, Desc: tt.desc})
		if _, body := emutest.Post(t, srv, "/chatroom/get.action", "roomid=1"); body != tt.want {
			t.Errorf("%s, want %s", body, tt.want)
		}
	}
}

// applied returns to which of n requests a fault was applied, and its code.
func applied(t *testing.T, srv *emulator.Server, path string, n int) (codes []int) {
	t.Helper()
	for range n {
		code, _ := emutest.Post(t, srv, path, "roomid=1")
		if code == gen.CodeNotFound { // as without faults
			code = 0
		}
		codes = append(codes, code)
	}
	return codes
}

func TestFaultsApplyInOrderOneARequest(t *testing.T) {
	code := func(operation string, code, skip, times int) emulator.Fault {
		return emulator.Fault{Operation: operation, Kind: emulator.FaultCode, Code: code, Skip: skip, Times: times}
	}
	tests := []struct {
		name   string
		faults []emulator.Fault
		want   []int
	}{
		{"once", []emulator.Fault{code("get", 1, 0, 0)}, []int{1, 0, 0, 0, 0}},
		{"by operationId", []emulator.Fault{code("getChatroom", 1, 0, 0)}, []int{1, 0, 0, 0, 0}},
		{"any operation", []emulator.Fault{code("*", 1, 0, 1)}, []int{1, 0, 0, 0, 0}},
		{"another operation", []emulator.Fault{code("getBatch", 1, 0, emulator.Forever)}, []int{0, 0, 0, 0, 0}},
		{"skip and times", []emulator.Fault{code("get", 1, 1, 2)}, []int{0, 1, 1, 0, 0}},
		{"for ever", []emulator.Fault{code("get", 1, 2, emulator.Forever)}, []int{0, 0, 1, 1, 1}},
		{"one after the other", []emulator.Fault{code("get", 1, 0, 2), code("*", 2, 0, 1)}, []int{1, 1, 2, 0, 0}},
		{"requests with a fault count as skipped", []emulator.Fault{code("get", 1, 0, 1), code("get", 2, 1, 1)}, []int{1, 2, 0, 0, 0}},
		{"a gap", []emulator.Fault{code("get", 1, 0, 1), code("get", 2, 3, 1)}, []int{1, 0, 0, 2, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			srv := emulator.Start(t)
			total := 0
			for _, f := range tt.faults {
				emutest.AddFault(t, srv, f)
			}
			got := applied(t, srv, "/chatroom/get.action", len(tt.want))
			if !slices.Equal(got, tt.want) {
				t.Errorf("applied as %v, want %v", got, tt.want)
			}
			for _, f := range srv.Faults() {
				total += f.Applied
			}
			if hit := len(tt.want) - len(slices.DeleteFunc(got, func(c int) bool { return c != 0 })); total != hit {
				t.Errorf("%d faults are counted, there were %d", total, hit)
			}
		})
	}
}

func TestAFaultAppliesOnlyToAdmittedRequests(t *testing.T) {
	srv := emulator.Start(t)
	emutest.AddFault(t, srv, emulator.Fault{Operation: "*", Kind: emulator.FaultStatus, Status: 502})
	unsigned := emutest.Request(t, srv, http.MethodPost, "/chatroom/get.action", "roomid=1")
	if code, body := emutest.Send(t, unsigned); code != gen.CodeBadParameter {
		t.Error(body)
	}
	if resp, err := http.Get(srv.URL + "/health/liveness.action"); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%v, %v", resp, err)
	}
	if n := srv.Faults()[0].Applied; n != 0 {
		t.Errorf("applied %d times", n)
	}
	// What is wrong with the form comes later than the fault.
	if got := emutest.Seen(t, srv, "/chatroom/get.action", "roomid=%zz"); got != "HTTP 502 " {
		t.Errorf("seen %s", got)
	}
}

func TestFaultsThatMakeNoSense(t *testing.T) {
	srv := emutest.NewServer(t)
	for _, tt := range []struct {
		fault emulator.Fault
		want  string
	}{
		{emulator.Fault{}, "operation is empty, want an action, an operationId or *"},
		{emulator.Fault{Operation: "dance"}, "operation: dance, want an action such as sendMsg, an operationId such as sendMessage, or *; for callbacks onMessage, onMember, onQueue, onLogin, or callbacks"},
		{emulator.Fault{Operation: "get"}, "kind: none, want code, status, delay, reset, truncate or malformed"},
		{emulator.Fault{Operation: "get", Kind: emulator.FaultCode}, "code: 0, want from 1 to 99999 and not 200"},
		{emulator.Fault{Operation: "get", Kind: emulator.FaultCode, Code: 200}, "code: 200, want from 1 to 99999 and not 200"},
		{emulator.Fault{Operation: "get", Kind: emulator.FaultStatus, Status: 199}, "status: 199, want from 200 to 599"},
		{emulator.Fault{Operation: "get", Kind: emulator.FaultStatus, Status: 600}, "status: 600, want from 200 to 599"},
		{emulator.Fault{Operation: "get", Kind: emulator.FaultDelay}, "delay: 0s, want more than 0 and at most 1h0m0s"},
		{emulator.Fault{Operation: "get", Kind: emulator.FaultDelay, Delay: time.Hour + 1}, "delay: 1h0m0.000000001s, want more than 0 and at most 1h0m0s"},
		{emulator.Fault{Operation: "get", Kind: emulator.FaultReset, Phase: "during"}, "phase: during, want before or after"},
		{emulator.Fault{Operation: "get", Kind: emulator.FaultReset, Skip: -1}, "skip: -1, want from 0 to 1000000"},
		{emulator.Fault{Operation: "get", Kind: emulator.FaultReset, Times: -2}, "times: -2, want from 1 to 1000000, or -1 for ever"},
		{emulator.Fault{Operation: "get", Kind: emulator.FaultReset, Times: 1_000_001}, "times: 1000001, want from 1 to 1000000, or -1 for ever"},
	} {
		if err := srv.AddFault(tt.fault); err == nil || err.Error() != tt.want {
			t.Errorf("%+v: %v, want %s", tt.fault, err, tt.want)
		}
	}
	for range 1000 {
		emutest.AddFault(t, srv, emulator.Fault{Operation: "*", Kind: emulator.FaultReset})
	}
	if err := srv.AddFault(emulator.Fault{Operation: "*", Kind: emulator.FaultReset}); err == nil || err.Error() != "faults: 1000 already, at most 1000" {
		t.Error(err)
	}
}

func TestControlFaults(t *testing.T) {
	srv := emulator.Start(t)
	status, got := emutest.ControlCall(t, srv, http.MethodPost, "faults",
		`{"operation":"get","kind":"code","code":416,"status":502,"delay":"2s","phase":"after","skip":1,"times":2}`)
	want := "map[applied:0 code:416 desc:query too fast kind:code operation:get phase:after skip:1 times:2]"
	if status != http.StatusOK || fmt.Sprint(got) != want {
		t.Errorf("%d %v, want %s", status, got, want)
	}
	if status, got := emutest.ControlCall(t, srv, http.MethodPost, "faults", `{"operation":"*","kind":"delay","delay":"90s"}`); status != http.StatusOK ||
		got["delay"] != "1m30s" || got["phase"] != "before" || got["times"] != 1.0 {
		t.Errorf("%d %v", status, got)
	}
	srv.ClearFaults()
	emutest.AddFault(t, srv, emulator.Fault{Operation: "*", Kind: emulator.FaultCode, Code: 514})
	applied(t, srv, "/chatroom/get.action", 2)
	if _, got = emutest.ControlCall(t, srv, http.MethodGet, "faults", ""); got["faults"].([]any)[0].(map[string]any)["applied"] != 1.0 {
		t.Errorf("%v", got)
	}
	for _, end := range []struct{ method, path string }{{http.MethodDelete, "faults"}, {http.MethodPost, "reset"}} {
		emutest.AddFault(t, srv, emulator.Fault{Operation: "*", Kind: emulator.FaultReset})
		emutest.ControlCall(t, srv, end.method, end.path, "")
		if _, got := emutest.ControlCall(t, srv, http.MethodGet, "faults", ""); len(got["faults"].([]any)) != 0 {
			t.Errorf("after %s %s: %v", end.method, end.path, got)
		}
	}
}

func TestControlNamesWhatIsWrongWithAFault(t *testing.T) {
	srv := emulator.Start(t)
	for _, tt := range []struct{ body, want string }{
		{``, "body: empty, want a JSON object"},
		{`{}`, "operation is empty, want an action, an operationId or *"},
		{`{"operation":"get","kind":"explode"}`, "kind: explode, want code, status, delay, reset, truncate or malformed"},
		{`{"operation":"get","kind":"delay","delay":"soon"}`, `delay: "soon", want a duration such as 2s or 500ms`},
		{`{"operation":"get","kind":"delay","delay":2}`, "delay: number, want string"},
		{`{"operation":"get","kind":"code","code":"416"}`, "code: string, want int"},
		{`{"operation":"get","kind":"status","status":99}`, "status: 99, want from 200 to 599"},
		{`{"operation":"get","kind":"reset","applied":1}`, `body: json: unknown field "applied"`},
	} {
		if status, got := emutest.ControlCall(t, srv, http.MethodPost, "faults", tt.body); status != http.StatusBadRequest || got["error"] != tt.want {
			t.Errorf("%s: %d %v, want %s", tt.body, status, got, tt.want)
		}
	}
	if n := len(srv.Faults()); n != 0 {
		t.Errorf("%d faults", n)
	}
}

// TestFaultsInParallel adds and clears faults while requests meet
// them, and switches what else requests pass; the race detector watches.
func TestFaultsInParallel(t *testing.T) {
	srv := emulator.Start(t, emulator.WithRate(api.MaxRate))
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 25 {
				for _, f := range []emulator.Fault{
					{Kind: emulator.FaultDelay, Delay: time.Hour, Phase: emulator.FaultAfter}, {Kind: emulator.FaultReset}, {Kind: emulator.FaultTruncate}, {Kind: emulator.FaultStatus, Status: 502},
				} {
					f.Operation = "*"
					emutest.AddFault(t, srv, f)
				}
				if worker == 0 {
					srv.Faults()
					srv.ClearFaults()
					if err := srv.SetFeature(emulator.Search, i%2 == 0); err != nil {
						t.Error(err)
					}
					srv.Features()
					continue
				}
				responded := make(chan string, 1)
				go func() {
					responded <- emutest.Seen(t, srv, emutest.CreateUserPath, fmt.Sprintf("accid=a%d-%d", worker, i))
				}()
				for got := ""; got == ""; {
					select {
					case got = <-responded:
					default:
						srv.ClearFaults()
					}
				}
			}
		})
	}
	group.Wait()
	srv.ClearFaults()
	if got := emutest.Seen(t, srv, emutest.CreateUserPath, "accid=last"); got != "200" {
		t.Errorf("seen %s", got)
	}
}

// FuzzFault adds any fault by JSON: what is accepted applies and never breaks
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
		srv := emutest.NewServer(t)
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
