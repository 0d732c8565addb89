package rules_test

import (
	"slices"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// people are in every room of crowd, one of each kind.
var people = []string{"owner", "manager", "common", "muted", "blocked", "visitor", "offline", "stranger"}

// crowd opens a room with one of each kind of people, and the manager
// manager2; the stranger was never there, the visitor is online.
func crowd(t testing.TB, srv *emulator.Server) gen.RoomID {
	t.Helper()
	id, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "owner", Name: "n"})
	if err != nil {
		t.Fatal(err)
	}
	for accid, opt := range map[string]gen.RoleOperation{
		"manager": gen.RoleOperationManager, "manager2": gen.RoleOperationManager, "common": gen.RoleOperationCommon,
		"offline": gen.RoleOperationCommon, "muted": gen.RoleOperationMuted, "blocked": gen.RoleOperationBlocked,
	} {
		emutest.Do(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "owner", accid, opt, true))
	}
	for _, accid := range []string{"owner", "manager", "common", "muted", "visitor"} {
		emutest.Join(t, srv, id, accid, "tag")
	}
	return id
}

func TestPermissionsOfEachOperation(t *testing.T) {
	owner, operators := []string{"owner"}, []string{"owner", "manager"}
	setRole := func(opt gen.RoleOperation, set bool, target string) func(*emulator.Server, gen.RoomID, string) error {
		return func(s *emulator.Server, id gen.RoomID, operator string) error {
			_, err := emulator.Call(s, gen.SetMemberRoleEndpoint, emutest.Role(id, operator, target, opt, set))
			return err
		}
	}
	mute := func(target string) func(*emulator.Server, gen.RoomID, string) error {
		return func(s *emulator.Server, id gen.RoomID, operator string) error {
			_, err := emulator.Call(s, gen.MuteMemberEndpoint, gen.MuteMemberForm{RoomID: id, Operator: operator, Target: target, MuteDuration: time.Second})
			return err
		}
	}
	tests := []struct {
		name string
		call func(s *emulator.Server, id gen.RoomID, operator string) error
		may  []string
	}{
		{"close the room", func(s *emulator.Server, id gen.RoomID, operator string) error {
			_, err := emulator.Call(s, gen.ToggleChatroomEndpoint, gen.ToggleChatroomForm{RoomID: id, Operator: operator, Valid: emutest.Ptr(false)})
			return err
		}, owner},
		{"mute the room", func(s *emulator.Server, id gen.RoomID, operator string) error {
			_, err := emulator.Call(s, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: operator, Mute: emutest.Ptr(true)})
			return err
		}, operators},
		{"mute a tag", func(s *emulator.Server, id gen.RoomID, operator string) error {
			_, err := emulator.Call(s, gen.MuteTagEndpoint, gen.MuteTagForm{RoomID: id, Operator: operator, TargetTag: "tag", MuteDuration: time.Second})
			return err
		}, operators},
		{"mute a visitor for a while", mute("visitor"), operators},
		{"mute a common member for a while", mute("common"), operators},
		{"mute who was never there for a while", mute("nobody"), operators},
		{"mute a manager for a while", mute("manager2"), owner},
		{"mute the owner for a while", mute("owner"), nil},
		{"make a manager", setRole(gen.RoleOperationManager, true, "visitor"), owner},
		{"unmake a manager", setRole(gen.RoleOperationManager, false, "manager2"), owner},
		{"make a common member", setRole(gen.RoleOperationCommon, true, "visitor"), operators},
		{"unmake a common member", setRole(gen.RoleOperationCommon, false, "offline"), operators},
		{"make a manager a common member", setRole(gen.RoleOperationCommon, true, "manager2"), owner},
		{"block a visitor", setRole(gen.RoleOperationBlocked, true, "visitor"), operators},
		{"unblock", setRole(gen.RoleOperationBlocked, false, "blocked"), operators},
		{"block a manager", setRole(gen.RoleOperationBlocked, true, "manager2"), owner},
		{"block the owner", setRole(gen.RoleOperationBlocked, true, "owner"), nil},
		{"mute a visitor", setRole(gen.RoleOperationMuted, true, "visitor"), operators},
		{"unmute", setRole(gen.RoleOperationMuted, false, "muted"), operators},
		{"mute a manager", setRole(gen.RoleOperationMuted, true, "manager2"), owner},
		{"mute the owner", setRole(gen.RoleOperationMuted, true, "owner"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, operator := range people {
				srv := emutest.NewServer(t)
				id := crowd(t, srv)
				before, err := srv.Room(id)
				if err != nil {
					t.Fatal(err)
				}
				want := gen.CodeForbidden
				if slices.Contains(tt.may, operator) {
					want = gen.CodeOK
				}
				if got := emutest.CodeOfError(t, tt.call(srv, id, operator)); got != want {
					t.Errorf("%s: code %d, want %d", operator, got, want)
				}
				if after, err := srv.Room(id); err != nil || want != gen.CodeOK && len(after.Members) != len(before.Members) {
					t.Errorf("%s: an error changed the room: %v", operator, err)
				}
			}
		})
	}
}

