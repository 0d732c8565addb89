package state

import (
	"fmt"
	"slices"
	"testing"
)

// en-chatroom: Getting a paginated list of members; en-members: Get a paginated list of participants.
func TestPagesByKindNewestFirst(t *testing.T) {
	w, r := newTestRoom(t)
	join(t, w, r, "visitor1")
	join(t, w, r, "wangwu")
	join(t, w, r, "visitor2")
	if _, err := r.SetRole(noon, "zhangsan", "blocked", Block, true, Notice{}); err != nil {
		t.Fatal(err)
	}
	wantAccids(t, r.Page(FixedMembers, 0, 100), "blocked", "wangwu", "zhangsan")
	wantAccids(t, r.Page(Visitors, 0, 100), "visitor2", "visitor1")
	wantAccids(t, r.Page(OnlineFixedMembers, 0, 100), "wangwu")

	must(t, w.Leave(noon, r.ID, "wangwu"))
	must(t, w.Leave(noon, r.ID, "visitor1"))
	wantAccids(t, r.Page(FixedMembers, 0, 100), "blocked", "wangwu", "zhangsan")
	wantAccids(t, r.Page(Visitors, 0, 100), "visitor2")
	wantAccids(t, r.Page(OnlineFixedMembers, 0, 100))
}

func TestPagingLosesAndRepeatsNoOne(t *testing.T) {
	w, r := newTestRoom(t)
	for i := range 250 { // all at the same instant
		join(t, w, r, fmt.Sprintf("visitor%03d", i))
	}
	var got []string
	end := int64(0)
	for {
		page := r.Page(Visitors, end, 100)
		if len(page) == 0 {
			break
		}
		got = append(got, accids(page)...)
		end = page[len(page)-1].EnterTime
	}
	if len(got) != 250 || got[0] != "visitor249" || got[249] != "visitor000" {
		t.Errorf("%d members, from %s to %s", len(got), got[0], got[len(got)-1])
	}
	slices.Sort(got)
	if len(slices.Compact(got)) != 250 {
		t.Error("someone came twice")
	}
}

// en-chatroom: Get mutiple online member profiles at a time.
func TestMembersInTheOrderAskedFor(t *testing.T) {
	w, r := newTestRoom(t)
	join(t, w, r, "visitor")
	join(t, w, r, "wangwu")
	wantAccids(t, r.MembersOf([]string{"wangwu", "nobody", "visitor", "zhangsan", "wangwu"}), "wangwu", "visitor", "zhangsan")
	wantAccids(t, r.MembersOf(nil))
}

// en-members: Query participants by role.
func TestSelectByRole(t *testing.T) {
	_, r := newTestRoom(t)
	set := func(target string, change RoleChange) {
		t.Helper()
		_, err := r.SetRole(noon, "zhangsan", target, change, true, Notice{})
		must(t, err)
	}
	set("blocked", Block)
	set("muted", MuteMember)
	set("both", Block)
	set("both", MuteMember)
	set("common", MakeCommon)
	tests := []struct {
		Selection
		want []string
	}{
		{Selection{}, []string{}},
		{Selection{Creator: true}, []string{"zhangsan"}},
		{Selection{Managers: true}, []string{"wangwu"}},
		{Selection{Blacklisted: true}, []string{"both", "blocked"}},
		{Selection{Muted: true}, []string{"both", "muted"}},
		{Selection{true, true, true, true}, []string{"both", "muted", "blocked", "wangwu", "zhangsan"}},
	}
	for _, tt := range tests {
		if got := accids(r.Select(tt.Selection)); !slices.Equal(got, tt.want) {
			t.Errorf("%+v: got %v, want %v", tt.Selection, got, tt.want)
		}
	}
}

// en-chatroom: Changing user profiles in a chat room.
func TestProfileChangesLastWithSaveOnly(t *testing.T) {
	w, r := newTestRoom(t)
	nick := func(s string) *string { return &s }
	wantErr(t, r.ChangeProfile(noon, "nobody", ProfileChange{}, Notice{}), ErrNoMember)

	join(t, w, r, "wangwu")
	must(t, r.ChangeProfile(noon, "wangwu", ProfileChange{Nick: nick("for now")}, Notice{}))
	m, err := r.Member("wangwu")
	must(t, err)
	if m.Nick != "for now" {
		t.Errorf("nick %q", m.Nick)
	}
	must(t, w.Leave(noon, r.ID, "wangwu"))
	if m.Nick != "wangwu" {
		t.Errorf("after leaving: nick %q", m.Nick)
	}
	must(t, r.ChangeProfile(noon, "wangwu", ProfileChange{Nick: nick("lost while offline")}, Notice{}))
	must(t, r.ChangeProfile(noon, "wangwu", ProfileChange{Nick: nick("for good"), Ext: nick(""), Save: true}, Notice{}))
	join(t, w, r, "wangwu")
	must(t, w.Leave(noon, r.ID, "wangwu"))
	if m.Nick != "for good" || m.Avatar != "" {
		t.Errorf("saved %+v", m.Profile)
	}

	join(t, w, r, "visitor")
	must(t, r.ChangeProfile(noon, "visitor", ProfileChange{Nick: nick("V"), Save: true}, Notice{}))
	must(t, w.Leave(noon, r.ID, "visitor"))
	join(t, w, r, "visitor")
	if v, _ := r.Member("visitor"); v.Nick != "visitor" {
		t.Errorf("a visitor came back as %q", v.Nick)
	}
}

func TestAVisitorThatBecomesFixedKeepsItsProfile(t *testing.T) {
	w, r := newTestRoom(t)
	nick := "Li Si"
	must(t, w.Join(noon, r.ID, Login{Accid: "lisi"}, ProfileChange{Nick: &nick}))
	_, err := r.SetRole(noon, "zhangsan", "lisi", MakeCommon, true, Notice{})
	must(t, err)
	must(t, w.Leave(noon, r.ID, "lisi"))
	if m, err := r.Member("lisi"); err != nil || m.Nick != "Li Si" {
		t.Errorf("got %+v, %v", m, err)
	}
}
