package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper"
)

// SDK is the client half of a [Target]: nimroom's own, by its typed methods.
type SDK struct{ Client *wrapper.Client }

// Call runs the operation's method, or with raw [wrapper.Client.Do]. A form
// that the method cannot take whole is an error: it would not send what the
// scenario says.
func (s SDK) Call(ctx context.Context, id string, form map[string]string, raw bool) (Answer, error) {
	o, ok := operations[id]
	if !ok {
		return Answer{}, fmt.Errorf("no operation %q", id)
	}
	values := make(url.Values, len(form))
	for name, value := range form {
		values.Set(name, value)
	}
	var body []byte
	if raw {
		_, err := s.Client.Do(ctx, o.Path, values, wrapper.RawResponse(&body))
		return o.answer(body, err)
	}
	typed, err := o.typed(values)
	if err != nil {
		return Answer{}, err
	}
	err = o.call(ctx, s.Client, typed, &body)
	return o.answer(body, err)
}

// typed makes the method's form of all that travels, or tells what it cannot
// hold.
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

// answer makes the answer of what a call gave.
func (o *operation) answer(body []byte, err error) (Answer, error) {
	var refusal *wrapper.Error
	switch {
	case err == nil:
		canonical, err := o.canonical(body)
		return Answer{Code: codeOK, Body: canonical}, err
	case !errors.As(err, &refusal) || refusal.Code == 0:
		return Answer{}, err
	case refusal.Operation != o.ID || refusal.HTTPStatus != http.StatusOK || refusal.Attempts != 1:
		return Answer{}, fmt.Errorf("operation %q, HTTP status %d, %d attempts: %w", refusal.Operation, refusal.HTTPStatus, refusal.Attempts, err)
	}
	return Answer{Code: refusal.Code, Desc: refusal.Message}, nil
}

// Emulated is the SDK with an emulator behind it.
type Emulated struct {
	SDK
	*ControlPlane
}

// NewEmulated connects the SDK to an emulator by its base URL, such as
// http://127.0.0.1:8500/nimserver. The SDK follows the emulator's clock, and
// sends each call once and at once: what the suite asks is what a request is
// answered. Options come after these.
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
