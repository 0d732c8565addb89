package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"nimroom.example/interop/chatroom"
)

// newRequest calls the generated method of an operation. The result has a setter
// for each field, and Execute.
func newRequest(client *chatroom.APIClient, operation string) (reflect.Value, error) {
	services := reflect.ValueOf(client).Elem()
	for i := range services.NumField() {
		if !services.Type().Field(i).IsExported() {
			continue
		}
		if method := methodNamed(services.Field(i), operation); method.IsValid() {
			return method.Call([]reflect.Value{reflect.ValueOf(context.Background())})[0], nil
		}
	}
	return reflect.Value{}, errors.New(operation + ": no such operation")
}

// set calls the setter of a field. A list or an object for a field of type string
// is set as its JSON text.
func set(request reflect.Value, field string, value json.RawMessage) (reflect.Value, error) {
	setter := methodNamed(request, field)
	if !setter.IsValid() {
		return request, errors.New(field + ": no such field")
	}
	typed := reflect.New(setter.Type().In(0))
	if typed.Elem().Kind() == reflect.String && !bytes.HasPrefix(value, []byte(`"`)) {
		value, _ = json.Marshal(string(value)) // a string never fails
	}
	if err := json.Unmarshal(value, typed.Interface()); err != nil {
		return request, fmt.Errorf("%s: %w", field, err)
	}
	return setter.Call([]reflect.Value{typed.Elem()})[0], nil
}

// execute sends a request.
func execute(request reflect.Value) (any, *http.Response, error) {
	results := request.MethodByName("Execute").Call(nil)
	response, _ := results[1].Interface().(*http.Response)
	err, _ := results[2].Interface().(error)
	return results[0].Interface(), response, err
}

// methodNamed finds a generated method by its name in the OpenAPI file. The
// generator adds an underscore to names that are Go's, such as Type_.
func methodNamed(v reflect.Value, name string) reflect.Value {
	name = strings.ToUpper(name[:1]) + name[1:]
	if method := v.MethodByName(name); method.IsValid() {
		return method
	}
	return v.MethodByName(name + "_")
}

// forget drops the members of a response that the spec does not list, so that the
// suite notices a member that the client does not know.
func forget(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			forget(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			forget(v.Index(i))
		}
	case reflect.Struct:
		if extra := v.FieldByName("AdditionalProperties"); extra.IsValid() {
			extra.SetZero()
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				forget(v.Field(i))
			}
		}
	}
}
