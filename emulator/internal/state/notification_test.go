package state

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A kind of event that is not in the table would fail at its first event.
func TestEveryKindOfEventHasItsNotificationID(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "event.go", nil, 0)
	must(t, err)
	kinds := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || fmt.Sprint(spec.Type) != "EventKind" {
			return true
		}
		kinds++
		kind, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		must(t, err)
		if notificationIDs[EventKind(kind)] == nil {
			t.Errorf("%s has no row in notificationIDs", spec.Names[0])
		}
		return true
	})
	if kinds != len(notificationIDs) {
		t.Errorf("event.go has %d kinds, the table %d", kinds, len(notificationIDs))
	}
}

// said lists the notifications of a room as id, operator and attach.
func said(r *Room) (list []string) {
	for _, m := range r.Search(Search{Types: []int{NotificationType}, Limit: 99, OldestFirst: true}) {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%d %s %s", m.SubType, m.From, m.Attach)))
	}
	return list
}

func TestWhatMembersAreNotifiedOfIsInTheHistory(t *testing.T) {
	w, r := newTestRoom(t)
	_, err := r.MuteFor(noon, "zhangsan", "lisi", 1500*time.Millisecond, Notice{Ext: "x"})
	must(t, err)
	join(t, w, r, "lisi")
	_, err = r.MuteFor(noon, "zhangsan", "lisi", 0, Notice{Silent: true})
	must(t, err)
	_, err = r.MuteTagFor(noon, "wangwu", "loud", time.Minute, Notice{})
	must(t, err)
	_, err = r.MuteTagFor(noon, "wangwu", "loud", 0, Notice{})
	must(t, err)
	must(t, r.SetMuted(noon, "zhangsan", true, Notice{}))
	must(t, r.SetMuted(noon, "zhangsan", false, Notice{}))
	r.Update(noon, Settings{Name: "n"}, Notice{})
	nick := "Li Si"
	must(t, r.ChangeProfile(noon, "lisi", ProfileChange{Nick: &nick}, Notice{}))
	for _, set := range []bool{true, false} {
		_, err = r.SetRole(noon, "zhangsan", "lisi", MuteMember, set, Notice{})
		must(t, err)
	}
	must(t, w.Leave(noon, r.ID, "lisi"))
	must(t, r.SetOpen(noon, "zhangsan", false))
	lisi := `{"target":["lisi"],"tarNick":["Li Si"]}`
	want := []string{
		`307 zhangsan {"target":["wangwu"],"tarNick":["wangwu"]}`,
		`314 zhangsan {"target":["lisi"],"tarNick":["lisi"],"muteDuration":2}`,
		`301 lisi {"target":["lisi"],"tarNick":["lisi"],"tempMuted":true,"muteTtl":2}`,
		`321 wangwu {"muteDuration":60,"targetTag":"loud"}`, `322 wangwu {"targetTag":"loud"}`,
		`318 zhangsan {}`, `319 zhangsan {}`, `312 zhangsan {}`, `316 lisi`,
		`305 zhangsan ` + lisi, `306 zhangsan ` + lisi, `302 lisi`, `311 zhangsan {}`,
	}
	if got := said(r); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, m := range r.Search(Search{Types: []int{NotificationType}, Limit: 2}) {
		if m.SubType == 302 && m.Nick != "Li Si" {
			t.Errorf("%s left under the nick %s", m.From, m.Nick)
		}
	}
	if found := r.Search(Search{Tags: []string{"loud"}, Limit: 9}); len(found) != 0 {
		t.Errorf("the tag history has %d notifications", len(found))
	}
}

func TestRecalledAndDeletedMessagesAreGoneForGood(t *testing.T) {
	w, r := newTestRoom(t)
	send := func(d Draft) *Message {
		t.Helper()
		d.From = "stranger"
		m, err := w.Send(noon, r, d)
		must(t, err)
		return m
	}
	send(Draft{ID: "recalled", HighPriority: true, RepeatOnReturn: true})
	send(Draft{ID: "recalled"}) // sent again without the flag: clients show both as one
	deleted := send(Draft{ID: "deleted"})
	send(Draft{ID: "kept"})
	for range 2 {
		r.Recall(noon, "wangwu", "stranger", "recalled", 1669363200, Notice{Ext: "x"})
	}
	r.Recall(noon, "wangwu", "somebody else", "kept", 0, Notice{})
	must(t, r.Delete("stranger", deleted.Time))
	for sender, at := range map[string]int64{"stranger": deleted.Time, "lisi": deleted.Time + 1, "wangwu": r.LastMessage} {
		if err := r.Delete(sender, at); err != ErrNoMessage { //nolint:errorlint // returned as it is
			t.Errorf("deleting what %s has not sent: %v", sender, err)
		}
	}
	var snap Snapshot
	text, err := json.Marshal(w.Export(noon))
	must(t, err)
	must(t, json.Unmarshal(text, &snap))
	i := NewImporter(Config{})
	must(t, i.Room(snap.Rooms[0]))
	restored, err := i.Finish(&snap)
	must(t, err)
	for name, w := range map[string]*State{"before": w, "restored": restored} {
		r, err := w.Room(noon, r.ID)
		must(t, err)
		if left := r.Messages(0, 1000); len(left) != 1 || left[0].ID != "kept" || len(r.urgent) != 0 {
			t.Errorf("%s: %d messages, %d to be sent again", name, len(left), len(r.urgent))
		}
		if got := said(r); len(got) != 4 || got[1] != got[2] ||
			got[1] != `323 wangwu {"target":["stranger"],"tarNick":["stranger"],"msgTime":1669363200,"msgId":"recalled"}` {
			t.Errorf("%s: %q", name, got)
		}
		for _, id := range []string{"recalled", "deleted"} {
			if m, err := w.Send(noon, r, Draft{ID: id, From: "stranger", Resend: true}); err != nil || !m.Removed {
				t.Errorf("%s: %s was sent again: %+v, %v", name, id, m, err)
			}
		}
		if r.notifications != 4 {
			t.Errorf("%s: counted %d notifications", name, r.notifications)
		}
	}
}

func TestTheHistoryKeepsTheLatestNotifications(t *testing.T) {
	w, r := newTestRoom(t)
	_, err := w.Send(noon, r, Draft{ID: "1", From: "lisi"})
	must(t, err)
	for range 10 * notificationsKept {
		r.Update(noon, Settings{}, Notice{})
	}
	kept := len(r.history) - 1
	if kept < notificationsKept || kept >= 2*notificationsKept || kept != r.notifications || len(r.Messages(0, 1000)) != 1 {
		t.Errorf("%d notifications, counted %d, %d messages", kept, r.notifications, len(r.Messages(0, 1000)))
	}
	if last := r.history[kept]; last.Time != r.LastMessage || last.SubType != 312 {
		t.Errorf("the latest is %+v", last)
	}
}
