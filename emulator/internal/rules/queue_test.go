package rules_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// Notifications 317, 320 and 324, with the queueChange of the client's SDK.
func TestEveryChangeOfTheQueueIsNotified(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	if err := srv.Join(id, emulator.JoinOptions{Accid: "lisi", Nick: "Li Si"}); err != nil {
		t.Fatal(err)
	}
	stream := emutest.Watch(t, srv, id, "")
	want := func(kind emulator.EventKind, notification int, operator, change string) {
		t.Helper()
		for _, e := range stream.Pending() {
			text, _ := json.Marshal(e.Queue)
			if e.Kind == emulator.EventLeave {
				continue
			}
			if e.Kind != kind || e.NotificationID != notification || e.Operator != operator || string(text) != change {
				t.Errorf("%s %d %s %s\nwant %s %d %s %s", e.Kind, e.NotificationID, e.Operator, text, kind, notification, operator, change)
			}
			kind = ""
		}
		if kind != "" {
			t.Errorf("no %s", kind)
		}
	}
	lisi, high := emutest.Ptr("lisi"), emutest.Ptr(gen.QueuePriorityHigh)
	emutest.Do(t, srv, gen.OfferQueueElementEndpoint, gen.OfferQueueElementForm{RoomID: id, Key: "a", Value: "1", Operator: lisi, HighPriority: high})
	want(emulator.EventQueue, 317, "lisi", `{"_e":"OFFER","key":"a","content":"1","highPriority":true}`)
	emutest.Do(t, srv, gen.OfferQueueElementsEndpoint, gen.OfferQueueElementsForm{RoomID: id, Elements: []gen.OfferedElement{{Key: "b", Value: "2", Accid: lisi, Transient: emutest.Ptr(true)}}})
	want(emulator.EventQueueOffer, 324, "zhangsan", `{"_e":"BATCH_OFFER","elements":[{"key":"b","value":"2","accid":"lisi","nick":"Li Si"}]}`)
	update := gen.UpdateQueueElementsForm{RoomID: id, Operator: "zhangsan", Elements: []gen.Entry{{Key: "a", Value: "3"}}}
	emutest.Do(t, srv, gen.UpdateQueueElementsEndpoint, update)
	want(emulator.EventQueue, 317, "zhangsan", `{"_e":"BATCH_UPDATE","kvObject":{"a":"3"}}`)
	update.NeedNotify = emutest.Ptr(false)
	emutest.Do(t, srv, gen.UpdateQueueElementsEndpoint, update)
	if err := srv.Leave(id, "lisi"); err != nil {
		t.Fatal(err)
	}
	want(emulator.EventQueueClear, 320, "lisi", `{"_e":"PARTCLEAR","kvObject":{"b":"2"}}`)
	emutest.Do(t, srv, gen.PollQueueElementEndpoint, gen.PollQueueElementForm{RoomID: id})
	want(emulator.EventQueue, 317, "zhangsan", `{"_e":"POLL","key":"a","content":"3"}`)
	emutest.Do(t, srv, gen.DropQueueEndpoint, gen.DropQueueForm{RoomID: id})
	want(emulator.EventQueue, 317, "zhangsan", `{"_e":"DROP"}`)
}

func TestTheQueueRefusesHighPriorityBeyondTenASecond(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	drop := gen.DropQueueForm{RoomID: id, HighPriority: emutest.Ptr(gen.QueuePriorityHigh)}
	for range 10 {
		if !emutest.Do(t, srv, gen.DropQueueEndpoint, drop).Desc.HighPriority {
			t.Error("not with high priority")
		}
	}
	if emutest.Do(t, srv, gen.DropQueueEndpoint, drop).Desc.HighPriority {
		t.Error("the eleventh has high priority")
	}
	drop.HighPriorityPolicy = emutest.Ptr(gen.QueuePriorityPolicyRefuse)
	var refused *emulator.APIError
	if _, err := emulator.Call(srv, gen.DropQueueEndpoint, drop); !errors.As(err, &refused) || refused.Code != gen.CodeRateLimited {
		t.Errorf("%v, want code 416", err)
	}
}

func TestTheQueueSurvivesASnapshot(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	if err := srv.Join(id, emulator.JoinOptions{Accid: "lisi"}); err != nil {
		t.Fatal(err)
	}
	emutest.Do(t, srv, gen.InitQueueEndpoint, gen.InitQueueForm{RoomID: id, SizeLimit: emutest.Ptr(2)})
	emutest.Do(t, srv, gen.OfferQueueElementEndpoint, gen.OfferQueueElementForm{RoomID: id, Key: "b", Value: "1"})
	emutest.Do(t, srv, gen.OfferQueueElementEndpoint, gen.OfferQueueElementForm{RoomID: id, Key: "a", Value: "2", Operator: emutest.Ptr("lisi"), Transient: emutest.Ptr(true)})
	text, err := srv.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	emutest.Do(t, srv, gen.DropQueueEndpoint, gen.DropQueueForm{RoomID: id})
	if err := srv.Restore(text); err != nil {
		t.Fatal(err)
	}
	room, err := srv.Room(id)
	if err != nil {
		t.Fatal(err)
	}
	want := []emulator.QueueElement{{Key: "b", Value: "1", Accid: "zhangsan"}, {Key: "a", Value: "2", Accid: "lisi", Transient: true}}
	if !reflect.DeepEqual(room.Queue, want) || room.QueueSizeLimit != 2 {
		t.Errorf("%+v, %d", room.Queue, room.QueueSizeLimit)
	}
	if err := srv.Leave(id, "lisi"); err != nil {
		t.Fatal(err)
	}
	if list := emutest.Do(t, srv, gen.ListQueueElementsEndpoint, gen.ListQueueElementsForm{RoomID: id}).Desc.List; len(list) != 1 {
		t.Errorf("%v: the transient element stayed", list)
	}
}

// The server pages say both.
func TestQueuePriorityIsANumberOrAWord(t *testing.T) {
	for text, want := range map[string]gen.QueuePriority{"0": 0, "1": 1, "true": 1, "FALSE": 0} {
		fields, err := gen.ParseForm("roomid=66&highPriority=" + text)
		if err != nil {
			t.Fatal(err)
		}
		if f, err := gen.DropQueueEndpoint.Bind(fields); err != nil || *f.HighPriority != want {
			t.Errorf("%s: %v, %v", text, f.HighPriority, err)
		}
	}
}
