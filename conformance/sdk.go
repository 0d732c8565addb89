package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// SDK is the client half of a [Target]: nimroom's own, by its typed methods.
type SDK struct{ Client *wrapper.Client }

// Call calls the operation's method, or [wrapper.Client.Do] if raw is set. A form
// that the method cannot hold is an error: it would not send what the scenario
// says.
func (s SDK) Call(ctx context.Context, id string, form map[string]string, raw bool) (Response, error) {
	o, ok := operations[id]
	switch {
	case s.Client == nil:
		return Response{}, errors.New("conformance: the SDK has no client")
	case !ok:
		return Response{}, fmt.Errorf("no operation %q", id)
	}
	body, err := s.Send(ctx, id, form, raw)
	return o.response(body, err)
}

// Send is Call without its judgement: it returns the body of the last response and the
// error of the method.
func (s SDK) Send(ctx context.Context, id string, form map[string]string, raw bool) (body []byte, err error) {
	o, ok := operations[id]
	if !ok {
		return nil, fmt.Errorf("no operation %q", id)
	}
	values := make(url.Values, len(form))
	for name, value := range form {
		values.Set(name, value)
	}
	if raw {
		_, err := s.Client.Do(ctx, o.Path, values, wrapper.WithRawResponse(&body))
		return body, err
	}
	typed, err := o.typed(values)
	if err != nil {
		return nil, err
	}
	err = o.call(ctx, s.Client, typed, &body)
	return body, err
}

// typed makes the method's form of the fields. A field that it cannot hold is an
// error.
func (o *operation) typed(values url.Values) (gen.Form, error) {
	fields, err := wire.ParseForm(values.Encode())
	if err != nil {
		return nil, err
	}
	form, err := o.bind(fields)
	if err != nil {
		return nil, fmt.Errorf("only raw can send this: %w", err)
	}
	if unknown := fields.Unknown(); len(unknown) > 0 {
		return nil, fmt.Errorf("only raw can send %s", strings.Join(unknown, ", "))
	}
	return form, nil
}

// response makes a Response of the result of a call.
func (o *operation) response(body []byte, err error) (Response, error) {
	var failure *wrapper.Error
	switch {
	case err == nil:
		canonical, err := o.canonical(body)
		return Response{Code: codeOK, Body: canonical}, err
	case !errors.As(err, &failure) || failure.Code == 0:
		return Response{}, err
	case failure.Operation != o.ID || failure.HTTPStatus != http.StatusOK || failure.Attempts != 1:
		return Response{}, fmt.Errorf("operation %q, HTTP status %d, %d attempts: %w", failure.Operation, failure.HTTPStatus, failure.Attempts, err)
	}
	return Response{Code: failure.Code, Desc: failure.Message}, nil
}

// Emulated is the SDK with an emulator behind it.
type Emulated struct {
	SDK
	*ControlPlane
}

// NewEmulated connects the SDK to an emulator by its base URL, such as
// http://127.0.0.1:8500/nimserver. The SDK follows the emulator's clock, and
// sends each call once and without delay: the suite asks for the response to one
// request. The options given are applied after these.
func NewEmulated(ctx context.Context, baseURL string, credentials sign.Credentials, options ...wrapper.Option) (*Emulated, error) {
	control, err := NewControlPlane(ctx, baseURL)
	if err != nil {
		return nil, err
	}
	options = append([]wrapper.Option{
		wrapper.WithBaseURL(baseURL),
		wrapper.WithClock(control.Now),
		wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}),
		wrapper.WithLimiter(nil),
	}, options...)
	client, err := wrapper.New(credentials, options...)
	if err != nil {
		return nil, err
	}
	return &Emulated{SDK{client}, control}, nil
}
