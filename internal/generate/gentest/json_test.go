package gentest

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/long"
)

// through writes v with encoding/json and reads it into a new value of its type.
func through(t *testing.T, v any) (text []byte, back any) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%T: %v", v, err)
	}
	to := reflect.New(reflect.TypeOf(v))
	if err := json.Unmarshal(text, to.Interface()); err != nil {
		t.Fatalf("%T: %s: %v", v, text, err)
	}
	return text, to.Elem().Interface()
}

// holder is a struct of a user, with a value of every type in every place.
func holder(of reflect.Type) reflect.Type {
	field := func(name string, t reflect.Type) reflect.StructField {
		return reflect.StructField{Name: name, Type: t, Tag: reflect.StructTag(`json:"` + name + `"`)}
	}
	return reflect.StructOf([]reflect.StructField{
		field("Value", of), field("Pointer", reflect.PointerTo(of)), field("Slice", reflect.SliceOf(of)),
		field("Pointers", reflect.SliceOf(reflect.PointerTo(of))), field("Map", reflect.MapOf(reflect.TypeFor[string](), of)),
	})
}

// TestJSONGoesBothWays: whatever is in a struct comes back, wherever the struct is.
func TestJSONGoesBothWays(t *testing.T) {
	seeds := uint64(long.Rounds(t, 20, 100))
	for _, of := range structs {
		for seed := range seeds {
			v := random(seed, of).Elem()
			if text, back := through(t, v.Interface()); !reflect.DeepEqual(back, v.Interface()) {
				t.Fatalf("%v: %s\n got %+v\nwant %+v", of, text, back, v)
			}
			h := reflect.New(holder(of)).Elem()
			h.Field(0).Set(v)
			h.Field(1).Set(random(seed+1000, of))
			h.Field(2).Set(reflect.Append(reflect.MakeSlice(h.Field(2).Type(), 0, 2), v, random(seed+2000, of).Elem()))
			h.Field(3).Set(reflect.Append(reflect.MakeSlice(h.Field(3).Type(), 0, 2), random(seed+3000, of), reflect.Zero(h.Field(1).Type())))
			h.Field(4).Set(reflect.MakeMap(h.Field(4).Type()))
			h.Field(4).SetMapIndex(reflect.ValueOf("k"), v)
			if text, back := through(t, h.Interface()); !reflect.DeepEqual(back, h.Interface()) {
				t.Fatalf("%v: %s\n got %+v\nwant %+v", of, text, back, h)
			}
		}
	}
}

// TestJSONOfResponsesIsThatOfTheService: encoding/json and AppendJSON write the same.
func TestJSONOfResponsesIsThatOfTheService(t *testing.T) {
	for _, e := range endpoints {
		for seed := range uint64(20) {
			v := random(seed, e.success).Interface().(gen.Response)
			text, err := json.Marshal(v)
			if err != nil || !sameJSON(t, string(text), string(v.AppendJSON(nil, gen.Canonical))) {
				t.Errorf("%s: %s, %v", e.ID, text, err)
			}
		}
	}
}

func TestJSONHasTheUnitsOfTheWire(t *testing.T) {
	member := gen.Member{
		RoomID: 1, Accid: "ben", Type: gen.RoleCommon, Online: true, EnterTime: time.UnixMilli(1795906833411).UTC(),
		TempMuteTTL: ptr(600 * time.Second), Extra: map[string]json.RawMessage{"new": json.RawMessage("[1]")},
	}
	const want = `{"roomid":1,"accid":"ben","nick":"","avator":null,"ext":"","type":"COMMON","onlineStat":true,"enterTime":1795906833411,"tempMuteTtl":600,"new":[1]}`
	if text, back := through(t, member); string(text) != want || !reflect.DeepEqual(back, member) {
		t.Errorf("%s\n%+v", text, back)
	}
	zero, _ := through(t, gen.Member{})
	if string(zero) != `{"roomid":0,"accid":"","nick":"","avator":null,"ext":null,"type":"","onlineStat":false}` {
		t.Errorf("%s", zero)
	}
}

