package wrapper

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wire"
)

// Do posts a form to any path below the base URL, such as
// /chatroom/kickMember.action, signed and with errors like every other call,
// and returns the whole answer when its code is 200. It is for operations that
// have no method here; fields are sent as they are, without validation.
//
// Unless path is that of a known operation that only reads, the call counts as
// one that changes something, see [Error.MayHaveTakenEffect].
func (c *Client) Do(ctx context.Context, path string, form url.Values, options ...CallOption) (json.RawMessage, error) {
	operation := operationAt(path)
	endpoint := gen.Endpoint[encodedForm, json.RawMessage]{
		Operation: operation,
		Send: func(raw gen.ClientInterface, ctx context.Context, contentType string, body io.Reader, editors ...gen.RequestEditorFn) (*http.Response, error) {
			return postForm(ctx, raw.(*gen.Client), operation.Path, contentType, body, editors)
		},
		Decode: func(body []byte) (*json.RawMessage, error) {
			if err := checkCode(body); err != nil {
				return nil, err
			}
			raw := json.RawMessage(append([]byte(nil), body...))
			return &raw, nil
		},
	}
	answer, err := run(ctx, c, &endpoint, encodedForm(form.Encode()), options)
	if err != nil {
		return nil, err
	}
	return *answer, nil
}

// checkCode reads the code of an answer of any shape.
func checkCode(body []byte) error {
	var code int
	d := wire.NewDecoder(body)
	if d.Object() {
		for name, ok := d.Member(); ok; name, ok = d.Member() {
			if string(name) == "code" {
				d.Code(&code)
			} else {
				d.Skip()
			}
		}
	}
	return d.Answer(body, code)
}

// operationAt finds the operation of a path, or makes one up that may change
// anything.
func operationAt(path string) *gen.Operation {
	path = "/" + strings.TrimPrefix(path, "/")
	for _, operation := range gen.Operations {
		if operation.Path == path {
			return operation
		}
	}
	return &gen.Operation{ID: path, Path: path, Idempotency: gen.Unsafe}
}

// encodedForm is a form that is encoded already.
type encodedForm string

func (f encodedForm) AppendForm(dst []byte) []byte { return append(dst, f...) }
func (f encodedForm) Validate() error              { return nil }

// postForm does for any path what the raw client does for its own.
func postForm(ctx context.Context, raw *gen.Client, path, contentType string, body io.Reader, editors []gen.RequestEditorFn) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(raw.Server, "/")+path, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", contentType)
	for _, list := range [][]gen.RequestEditorFn{raw.RequestEditors, editors} {
		for _, edit := range list {
			if err := edit(ctx, request); err != nil {
				return nil, err
			}
		}
	}
	return raw.Client.Do(request)
}
