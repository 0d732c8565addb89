package gentest

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/tagexpr"
)

const notUTF8 = "a\xffb"

// spoil calls check once for each text in a form, after putting text there that is not UTF-8.
func spoil(v reflect.Value, name string, check func(name string)) {
	put := func(bad reflect.Value) {
		was := reflect.ValueOf(v.Interface())
		v.Set(bad)
		check(name)
		v.Set(was)
	}
	switch {
	case v.Type() == exprType:
		put(reflect.ValueOf(tagexpr.Tag(notUTF8)))
	case v.Type() == rawType:
		put(reflect.ValueOf(json.RawMessage(`{"a":"` + notUTF8 + `"}`)))
	case v.Kind() == reflect.String:
		put(reflect.ValueOf(notUTF8).Convert(v.Type()))
	case v.Kind() == reflect.Pointer:
		was := reflect.ValueOf(v.Interface())
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		spoil(v.Elem(), name, check)
		v.Set(was)
	case v.Kind() == reflect.Slice:
		was := reflect.ValueOf(v.Interface())
		one := reflect.MakeSlice(v.Type(), 1, 1)
		reflect.Copy(one, was)
		v.Set(one)
		spoil(v.Index(0), name, check)
		v.Set(was)
	case v.Kind() == reflect.Map && v.Type().Elem() == rawType:
		put(reflect.ValueOf(map[string]json.RawMessage{notUTF8: json.RawMessage("1")}))
		put(reflect.ValueOf(map[string]json.RawMessage{"x": json.RawMessage(`"` + notUTF8 + `"`)}))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				spoil(v.Field(i), name+"."+f.Name, check)
			}
		}
	}
}

// Whatever field of whatever form holds text that is not UTF-8, Validate names it.
func TestNoFormTakesTextThatIsNotUTF8(t *testing.T) {
	for _, e := range endpoints {
		fields, err := wire.ParseForm(e.Example)
		if err != nil {
			t.Fatal(err)
		}
		bound, err := e.Bind(fields)
		if err != nil {
			t.Fatalf("%s: %v", e.ID, err)
		}
		form := reflect.New(reflect.TypeOf(bound)).Elem()
		form.Set(reflect.ValueOf(bound))
		spoil(form, e.ID, func(name string) {
			err := form.Interface().(gen.Form).Validate()
			var field *wire.FieldError
			if !errors.As(err, &field) || field.Field == "" || !strings.Contains(err.Error(), "UTF-8") {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}
