package emulator

import (
	"errors"
	"fmt"

	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/internal/wire"
)

// Call runs an operation on a server directly: no signature, no request, no
// entry in the request log, no fault. It is how a test brings about what it
// does not test:
//
//	_, err := emulator.Call(srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "zhangsan", Mute: wrapper.Ptr(true)})
//
// The error is the [*APIError] that a request would get.
func Call[F gen.Form, R any](s *Server, e gen.Endpoint[F, R], form F) (*R, error) {
	switch {
	case s == nil:
		return nil, errors.New("emulator: Call: the server is nil")
	case e.Operation == nil:
		return nil, errors.New("emulator: Call: the endpoint has no operation")
	}
	response, err := s.call(e.Operation, form)
	if err != nil {
		return nil, public(rules.AsAPIError(err, e.Operation))
	}
	return any(response).(*R), nil // each rule is bound to its endpoint
}

func (s *Server) call(o *gen.Operation, form gen.Form) (gen.Response, error) {
	op, _ := rules.ByPath(o.Path)
	text := string(form.AppendForm(nil))
	fields, err := wire.ParseForm(text)
	if err != nil {
		return nil, err
	}
	request, err := op.Read(fields)
	if err != nil {
		return nil, err
	}
	request.Host = web.MemoryHost
	return s.engine.Run(request)
}

// CreateRoom opens a room and returns its id. The error is a [*APIError] with
// code 414.
func (s *Server) CreateRoom(form gen.CreateChatroomForm) (gen.RoomID, error) {
	created, err := Call(s, gen.CreateChatroomEndpoint, form)
	if err != nil {
		return 0, err
	}
	return created.Chatroom.RoomID, nil
}

// APIError is why the service did not do what it was asked to. The API responds
// with HTTP 200 and this code; the Go functions of [Server] return it.
type APIError struct {
	Code int
	// Desc says what was wrong. It names the parameter where one was wrong.
	Desc string
}

func (e *APIError) Error() string { return fmt.Sprintf("code %d: %s", e.Code, e.Desc) }

// public makes an error of the service a [*APIError] and leaves others as they
// are.
func public(err error) error {
	var own *gen.APIError
	if errors.As(err, &own) {
		return &APIError{own.Code, own.Desc}
	}
	return err
}
