package emulator_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// TestMixedOperationsInParallel lets every operation, the control plane and
// the Go functions run against each other; the race detector watches.
func TestMixedOperationsInParallel(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	var watchers sync.WaitGroup
	defer watchers.Wait()
	for _, accid := range []string{"", "w0-0", "w1-1"} {
		stream, err := srv.Events(id, emulator.EventOptions{Accid: accid})
		if err != nil {
			t.Fatal(err)
		}
		last := int64(0)
		watchers.Go(func() {
			for e := range stream.All(t.Context()) {
				if e.ID <= last {
					t.Errorf("event %d after %d", e.ID, last)
				}
				last = e.ID
			}
		})
		defer stream.Close()
	}
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 5 {
				accid := fmt.Sprintf("w%d-%d", worker, i)
				if err := srv.Join(id, emulator.JoinOptions{Accid: accid, Tags: []string{"t"}}); err != nil {
					t.Error(err)
				}
				for _, op := range gen.Operations {
					if code, body := emutest.Post(t, srv, op.Path, emutest.Example(t, op, id).Encode()); code == gen.CodeServerFault {
						t.Errorf("%s: %s", op.Action, body)
					}
				}
				if _, err := srv.Room(id); err != nil {
					t.Error(err)
				}
				srv.Requests("sendMsg")
				if err := srv.Advance(time.Millisecond); err != nil {
					t.Error(err)
				}
				if err := srv.Leave(id, accid); err != nil {
					t.Error(err)
				}
				srv.AddAccounts(accid)
			}
		})
	}
	group.Wait()
	r, err := srv.Room(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range r.Members {
		if len(m.Logins) != 0 {
			t.Errorf("%s is still there", m.Accid)
		}
	}
}