// What each kind of person may do without being an operator.
func TestPermissionsToEnterAndSpeakAndListings(t *testing.T) {
	srv := emutest.NewServer(t)
	id := crowd(t, srv)
	listed := func(kind gen.MemberKind) map[string]gen.Member {
		members := map[string]gen.Member{}
		for _, m := range emutest.Do(t, srv, gen.ListMembersEndpoint, gen.ListMembersForm{RoomID: id, Type: emutest.Ptr(kind), Limit: 100}).Desc.Data {
			members[m.Accid] = m
		}
		return members
	}
	fixed, online, visitors := listed(gen.MemberKindFixed), listed(gen.MemberKindOnlineFixed), listed(gen.MemberKindVisitors)
	tests := []struct {
		accid                      string
		fixed, online, visitor     bool
		enter, speak, speakInMuted int
	}{
		{"owner", true, true, false, 200, 200, 200},
		{"manager", true, true, false, 200, 200, 200},
		{"common", true, true, false, 200, 200, 13004},
		{"muted", true, true, false, 200, 13004, 13004},
		{"blocked", true, false, false, 13003, 13003, 13003},
		{"visitor", false, false, true, 200, 200, 13004},
		{"offline", true, false, false, 200, 200, 13004},
		{"stranger", false, false, false, 200, 200, 13004},
	}
	speak := func(accid string) int {
		t.Helper()
		_, err := emulator.Call(srv, gen.SendMessageEndpoint, emutest.Say(id, "m", accid))
		return emutest.CodeOfError(t, err)
	}
	for _, tt := range tests {
		_, isFixed := fixed[tt.accid]
		_, isOnline := online[tt.accid]
		_, isVisitor := visitors[tt.accid]
		if isFixed != tt.fixed || isOnline != tt.online || isVisitor != tt.visitor {
			t.Errorf("%s: fixed %t, online %t, visitor %t", tt.accid, isFixed, isOnline, isVisitor)
		}
		if m := fixed[tt.accid]; m.Blacklisted != (tt.accid == "blocked") || m.Muted != (tt.accid == "muted") {
			t.Errorf("%+v", m)
		}
		if got := speak(tt.accid); got != tt.speak {
			t.Errorf("%s speaks: code %d", tt.accid, got)
		}
	}
	emutest.Do(t, srv, gen.MuteChatroomEndpoint, gen.MuteChatroomForm{RoomID: id, Operator: "owner", Mute: emutest.Ptr(true)})
	for _, tt := range tests {
		if got := speak(tt.accid); got != tt.speakInMuted {
			t.Errorf("%s speaks in a muted room: code %d", tt.accid, got)
		}
		if got := emutest.CodeOfError(t, srv.Join(id, emulator.JoinOptions{Accid: tt.accid})); got != tt.enter {
			t.Errorf("%s enters: code %d", tt.accid, got)
		}
	}
}

// The four values of opt, set and taken back, on members that are in the room
// and on others: what the response says, and how the member is listed then.
func TestTheFourOpts(t *testing.T) {
	const gone = gen.Role("")
	tests := []struct {
		opt          gen.RoleOperation
		set          gen.Role
		inRoom, away gen.Role // listed as, after it was taken back
	}{
		{gen.RoleOperationManager, gen.RoleManager, gen.RoleTemporary, gone},
		{gen.RoleOperationCommon, gen.RoleCommon, gen.RoleTemporary, gone},
		{gen.RoleOperationBlocked, gen.RoleLimited, gone, gone}, // blocking puts out
		{gen.RoleOperationMuted, gen.RoleLimited, gen.RoleTemporary, gone},
	}
	for _, tt := range tests {
		for _, in := range []bool{true, false} {
			srv := emutest.NewServer(t)
			id := emutest.OpenRoom(t, srv)
			want := tt.away
			if in {
				emutest.Join(t, srv, id, "lisi")
				want = tt.inRoom
			}
			listed := func() gen.Role {
				room, err := srv.Room(id)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range room.Members {
					if m.Accid == "lisi" {
						return m.Type
					}
				}
				return gone
			}
			if got := emutest.Do(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "zhangsan", "lisi", tt.opt, true)).Desc.Type; got != tt.set || listed() != tt.set {
				t.Errorf("opt %d set: %s, listed as %q", tt.opt, got, listed())
			}
			if got := emutest.Do(t, srv, gen.SetMemberRoleEndpoint, emutest.Role(id, "zhangsan", "lisi", tt.opt, false)).Desc.Type; got != gen.RoleTemporary || listed() != want {
				t.Errorf("opt %d taken back, in the room %t: %s, listed as %q, want %q", tt.opt, in, got, listed(), want)
			}
		}
	}
}
