package emulator

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

// APIError is why the service did not do what it was asked to. The API answers
// it with HTTP 200 and this code; the Go functions of [Server] return it.
type APIError struct {
	Code int
	// Desc says what was wrong, naming the parameter where one was.
	Desc string
}

func (r *APIError) Error() string { return fmt.Sprintf("code %d: %s", r.Code, r.Desc) }

func badParameter(format string, args ...any) *APIError {
	return &APIError{gen.CodeBadParameter, fmt.Sprintf(format, args...)}
}

// codes are those of the rules' refusals.
var codes = []struct {
	err  error
	code int
}{
	{state.ErrNoAccount, gen.CodeNotFound},
	{state.ErrNoRoom, gen.CodeNotFound},
	{state.ErrNoMember, gen.CodeNotFound},
	{state.ErrClosed, gen.CodeRoomClosed},
	{state.ErrForbidden, gen.CodeForbidden},
	{state.ErrDuplicate, gen.CodeDuplicateOperation},
	{state.ErrBlocked, gen.CodeBlocked},
	{state.ErrMuted, gen.CodeMuted},
	{state.ErrRoomMuted, gen.CodeMuted},
}

// usualDesc is the text that mostly goes with a code, if there is one.
func usualDesc(code int) string {
	if code == errTooFast.Code {
		return errTooFast.Desc
	}
	for _, c := range codes {
		if c.code == code {
			return c.err.Error()
		}
	}
	return ""
}

// asAPIError turns any error of the way from a request to its answer into the
// refusal that op gives. op is nil outside the API.
func asAPIError(err error, op *gen.Operation) *APIError {
	var refusal *APIError
	var signature *sign.Error
	var field *wire.FieldError
	switch {
	case errors.As(err, &refusal):
		return refusal
	case errors.As(err, &signature):
		return badParameter("%s", signature.Desc())
	case errors.As(err, &field):
		return refuseField(field, op)
	case errors.Is(err, state.ErrNoRoom) && namesRoomID(op):
		return badParameter("error roomId")
	}
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return &APIError{c.code, c.err.Error()}
		}
	}
	return &APIError{gen.CodeServerFault, err.Error()}
}

// refuseField words a wrong parameter. Too many elements is a code of its own
// for the operations that list it.
func refuseField(e *wire.FieldError, op *gen.Operation) *APIError {
	name, _, _ := strings.Cut(strings.ReplaceAll(e.Field, "[", "."), ".")
	switch {
	case e.Problem != wire.Missing && name == fieldRoomID && namesRoomID(op):
		return badParameter("error roomId")
	case e.Problem == wire.TooMany && lists(op, gen.CodeOverLimit):
		return &APIError{gen.CodeOverLimit, e.Error()}
	case e.Problem == wire.Malformed && !isScalar(op, name):
		return badParameter("%s: body-not-json, want %s", e.Field, e.Want)
	}
	return badParameter("%s", e.Error())
}

// fieldRoomID is how the two newest operations spell what all others call
// roomid. Those two refuse a bad id in words of their own, and with 414 where
// the others say 404.
const fieldRoomID = "roomId"

func namesRoomID(op *gen.Operation) bool {
	return op != nil && slices.ContainsFunc(op.Fields, func(f gen.Field) bool { return f.Name == fieldRoomID })
}

func lists(op *gen.Operation, code int) bool {
	return op != nil && slices.Contains(op.StatusCodes, code)
}

// isScalar reports whether a field holds no JSON. A field that op does not
// have is none: then it is the form itself that could not be read.
func isScalar(op *gen.Operation, name string) bool {
	return op != nil && slices.ContainsFunc(op.Fields, func(f gen.Field) bool {
		return !f.Kind.IsJSON() && (f.Name == name || slices.Contains(f.Aliases, name))
	})
}
