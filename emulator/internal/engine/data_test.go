package engine

import (
	"strings"
	"testing"
	"time"
)

func newEngine(t testing.TB) *Engine {
	t.Helper()
	e, err := New(Config{Clock: time.Now, Seed: 1, OnReset: func() {}, OnJump: func() {}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// FuzzApply feeds anything to what reads records of the journal: an error, or
// a state that can be kept, never a panic.
func FuzzApply(f *testing.F) {
	for _, record := range []string{
		`{"changes":{"nextRoomid":10010000002,"rooms":[{"roomid":10010000001,"data":{"roomid":10010000001,"creator":"a","name":"n"},"members":[{"accid":"a","type":"CREATOR","enterTime":1}]}]}}`,
		`{"advanced":3600000000000}`, `{"snapshot":{"version":1}}`, `{}`, `[]`, ``, `{"changes":null}`, `{"changes":{"rooms":[null]}}`,
	} {
		f.Add([]byte(record))
	}
	f.Fuzz(func(t *testing.T, record []byte) {
		e := newEngine(t)
		if e.apply(record) != nil {
			return
		}
		if _, err := e.Snapshot(); err != nil {
			t.Errorf("after %q: %v", record, err)
		}
	})
}

func TestRecordsOfAnotherProgramAreRejected(t *testing.T) {
	for record, want := range map[string]string{
		`x`: "invalid character",
		`{"do":"/chatroom/create.action","form":"creator=a"}`: `unknown field "do"`,
		`{"changes":{"votes":1}}`:                             `unknown field "votes"`,
		`{"changes":{"rooms":[{"roomid":1,"votes":1}]}}`:      `unknown field "votes"`,
		`{"changes":{"rooms":[{"roomid":1}]}}`:                "rooms[0].roomid: 1 is no room",
		`{"changes":{"random":"eA=="}}`:                       "random",
		`{"snapshot":{}}`:                                     "version: missing",
		`{"advanced":-1}`:                                     "advanced",
	} {
		if err := newEngine(t).apply([]byte(record)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", record, err, want)
		}
	}
}
