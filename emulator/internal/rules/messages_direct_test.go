package rules_test

import (
	"slices"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// emulatedRooms returns rooms in which lisi (with a tag) and wangwu are.
func emulatedRooms(t *testing.T, count int) (*emulator.Server, []gen.RoomID) {
	t.Helper()
	srv := emutest.NewServer(t)
	ids := make([]gen.RoomID, count)
	for i := range ids {
		ids[i] = emutest.OpenRoom(t, srv)
		emutest.Join(t, srv, ids[i], "lisi", "vip")
		emutest.Join(t, srv, ids[i], "wangwu")
	}
	return srv, ids
}

// page DkzNTA5NTI: the message reaches the named members only and is never stored.
func TestADirectMessageReachesTheNamedMembersAlone(t *testing.T) {
	srv, ids := emulatedRooms(t, 1)
	all, lisi, wangwu := emutest.Watch(t, srv, ids[0], ""), emutest.Watch(t, srv, ids[0], "lisi"), emutest.Watch(t, srv, ids[0], "wangwu")
	form := gen.SendMessageToAccountsForm{
		RoomID: ids[0], MsgID: "1", FromAccid: "stranger", ToAccids: []string{"LiSi", "away"}, MsgType: emutest.Ptr(gen.MessageTypeText), Attach: emutest.Ptr("psst"),
	}
	emutest.Do(t, srv, gen.SendMessageToAccountsEndpoint, form)
	form.ResendFlag = emutest.Ptr(gen.ResendFlagAgain)
	emutest.Do(t, srv, gen.SendMessageToAccountsEndpoint, form)
	emutest.WantEvents(t, all, "message stranger> 1")
	emutest.WantEvents(t, lisi, "message stranger> 1")
	emutest.WantEvents(t, wangwu)
	if stored, err := srv.Messages(ids[0]); err != nil || len(stored) > 0 {
		t.Errorf("stored %v, %v", stored, err)
	}
	// It is no message of the room in the ranking.
	topped := emutest.Do(t, srv, gen.ListTopChatroomsEndpoint, gen.ListTopChatroomsForm{OrderBy: emutest.Ptr(gen.RankingOrderMessage)})
	for _, row := range topped.Data {
		if row.Msgs != 0 {
			t.Errorf("%+v", row)
		}
	}
}

// page zc1MTY2NDQ: to everyone who is online in any room, tags permitting; never stored.
func TestABroadcastReachesEveryOpenRoom(t *testing.T) {
	srv, ids := emulatedRooms(t, 3)
	emutest.Do(t, srv, gen.ToggleChatroomEndpoint, gen.ToggleChatroomForm{RoomID: ids[2], Operator: "zhangsan", Valid: emutest.Ptr(false)})
	streams := map[string][]*emulator.EventStream{}
	for _, accid := range []string{"", "lisi", "wangwu"} {
		for _, id := range ids {
			streams[accid] = append(streams[accid], emutest.Watch(t, srv, id, accid))
		}
	}
	form := gen.BroadcastMessageForm{MsgID: "1", FromAccid: "gm", MsgType: emutest.Ptr(gen.MessageTypeText)}
	emutest.Do(t, srv, gen.BroadcastMessageEndpoint, form)
	form.ResendFlag = emutest.Ptr(gen.ResendFlagAgain)
	emutest.Do(t, srv, gen.BroadcastMessageEndpoint, form)
	form.MsgID, form.NotifyTargetTags = "2", emutest.Expr(`{"tag":"vip"} or {"tag":"svip"}`)
	emutest.Do(t, srv, gen.BroadcastMessageEndpoint, form)

	tagged := `message gm> 2 to {"tag":"vip"} or {"tag":"svip"}`
	for i := range ids[:2] {
		emutest.WantEvents(t, streams[""][i], "message gm> 1", tagged)
		emutest.WantEvents(t, streams["lisi"][i], "message gm> 1", tagged)
		emutest.WantEvents(t, streams["wangwu"][i], "message gm> 1")
		if stored, err := srv.Messages(ids[i]); err != nil || len(stored) > 0 {
			t.Errorf("stored %v, %v", stored, err)
		}
	}
	emutest.WantEvents(t, streams[""][2])
	emutest.WantEvents(t, streams["lisi"][2])
}

// Decided by us: a known id is known after a restart, too.
func TestARestoredServerKnowsWhatWasBroadcast(t *testing.T) {
	srv, ids := emulatedRooms(t, 1)
	form := gen.BroadcastMessageForm{MsgID: "1", FromAccid: "gm", MsgType: emutest.Ptr(gen.MessageTypeText)}
	emutest.Do(t, srv, gen.BroadcastMessageEndpoint, form)
	snapshot, err := srv.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Restore(snapshot); err != nil {
		t.Fatal(err)
	}
	stream := emutest.Watch(t, srv, ids[0], "")
	form.ResendFlag = emutest.Ptr(gen.ResendFlagAgain)
	emutest.Do(t, srv, gen.BroadcastMessageEndpoint, form)
	emutest.WantEvents(t, stream)
	again, err := srv.Snapshot()
	if err != nil || !slices.Equal(snapshot, again) {
		t.Errorf("another snapshot, %v", err)
	}
}

// page jY2MDg1MTk: ignoreMute is about temporary mutes, those of tags among them.
func TestAMessageThroughATemporaryMute(t *testing.T) {
	srv, ids := emulatedRooms(t, 1)
	emutest.Do(t, srv, gen.MuteTagEndpoint, gen.MuteTagForm{RoomID: ids[0], Operator: "zhangsan", TargetTag: "vip", MuteDuration: time.Minute})
	say := func(ignore bool) int {
		form := emutest.Say(ids[0], "1", "lisi")
		form.IgnoreMute = &ignore
		return emutest.CodeOfError(t, emutest.Tried(srv, gen.SendMessageEndpoint, form))
	}
	if got := []int{say(false), say(true)}; !slices.Equal(got, []int{gen.CodeMuted, gen.CodeOK}) {
		t.Errorf("under a muted tag: %v", got)
	}
	emutest.Do(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: ids[0], Operator: "zhangsan", Mute: emutest.Ptr(true)})
	if code := say(true); code != gen.CodeMuted {
		t.Errorf("in a muted room: %d", code)
	}
}
