package state

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/tagexpr"
)

// restore imports a whole snapshot.
func restore(s *Snapshot) (*State, error) {
	i := NewImporter(Config{})
	for _, r := range s.Rooms {
		if err := i.Room(r); err != nil {
			return nil, err
		}
	}
	return i.Finish(s)
}

// noExpression is what is read of a text that is no tag expression.
func noExpression() tagexpr.Expr {
	e, _ := tagexpr.Parse("(")
	return e
}

// exported is the state of a room with a bit of everything in it.
func exported(t *testing.T) *Snapshot {
	t.Helper()
	w, r := newTestRoom(t)
	notify, err := tagexpr.Parse(`{"tag":"a"}`)
	must(t, err)
	must(t, w.Join(noon, r.ID, Login{Accid: "lisi", Tags: []string{"a"}, Notify: notify}, ProfileChange{}))
	join(t, w, r, "lisi")
	_, err = w.AddRobots(noon, r, []string{"robot"}, "", Notice{})
	must(t, err)
	_, err = r.MuteFor(noon, "zhangsan", "stranger", time.Minute, Notice{})
	must(t, err)
	_, err = r.MuteTagFor(noon, "zhangsan", "quiet", time.Minute, Notice{})
	must(t, err)
	for _, id := range []string{"1", "2"} {
		_, err = w.Send(noon, r, Draft{ID: id, From: "lisi", HighPriority: true, Target: notify})
		must(t, err)
	}
	_, err = w.Broadcast(noon, Draft{ID: "all", From: "zhangsan"})
	must(t, err)
	w.AddAccounts("zhangsan")
	w.SetEncoder(func(*Happening) []byte { return []byte("{}") })
	r.TellQueue(noon, QueueList)
	return w.Export(noon)
}

