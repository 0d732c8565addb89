package emulator

import (
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// Call runs an operation on a server directly: no signature, no request, no
// entry in the request log, no fault. It is how a test brings about what it
// does not test:
//
//	_, err := emulator.Call(srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "zhangsan", Mute: true})
//
// The error is the [*APIError] that a request would get.
func Call[F gen.Form, R any](s *Server, e gen.Endpoint[F, R], form F) (*R, error) {
	op := operations[e.Path]
	text := string(form.AppendForm(nil))
	fields, err := wire.ParseForm(text)
	if err != nil {
		return nil, asAPIError(err, e.Operation)
	}
	rule, err := op.check(fields)
	if err != nil {
		return nil, asAPIError(err, e.Operation)
	}
	answer, err := s.run(rule, call{op: e.Operation, host: memoryHost, form: text})
	if err != nil {
		return nil, asAPIError(err, e.Operation)
	}
	return any(answer).(*R), nil // each rule is registered with its endpoint
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

// Messages lists the stored messages of a room, oldest first. The error is a
// [*APIError] with code 404.
func (s *Server) Messages(roomID gen.RoomID) ([]Message, error) {
	room, err := s.Room(roomID)
	return room.Messages, err
}
