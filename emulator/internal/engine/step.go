package engine

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/journal"
	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
)

// step gives f the state and a time: whatever reads or changes the state
// passes here.
//
// What f changes is kept, whether it returns an error or not: even a step that
// only reads finds that a robot has left. The record is appended under the lock,
// in the order of the steps, and waited for outside, so that many steps share one
// write to the disk. Reading steps wait too: nobody is shown what could still be
// lost. A step that writes is not begun while the disk fails.
func (e *Engine) step(writes bool, f func(s *state.State, now time.Time) error) error {
	if e.store == nil {
		e.mu.Lock()
		defer e.mu.Unlock()
		return f(e.state, e.stepTime())
	}
	if writes {
		if err := e.store.Ready(); err != nil {
			return notKept(err)
		}
	}
	e.mu.Lock()
	err := f(e.state, e.stepTime())
	e.keep()
	last := e.last
	e.mu.Unlock()
	if err := e.store.Wait(last); err != nil {
		return notKept(err)
	}
	if writes && e.store.Outgrown() {
		e.checkpointSoon()
	}
	return err
}

// keep appends what has changed to the journal. A state that was put in place of another one
// is kept as of its own clock, which may be behind the one that the step began with. It needs
// the lock.
func (e *Engine) keep() {
	var r journal.Record
	if e.kept != e.state {
		var text bytes.Buffer
		_ = e.snapshot(e.stepTime()).Write(&text) // plain data for a buffer: no error
		r.Snapshot = text.Bytes()
		e.track()
	} else {
		r.Changes = e.state.TakeChanges()
		if advanced := e.clock.advanced(); advanced != e.keptAdvance {
			e.keptAdvance, r.Advanced = advanced, &advanced
		} else if r.Changes == nil {
			return
		}
	}
	text, _ := json.Marshal(r) // plain data: no error
	e.last = e.store.Append(text)
}

// track takes the state as it is for kept.
func (e *Engine) track() {
	e.kept, e.keptAdvance = e.state, e.clock.advanced()
	e.state.Track()
}

// stepTime is in milliseconds, like all times of the state, so that equal runs
// give equal bytes.
func (e *Engine) stepTime() time.Time { return time.UnixMilli(e.clock.now().UnixMilli()) }

func notKept(err error) error {
	return rules.Error(gen.CodeServerFault, "the state cannot be kept: "+err.Error())
}

// Read lets f read the state. An error of the state comes back with its code.
func (e *Engine) Read(f func(s *state.State, now time.Time) error) error {
	return rules.Coded(e.step(false, f))
}

// Look lets f read the state although what it reads could still be lost.
func (e *Engine) Look(f func(s *state.State, now time.Time)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f(e.state, e.stepTime())
	if e.store != nil {
		e.keep()
	}
}

// Kept waits until all that was done so far is kept. Without a directory to keep
// it in there is nothing to wait for, and no lock is taken.
func (e *Engine) Kept() error {
	if e.store == nil {
		return nil
	}
	return e.Read(func(*state.State, time.Time) error { return nil })
}

// Run carries a request out. The response holds nothing of the state.
func (e *Engine) Run(r *rules.Request) (response gen.Response, err error) {
	err = e.step(r.Operation.Idempotency != gen.Safe, func(s *state.State, now time.Time) error {
		response, err = r.Apply(s, now)
		return err
	})
	return response, err
}

// change lets f change the state. An error of the state comes back with its code.
func (e *Engine) change(f func(s *state.State, now time.Time) error) error {
	return rules.Coded(e.step(true, f))
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
