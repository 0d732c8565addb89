package gentest

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/nimroom/nimroom/gen"
)

// enumOf is what every enum of forms and responses can do.
type enumOf interface {
	fmt.Stringer
	Known() bool
}

var enumType = reflect.TypeFor[enumOf]()

// TestEnumsAreOpen: every enum has a String, and a value that the spec does not
// know keeps itself and differs from the others.
func TestEnumsAreOpen(t *testing.T) {
	for _, typ := range enums {
		if !typ.Implements(enumType) {
			t.Errorf("%v has no String or no Known", typ)
			continue
		}
		v := reflect.New(typ).Elem()
		want := "FUTURE"
		if v.CanInt() {
			v.SetInt(9999)
			want = typ.Name() + "(9999)"
		} else {
			v.SetString(want)
		}
		if e := v.Interface().(enumOf); e.Known() || e.String() != want {
			t.Errorf("%v: %q, known %t", typ, e, e.Known())
		}
	}
}

// TestUnknownValuesSurvive: what a newer service says is there to be read, and
// goes on as it came.
func TestUnknownValuesSurvive(t *testing.T) {
	body := `{"desc":{"data":[{"roomid":1,"accid":"a","nick":"","avator":null,"ext":"","type":"FUTURE","onlineStat":false,"enterTime":1}]},"code":200}`
	v, err := gen.DecodeListMembers([]byte(body))
	if err != nil || v.Desc.Data[0].Type != "FUTURE" {
		t.Fatalf("%+v, %v", v, err)
	}
	if got := string(v.AppendJSON(nil, 0)); got != body {
		t.Errorf("got %s", got)
	}
	sent, err := gen.DecodeSendMessage([]byte(`{"desc":{"time":"1","msgid_client":"a","roomId":"1","fromAccount":"a","type":"77"},"code":200}`))
	if err != nil || sent.Desc.Type != 77 || sent.Desc.Type.String() != "MessageType(77)" {
		t.Errorf("%+v, %v", sent, err)
	}
}

func TestTableEnumsHaveNames(t *testing.T) {
	for _, tc := range []struct {
		value fmt.Stringer
		want  string
	}{
		{gen.TextField, "text"}, {gen.IntegerField, "integer"}, {gen.BooleanField, "boolean"}, {gen.ArrayField, "array"}, {gen.ObjectField, "object"},
		{gen.FieldKind(9), "FieldKind(9)"}, {gen.Deduplicated, "deduplicated"}, {gen.MaybeExecuted, "maybe"},
	} {
		if got := tc.value.String(); got != tc.want {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
}

func TestRoomIDs(t *testing.T) {
	id, err := gen.ParseRoomID("10010000001")
	if err != nil || id != 10010000001 || id.String() != "10010000001" || fmt.Sprint([]gen.RoomID{id, 2}) != "[10010000001 2]" {
		t.Errorf("%v, %v", id, err)
	}
	if _, err := gen.ParseRoomID("room"); err == nil || err.Error() != `room id: "room", want a decimal integer from 1 to 9223372036854775807` {
		t.Error(err)
	}
}
