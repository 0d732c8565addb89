package faults_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/control"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

// heldMessage sends a message that a delay of two seconds holds back, and returns what
// returns the code of its response.
func heldMessage(t *testing.T, srv *emulator.Server, phase emulator.FaultPhase) (code func() int) {
	t.Helper()
	handle(t, srv, "/chatroom/create.action", "creator=zhangsan&name=n")
	emutest.AddFault(t, srv, emulator.Fault{Operation: "sendMsg", Kind: emulator.FaultDelay, Delay: 2 * time.Second, Phase: phase})
	responses := make(chan string, 1)
	go func() { responses <- handle(t, srv, "/chatroom/sendMsg.action", message(firstRoom, "m1")) }()
	synctest.Wait()
	return func() int { return emutest.CodeOf(t, []byte(<-responses)) }
}

const firstRoom = 10_010_000_001

func countMessages(t *testing.T, srv *emulator.Server) int {
	t.Helper()
	room, err := srv.Room(firstRoom)
	if err != nil {
		t.Fatal(err)
	}
	return len(room.Messages)
}

func TestADelayIsBeforeOrAfterTheMessageIsStored(t *testing.T) {
	for phase, storedMeanwhile := range map[emulator.FaultPhase]int{emulator.FaultBefore: 0, emulator.FaultAfter: 1} {
		synctest.Test(t, func(t *testing.T) {
			srv := emutest.NewServer(t)
			began := time.Now()
			code := heldMessage(t, srv, phase)
			if got := countMessages(t, srv); got != storedMeanwhile {
				t.Errorf("%s: %d messages while it waits", phase, got)
			}
			if err := srv.Advance(time.Hour); err != nil {
				t.Fatal(err)
			}
			if code() != gen.CodeOK || time.Since(began) != 2*time.Second {
				t.Errorf("%s: responded after %v", phase, time.Since(began))
			}
			// A message is of the time at which it is stored.
			room, err := srv.Room(firstRoom)
			if err != nil || len(room.Messages) != 1 || len(srv.Requests("sendMsg")) != 1 {
				t.Fatalf("%s: %+v, %v", phase, room, err)
			}
			age := srv.Now().Sub(room.Messages[0].Time.Time)
			if late := age > time.Hour; late != (phase == emulator.FaultAfter) {
				t.Errorf("%s: the message is %v old", phase, age)
			}
		})
	}
}

func TestClearingFaultsLetsHeldRequestsGoOn(t *testing.T) {
	for _, phase := range []emulator.FaultPhase{emulator.FaultBefore, emulator.FaultAfter} {
		synctest.Test(t, func(t *testing.T) {
			srv := emutest.NewServer(t)
			began := time.Now()
			code := heldMessage(t, srv, phase)
			srv.ClearFaults()
			if code() != gen.CodeOK || time.Since(began) != 0 || countMessages(t, srv) != 1 {
				t.Errorf("%s: responded after %v", phase, time.Since(began))
			}
		})
	}
}

func TestAResetServerForgetsHeldRequests(t *testing.T) {
	for phase, want := range map[emulator.FaultPhase]int{emulator.FaultBefore: gen.CodeServerBusy, emulator.FaultAfter: gen.CodeOK} {
		synctest.Test(t, func(t *testing.T) {
			srv := emutest.NewServer(t)
			began := time.Now()
			code := heldMessage(t, srv, phase)
			srv.Reset()
			if got := code(); got != want || time.Since(began) != 0 {
				t.Errorf("%s: responded with %d after %v", phase, got, time.Since(began))
			}
			if log, faults := srv.Requests(), srv.Faults(); len(log) != 0 || len(faults) != 0 {
				t.Errorf("%s: left over: %+v, %+v", phase, log, faults)
			}
		})
	}
}

func TestARequestIsNotCarriedOutForAClientThatLeft(t *testing.T) {
	for phase, stored := range map[emulator.FaultPhase]int{emulator.FaultBefore: 0, emulator.FaultAfter: 1} {
		synctest.Test(t, func(t *testing.T) {
			srv := emutest.NewServer(t)
			handle(t, srv, "/chatroom/create.action", "creator=zhangsan&name=n")
			emutest.AddFault(t, srv, emulator.Fault{Operation: "sendMsg", Kind: emulator.FaultDelay, Delay: time.Minute, Phase: phase})
			ctx, leave := context.WithTimeout(t.Context(), time.Second)
			defer leave()
			began := time.Now()
			srv.Handler().ServeHTTP(httptest.NewRecorder(), signed(t, srv, "/chatroom/sendMsg.action", message(firstRoom, "m1")).WithContext(ctx))
			if time.Since(began) != time.Second || countMessages(t, srv) != stored {
				t.Errorf("%s: gone after %v, %d messages", phase, time.Since(began), countMessages(t, srv))
			}
			if log := srv.Requests("sendMsg"); len(log) != 1 || log[0].Fault != "delay 1m0s "+string(phase) || (log[0].Code == 0) != (stored == 0) {
				t.Errorf("%s: logged %+v", phase, log)
			}
		})
	}
}

// A connection that leaves ends the wait, and one that waits longer than the
// limits of a server allow gets its response all the same.
func TestDelaysOverAConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := emutest.NewServer(t)
		client, _, _ := emutest.ServeInMemory(t, srv)
		emutest.AddFault(t, srv, emulator.Fault{Operation: "get", Kind: emulator.FaultDelay, Delay: 10 * time.Minute, Times: 2})
		impatient := &http.Client{Transport: client.Transport, Timeout: time.Minute}
		if resp, err := impatient.Do(emutest.SignedRequest(t, srv, "/chatroom/get.action", "roomid=1")); err == nil {
			t.Errorf("responded in time: %s", emutest.ReadAll(t, resp))
		}
		synctest.Wait()
		if log := srv.Requests(); len(log) != 1 || log[0].Code != 0 {
			t.Errorf("logged %+v", log)
		}
		resp, err := client.Do(emutest.SignedRequest(t, srv, "/chatroom/get.action", "roomid=1"))
		if err != nil {
			t.Fatal(err)
		}
		if body := emutest.ReadAll(t, resp); emutest.CodeOf(t, body) != gen.CodeNotFound {
			t.Errorf("%s", body)
		}
	})
}

// signed returns a signed request to be served in memory.
func signed(t testing.TB, srv *emulator.Server, path, form string) *http.Request {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, emutest.ApiPath+path, strings.NewReader(form))
	req.Header.Set("Content-Type", api.FormType)
	if err := sign.NewSigner(srv.Credentials(), sign.WithClock(srv.Now)).Edit(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	return req
}

// handle serves a signed form in memory and returns the body of the response.
func handle(t testing.TB, srv *emulator.Server, path, form string) string {
	t.Helper()
	w := httptest.NewRecorder()
	srv.Handler().ServeHTTP(w, signed(t, srv, path, form))
	return w.Body.String()
}

// controlInMemory sends a request to the control plane in memory and returns the status.
func controlInMemory(srv *emulator.Server, method, path, body string) int {
	w := httptest.NewRecorder()
	srv.Handler().ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), method, "http://localhost"+control.Path+path, strings.NewReader(body)))
	return w.Code
}
