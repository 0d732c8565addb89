package rules_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// en-chatroom: Setting user roles in the chat room. The rules in full are
// tested with the state; here is what the responses say.
func TestSetMemberRole(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	for _, tt := range []struct {
		form gen.SetMemberRoleForm
		want gen.Role
		code int
	}{
		{form: emutest.Role(id, "zhangsan", "lisi", gen.RoleOperationManager, true), want: gen.RoleManager},
		{form: emutest.Role(id, "zhangsan", "lisi", gen.RoleOperationManager, true), code: gen.CodeDuplicateOperation},
		{form: emutest.Role(id, "wangwu", "lisi", gen.RoleOperationMuted, true), code: gen.CodeForbidden},
		{form: emutest.Role(id, "zhangsan", "lisi", gen.RoleOperationManager, false), want: gen.RoleTemporary},
		{form: emutest.Role(id, "wangwu", "lisi", gen.RoleOperationManager, true), code: gen.CodeForbidden},
		{form: emutest.Role(id, "wangwu", "lisi", gen.RoleOperationCommon, true), want: gen.RoleCommon},
		{form: emutest.Role(id, "wangwu", "lisi", gen.RoleOperationMuted, true), want: gen.RoleLimited},
		{form: emutest.Role(id, "wangwu", "lisi", gen.RoleOperationBlocked, true), want: gen.RoleLimited},
		{form: emutest.Role(id, "wangwu", "lisi", gen.RoleOperationMuted, false), want: gen.RoleLimited},
		{form: emutest.Role(id, "wangwu", "lisi", gen.RoleOperationBlocked, false), want: gen.RoleTemporary},
		{form: emutest.Role(id, "lisi", "zhaoliu", gen.RoleOperationCommon, true), code: gen.CodeForbidden},
	} {
		if tt.code != 0 {
			emutest.WantCode(t, srv, gen.SetMemberRoleEndpoint, tt.form, tt.code)
			continue
		}
		got := emutest.Get(t, srv, gen.SetMemberRoleEndpoint, tt.form).Desc
		if want := (gen.MemberRole{RoomID: id, Valid: emutest.Ptr(true), Level: emutest.Ptr(0), Accid: tt.form.Target, Type: tt.want}); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v: got %+v", tt.form, got)
		}
	}
}

// en-chatroom: Setting temporary mute status; Getting a paginated list of
// members, tempMuteTtl.
func TestTemporaryMuteShowsWhatIsLeft(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	emutest.Join(t, srv, id, "lisi")
	mute := func(operator, target string, length time.Duration) gen.MuteMemberForm {
		return gen.MuteMemberForm{RoomID: id, Operator: operator, Target: target, MuteDuration: length}
	}
	emutest.WantCode(t, srv, gen.MuteMemberEndpoint, mute("lisi", "zhaoliu", 1), gen.CodeForbidden)
	emutest.WantCode(t, srv, gen.MuteMemberEndpoint, mute("wangwu", "zhangsan", 1), gen.CodeForbidden)
	if got := emutest.Get(t, srv, gen.MuteMemberEndpoint, mute("wangwu", "lisi", 300*time.Second)).Desc.MuteDuration; got != 300*time.Second {
		t.Errorf("muted for %v", got)
	}
	say := gen.SendMessageForm{RoomID: id, MsgID: "1", FromAccid: "lisi", MsgType: emutest.Ptr(gen.MessageTypeText)}
	emutest.WantCode(t, srv, gen.SendMessageEndpoint, say, gen.CodeMuted)
	if err := srv.Advance(100 * time.Second); err != nil {
		t.Fatal(err)
	}
	seen := emutest.Get(t, srv, gen.GetMembersEndpoint, gen.GetMembersForm{RoomID: id, Accids: []string{"lisi"}}).Desc.Data
	if len(seen) != 1 || !seen[0].TempMuted || *seen[0].TempMuteTTL < 199*time.Second || *seen[0].TempMuteTTL > 200*time.Second {
		t.Errorf("seen %+v", seen)
	}
	if got := emutest.Get(t, srv, gen.MuteMemberEndpoint, mute("zhangsan", "lisi", 0)).Desc.MuteDuration; got < 199*time.Second || got > 200*time.Second {
		t.Errorf("lifted with %v left", got)
	}
	emutest.Get(t, srv, gen.SendMessageEndpoint, say)
	seen = emutest.Get(t, srv, gen.GetMembersEndpoint, gen.GetMembersForm{RoomID: id, Accids: []string{"lisi"}}).Desc.Data
	if len(seen) != 1 || seen[0].TempMuted || seen[0].TempMuteTTL != nil {
		t.Errorf("seen %+v", seen)
	}
	emutest.Get(t, srv, gen.MuteMemberEndpoint, mute("zhangsan", "stranger", 30*24*time.Hour))
	emutest.WantCode(t, srv, gen.MuteMemberEndpoint, mute("zhangsan", "stranger", 30*24*time.Hour+1), gen.CodeBadParameter)
}

