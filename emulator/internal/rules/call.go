package rules

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// call is one run of an operation. Its methods are the rules, named by the
// operationId and kept in a file for each service. A rule takes a form that is
// good and returns the response; it has the state to itself and sees one time
// throughout.
type call struct {
	op    *gen.Operation
	state *state.State
	now   time.Time
	host  string
}

// room finds the room that an operation is about. The operations that list the
// code for a closed room return it as an error.
func (c *call) room(id gen.RoomID) (*state.Room, error) {
	r, err := c.state.Room(c.now, int64(id))
	if err != nil {
		return nil, err
	}
	if !r.Open && lists(c.op, gen.CodeRoomClosed) {
		return nil, r.Closed()
	}
	return r, nil
}

// account returns an error for an account that does not exist: 404 in the
// operations that list it and 414 in the others.
func (c *call) account(field, accid string) error {
	switch {
	case c.state.HasAccount(accid):
		return nil
	case lists(c.op, gen.CodeNotFound):
		return Error(gen.CodeNotFound, field+": "+state.ErrNoAccount.Error())
	}
	return BadParameter("%s: %v", field, state.ErrNoAccount)
}

func (c *call) defaultOf(field string) int {
	for _, f := range c.op.Fields {
		if f.Name == field {
			n, _ := strconv.Atoi(f.Default) // the spec's tests hold defaults to their types
			return n
		}
	}
	return 0
}

// understood returns an error for a value that selects what an operation does
// and that the spec does not describe.
func understood[E interface{ Known() bool }](c *call, name string, value *E) error {
	if value == nil || (*value).Known() {
		return nil
	}
	i := slices.IndexFunc(c.op.Fields, func(f gen.Field) bool { return f.Name == name })
	return BadParameter("%s: %#v, the emulator knows %s", name, *value, strings.Join(c.op.Fields[i].Values, ", "))
}

// notice returns how members are notified of a change. They are notified unless
// the request asks for silence.
func notice(need *bool, ext *string) state.Notice {
	return state.Notice{Silent: !valueOr(need, true), Ext: value(ext)}
}

// value returns what an optional field holds, or the zero value of its type.
func value[T any](p *T) T { return valueOr(p, *new(T)) }

// valueOr returns what an optional field holds, or otherwise.
func valueOr[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// wholeSeconds rounds up, as the wire does: what is not over has at least one
// second left.
func wholeSeconds(d time.Duration) time.Duration { return wire.FromSeconds(wire.Seconds(d)) }
