package engine

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func newEngine(t testing.TB) *Engine {
	t.Helper()
	e, err := New(Config{Clock: time.Now, Seed: 1, OnReset: func() {}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// FuzzReplay feeds anything to what reads records of the journal: an error, or
// a state that can be kept, never a panic.
func FuzzReplay(f *testing.F) {
	for _, record := range []string{
		`{"time":1669118400000,"do":"/chatroom/create.action","form":"creator=a&name=n"}`,
		`{"time":1669118400000,"do":"join","with":{}}`, `{"time":-1,"do":"/chatroom/get.action","form":"%zz"}`,
		`{"do":"restore","with":{"snapshot":"x"}}`, `{}`, `[]`, ``, `{"time":1,"do":"reset"}`,
	} {
		f.Add([]byte(record))
	}
	f.Fuzz(func(t *testing.T, record []byte) {
		e := newEngine(t)
		_ = e.replay([]byte(`{"time":1669118400000,"do":"/chatroom/create.action","form":"creator=a&name=n"}`))
		if e.replay(record) != nil {
			return
		}
		if _, err := e.Snapshot(); err != nil {
			t.Errorf("after %q: %v", record, err)
		}
	})
}

func TestReplayRejectsRecordsItDoesNotKnow(t *testing.T) {
	e := newEngine(t)
	for record, want := range map[string]string{
		`x`:                          "invalid character",
		`{"do":"dance"}`:             "dance: this program knows no such change",
		`{"do":"join"}`:              "join: unexpected end",
		`{"do":"join","with":{}}`:    "join: code 414",
		`{"do":"options","with":{}}`: "options: accounts",
		`{"do":"restore","with":{"snapshot":{}}}`:                "restore: version: missing",
		`{"do":"/chatroom/create.action","form":"%"}`:            "a form-encoded",
		`{"do":"/chatroom/create.action","form":"name=n"}`:       "creator",
		`{"do":"/chatroom/cleanRobot.action","form":"roomid=1"}`: "chatroom not exist",
	} {
		if err := e.replay([]byte(record)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", record, err, want)
		}
	}
	for name, build := range changes {
		if _, err := json.Marshal(build()); err != nil && name != "restore" {
			t.Error(err)
		}
	}
}
