package engine

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/journal"
	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
)

// step gives f the state and a time: whatever reads or changes the state
// passes here.
//
// The state follows from its inputs and their times alone, so a change is kept
// as the input that made it: record returns it, and is nil for a step that only
// reads. The record is appended under the lock, in the order of the steps, and
// waited for outside, so that many steps share one write to the disk. Reading
// steps wait too: nobody is shown what could still be lost.
func (e *Engine) step(record func(now time.Time) []byte, f func(s *state.State, now time.Time) error) error {
	if e.store == nil {
		e.mu.Lock()
		defer e.mu.Unlock()
		return f(e.state, e.stepTime())
	}
	if record != nil {
		if err := e.store.Ready(); err != nil {
			return notKept(err)
		}
	}
	e.mu.Lock()
	now := e.stepTime()
	err := f(e.state, now)
	if err == nil && record != nil {
		e.last = e.store.Append(record(now))
	}
	last := e.last
	e.mu.Unlock()
	if err := e.store.Wait(last); err != nil {
		return notKept(err)
	}
	if record != nil && e.store.Outgrown() {
		e.checkpointSoon()
	}
	return err
}

// stepTime is in milliseconds, like all times of the state: a step that is
// repeated from the journal then sees the very same time.
func (e *Engine) stepTime() time.Time { return time.UnixMilli(e.clock.now().UnixMilli()) }

func notKept(err error) error {
	return rules.Error(gen.CodeServerFault, "the state cannot be kept: "+err.Error())
}

// Read lets f read the state. An error of the state comes back with its code.
func (e *Engine) Read(f func(s *state.State, now time.Time) error) error {
	return rules.Coded(e.step(nil, f))
}

// Look lets f read the state although what it reads could still be lost.
func (e *Engine) Look(f func(s *state.State, now time.Time)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f(e.state, e.clock.now())
}

// Run carries a request out. The response holds nothing of the state.
func (e *Engine) Run(r *rules.Request) (response gen.Response, err error) {
	var record func(time.Time) []byte
	if r.Operation.Idempotency != gen.Safe {
		record = func(now time.Time) []byte { return journal.OperationRecord(now, r.Operation.Path, r.Form) }
	}
	err = e.step(record, func(s *state.State, now time.Time) error {
		response, err = r.Apply(s, now)
		return err
	})
	return response, err
}

// change carries out c, which has a name in changes, and keeps it. An error of
// the state comes back with its code.
func (e *Engine) change(name string, c change) error {
	var record func(time.Time) []byte
	if e.store != nil {
		with, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("emulator: %w", err)
		}
		record = func(now time.Time) []byte { return journal.ChangeRecord(now, name, with) }
	}
	return rules.Coded(e.step(record, func(s *state.State, now time.Time) error { return c.apply(e, s, now) }))
}

// Err returns why the state cannot be kept at the moment.
func (e *Engine) Err() error {
	if e.store == nil {
		return nil
	}
	if err := e.store.Err(); err != nil {
		return notKept(err)
	}
	return nil
}
