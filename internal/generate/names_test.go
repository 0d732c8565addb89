package main

import "testing"

func TestGoNames(t *testing.T) {
	b := &builder{doc: &document{GoNames: ordered[string]{{Name: "avator", Value: "Avatar"}}}}
	for wire, want := range map[string]string{
		"avator": "Avatar", "roomId": "RoomID", "roomIds": "RoomIDs", "accid": "Accid", "endTime": "EndTime", "msg_client": "MsgClient",
		"needHighPriorityMsgResend": "NeedHighPriorityMsgResend", "muteTtl": "MuteTTL", "clientIp": "ClientIP", "size": "Size",
	} {
		if got := b.goName(wire); got != want {
			t.Errorf("%s: got %s, want %s", wire, got, want)
		}
	}
}
