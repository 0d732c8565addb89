package state

import (
	"testing"
	"time"
)

// wire-facts-more: 3, chatroom/updateDelayClosePolicy.
func TestARoomClosesByItselfWhenNextLookedAt(t *testing.T) {
	w, r := newTestRoom(t)
	join(t, w, r, "lisi")
	_, err := w.AddRobots(noon, r, []string{"robot"}, "", Notice{})
	must(t, err)
	stream, err := w.Watch(noon, r.ID, "", -1)
	must(t, err)
	r.SetDelayedClosing(noon, ClosesAfterTime, RobotStay+time.Hour)
	end := noon.Add(RobotStay + time.Hour)
	w.SettleWatched(end.Add(-time.Millisecond))
	if r.settle(end.Add(-time.Millisecond)); !r.Open {
		t.Fatal("closed before its time")
	}
	// Seen a day late, it still closed when its time had come.
	events := take(stream, end.Add(24*time.Hour), 9)
	if len(events) != 2 || events[0].Kind != Departed || events[1].Kind != RoomClosed || events[1].Time != end.UnixMilli() || events[1].Operator != "" {
		t.Errorf("%+v", events)
	}
	if r.Open || r.CountOnline() != 0 {
		t.Errorf("open %t with %d inside", r.Open, r.CountOnline())
	}
}

func TestARobotStaysNoLongerThanItsRoom(t *testing.T) {
	w, r := newTestRoom(t)
	_, err := w.AddRobots(noon, r, []string{"robot"}, "", Notice{})
	must(t, err)
	stream, err := w.Watch(noon, r.ID, "", -1)
	must(t, err)
	r.SetDelayedClosing(noon, ClosesAfterTime, time.Hour)
	if events := take(stream, noon.Add(2*RobotStay), 9); len(events) != 1 || events[0].Kind != RoomClosed {
		t.Errorf("%+v", events)
	}
}

func TestAnEmptyRoomClosesAfterItsLastRobot(t *testing.T) {
	w, r := newTestRoom(t)
	_, err := w.AddRobots(noon, r, []string{"robot"}, "", Notice{})
	must(t, err)
	r.SetDelayedClosing(noon, ClosesWhenEmpty, time.Hour)
	left := noon.Add(RobotStay)
	if r.settle(left.Add(time.Hour - time.Millisecond)); !r.Open || r.LastExit != left.UnixMilli() {
		t.Errorf("open %t, last exit %d", r.Open, r.LastExit)
	}
	if r.settle(left.Add(time.Hour)); r.Open {
		t.Error("still open")
	}
	_, err = w.Room(left.Add(time.Hour), r.ID)
	must(t, err)
}
