package emulator_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// TestViewsAreTypedAndSpeltAsTheAPI: Go sees times and durations, JSON the
// API's integers, and one is made of the other.
func TestViewsAreTypedAndSpeltAsTheAPI(t *testing.T) {
	now := time.UnixMilli(1669364249123).UTC()
	srv := emulator.Start(t, emulator.WithClock(func() time.Time { return now }))
	id := emutest.NewRoom(t, srv)
	emutest.Join(t, srv, id, "lisi", "vip")
	stream := emutest.Watch(t, srv, id, "")
	emutest.Do(t, srv, gen.MuteMemberEndpoint, gen.MuteMemberForm{RoomID: id, Operator: "wangwu", Target: "lisi", MuteDuration: 90*time.Second + 1})
	emutest.Do(t, srv, gen.MuteTagEndpoint, gen.MuteTagForm{RoomID: id, Operator: "wangwu", TargetTag: "loud", MuteDuration: time.Minute})
	emutest.Do(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"r2d2"}})
	emutest.Do(t, srv, gen.SendMessageEndpoint, emutest.Say(id, "1", "zhangsan"))
	events := stream.Pending()
	if e := events[0]; e.Time.Sub(now) > 9*time.Millisecond || e.Mute.MuteDuration.Duration != 91*time.Second || e.RoomID != id {
		t.Errorf("%+v, %+v", e, e.Mute)
	}
	room, err := srv.Room(id)
	if err != nil {
		t.Fatal(err)
	}
	if left := room.TempMutes["lisi"].Duration; left != 91*time.Second {
		t.Errorf("muted for %v", left)
	}
	if m := room.Messages[0]; m.Time.Sub(now) > 9*time.Millisecond {
		t.Errorf("said at %v", m.Time)
	}
	text, err := json.Marshal(room)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"tempMutes":{"lisi":91}`, `"tagMutes":{"loud":60}`, `"robotExpirAt":86400`, `"robotExpirAt":0`, `"time":166936424912`,
		`"enterTime":166936424912`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	var again emulator.Room
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	if back, _ := json.Marshal(again); string(back) != string(text) || !again.Members[0].EnterTime.Equal(room.Members[0].EnterTime.Time) {
		t.Errorf("got %s, want %s", back, text)
	}
	if err := json.Unmarshal([]byte(`{"time":"now"}`), new(emulator.Message)); err == nil {
		t.Error("no error")
	}
	if err := json.Unmarshal([]byte(`{"muteDuration":"long"}`), new(emulator.Muting)); err == nil {
		t.Error("no error")
	}
}
