package wrapper

import (
	"errors"
	"net/http"

	"github.com/nimroom/nimroom/gen"
)

// An attempt without a response leaves open whether it was carried out, and so changes
// the meaning of the responses to the attempts after it.

// settle notes in the error what the attempts so far leave open.
func (c *call) settle(e *Error) {
	c.ambiguous = c.ambiguous || e.ambiguous
	if c.ambiguous && c.changes() {
		e.MayHaveTakenEffect, e.Ask = true, c.info.Operation.Ask
	}
}

// reconsider reads the API error of a duplicate after an attempt that may have been
// carried out: that attempt arrived. When its response would have held nothing, the call
// is a success. When the operation only reads, it is asked again.
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

// checkResult returns an error for a call that succeeded with a result that may leave
// out what an earlier attempt did.
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
