package state

import (
	"slices"
	"testing"

	"github.com/nimroom/nimroom/tagexpr"
)

// en-chatroom: Querying the number of online users by tag, and online member
// list by tag; zh-tags: 查询标签下的在线用户数, 根据标签查询在线成员列表.
func TestSeveralLoginsAreOneInCountsAndSeveralInLists(t *testing.T) {
	w, r := newTestRoom(t)
	join(t, w, r, "lisi", "vip", "east")
	join(t, w, r, "wangwu", "vip")
	join(t, w, r, "lisi", "vip")
	join(t, w, r, "plain")

	if r.CountTag("vip") != 2 || r.CountTag("east") != 1 || r.CountTag("none") != 0 || r.CountOnline() != 3 {
		t.Errorf("vip %d, east %d, none %d, online %d", r.CountTag("vip"), r.CountTag("east"), r.CountTag("none"), r.CountOnline())
	}
	list := func(end int64, limit int) (names []string, last int64) {
		for _, l := range r.TagLogins("vip", end, limit) {
			names, last = append(names, l.Accid), l.EnterTime
		}
		return names, last
	}
	first, cursor := list(0, 2)
	second, _ := list(cursor, 2)
	if !slices.Equal(first, []string{"lisi", "wangwu"}) || !slices.Equal(second, []string{"lisi"}) {
		t.Errorf("pages %v and %v", first, second)
	}
	if m, _ := r.Member("lisi"); len(m.Logins) != 2 {
		t.Errorf("%d logins", len(m.Logins))
	}
	must(t, w.Leave(noon, r.ID, "lisi"))
	if rest, _ := list(0, 9); !slices.Equal(rest, []string{"wangwu"}) || r.CountOnline() != 2 {
		t.Errorf("after leaving: %v, online %d", rest, r.CountOnline())
	}
	wantErr(t, w.Leave(noon, r.ID, "lisi"), ErrNoMember)
	wantErr(t, w.Leave(noon, r.ID, "zhangsan"), ErrNoMember)
	wantErr(t, w.Leave(noon, r.ID+1, "zhangsan"), ErrNoRoom)
	wantErr(t, w.Join(noon, r.ID+1, Login{Accid: "lisi"}, ProfileChange{}), ErrNoRoom)
}

// zh-tags: 修改聊天室用户标签.
func TestSetTagsReachesAllLogins(t *testing.T) {
	w, r := newTestRoom(t)
	wantErr(t, r.SetTags(noon, "nobody", []string{"a"}, nil), ErrNoMember)
	must(t, r.SetTags(noon, "wangwu", []string{"a"}, nil)) // a fixed member that is offline
	join(t, w, r, "lisi", "old")
	join(t, w, r, "lisi")
	notify, err := tagexpr.Parse(`{"tag":"a"}`)
	must(t, err)
	must(t, r.SetTags(noon, "lisi", []string{"a", "b"}, &notify))
	if r.CountTag("old") != 0 || len(r.TagLogins("b", 0, 9)) != 2 {
		t.Errorf("old %d, b %d", r.CountTag("old"), len(r.TagLogins("b", 0, 9)))
	}
	must(t, r.SetTags(noon, "lisi", nil, nil))
	m, _ := r.Member("lisi")
	for _, l := range m.Logins {
		if len(l.Tags) != 0 || l.Notify.String() != `{"tag":"a"}` {
			t.Errorf("login %+v", l)
		}
	}
}

func TestEnteringIsTheNewestTime(t *testing.T) {
	w, r := newTestRoom(t)
	join(t, w, r, "lisi")
	if m, _ := r.Member("lisi"); m.EnterTime-noon.UnixMilli() != 2 {
		t.Errorf("third to come, %d ms after the first", m.EnterTime-noon.UnixMilli())
	}
	join(t, w, r, "zhangsan")
	wantAccids(t, r.Page(FixedMembers, 0, 10), "zhangsan", "wangwu")
}
