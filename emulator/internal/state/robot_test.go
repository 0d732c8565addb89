package state

import (
	"slices"
	"testing"
	"time"
)

// en-chatroom: Adding a chatbot to the chat room.
func TestAddRobotsSortsTheAccounts(t *testing.T) {
	w := New(Config{StrictAccounts: true})
	w.AddAccounts("zhangsan", "robot1", "robot2", "person", "blocked", "offline")
	r, err := w.CreateRoom(noon, "zhangsan", Settings{})
	must(t, err)
	join(t, w, r, "person")
	_, err = r.SetRole(noon, "zhangsan", "blocked", Block, true, Notice{})
	must(t, err)
	_, err = r.SetRole(noon, "zhangsan", "offline", MakeCommon, true, Notice{})
	must(t, err)
	_, err = w.AddRobots(noon, r, []string{"robot1"}, "", Notice{})
	must(t, err)

	got, err := w.AddRobots(noon, r, []string{"robot1", "robot2", "nobody", "robot2", "person", "blocked", "offline"}, `{"mood":"happy"}`, Notice{})
	must(t, err)
	if !slices.Equal(got.Added, []string{"robot2", "offline"}) || !slices.Equal(got.There, []string{"robot1"}) ||
		!slices.Equal(got.Failed, []string{"nobody", "person", "blocked"}) {
		t.Errorf("got %+v", got)
	}
	if m, _ := r.Member("robot2"); !m.IsRobot() || !m.Online() || m.Role != Temporary || m.Ext != `{"mood":"happy"}` || m.RobotLeft(noon) != RobotStay {
		t.Errorf("robot %+v", m)
	}
	if m, _ := r.Member("offline"); !m.IsRobot() || m.Role != Common {
		t.Errorf("fixed member as a robot: %+v", m)
	}
	_, err = w.AddRobots(noon, r, []string{"blocked"}, "", Notice{})
	wantErr(t, err, ErrBlocked)
}

// en-chatroom: Adding a chatbot to the chat room, "The chatbot expires in 24 hours".
func TestRobotsLeaveAfterADay(t *testing.T) {
	w, r := newTestRoom(t)
	add := func(after time.Duration, accids ...string) {
		t.Helper()
		_, err := w.AddRobots(noon.Add(after), r, accids, "", Notice{})
		must(t, err)
	}
	count := func(after time.Duration) int {
		t.Helper()
		_, err := w.Room(noon.Add(after), r.ID)
		must(t, err)
		return r.CountOnline()
	}
	add(0, "a", "b")
	add(time.Hour, "a", "c") // a stays as it was
	if got := count(24*time.Hour - time.Millisecond); got != 3 {
		t.Errorf("before: %d", got)
	}
	if got := count(24 * time.Hour); got != 1 {
		t.Errorf("after a day: %d", got)
	}
	if got := count(25 * time.Hour); got != 0 {
		t.Errorf("after another hour: %d", got)
	}
}

func TestARobotAddedAgainStaysAWholeDay(t *testing.T) {
	w, r := newTestRoom(t)
	_, err := w.AddRobots(noon, r, []string{"a"}, "", Notice{})
	must(t, err)
	r.RemoveRobots(noon, []string{"a"})
	_, err = w.AddRobots(noon.Add(time.Hour), r, []string{"a"}, "", Notice{})
	must(t, err)
	if _, err := w.Room(noon.Add(24*time.Hour), r.ID); err != nil || r.CountOnline() != 1 {
		t.Errorf("online %d, %v", r.CountOnline(), err)
	}
}

// en-chatroom: Deleting a chatbot from the chat room; Deleting chatbots.
func TestRemoveAndClearRobots(t *testing.T) {
	w, r := newTestRoom(t)
	join(t, w, r, "person")
	_, err := r.SetRole(noon, "zhangsan", "offline", MakeCommon, true, Notice{})
	must(t, err)
	_, err = w.AddRobots(noon, r, []string{"a", "b", "c", "offline"}, "", Notice{})
	must(t, err)
	removed, failed := r.RemoveRobots(noon, []string{"b", "person", "nobody", "b"})
	if !slices.Equal(removed, []string{"b"}) || !slices.Equal(failed, []string{"person", "nobody"}) {
		t.Errorf("removed %v, failed %v", removed, failed)
	}
	if n := r.ClearRobots(noon, false); n != 3 {
		t.Errorf("cleared %d", n)
	}
	if n := r.ClearRobots(noon, false); n != 0 {
		t.Errorf("cleared %d again", n)
	}
	wantAccids(t, r.Page(Visitors, 0, 9), "person")
	if m, err := r.Member("offline"); err != nil || m.Online() {
		t.Errorf("the fixed member: %+v, %v", m, err)
	}
}

func TestAPersonTakesARobotsPlace(t *testing.T) {
	w, r := newTestRoom(t)
	_, err := w.AddRobots(noon, r, []string{"lisi"}, "", Notice{})
	must(t, err)
	join(t, w, r, "lisi")
	if m, _ := r.Member("lisi"); m.IsRobot() || r.CountOnline() != 1 {
		t.Errorf("robot %v, online %d", m.IsRobot(), r.CountOnline())
	}
	if n := r.ClearRobots(noon, false); n != 0 || r.CountOnline() != 1 {
		t.Errorf("cleared %d, online %d", n, r.CountOnline())
	}
}
