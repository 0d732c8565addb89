package wrapper

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper/internal/request"
)

// engine makes the calls of a client.
type engine struct {
	settings settings // the settings that each call starts with
	do       stage    // the chain

	closeIdle func()
}

// run makes one call. The result is nil when the call failed, except for
// [ErrResultUnknown].
func run[F gen.Form, R any](ctx context.Context, client *engine, endpoint *gen.Endpoint[F, R], form F, options []CallOption) (*R, error) { //nolint:contextcheck // the caller may give none
	t := &typedCall[F, R]{endpoint: endpoint, form: form}
	c := &t.call
	c.typed = t
	c.settings = client.settings
	c.invalid = c.apply(options)
	c.info = CallInfo{Operation: operationOf(endpoint.Operation, form), RequestID: cmp.Or(c.ownRequestID, request.NewID())}
	c.spare.requestID[0] = c.info.RequestID
	c.requestID, c.checkSums = &c.spare.requestID, c.spare.checkSum[:0]
	c.ambiguous = c.earlier
	if ctx == nil {
		ctx, c.invalid = context.Background(), errNoContext
	}
	if c.raw != nil {
		*c.raw = nil
	}
	c.bound(ctx)
	switch e := client.do(ctx, c); {
	case e == nil:
		return t.result, nil
	case e.is(ErrResultUnknown):
		return t.result, e
	default:
		return nil, e
	}
}

// errNoContext is the error of a call without a context.
var errNoContext = errors.New("context: nil")

// operationOf returns the operation with the idempotency of a form, if that depends on the
// form.
func operationOf[F gen.Form](operation *gen.Operation, form F) *gen.Operation {
	if operation.IdempotentWith == "" {
		return operation
	}
	if f, ok := any(form).(gen.Conditional); !ok || !f.Idempotent() {
		return operation
	}
	repeatable := *operation
	repeatable.Idempotency = gen.Idempotent
	return &repeatable
}

// typedCall is a call with the types of its operation.
type typedCall[F gen.Form, R any] struct {
	call
	endpoint *gen.Endpoint[F, R]
	form     F
	result   *R
}

func (t *typedCall[F, R]) validate() error { return t.form.Validate() }
func (t *typedCall[F, R]) encode() []byte  { return t.form.AppendForm(nil) }
func (t *typedCall[F, R]) empty()          { t.result = new(R) }

func (t *typedCall[F, R]) room() gen.RoomID {
	if form, ok := any(t.form).(interface{ Room() gen.RoomID }); ok {
		return form.Room()
	}
	return 0
}

func (t *typedCall[F, R]) identify(id string, mark bool) (marked bool) {
	if form, ok := any(t.form).(gen.Repeatable[F]); ok {
		t.form, marked = form.Identified(id, mark)
	}
	return marked
}

func (t *typedCall[F, R]) post(raw gen.ClientInterface, ctx context.Context, contentType string, body io.Reader, editors ...gen.RequestEditorFn) (*http.Response, error) {
	return t.endpoint.Send(raw, ctx, contentType, body, editors...)
}

func (t *typedCall[F, R]) decode(ctx context.Context, body []byte) (err error) {
	t.result, err = t.endpoint.Read(wire.NewDecoder(body).Until(ctx))
	return err
}

func (t *typedCall[F, R]) unclear() bool {
	return t.endpoint.Unclear != nil && t.endpoint.Unclear(t.result)
}

// service is the part that all services have in common.
type service struct{ client *engine }