func TestImportTakesBackWhatExportGave(t *testing.T) {
	if _, err := restore(exported(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := restore(New(Config{}).Export(noon)); err != nil {
		t.Fatal(err)
	}
}

func TestImportNamesThePlaceThatMakesNoSense(t *testing.T) {
	room := func(s *Snapshot) *RoomSnapshot { return s.Rooms[0] }
	member := func(s *Snapshot, accid string) *Member {
		for i := range room(s).Members {
			if m := room(s).Members[i]; m.Accid == accid {
				return m
			}
		}
		return nil
	}
	for want, spoil := range map[string]func(*Snapshot){
		"random:":                                         func(s *Snapshot) { s.Random = []byte("dice") },
		"accounts[0]:":                                    func(s *Snapshot) { s.Accounts[0] = "" },
		"broadcasts[1]: msgid \"all\"":                    func(s *Snapshot) { s.Broadcasts = append(s.Broadcasts, s.Broadcasts[0]) },
		"broadcasts[0]: msgid \"\"":                       func(s *Snapshot) { s.Broadcasts[0].ID = "" },
		"broadcasts[0]: msgid \"all\"":                    func(s *Snapshot) { s.Broadcasts[0].Time = 0 },
		"broadcasts[0].notifyTargetTags:":                 func(s *Snapshot) { s.Broadcasts[0].Target = noExpression() },
		"nextRoomid: not":                                 func(s *Snapshot) { s.NextRoomID, s.Rooms = 0, nil },
		"rooms[0].roomid:":                                func(s *Snapshot) { room(s).ID = 0 },
		"rooms[1].roomid:":                                func(s *Snapshot) { s.Rooms = append(s.Rooms, s.Rooms[0]) },
		"rooms[0].members: the creator":                   func(s *Snapshot) { room(s).Members = nil },
		"rooms[0].members[0].type:":                       func(s *Snapshot) { room(s).Creator = "other" },
		"rooms[0].members[1].type: \"KING\"":              func(s *Snapshot) { member(s, "wangwu").Role = "KING" },
		"rooms[0].members[1].type: LIMITED":               func(s *Snapshot) { member(s, "wangwu").Role = Limited },
		"rooms[0].members[1].type: MANAGER":               func(s *Snapshot) { member(s, "wangwu").Muted = true },
		"rooms[0].members[1].accid: \"zhangsan\"":         func(s *Snapshot) { member(s, "wangwu").Accid = "zhangsan" },
		"rooms[0].members[1].accid: empty":                func(s *Snapshot) { member(s, "wangwu").Accid = "" },
		"rooms[0].members[1].enterTime: 0":                func(s *Snapshot) { member(s, "wangwu").EnterTime = 0 },
		"which another member has":                        func(s *Snapshot) { member(s, "wangwu").EnterTime = member(s, "zhangsan").EnterTime },
		"rooms[0].members[3].robotLeaves:":                func(s *Snapshot) { member(s, "robot").RobotLeaves = -1 },
		"rooms[0].members[2].robotLeaves:":                func(s *Snapshot) { member(s, "lisi").RobotLeaves = 1 },
		"rooms[0].members[2].logins: a visitor":           func(s *Snapshot) { member(s, "lisi").Logins = nil },
		"rooms[0].members[2].blacklisted:":                func(s *Snapshot) { m := member(s, "lisi"); m.Blacklisted, m.Role = true, Limited },
		"rooms[0].members[2].logins[0].enterTime:":        func(s *Snapshot) { member(s, "lisi").Logins[0].EnterTime = 0 },
		"rooms[0].members[2].logins[0].notifyTargetTags:": func(s *Snapshot) { member(s, "lisi").Logins[0].Notify = noExpression() },
		"rooms[0].members: two logins":                    func(s *Snapshot) { l := member(s, "lisi").Logins; l[0].EnterTime = l[1].EnterTime },
		"rooms[0].lastEntry:":                             func(s *Snapshot) { room(s).LastEntry = 0 },
		"rooms[0].lastMessage:":                           func(s *Snapshot) { room(s).LastMessage = 0 },
		"rooms[0].messages[1].time:":                      func(s *Snapshot) { room(s).Messages[1].Time = room(s).Messages[0].Time },
		"rooms[0].messages[0].notifyTargetTags:":          func(s *Snapshot) { room(s).Messages[0].Target = noExpression() },
		"rooms[0].tempMutes[0].whom:":                     func(s *Snapshot) { room(s).TempMutes[0].Whom = "" },
		"rooms[0].tagMutes[1].whom:":                      func(s *Snapshot) { r := room(s); r.TagMutes = append(r.TagMutes, r.TagMutes[0]) },
		"rooms[0].priority.count:":                        func(s *Snapshot) { room(s).Priority.Count = -1 },
		"hourly[0].start:":                                func(s *Snapshot) { s.Hourly[0].Start++ },
		"daily[0].start:":                                 func(s *Snapshot) { s.Daily[0].Start += 3600 },
		"daily[1].start:":                                 func(s *Snapshot) { s.Daily = append(s.Daily, s.Daily[0]) },
		"hourly[0].rooms[1].roomid:":                      func(s *Snapshot) { p := s.Hourly[0]; p.Rooms = append(p.Rooms, p.Rooms[0]) },
		"hourly[0].rooms[0].activeNums:":                  func(s *Snapshot) { s.Hourly[0].Rooms[0].Active = 0 },
		"callbacks[0].id: 0":                              func(s *Snapshot) { s.Copies[0].ID = 0 },
		"callbacks[0].id: 9223372036854775807":            func(s *Snapshot) { s.Copies[0].ID = math.MaxInt64 },
		"callbacks[1].id: 1 is there twice":               func(s *Snapshot) { s.Copies = append(s.Copies, s.Copies[0]) },
		"callbacks[0].roomid:":                            func(s *Snapshot) { s.Copies[0].RoomID = 0 },
		"callbacks[0].body:":                              func(s *Snapshot) { s.Copies[0].Body = []byte("[]") },
	} {
		s := exported(t)
		spoil(s)
		if _, err := restore(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A room may have a queue level that no document lists, and is restored with it.
func TestAnUnlistedQueueLevelIsRestored(t *testing.T) {
	s := exported(t)
	s.Rooms[0].QueueLevel = 7
	if _, err := restore(s); err != nil {
		t.Error(err)
	}
}
