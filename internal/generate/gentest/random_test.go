package gentest

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/tagexpr"
)

// texts holds what strings are filled with: what escaping and shapes could break.
var texts = []string{"", "zhangsan", "a b+c&d=e%", `"quoted" \ back`, "你好😀", "line\nbreak\ttab\x01", `{"tag":"a"} and {"tag":"b"}`, `{"k":1}`, "null", "12", "true"}

var (
	rawType      = reflect.TypeFor[json.RawMessage]()
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	exprType     = reflect.TypeFor[tagexpr.Expr]()
)

// fill sets v to something random that its wire form can carry: lists are nil
// when empty, raw JSON is compact.
func fill(r *rand.Rand, v reflect.Value) {
	switch n := int64(r.Uint64()) >> r.IntN(64); v.Type() {
	case timeType: // to the second, as some are
		v.Set(reflect.ValueOf(wire.FromUnix(n)))
		return
	case durationType:
		v.SetInt(int64(wire.FromSeconds(n)))
		return
	case exprType: // or text that is none
		expr, err := tagexpr.Parse(texts[r.IntN(len(texts))])
		if err != nil && r.IntN(2) == 0 {
			expr = tagexpr.Tag(expr.String()).Or(tagexpr.Tag("a"))
		}
		v.Set(reflect.ValueOf(expr))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			switch {
			case name == "Extra" && r.IntN(3) > 0:
			case name == "Code":
				v.Field(i).SetInt(200)
			default:
				fill(r, v.Field(i))
			}
		}
		for _, name := range identityOf(v.Type()) {
			identify(v.FieldByName(name))
		}
	case reflect.Pointer:
		if r.IntN(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(r, v.Elem())
		}
	case reflect.Slice:
		if v.Type() == rawType {
			v.SetBytes([]byte(`{"k":[1,"x",null]}`))
			return
		}
		for range r.IntN(4) {
			item := reflect.New(v.Type().Elem()).Elem()
			fill(r, item)
			v.Set(reflect.Append(v, item))
		}
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]json.RawMessage{"newField": json.RawMessage(`{"status":1}`), "你": json.RawMessage(`"x"`)}))
	case reflect.String:
		v.SetString(texts[r.IntN(len(texts))])
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		n := int64(r.Uint64()) >> r.IntN(64)
		if v.Type() == reflect.TypeFor[gen.RoomID]() {
			n = max(1, n)
		}
		v.SetInt(n)
	}
}

// identityOf returns the names of the fields in which a struct of a response may not be empty.
func identityOf(t reflect.Type) []string {
	if strings.HasPrefix(t.Name(), "EntryOf[") {
		return []string{"Key"}
	}
	return identities[t]
}

// identify gives a text a value unless it has one, and each element of a list.
func identify(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			identify(v.Index(i))
		}
	case reflect.String:
		if v.Len() == 0 {
			v.SetString("x")
		}
	}
}

// random returns a new random value of a type.
func random(seed uint64, t reflect.Type) reflect.Value {
	v := reflect.New(t)
	fill(rand.New(rand.NewPCG(seed, 1)), v.Elem())
	return v
}
