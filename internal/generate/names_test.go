package main

import "testing"

func TestGoNames(t *testing.T) {
	for wire, want := range map[string]string{
		"roomid": "RoomID", "roomId": "RoomID", "roomids": "RoomIDs", "accid": "Accid", "avator": "Avatar",
		"robotExpirAt": "RobotExpireAt", "ionotify": "EntryNotify", "broadcasturl": "BroadcastURL", "endtime": "EndTime",
		"endTime": "EndTime", "msgid_client": "ClientMsgID", "needHighPriorityMsgResend": "NeedHighPriorityMsgResend",
		"tempMuteTtl": "TempMuteTTL", "clientip": "ClientIP", "size": "Size",
	} {
		if got := goName(wire); got != want {
			t.Errorf("%s: got %s, want %s", wire, got, want)
		}
	}
}
