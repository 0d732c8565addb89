package state

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/nimroom/nimroom/tagexpr"
)

// en-chatroom: Sending messages, resendFlag.
func TestAResentMessageIsTakenOnce(t *testing.T) {
	w, r := newTestRoom(t)
	target, err := tagexpr.Parse(`{"tag":"a"}`)
	must(t, err)
	send := func(resend bool) *Message {
		t.Helper()
		m, err := w.Send(noon, r, Draft{ID: "1", From: "lisi", Resend: resend, Target: target})
		must(t, err)
		return m
	}
	first := send(true) // its first attempt never arrived
	if second := send(true); second != first {
		t.Error("sent twice")
	}
	if third := send(false); third == first {
		t.Error("without the flag the service does not look")
	}
	if found := r.Search(Search{Tags: []string{"a"}, Limit: 9}); len(found) != 2 {
		t.Errorf("%d stored", len(found))
	}
	_, err = r.SetRole(noon, "zhangsan", "lisi", Block, true, Notice{})
	must(t, err)
	send(true)
}

// en-chatroom: Sending messages, highPriority.
func TestTenHighPriorityMessagesASecond(t *testing.T) {
	w, r := newTestRoom(t)
	flags := func(after time.Duration, n int) (high int) {
		t.Helper()
		for range n {
			m, err := w.Send(noon.Add(after), r, Draft{From: "lisi", HighPriority: true})
			must(t, err)
			if m.HighPriority {
				high++
			}
		}
		return high
	}
	if got := flags(0, 7) + flags(999*time.Millisecond, 7); got != 10 {
		t.Errorf("%d in one second", got)
	}
	if got := flags(time.Second, 1); got != 1 {
		t.Errorf("%d in the next", got)
	}
	m, err := w.Send(noon.Add(time.Minute), r, Draft{From: "lisi", HighPriority: true, AbandonRatio: new(int)})
	must(t, err)
	if m.HighPriority || m.Abandoned {
		t.Errorf("with a ratio of 0: %+v", m)
	}
}

// en-chatroom: Sending messages, abandonRatio.
func TestAbandonedMessagesLeaveNoTrace(t *testing.T) {
	w, r := newTestRoom(t)
	ratio := 9999
	dropped := 0
	for i := range 100 {
		m, err := w.Send(noon, r, Draft{ID: strconv.Itoa(i), From: "lisi", AbandonRatio: &ratio})
		must(t, err)
		if m.Abandoned {
			dropped++
			again, err := w.Send(noon, r, Draft{ID: m.ID, From: "lisi", AbandonRatio: &ratio, Resend: true})
			if again != m || err != nil {
				t.Fatal("sending it again threw the dice again")
			}
		}
	}
	top := w.Top(noon, noon, Hourly, ByMessages, 1)
	if kept := 100 - dropped; dropped < 95 || len(r.Messages(0, 1000)) != kept || (kept > 0 && top[0].Messages != kept) {
		t.Errorf("dropped %d, stored %d, counted %v", dropped, len(r.Messages(0, 1000)), top)
	}
}

// zh-tags: 根据标签查询历史消息.
func TestSearchHistory(t *testing.T) {
	w, r := newTestRoom(t)
	send := func(id, target string, kind int, after time.Duration, skip bool) {
		t.Helper()
		e, err := tagexpr.Parse(target)
		must(t, err)
		_, err = w.Send(noon.Add(after), r, Draft{ID: id, From: "lisi", Type: kind, Target: e, SkipHistory: skip})
		must(t, err)
	}
	send("a0", `{"tag":"a"}`, 0, 0, false)
	send("everyone", ``, 0, time.Second, false)
	send("skipped", `{"tag":"a"}`, 0, time.Second, true)
	send("ab1", `{"tag":"a"} and {"tag":"b"}`, 1, 2*time.Second, false)
	send("b0", `{"tag":"b"}`, 0, 3*time.Second, false)
	send("c100", `{"tag":"c"}`, 100, 4*time.Second, false)

	at := func(after time.Duration) int64 { return noon.Add(after).UnixMilli() }
	tests := []struct {
		name string
		Search
		want []string
	}{
		{"one tag", Search{Tags: []string{"a"}}, []string{"ab1", "a0"}},
		{"any of two", Search{Tags: []string{"a", "b"}}, []string{"b0", "ab1", "a0"}},
		{"oldest first", Search{Tags: []string{"a", "b"}, OldestFirst: true}, []string{"a0", "ab1", "b0"}},
		{"limit", Search{Tags: []string{"a", "b"}, Limit: 2}, []string{"b0", "ab1"}},
		{"limit from the other end", Search{Tags: []string{"a", "b"}, Limit: 2, OldestFirst: true}, []string{"a0", "ab1"}},
		{"types", Search{Tags: []string{"a", "b", "c"}, Types: []int{1, 100}}, []string{"c100", "ab1"}},
		{"window", Search{Tags: []string{"a", "b"}, From: at(2 * time.Second), To: at(3 * time.Second)}, []string{"b0", "ab1"}},
		{"window just too short", Search{Tags: []string{"a", "b"}, From: at(2*time.Second) + 1, To: at(3*time.Second) - 1}, []string{}},
		{"window upside down", Search{Tags: []string{"a"}, From: at(time.Hour), To: at(0)}, []string{}},
		{"unknown tag", Search{Tags: []string{"d"}}, []string{}},
	}
	for _, tt := range tests {
		if tt.Limit == 0 {
			tt.Limit = 200
		}
		got := []string{}
		for _, m := range r.Search(tt.Search) {
			got = append(got, m.ID)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestAMessageShowsItsSender(t *testing.T) {
	w, r := newTestRoom(t)
	nick, avatar := "Zhang San", "avatar.png"
	must(t, w.Join(noon, r.ID, Login{Accid: "zhangsan"}, ProfileChange{Nick: &nick, Avatar: &avatar}))
	first, err := w.Send(noon, r, Draft{From: "zhangsan"})
	must(t, err)
	second, err := w.Send(noon, r, Draft{From: "stranger"})
	must(t, err)
	if first.Nick != nick || first.Avatar != avatar || second.Nick != "stranger" {
		t.Errorf("%q %q, %q", first.Nick, first.Avatar, second.Nick)
	}
	if second.Time <= first.Time {
		t.Errorf("times %d and %d", first.Time, second.Time)
	}
}

func TestMessageIDsAreKnownByRoom(t *testing.T) {
	w, r := newTestRoom(t)
	other, err := w.CreateRoom(noon, "zhangsan", Settings{})
	must(t, err)
	first, err := w.Send(noon, r, Draft{ID: "1", From: "lisi"})
	must(t, err)
	second, err := w.Send(noon, other, Draft{ID: "1", From: "lisi", Resend: true})
	must(t, err)
	if first == second || second.RoomID != other.ID {
		t.Errorf("taken for the message of another room: %+v", second)
	}
}
