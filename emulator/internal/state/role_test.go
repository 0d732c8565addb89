package state

import (
	"testing"
)

// en-chatroom: Setting user roles in the chat room.
func TestPermissionsToSetRoles(t *testing.T) {
	tests := []struct {
		name             string
		operator, target string
		change           RoleChange
		set              bool
		want             error
	}{
		{"owner makes a manager", "zhangsan", "lisi", MakeManager, true, nil},
		{"owner unmakes a manager", "zhangsan", "wangwu", MakeManager, false, nil},
		{"owner makes a manager common", "zhangsan", "wangwu", MakeCommon, true, nil},
		{"owner mutes a manager", "zhangsan", "wangwu", MuteMember, true, nil},
		{"manager makes a manager", "wangwu", "lisi", MakeManager, true, ErrForbidden},
		{"manager makes a common member", "wangwu", "lisi", MakeCommon, true, nil},
		{"manager blocks", "wangwu", "lisi", Block, true, nil},
		{"manager mutes", "wangwu", "lisi", MuteMember, true, nil},
		{"manager mutes another manager", "wangwu", "zhaoliu", MuteMember, true, ErrForbidden},
		{"manager blocks itself", "wangwu", "wangwu", Block, true, ErrForbidden},
		{"manager mutes the owner", "wangwu", "zhangsan", MuteMember, true, ErrForbidden},
		{"owner changes itself", "zhangsan", "zhangsan", MakeCommon, true, ErrForbidden},
		{"common member blocks", "common", "lisi", Block, true, ErrForbidden},
		{"stranger blocks", "nobody", "lisi", Block, true, ErrForbidden},
		{"manager again", "zhangsan", "wangwu", MakeManager, true, ErrDuplicate},
		{"common again", "zhangsan", "common", MakeCommon, true, ErrDuplicate},
		{"no manager to unmake", "zhangsan", "lisi", MakeManager, false, ErrDuplicate},
		{"no common member to unmake", "zhangsan", "wangwu", MakeCommon, false, ErrDuplicate},
		{"not blocked", "zhangsan", "lisi", Block, false, ErrDuplicate},
		{"not muted", "zhangsan", "lisi", MuteMember, false, ErrDuplicate},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, r := newTestRoom(t)
			_, err := r.SetRole(noon, "zhangsan", "zhaoliu", MakeManager, true, Notice{})
			must(t, err)
			_, err = r.SetRole(noon, "zhangsan", "common", MakeCommon, true, Notice{})
			must(t, err)
			_, err = r.SetRole(noon, tt.operator, tt.target, tt.change, tt.set, Notice{})
			wantErr(t, err, tt.want)
		})
	}
}

// en-chatroom: Setting user roles in the chat room, "After executing unset,
// members not in the mute list or blocklist will become visitors".
func TestWhatAMemberIsAfterEachStep(t *testing.T) {
	type step struct {
		change RoleChange
		set    bool
		want   Role
	}
	tests := []struct {
		name  string
		steps []step
	}{
		{"manager and back", []step{{MakeManager, true, Manager}, {MakeManager, false, Temporary}}},
		{"common and back", []step{{MakeCommon, true, Common}, {MakeCommon, false, Temporary}}},
		{"manager after common", []step{{MakeCommon, true, Common}, {MakeManager, true, Manager}}},
		{"blocked and back", []step{{Block, true, Limited}, {Block, false, Temporary}}},
		{"still muted", []step{{Block, true, Limited}, {MuteMember, true, Limited}, {Block, false, Limited}, {MuteMember, false, Temporary}}},
		{"muting ends being a manager", []step{{MakeManager, true, Manager}, {MuteMember, true, Limited}, {MuteMember, false, Temporary}}},
		{"a common member is on no list", []step{{Block, true, Limited}, {MuteMember, true, Limited}, {MakeCommon, true, Common}, {Block, true, Limited}, {Block, false, Temporary}}},
	}
	for _, online := range []bool{false, true} {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				w, r := newTestRoom(t)
				if online {
					join(t, w, r, "lisi")
				}
				for i, s := range tt.steps {
					m, err := r.SetRole(noon, "zhangsan", "lisi", s.change, s.set, Notice{})
					must(t, err)
					if m.Role != s.want {
						t.Fatalf("step %d: %s, want %s", i, m.Role, s.want)
					}
				}
			})
		}
	}
}

func TestAnUnsetMemberStaysOnlyWhileOnline(t *testing.T) {
	w, r := newTestRoom(t)
	join(t, w, r, "online")
	for _, accid := range []string{"online", "offline"} {
		for _, set := range []bool{true, false} {
			_, err := r.SetRole(noon, "zhangsan", accid, MakeCommon, set, Notice{})
			must(t, err)
		}
	}
	wantAccids(t, r.Page(Visitors, 0, 10), "online")
	_, err := r.Member("offline")
	wantErr(t, err, ErrNoMember)
}

func TestBlockingPutsAMemberOutAndKeepsItOut(t *testing.T) {
	w, r := newTestRoom(t)
	join(t, w, r, "lisi", "vip")
	_, err := r.SetRole(noon, "zhangsan", "lisi", Block, true, Notice{})
	must(t, err)
	if r.CountOnline() != 0 || r.CountTag("vip") != 0 || len(r.TagLogins("vip", 0, 10)) != 0 {
		t.Error("still in the room")
	}
	wantErr(t, w.Join(noon, r.ID, Login{Accid: "lisi"}, ProfileChange{}), ErrBlocked)
	_, err = r.SetRole(noon, "zhangsan", "lisi", Block, false, Notice{})
	must(t, err)
	join(t, w, r, "lisi")
}