// TestJSONIsReadAsLenientlyAsResponses: texts for numbers, aliases, JSON text.
func TestJSONIsReadAsLenientlyAsResponses(t *testing.T) {
	var m gen.Member
	err := json.Unmarshal([]byte(`{"roomid":"1","accid":"ben","type":"owner","joinTime":"1795906833411","Blocklisted":"true","level":null,"bid":7}`), &m)
	if err != nil || m.RoomID != 1 || m.Type != gen.RoleCreator || m.EnterTime.UnixMilli() != 1795906833411 || !m.Blacklisted || m.Level != nil || string(m.Extra["bid"]) != "7" {
		t.Errorf("%+v, %v", m, err)
	}
	var added gen.AddedRobots
	if err := json.Unmarshal([]byte(`{"failAccids":"[\"a\"]"}`), &added); err != nil || !reflect.DeepEqual(added.FailedAccids, []string{"a"}) {
		t.Errorf("%+v, %v", added, err)
	}
	var form gen.SendMessageForm
	if err := json.Unmarshal([]byte(`{"roomid":1,"msgType":"0","antispamCustom":null,"abandonRatio":null}`), &form); err != nil || *form.MsgType != gen.MessageTypeText || form.AntiSpamCustom != nil || form.AbandonRatio != nil {
		t.Errorf("%+v, %v", form, err)
	}
}

func TestBrokenJSONChangesNothing(t *testing.T) {
	m := gen.Member{Accid: "ben"}
	for _, text := range []string{`{"accid":"a","roomid":[]}`, `[]`, `7`} {
		if err := json.Unmarshal([]byte(text), &m); err == nil || m.Accid != "ben" {
			t.Errorf("%s: %+v, %v", text, m, err)
		}
	}
	if err := json.Unmarshal([]byte("null"), &m); err != nil || m.Accid != "ben" {
		t.Errorf("null: %+v, %v", m, err)
	}
	room := gen.GetChatroomSuccess{Code: 1}
	var apiError *gen.APIError
	if err := room.UnmarshalJSON([]byte(`{"code":404,"desc":"gone"}`)); !errors.As(err, &apiError) || apiError.Code != 404 || room.Code != 1 {
		t.Errorf("%+v, %v", room, err)
	}
	if err := m.UnmarshalJSON([]byte(`{"accid":"a"} {}`)); err == nil {
		t.Error("a second value was passed over")
	}
}

// TestAStructThatEmbedsOneIsWrittenAsThatOne holds what the package says of it.
func TestAStructThatEmbedsOneIsWrittenAsThatOne(t *testing.T) {
	type guest struct {
		gen.TagCount
		Note string
	}
	text, err := json.Marshal(guest{gen.TagCount{Tag: "vip", OnlineUserCount: 2}, "lost"})
	if err != nil || string(text) != `{"tag":"vip","onlineUserCount":2}` {
		t.Errorf("%s, %v", text, err)
	}
}

// FuzzJSON reads anything as every type: what can be read can be written, and means
// the same when it is read again.
func FuzzJSON(f *testing.F) {
	for i, of := range structs {
		text, err := json.Marshal(random(1, of).Interface())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), text)
	}
	f.Fuzz(func(t *testing.T, i uint8, text []byte) {
		of := structs[int(i)%len(structs)]
		v := reflect.New(of)
		if json.Unmarshal(text, v.Interface()) != nil {
			return
		}
		first, err := json.Marshal(v.Interface())
		if err != nil {
			t.Fatalf("%v: %s: %v", of, text, err)
		}
		again := reflect.New(of)
		if err := json.Unmarshal(first, again.Interface()); err != nil {
			t.Fatalf("%v: %s: %v", of, first, err)
		}
		if second, err := json.Marshal(again.Interface()); err != nil || string(second) != string(first) {
			t.Fatalf("%v: %s became %s, %v", of, first, second, err)
		}
	})
}
