package api_test

import (
	"slices"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// wire-facts: Limits. Over the rate an endpoint responds with 416 and is blocked for
// ten seconds.
func TestTheRateOfAnOperation(t *testing.T) {
	const get, topn = "/chatroom/get.action", "/stats/chatroom/topn.action"
	type step struct {
		path    string
		advance time.Duration
		want    int
	}
	const passes, tooFast = gen.CodeNotFound, gen.CodeRateLimited
	tests := []struct {
		name  string
		steps []step
	}{
		{"as many as the rate", []step{{get, 0, passes}, {get, 0, passes}, {get, time.Second, passes}, {get, 0, passes}}},
		{"one more is rejected", []step{{get, 0, passes}, {get, 0, passes}, {get, 0, tooFast}}},
		{"any second counts", []step{{get, 0, passes}, {get, 900 * time.Millisecond, passes}, {get, 200 * time.Millisecond, passes}, {get, 0, tooFast}}},
		{"blocked for ten seconds", []step{
			{get, 0, passes}, {get, 0, passes}, {get, 0, tooFast},
			{get, 10*time.Second - 1, tooFast}, {get, 1, passes}, {get, 0, passes}, {get, 0, tooFast},
		}},
		{"trying makes it no longer", []step{
			{get, 0, passes}, {get, 0, passes}, {get, 0, tooFast}, {get, 9 * time.Second, tooFast}, {get, time.Second, passes},
		}},
		{"others are not blocked", []step{
			{get, 0, passes}, {get, 0, passes}, {get, 0, tooFast}, {topn, 0, gen.CodeOK}, {get, 0, tooFast}, {topn, 0, gen.CodeOK}, {topn, 0, tooFast},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			srv := emulator.Start(t, emulator.WithRate(2), emulator.WithClock(func() time.Time { return start }))
			for i, s := range tt.steps {
				if err := srv.Advance(s.advance); err != nil {
					t.Fatal(err)
				}
				code, body := emutest.Post(t, srv, s.path, "roomid=1")
				if code != s.want {
					t.Errorf("step %d: %s, want %d", i, body, s.want)
				}
				if code == tooFast {
					emutest.WantDesc(t, code, body, tooFast, "query too fast")
				}
			}
		})
	}
}

// wire-facts: Limits. Operations with a limit of their own keep to it and to its block.
func TestAnOperationKeepsToItsOwnRate(t *testing.T) {
	for _, op := range gen.Operations {
		if op.RateLimit == nil {
			continue
		}
		start := time.Now()
		srv := emulator.Start(t, emulator.WithRate(2), emulator.WithClock(func() time.Time { return start }))
		want := func(after time.Duration, limited bool) {
			t.Helper()
			if err := srv.Advance(after); err != nil {
				t.Fatal(err)
			}
			if code, body := emutest.Post(t, srv, op.Path, "roomid=1"); (code == gen.CodeRateLimited) != limited {
				t.Fatalf("%s: %s, want a limit: %t", op.ID, body, limited)
			}
		}
		for range op.RateLimit.Calls {
			want(0, false)
		}
		want(op.RateLimit.Per-1, true)
		want(op.RateLimit.Block-1, true)
		want(1, false)
	}
}

func TestTheRateComesAfterTheSignatureAndBeforeTheForm(t *testing.T) {
	srv := emulator.Start(t, emulator.WithRate(1))
	for range 3 {
		if code, body := emutest.Send(t, emutest.Request(t, srv, "POST", "/chatroom/get.action", "roomid=1")); code != gen.CodeBadParameter {
			t.Error(body)
		}
	}
	codes := []int{}
	for range 3 {
		code, _ := emutest.Post(t, srv, "/chatroom/get.action", "roomid=%zz")
		codes = append(codes, code)
	}
	if want := []int{414, 416, 416}; !slices.Equal(codes, want) {
		t.Errorf("got %v, want %v", codes, want)
	}
	emutest.AddFault(t, srv, emulator.Fault{Operation: "get", Kind: emulator.FaultStatus, Status: 502})
	if code, _ := emutest.Post(t, srv, "/chatroom/get.action", ""); code != gen.CodeRateLimited || srv.Faults()[0].Applied != 0 {
		t.Errorf("code %d, %+v", code, srv.Faults())
	}
	srv.Reset()
	if code, body := emutest.Post(t, srv, "/chatroom/get.action", "roomid=1"); code != gen.CodeNotFound {
		t.Errorf("blocked after reset: %s", body)
	}
}
