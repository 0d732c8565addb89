package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/journal"
	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/internal/wire"
)

// replay repeats the change of a record at the record's time. It writes
// nothing.
func (e *Engine) replay(text []byte) error {
	r, err := journal.ReadRecord(text)
	if err != nil {
		return err
	}
	if op, ok := rules.ByPath(r.Do); ok {
		err = e.replayOperation(op, r.Form, r.Time)
	} else {
		err = e.replayChange(r)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", r.Do, err)
	}
	return nil
}

func (e *Engine) replayOperation(op rules.Operation, form string, now time.Time) error {
	fields, err := wire.ParseForm(form)
	if err != nil {
		return err
	}
	request, err := op.Read(fields)
	if err != nil {
		return err
	}
	_, err = request.Apply(e.state, now)
	return err
}

func (e *Engine) replayChange(r journal.Record) error {
	build, ok := changes[r.Do]
	if !ok {
		return errors.New("this program knows no such change")
	}
	c := build()
	if err := json.Unmarshal(r.With, c); err != nil {
		return err
	}
	return c.apply(e, e.state, r.Time)
}
