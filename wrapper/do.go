package wrapper

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper/internal/request"
)

// Do posts a form to any path below the base URL, such as /team/create.action, and
// returns the whole body of a response whose code is 200. The call is signed, and its
// errors are those of every other call. Do is for operations that have no method here.
// Fields are sent as they are, without validation. A path is not a URL: it has no query,
// and no call leaves the base URL.
//
// The call is repeated by the rules of the operation that has this path in the documents.
// An operation with an unknown path is taken to be unsafe, and so is sending a message
// without a msgId.
//
// Errors: an *[Error], whose Operation is the path if the operation is not known;
// [ErrBadParameter] for a path that is not valid.
//
// Source: the pages of the vendor that describe the path.
func (c *Client) Do(ctx context.Context, path string, form url.Values, options ...CallOption) (json.RawMessage, error) {
	body, err := post(ctx, c, path, form, readRaw, options)
	if err != nil {
		return nil, err
	}
	if len(*body) == 0 {
		// An earlier attempt arrived and succeeded, and its response held nothing more.
		return json.RawMessage(`{"code":200}`), nil
	}
	return *body, nil
}

// post posts a form to a path and reads the response.
func post[R any](ctx context.Context, c *Client, path string, form url.Values, read func(*wire.Decoder) (*R, error), options []CallOption) (*R, error) {
	if err := request.CheckPath(path); err != nil {
		options = append(slices.Clip(options), callOption(func(*settings) error { return err }))
	}
	operation := operationFor(path, form)
	endpoint := gen.Endpoint[valuesForm, R]{
		Operation: operation,
		Send: func(raw gen.ClientInterface, ctx context.Context, contentType string, body io.Reader, editors ...gen.RequestEditorFn) (*http.Response, error) {
			return postForm(ctx, raw.(*gen.Client), operation.Path, contentType, body, editors)
		},
		Read: read,
	}
	if operation.Unclear != "" {
		endpoint.Unclear = func(*R) bool { return true } // Do does not read the result
	}
	return run(ctx, c.engine, &endpoint, valuesForm{form, operation.Repeat, operation.IdempotentWith}, options)
}

// readRaw returns a response of any shape whose code is 200.
func readRaw(d *wire.Decoder) (*json.RawMessage, error) {
	var code int
	body := json.RawMessage(bytes.Clone(d.Rest()))
	if d.Object() {
		for name, ok := d.Member(); ok; name, ok = d.Member() {
			if string(name) == "code" {
				d.Code(&code)
			} else {
				d.Skip()
			}
		}
	}
	return &body, d.Response(code)
}

// operationFor returns the operation of a path, or an unsafe one for a path that is not
// known. A deduplicated operation whose form has no id cannot be repeated.
func operationFor(path string, form url.Values) *gen.Operation {
	path = "/" + strings.TrimPrefix(path, "/")
	for _, operation := range gen.Operations {
		if operation.Path != path && !slices.Contains(operation.PathAliases, path) {
			continue
		}
		if operation.Repeat != nil && !identified(operation.Repeat, form) {
			once := *operation
			once.Idempotency, once.Repeat = gen.Unsafe, nil
			return &once
		}
		return operation
	}
	return &gen.Operation{ID: path, Path: path, Idempotency: gen.Unsafe}
}

// identified reports whether a form has an id by which the service recognizes a repeat, or
// each element of its list has one.
func identified(r *gen.Repeat, form url.Values) bool {
	if r.List == "" {
		return form.Get(r.ID) != ""
	}
	list := elements(form.Get(r.List))
	return list != nil && !slices.ContainsFunc(list, func(e map[string]json.RawMessage) bool {
		id := string(e[r.ID])
		return id == "" || id == `""` || id == "null"
	})
}

// elements returns the objects of a list. It is nil if the text is no such list.
func elements(text string) []map[string]json.RawMessage {
	var list []map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &list) != nil || slices.ContainsFunc(list, func(e map[string]json.RawMessage) bool { return e == nil }) {
		return nil
	}
	return list
}

// valuesForm is a form that is sent as it is.
type valuesForm struct {
	values url.Values
	repeat *gen.Repeat // how a deduplicated operation marks a repeat
	with   string      // the field with which an unsafe operation is idempotent
}

func (f valuesForm) AppendForm(dst []byte) []byte { return append(dst, f.values.Encode()...) }

func (f valuesForm) Validate() error {
	c := new(wire.Check)
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		c.UTF8("field name", name)
		for _, value := range f.values[name] {
			c.UTF8(name, value)
		}
	}
	return c.Err()
}

// Room returns the room that the form names, or 0.
func (f valuesForm) Room() gen.RoomID {
	for _, name := range []string{"roomid", "roomId"} {
		if id, err := gen.ParseRoomID(f.values.Get(name)); err == nil {
			return id
		}
	}
	return 0
}

// Idempotent reports whether the form has the field with which it can be repeated.
func (f valuesForm) Idempotent() bool { return f.values.Get(f.with) != "" }

// Identified leaves the id as it is, because operationFor has found that the form has one.
func (f valuesForm) Identified(_ string, mark bool) (valuesForm, bool) {
	switch {
	case f.repeat == nil:
		return f, false
	case f.repeat.List != "":
		return f.marked(mark)
	}
	if mark && !f.values.Has(f.repeat.Flag) {
		f.values = maps.Clone(f.values) // the caller keeps the original
		f.values.Set(f.repeat.Flag, f.repeat.Value)
	}
	return f, f.values.Get(f.repeat.Flag) == f.repeat.Value
}

// marked marks the elements of the form's list.
func (f valuesForm) marked(mark bool) (valuesForm, bool) {
	list := elements(f.values.Get(f.repeat.List))
	changed, all := false, true
	for _, e := range list {
		if mark && e[f.repeat.Flag] == nil {
			e[f.repeat.Flag], changed = json.RawMessage(f.repeat.Value), true
		}
		all = all && strings.Trim(string(e[f.repeat.Flag]), `"`) == f.repeat.Value
	}
	if text, err := json.Marshal(list); changed && err == nil {
		f.values = maps.Clone(f.values) // the caller keeps the original
		f.values.Set(f.repeat.List, string(text))
	}
	return f, all
}

// postForm does for any path what the raw client does for the paths of the spec.
func postForm(ctx context.Context, raw *gen.Client, path, contentType string, body io.Reader, editors []gen.RequestEditorFn) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(raw.Server, "/")+path, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", contentType)
	for _, edit := range editors {
		if err := edit(ctx, r); err != nil {
			return nil, err
		}
	}
	return raw.Client.Do(r)
}
