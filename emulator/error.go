package emulator

import (
	"errors"
	"fmt"

	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/gen"
)

// APIError is why the service did not do what it was asked to. The API responds
// with HTTP 200 and this code; the Go functions of [Server] return it.
type APIError struct {
	Code int
	// Desc says what was wrong. It names the parameter where one was wrong.
	Desc string
}

func (e *APIError) Error() string { return fmt.Sprintf("code %d: %s", e.Code, e.Desc) }

// asAPIError turns an error into what op returns for it. op is nil outside the
// API.
func asAPIError(err error, op *gen.Operation) error {
	if err == nil {
		return nil
	}
	e := rules.AsAPIError(err, op)
	return &APIError{e.Code, e.Desc}
}

// public makes an error of the service a [*APIError] and leaves others as they
// are.
func public(err error) error {
	var own *gen.APIError
	if errors.As(err, &own) {
		return &APIError{own.Code, own.Desc}
	}
	return err
}
