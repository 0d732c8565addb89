package wrapper

import (
	"errors"
	"net/http"
	"slices"

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

// reconsider handles the errors that mean, after an attempt that may have been carried out, that
// it was: [ErrDuplicate], and the codes that the spec names. If a success holds nothing but its
// code, the call has succeeded. If the operation only reads, it is sent again.
func (c *call) reconsider(e *Error) *Error {
	if e == nil || !c.ambiguous {
		return e
	}
	operation := c.info.Operation
	done := slices.Contains(operation.RepeatDone, e.Code)
	switch {
	case !done && !e.is(ErrDuplicate):
	case len(operation.Success) == 0:
		c.empty()
		return nil
	case done:
		e.kind, e.cause = ErrResultUnknown, errLostResult
	case !c.changes():
		e.transient = true
	}
	return e
}

// errLostResult is the cause of [ErrResultUnknown] for a call whose result only the lost response
// had.
var errLostResult = errors.New("an earlier attempt may have been carried out, and the response with its result was lost")

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