// en-chatroom: Getting a paginated list of members.
func TestMembersByPage(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	for i := range 5 {
		emutest.Join(t, srv, id, fmt.Sprintf("visitor%d", i))
	}
	emutest.Join(t, srv, id, "wangwu")
	page := func(kind gen.MemberKind, end time.Time, limit int) []gen.Member {
		t.Helper()
		return emutest.Get(t, srv, gen.ListMembersEndpoint, gen.ListMembersForm{RoomID: id, Type: emutest.Ptr(kind), EndTime: end, Limit: limit}).Desc.Data
	}
	var got []string
	var end time.Time
	for {
		members := page(gen.MemberKindVisitors, end, 2)
		if len(members) == 0 {
			break
		}
		for _, m := range members {
			got = append(got, m.Accid)
			if end = m.EnterTime; m.Type != gen.RoleTemporary || !m.Online || m.RoomID != id || m.Nick != m.Accid {
				t.Errorf("member %+v", m)
			}
		}
	}
	if want := []string{"visitor4", "visitor3", "visitor2", "visitor1", "visitor0"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if fixed := page(gen.MemberKindFixed, time.Time{}, 100); len(fixed) != 2 || fixed[0].Accid != "wangwu" || fixed[0].Type != gen.RoleManager || fixed[1].Type != gen.RoleCreator {
		t.Errorf("fixed %+v", fixed)
	}
	if online := page(gen.MemberKindOnlineFixed, time.Time{}, 100); len(online) != 1 || online[0].Accid != "wangwu" {
		t.Errorf("online %+v", online)
	}
}

// en-members: Query participants by role.
func TestQueryMembersByRole(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	emutest.Get(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "zhangsan", "user03", gen.RoleOperationBlocked, true))
	emutest.Get(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "zhangsan", "user04", gen.RoleOperationMuted, true))
	got := emutest.Get(t, srv, gen.ListMembersByRoleEndpoint, gen.ListMembersByRoleForm{RoomID: id, Roles: gen.RoleSelection{
		Creator: emutest.Ptr(true), Manager: emutest.Ptr(true), Blacklist: emutest.Ptr(true), Mute: emutest.Ptr(true),
	}}).Desc.Data
	type row struct {
		accid              string
		role               gen.Role
		blacklisted, muted bool
	}
	var rows []row
	for _, m := range got {
		rows = append(rows, row{m.Accid, m.Type, m.Blacklisted, m.Muted})
	}
	if want := []row{
		{"user04", gen.RoleLimited, false, true},
		{"user03", gen.RoleLimited, true, false},
		{"wangwu", gen.RoleManager, false, false},
		{"zhangsan", gen.RoleCreator, false, false},
	}; !reflect.DeepEqual(rows, want) {
		t.Errorf("got %+v", rows)
	}
	if none := emutest.Get(t, srv, gen.ListMembersByRoleEndpoint, gen.ListMembersByRoleForm{RoomID: id, Roles: gen.RoleSelection{Creator: emutest.Ptr(false)}}).Desc.Data; len(none) != 0 {
		t.Errorf("none asked for, got %+v", none)
	}
}

// en-chatroom: Changing user profiles in a chat room.
func TestUpdateMyRoomRole(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.NewRoom(t, srv)
	emutest.WantCode(t, srv, gen.UpdateMemberEndpoint, gen.UpdateMemberForm{RoomID: id, Accid: "stranger"}, gen.CodeNotFound)
	emutest.Get(t, srv, gen.UpdateMemberEndpoint, gen.UpdateMemberForm{RoomID: id, Accid: "zhangsan"})
	emutest.Get(t, srv, gen.UpdateMemberEndpoint, gen.UpdateMemberForm{
		RoomID: id, Accid: "zhangsan", Save: emutest.Ptr(true), Nick: emutest.Ptr("Zhang San"), Avatar: emutest.Ptr("a.png"), Ext: emutest.Ptr("e"),
	})
	sent := emutest.Get(t, srv, gen.SendMessageEndpoint, gen.SendMessageForm{RoomID: id, MsgID: "1", FromAccid: "zhangsan", MsgType: emutest.Ptr(gen.MessageTypeText)}).Desc
	if sent.FromNick != "Zhang San" || sent.FromAvatar != "a.png" {
		t.Errorf("sent as %q %q", sent.FromNick, sent.FromAvatar)
	}
}
