package emulator

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// store is a journal: what [WithData] keeps the state in. It is an interface
// so that a program without that option does not link the one there is.
type store interface {
	Append(record []byte) uint64
	Wait(number uint64) error
	Ready() error
	Err() error
	Outgrown() bool
	Cut() uint64
	Checkpoint(generation uint64, write func(io.Writer) error) error
	Close() error
}

// step gives f the state and a time: whatever reads or changes the state
// passes here.
//
// The state follows from its inputs and their times alone, and so what changes
// it is kept as the input that did: record writes it down, and is nil for what
// only reads. It is written under the lock, in the order of the steps, and
// waited for outside, so that many steps share one write to the disk. Reading
// steps wait too: nobody is shown what could still be lost.
func (s *Server) step(record func(now time.Time) []byte, f func(w *state.State, now time.Time) error) error {
	if s.store == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		return f(s.state, s.stepTime())
	}
	if record != nil {
		if err := s.store.Ready(); err != nil {
			return notKept(err)
		}
	}
	s.mu.Lock()
	now := s.stepTime()
	err := f(s.state, now)
	if err == nil && record != nil {
		s.last = s.store.Append(record(now))
	}
	last := s.last
	s.mu.Unlock()
	if err := s.store.Wait(last); err != nil {
		return notKept(err)
	}
	if record != nil && s.store.Outgrown() {
		s.checkpointSoon()
	}
	return err
}

// stepTime is in milliseconds, like all times of the state: a step that is
// repeated from the journal then sees the very same.
func (s *Server) stepTime() time.Time { return time.UnixMilli(s.clock.now().UnixMilli()) }

func notKept(err error) error {
	return &APIError{gen.CodeServerFault, "the state cannot be kept: " + err.Error()}
}

// run carries an operation out. What it returns holds nothing of the state.
func (s *Server) run(rule run, c call) (answer gen.Response, err error) {
	var record func(time.Time) []byte
	if c.op.Idempotency != gen.Safe {
		record = func(now time.Time) []byte { return operationRecord(now, c.op.Path, c.form) }
	}
	err = s.step(record, func(w *state.State, now time.Time) error {
		c.state, c.now = w, now
		answer, err = rule(&c)
		return err
	})
	return answer, err
}

// change is an input that is no operation of the API. Its fields are what the
// journal keeps of it, as JSON.
type change interface {
	name() string
	apply(s *Server, w *state.State, now time.Time) error
}

// change carries c out.
func (s *Server) change(c change) error {
	var record func(time.Time) []byte
	if s.store != nil {
		with, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("emulator: %w", err)
		}
		record = func(now time.Time) []byte { return changeRecord(now, c.name(), with) }
	}
	return s.step(record, func(w *state.State, now time.Time) error { return c.apply(s, w, now) })
}

// enact carries c out and makes its error a refusal.
func (s *Server) enact(c change) error {
	if err := s.change(c); err != nil {
		return asAPIError(err, nil)
	}
	return nil
}

// do lets f read the state and makes its error a refusal.
func (s *Server) do(f func(*state.State) error) error {
	if err := s.step(nil, func(w *state.State, _ time.Time) error { return f(w) }); err != nil {
		return asAPIError(err, nil)
	}
	return nil
}

// A record is {"time":Unix milliseconds,"do":path,"form":form} of an operation,
// or {"time":Unix milliseconds,"do":name,"with":fields} of another change.
func operationRecord(now time.Time, path, form string) []byte {
	return append(wire.AppendJSONString(append(recordHead(now, path, len(form)), `,"form":`...), form), '}')
}

func changeRecord(now time.Time, name string, with []byte) []byte {
	return append(append(append(recordHead(now, name, len(with)), `,"with":`...), with...), '}')
}

func recordHead(now time.Time, do string, size int) []byte {
	dst := make([]byte, 0, size+len(do)+64)
	dst = strconv.AppendInt(append(dst, `{"time":`...), now.UnixMilli(), 10)
	return wire.AppendJSONString(append(dst, `,"do":`...), do)
}

// replay repeats what a record tells. Time is the record's; nothing is written.
func (s *Server) replay(record []byte) error {
	var r struct {
		Time int64           `json:"time"`
		Do   string          `json:"do"`
		Form string          `json:"form"`
		With json.RawMessage `json:"with"`
	}
	if err := json.Unmarshal(record, &r); err != nil {
		return err
	}
	now := time.UnixMilli(r.Time)
	if op, ok := operations[r.Do]; ok {
		return s.replayOperation(op, r.Form, now)
	}
	build, ok := changes[r.Do]
	if !ok {
		return fmt.Errorf("%s: this program knows no such change", r.Do)
	}
	c := build()
	if err := json.Unmarshal(r.With, c); err != nil {
		return fmt.Errorf("%s: %w", r.Do, err)
	}
	if err := c.apply(s, s.state, now); err != nil {
		return fmt.Errorf("%s: %w", r.Do, err)
	}
	return nil
}

func (s *Server) replayOperation(op operation, form string, now time.Time) error {
	fields, err := wire.ParseForm(form)
	if err != nil {
		return err
	}
	rule, err := op.check(fields)
	if err != nil {
		return fmt.Errorf("%s: %w", op.Path, err)
	}
	if _, err := rule(&call{op: op.Operation, state: s.state, now: now}); err != nil {
		return fmt.Errorf("%s: %w", op.Path, err)
	}
	return nil
}
