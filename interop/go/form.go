package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
)

// form is what is left of a line's fields while they go into a request.
type form struct {
	fields map[string]json.RawMessage
	err    error
}

// set calls the setter of a field, if the field is there.
func set[R, V any](f *form, request *R, name string, setter func(R, V) R) {
	text, ok := f.fields[name]
	if !ok {
		return
	}
	delete(f.fields, name)
	var value V
	if err := json.Unmarshal(text, &value); err != nil {
		f.err = fmt.Errorf("%s: %w", name, err)
		return
	}
	*request = setter(*request, value)
}

// setJSON is set for a field that holds JSON text.
func setJSON[R any](f *form, request *R, name string, setter func(R, string) R) {
	text, ok := f.fields[name]
	if ok && !bytes.HasPrefix(text, []byte(`"`)) {
		f.fields[name], _ = json.Marshal(string(text)) // a string always can be
	}
	set(f, request, name, setter)
}

// problem tells what could not be set.
func (f *form) problem() error {
	for name := range f.fields {
		return errors.New(name + ": no such field")
	}
	return f.err
}

// execute hides the type of an answer.
func execute[T any](run func() (*T, *http.Response, error)) func() (any, *http.Response, error) {
	return func() (any, *http.Response, error) { return run() }
}

// forget drops what an answer holds beside the members that the spec lists, so
// that members which the client does not know are missed.
func forget(value any) { forgetValue(reflect.ValueOf(value)) }

func forgetValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			forgetValue(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			forgetValue(v.Index(i))
		}
	case reflect.Struct:
		if extra := v.FieldByName("AdditionalProperties"); extra.IsValid() {
			extra.SetZero()
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				forgetValue(v.Field(i))
			}
		}
	}
}
