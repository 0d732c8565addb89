package wrapper

import (
	"errors"
	"net/http"

	"github.com/nimroom/nimroom/gen"
)

// An attempt without a response may or may not have been carried out. This changes the
// meaning of the responses to later attempts.

// settle notes in the error whether one of the attempts so far may have been carried out.
func (c *call) settle(e *Error) {
	c.ambiguous = c.ambiguous || e.ambiguous
	if c.ambiguous && c.changes() {
		e.MayHaveTakenEffect, e.Ask = true, c.info.Operation.Ask
	}
}

// reconsider handles [ErrDuplicate] after an attempt that may have been carried out: the
// error means that this attempt arrived. If a success holds nothing but its code, the call
// has succeeded. If the operation only reads, it is sent again.
func (c *call) reconsider(e *Error) *Error {
	if e == nil || !c.ambiguous || !e.is(ErrDuplicate) {
		return e
	}
	switch {
	case len(c.info.Operation.Success) == 0:
		c.empty()
		return nil
	case !c.changes():
		e.transient = true
	}
	return e
}

// checkResult returns an error for a call that succeeded, but whose result may leave out
// changes of an earlier attempt.
func (c *call) checkResult() *Error {
	if !c.ambiguous || !c.unclear() {
		return nil
	}
	operation := c.info.Operation
	e := c.fail(ErrResultUnknown, errors.New("an earlier attempt, which had no response, may have changed what "+operation.Unclear+" leaves out"))
	e.Code, e.HTTPStatus = gen.CodeOK, http.StatusOK
	e.MayHaveTakenEffect, e.Ask = true, operation.Ask
	return e
}
