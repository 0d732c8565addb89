package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"github.com/nimroom/nimroom/conformance"
	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
)

// target is a [conformance.Target]: a driver with an emulator behind it.
type target struct {
	*conformance.Emulated // the control plane, and the calls that the driver cannot express
	driver                *Driver
	front                 *front
	canned                *canned // the response to the next call
	// calls are those of the scenario so far.
	calls []call
}

// call is what became of a call.
type call struct {
	operation string
	code      int // 0: the client could not express it
	reason    string
}

// Call lets the driver make the call and compares the emulator's log with it. A
// call that the client cannot express is made without it, so that the scenario
// goes on, and counted apart. Only calls that a scenario marks as raw may be so.
func (t *target) Call(ctx context.Context, operation string, form map[string]string, raw bool) (conformance.Response, error) {
	srv := t.front.server()
	before := len(srv.Requests())
	typed, err := typedForm(operation, form)
	if err != nil {
		return conformance.Response{}, err
	}
	reply, err := t.driver.Ask(ctx, Request{operation, typed, t.Now().Unix()})
	if err != nil {
		return conformance.Response{}, err
	}
	sent := srv.Requests()[before:]
	fetched := t.canned != nil && t.front.takeNext() == nil
	if reply.Inexpressible != "" {
		switch {
		case len(sent) > 0 || fetched:
			return conformance.Response{}, fmt.Errorf("a request arrived, and then: %s", reply.Inexpressible)
		case !raw:
			return conformance.Response{}, fmt.Errorf("not expressible: %s", reply.Inexpressible)
		}
		t.calls = append(t.calls, call{operation: operation, reason: reply.Inexpressible})
		return t.Emulated.Call(ctx, operation, form, true)
	}
	response := reply.response()
	if t.canned != nil { // the emulator has not seen this call
		t.canned = nil
		if !fetched {
			return response, errors.New("no request arrived")
		}
	} else if err := checkSent(sent, operation, form, response); err != nil {
		return response, err
	}
	if nonce := t.front.reusedNonce(); nonce != "" {
		return response, fmt.Errorf("nonce %q came twice", nonce)
	}
	if reply.Status == 0 {
		t.calls = append(t.calls, call{operation: operation, code: response.Code})
	}
	return response, nil
}

// Control performs a step's control, those of this program too.
func (t *target) Control(ctx context.Context, action, room string, with json.RawMessage) (conformance.Response, error) {
	done := conformance.Response{Code: 200}
	switch action {
	case controlFail:
		fault := emulator.Fault{Kind: emulator.FaultCode}
		if err := json.Unmarshal(with, &fault); err != nil {
			return done, err
		}
		return done, t.front.server().AddFault(fault)
	case controlRespond:
		t.canned = &canned{}
		t.front.setNext(t.canned)
		return done, json.Unmarshal(with, t.canned)
	}
	return t.Emulated.Control(ctx, action, room, with)
}

func (r *Reply) response() conformance.Response {
	if r.Response != nil {
		return conformance.Response{Code: 200, Body: r.Response}
	}
	response := conformance.Response{Code: r.Code + r.Status} // one of them
	if r.Desc != nil {
		response.Desc = *r.Desc
	}
	return response
}

// typedForm gives the texts of a form the types of their fields. A text that
// does not fit stays a text.
func typedForm(operation string, form map[string]string) (map[string]any, error) {
	o := slices.IndexFunc(gen.Operations, func(o *gen.Operation) bool { return o.ID == operation })
	if o < 0 {
		return nil, fmt.Errorf("no operation %q", operation)
	}
	typed := make(map[string]any, len(form))
	for name, text := range form {
		typed[name] = text
		if f := slices.IndexFunc(gen.Operations[o].Fields, func(f gen.Field) bool { return f.Name == name }); f >= 0 {
			typed[name] = typedValue(gen.Operations[o].Fields[f].Kind, text)
		}
	}
	return typed, nil
}

func typedValue(kind gen.FieldKind, text string) any {
	switch {
	case kind == gen.IntegerField:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(n, 10) == text {
			return n
		}
	case kind == gen.NumberField && json.Valid([]byte(text)):
		return json.RawMessage(text)
	case kind == gen.BooleanField:
		if text == "true" || text == "false" {
			return text == "true"
		}
	case kind.IsJSON() && json.Valid([]byte(text)):
		return json.RawMessage(text)
	}
	return text
}

// checkSent compares the emulator's log with one call: the request came once, was
// signed, had all fields and no others, and the client returned the code and the
// text that the emulator gave.
func checkSent(sent []emulator.Request, operation string, form map[string]string, response conformance.Response) error {
	if len(sent) != 1 {
		return fmt.Errorf("%d requests arrived, want 1", len(sent))
	}
	r := sent[0]
	switch {
	case r.OperationID != operation:
		return fmt.Errorf("%s was called", r.OperationID)
	case r.Signature != emulator.SignatureOK:
		return fmt.Errorf("signature: %s", r.Signature)
	case len(r.Duplicated) > 0:
		return fmt.Errorf("fields sent twice: %v", r.Duplicated)
	case r.Code != response.Code || r.Desc != response.Desc:
		return fmt.Errorf("the client returned %d %q, the emulator %d %q", response.Code, response.Desc, r.Code, r.Desc)
	}
	var problems []error
	for name, want := range form {
		if got, ok := r.Form[name]; !ok {
			problems = append(problems, fmt.Errorf("%s did not arrive", name))
		} else if got != want && !sameJSON(got, want) {
			problems = append(problems, fmt.Errorf("%s arrived as %q, want %q", name, got, want))
		}
	}
	for name, got := range r.Form {
		if _, ok := form[name]; !ok {
			problems = append(problems, fmt.Errorf("%s arrived, as %q, and was not asked for", name, got))
		}
	}
	return errors.Join(problems...)
}

// sameJSON reports whether two texts are lists or objects that are alike.
func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	switch x.(type) {
	case []any, map[string]any:
		return reflect.DeepEqual(x, y)
	}
	return false
}
