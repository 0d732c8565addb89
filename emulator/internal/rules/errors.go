package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
)

// Error returns the error of the service with a code and a text.
func Error(code int, desc string) *gen.APIError { return &gen.APIError{Code: code, Desc: desc} }

// BadParameter returns the error of the service for a wrong parameter.
func BadParameter(format string, args ...any) *gen.APIError {
	return Error(gen.CodeBadParameter, fmt.Sprintf(format, args...))
}

// codes maps the errors of the state to the codes of the service.
var codes = []struct {
	err  error
	code int
}{
	{state.ErrNoAccount, gen.CodeNotFound},
	{state.ErrNoRoom, gen.CodeNotFound},
	{state.ErrNoMember, gen.CodeNotFound},
	{state.ErrNoMessage, gen.CodeNotFound},
	{state.ErrRoomExists, gen.CodeDuplicateOperation},
	{state.ErrClosed, gen.CodeRoomClosed},
	{state.ErrTooUrgent, gen.CodeForbidden},
	{state.ErrForbidden, gen.CodeForbidden},
	{state.ErrDuplicate, gen.CodeDuplicateOperation},
	{state.ErrBlocked, gen.CodeBlocked},
	{state.ErrMuted, gen.CodeMuted},
	{state.ErrRoomMuted, gen.CodeMuted},
	{state.ErrAway, gen.CodeForbidden},
	{state.ErrNoElement, gen.CodeNotFound},
	{state.ErrQueueFull, gen.CodeOverLimit},
	{state.ErrTooFast, gen.CodeRateLimited},
}

// ErrTooFast is the error of a request over the rate limit.
var ErrTooFast = Error(gen.CodeRateLimited, state.ErrTooFast.Error())

// UsualDesc returns the text that the service mostly sends with a code, or
// nothing for a code whose text is not known.
func UsualDesc(code int) string {
	if code == ErrTooFast.Code {
		return ErrTooFast.Desc
	}
	for _, c := range codes {
		if c.code == code {
			return c.err.Error()
		}
	}
	return ""
}

// AsAPIError turns any error between a request and its response into the error
// that op returns for it. op is nil outside the API.
func AsAPIError(err error, op *gen.Operation) *gen.APIError {
	var api *gen.APIError
	var signature *sign.Error
	var field *wire.FieldError
	switch {
	case errors.As(err, &api):
		return api
	case errors.As(err, &signature):
		return BadParameter("%s", signature.Desc())
	case errors.As(err, &field):
		return fieldError(field, op)
	case errors.Is(err, state.ErrNoRoom) && namesRoomID(op):
		return BadParameter("error roomId")
	}
	if errors.As(Coded(err), &api) {
		return api
	}
	return Error(gen.CodeServerFault, err.Error())
}

// Coded gives an error of the state its code and returns others as they are.
func Coded(err error) error {
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return Error(c.code, c.err.Error())
		}
	}
	return err
}

// fieldError words a wrong parameter. A field whose JSON cannot be read says so; an element
// that is wrong inside good JSON does not. Too many elements have a code of their
// own in the operations that list it.
func fieldError(e *wire.FieldError, op *gen.Operation) *gen.APIError {
	name, _, _ := strings.Cut(strings.ReplaceAll(e.Field, "[", "."), ".")
	if op != nil && e.Problem == wire.Missing {
		for _, f := range op.Fields {
			if f.Name == e.Field && f.Missing != "" {
				return BadParameter("%s", f.Missing)
			}
		}
	}
	switch {
	case e.Problem != wire.Missing && name == fieldRoomID && namesRoomID(op):
		return BadParameter("error roomId")
	case e.Problem == wire.TooMany && lists(op, gen.CodeOverLimit):
		return Error(gen.CodeOverLimit, e.Error())
	case e.Problem == wire.Malformed && e.Field == name && !isScalar(op, name):
		return BadParameter("%s: body-not-json, %s, want %s", e.Field, e.Got, e.Want)
	}
	return BadParameter("%s", e.Error())
}

// fieldRoomID is how the two newest operations spell what all others call
// roomid. Those two reject a bad id in words of their own, and with 414 where
// the others say 404.
const fieldRoomID = "roomId"

func namesRoomID(op *gen.Operation) bool {
	return op != nil && slices.ContainsFunc(op.Fields, func(f gen.Field) bool { return f.Name == fieldRoomID })
}

func lists(op *gen.Operation, code int) bool {
	return op != nil && slices.Contains(op.StatusCodes, code)
}

// isScalar reports whether a field holds no JSON. A field that op does not have
// is no scalar: then the form itself could not be read.
func isScalar(op *gen.Operation, name string) bool {
	return op != nil && slices.ContainsFunc(op.Fields, func(f gen.Field) bool {
		return !f.Kind.IsJSON() && (f.Name == name || slices.Contains(f.Aliases, name))
	})
}
