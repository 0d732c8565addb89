package wrapper_test

import (
	"context"
	"net/http"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/wrapper"
)

// Every method of every service returns an error for a context that is nil, and sends nothing.
func TestNoMethodTakesANilContext(t *testing.T) {
	client := newTransportClient(t, func(*http.Request) (*http.Response, error) {
		t.Error("sent")
		return nil, context.Canceled
	})
	isContext := reflect.TypeFor[context.Context]()
	called := 0
	call := func(name string, method reflect.Value) {
		of := method.Type()
		if of.NumIn() == 0 || of.In(0) != isContext {
			return
		}
		arguments := make([]reflect.Value, of.NumIn())
		for i := range arguments {
			arguments[i] = reflect.Zero(of.In(i))
			if arguments[i].Kind() == reflect.Struct { // batches make no call without elements
				for _, list := range []string{"RoomIDs", "Accids"} {
					if f := reflect.Indirect(reflect.New(of.In(i))).FieldByName(list); f.IsValid() {
						filled := reflect.New(of.In(i)).Elem()
						filled.FieldByName(list).Set(reflect.MakeSlice(f.Type(), 1, 1))
						arguments[i] = filled
					}
				}
				if f := reflect.Indirect(reflect.New(of.In(i))).FieldByName("MsgList"); f.IsValid() {
					filled := reflect.New(of.In(i)).Elem()
					filled.FieldByName("MsgList").Set(reflect.ValueOf([]wrapper.MessageItem{{MsgType: wrapper.Ptr(wrapper.MessageTypeText)}}))
					arguments[i] = filled
				}
			}
		}
		if of.IsVariadic() {
			arguments = arguments[:len(arguments)-1]
		}
		results := method.Call(arguments)
		err := results[len(results)-1]
		if err.Kind() == reflect.Func { // an iterator
			for _, err = range err.Seq2() {
				break
			}
		}
		failure, ok := err.Interface().(error)
		if assert.True(t, ok, name) {
			require.ErrorContains(t, failure, "context: nil", name)
		}
		called++
	}
	call("Do", reflect.ValueOf(client).MethodByName("Do"))
	services := reflect.ValueOf(client.Services)
	for i := range services.NumField() {
		service := services.Field(i)
		for m := range service.NumMethod() {
			call(services.Type().Field(i).Name+"."+service.Type().Method(m).Name, service.Method(m))
		}
	}
	assert.Greater(t, called, 40)
	var none context.Context
	_, err := client.Rooms.Get(none, wrapper.GetChatroomForm{RoomID: 1})
	require.ErrorIs(t, err, wrapper.ErrBadParameter)
}
