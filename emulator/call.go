package emulator

import (
	"strconv"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/tagexpr"
)

// call is one run of an operation. The operations are its methods, in the
// op_*.go files; each is a step from a checked form to an answer, with the
// state to itself and one time throughout.
type call struct {
	op    *gen.Operation
	state *state.State
	now   time.Time
	// form is as it came, for the journal.
	form string
	// host is the address at which the client found this server.
	host string
}

// room finds the room that an operation is about. A closed one is refused by
// the operations that list the code for it.
func (c *call) room(id gen.RoomID) (*state.Room, error) {
	r, err := c.state.Room(c.now, int64(id))
	if err != nil {
		return nil, err
	}
	if !r.Open && lists(c.op, gen.CodeRoomClosed) {
		return nil, state.ErrClosed
	}
	return r, nil
}

// account refuses one that does not exist, with 404 from the operations that
// list it and with 414 from the others.
func (c *call) account(field, accid string) error {
	switch {
	case c.state.HasAccount(accid):
		return nil
	case lists(c.op, gen.CodeNotFound):
		return &APIError{gen.CodeNotFound, field + ": " + state.ErrNoAccount.Error()}
	}
	return badParameter("%s: %v", field, state.ErrNoAccount)
}

// defaultOf is what a number field of the operation stands for when left out.
func (c *call) defaultOf(field string) int {
	for _, f := range c.op.Fields {
		if f.Name == field {
			n, _ := strconv.Atoi(f.Default) // the spec's tests hold defaults to their types
			return n
		}
	}
	return 0
}

// tagExpression reads a field that holds one. A field left out selects everyone.
func tagExpression(field string, text *string) (tagexpr.Expr, error) {
	e, err := tagexpr.Parse(value(text))
	if err != nil {
		return e, badParameter("%s: %v", field, err)
	}
	return e, nil
}

// notice reads how members are to be told of a change: they are, unless asked
// not to.
func notice(need *bool, ext *string) state.Notice {
	return state.Notice{Silent: !valueOr(need, true), Ext: value(ext)}
}

// value is what an optional field holds, or its type's zero.
func value[T any](p *T) T { return valueOr(p, *new(T)) }

// valueOr is what an optional field holds, or what it stands for when left out.
func valueOr[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// wholeSeconds rounds up, as the wire does: what is not over has at least one left.
func wholeSeconds(d time.Duration) time.Duration { return wire.FromSeconds(wire.Seconds(d)) }
