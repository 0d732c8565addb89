package gentest

import (
	"errors"
	"reflect"
	"testing"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// everywhere calls f with every field of v that is part of an identity.
func everywhere(v reflect.Value, f func(reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			everywhere(v.Elem(), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			everywhere(v.Index(i), f)
		}
	case reflect.Struct:
		for _, name := range identityOf(v.Type()) {
			field := v.FieldByName(name)
			if field.Kind() != reflect.Slice {
				f(field)
				continue
			}
			for i := range field.Len() {
				f(field.Index(i))
			}
		}
		for i := range v.NumField() {
			everywhere(v.Field(i), f)
		}
	}
}

// A response is broken if anything in it that says what it is about is empty or 0.
func TestASuccessSaysWhatItIsAbout(t *testing.T) {
	for _, e := range endpoints {
		for seed := range uint64(20) {
			v := random(seed, e.success)
			everywhere(v, func(field reflect.Value) {
				was := reflect.ValueOf(field.Interface())
				field.SetZero()
				body := v.Interface().(gen.Response).AppendJSON(nil, wire.Canonical)
				field.Set(was)
				var broken *wire.DecodeError
				if got, err := e.decode(body); !errors.As(err, &broken) {
					t.Fatalf("%s: %s: %+v, %v", e.ID, body, got, err)
				}
			})
		}
	}
}

func TestBrokenIdentities(t *testing.T) {
	for _, tc := range []struct{ operation, body, says string }{
		{"createChatroom", `{"code":200,"chatroom":{"name":"x"}}`, `chatroom at byte 23: want a value of roomid, got {"name":"x"}`},
		{"createChatroom", `{"code":200,"chatroom":null}`, `chatroom at byte 23: want a value of roomid, got null`},
		{"createChatroom", `{"code":200,"chatroom":{"roomid":-5}}`, `chatroom.roomid at byte 33: want an id of at least 1, got -5`},
		{"createChatroom", `{"code":200,"chatroom":"{\"roomid\":\"0\"}"}`, `chatroom.roomid at byte 23: want an id of at least 1, got "0"`},
		{"createChatroom", `{"code":200,"chatroom":"{\"name\":\"x\"}"}`, `chatroom at byte 23: want a value of roomid, got "{\"name\":\"x\"}"`},
		{"getMembers", `{"code":200,"desc":{"data":[""]}}`, `desc.data[0] at byte 28: want a value of accid, got ""`},
		{"getMembers", `{"code":200,"desc":{"data":[{"accid":"a"},{"accid":null}]}}`, `desc.data[1] at byte 42: want a value of accid, got {"accid":null}`},
		{"getMembers", `{"code":200,"desc":{"data":[{"accid":"a","roomid":-1}]}}`, `desc.data[0].roomid at byte 50: want an id of at least 1, got -1`},
		{"setMemberRole", `{"code":200,"desc":{"type":"MANAGER"}}`, `desc at byte 19: want a value of roomid, got {"type":"MANAGER"}`},
		{"sendMessage", `{"code":200,"desc":{"time":"1"}}`, `desc at byte 19: want a value of msgid_client, got {"time":"1"}`},
		{"countTagMembers", `{"code":200,"data":{"tag":"a","onlineUserCount":null}}`, `data at byte 19: want a value of onlineUserCount, got {"tag":"a","onlineUserCount":null}`},
		{"addRobots", `{"code":200,"desc":{"failAccids":"[]"}}`, `desc at byte 19: want a value of successAccids, got {"failAccids":"[]"}`},
		{"addRobots", `{"code":200,"desc":{"failAccids":"[]","successAccids":"[\"\"]"}}`, `desc.successAccids[0] at byte 54: want a text that is not empty, got ""`},
		{"listUserChatrooms", `{"code":200,"desc":{"roomids":["7",""]}}`, `desc.roomids[1] at byte 35: want an id of at least 1, got ""`},
		{"listQueueElements", `{"code":200,"desc":{"list":[{"":"x"}]}}`, `desc.list[0] at byte 32: want a value with a key, got "x"`},
		{"listQueueElements", `{"code":200,"desc":{"list":[""]}}`, `desc.list[0] at byte 28: want an object with a member, got ""`},
	} {
		e := find(t, tc.operation)
		if got, err := e.decode([]byte(tc.body)); err == nil || err.Error() != tc.says {
			t.Errorf("%s: %s: %+v\n got %v\nwant %s", tc.operation, tc.body, got, err, tc.says)
		}
	}
}

// The types can hold anything in the JSON of a program, which is no response.
func TestOnlyResponsesNeedAnIdentity(t *testing.T) {
	for _, of := range structs {
		if _, isResponse := reflect.New(of).Interface().(gen.Response); !isResponse {
			through(t, reflect.New(of).Elem().Interface())
		}
	}
}
