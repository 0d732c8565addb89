package rules_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// The documents count lengths in characters, not bytes.
func TestTextsAreLimitedInCharacters(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	emutest.Join(t, srv, id, "lisi")
	text := func(n int) *string { return emutest.Ptr(strings.Repeat("文", n)) }
	create := func(edit func(*gen.CreateChatroomForm, int)) func(int) error {
		return func(n int) error {
			f := gen.CreateChatroomForm{Creator: "zhangsan", Name: "n"}
			edit(&f, n)
			return emutest.Tried(srv, gen.CreateChatroomEndpoint, f)
		}
	}
	send := func(edit func(*gen.SendMessageForm, int)) func(int) error {
		return func(n int) error {
			f := emutest.Say(id, "1", "zhangsan")
			edit(&f, n)
			return emutest.Tried(srv, gen.SendMessageEndpoint, f)
		}
	}
	tests := []struct {
		name  string
		limit int
		call  func(length int) error
	}{
		{"create name", 128, create(func(f *gen.CreateChatroomForm, n int) { f.Name = *text(n) })},
		{"create announcement", 4096, create(func(f *gen.CreateChatroomForm, n int) { f.Announcement = text(n) })},
		{"create broadcasturl", 1024, create(func(f *gen.CreateChatroomForm, n int) { f.BroadcastURL = text(n) })},
		{"create ext", 4096, create(func(f *gen.CreateChatroomForm, n int) { f.Ext = text(n) })},
		{"update notifyExt", 2048, func(n int) error {
			return emutest.Tried(srv, gen.UpdateChatroomEndpoint, gen.UpdateChatroomForm{RoomID: id, NotifyExt: text(n)})
		}},
		{"setMemberRole notifyExt", 2048, func(n int) error {
			f := emutest.Role(id, "zhangsan", "target", gen.RoleOperationCommon, true)
			f.NotifyExt = text(n)
			return emutest.Tried(srv, gen.SetMemberRoleEndpoint, f)
		}},
		{"temporaryMute notifyExt", 2048, func(n int) error {
			return emutest.Tried(srv, gen.MuteMemberEndpoint, gen.MuteMemberForm{RoomID: id, Operator: "zhangsan", Target: "lisi", NotifyExt: text(n)})
		}},
		{"updateMyRoomRole nick", 64, func(n int) error {
			return emutest.Tried(srv, gen.UpdateMemberEndpoint, gen.UpdateMemberForm{RoomID: id, Accid: "lisi", Nick: text(n)})
		}},
		{"updateMyRoomRole notifyExt", 2048, func(n int) error {
			return emutest.Tried(srv, gen.UpdateMemberEndpoint, gen.UpdateMemberForm{RoomID: id, Accid: "lisi", NotifyExt: text(n)})
		}},
		{"addRobot roleExt", 4096, func(n int) error {
			return emutest.Tried(srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"r"}, RoleExt: text(n)})
		}},
		{"addRobot notifyExt", 2048, func(n int) error {
			return emutest.Tried(srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"r"}, NotifyExt: text(n)})
		}},
		{"sendMsg attach", 4096, send(func(f *gen.SendMessageForm, n int) { f.Attach = text(n) })},
		{"sendMsg ext", 4096, send(func(f *gen.SendMessageForm, n int) { f.Ext = text(n) })},
		{"sendMsg notifyTargetTags", 128, send(func(f *gen.SendMessageForm, n int) {
			f.NotifyTargetTags = emutest.Expr(`{"tag":"` + *text(n - len(`{"tag":""}`)) + `"}`)
		})},
		{"sendMsg yidunAntiCheating", 1024, send(func(f *gen.SendMessageForm, n int) {
			f.YidunAntiCheating = []byte(`{"a":"` + *text(n - len(`{"a":""}`)) + `"}`)
		})},
		{"sendMsg antispamCustom", 5000, send(func(f *gen.SendMessageForm, n int) {
			f.AntiSpamCustom = &gen.AntispamContent{Data: text(n - len(`{"data":""}`))}
		})},
	}
	for _, tt := range tests {
		if err := tt.call(tt.limit); err != nil {
			t.Errorf("%s, %d characters: %v", tt.name, tt.limit, err)
		}
		if got := emutest.CodeOfError(t, tt.call(tt.limit+1)); got != gen.CodeBadParameter {
			t.Errorf("%s, %d characters: code %d", tt.name, tt.limit+1, got)
		}
	}
}

// What the fields that are numbers or words may hold, and what is just outside.
func TestNumbersAreLimited(t *testing.T) {
	srv := emulator.Start(t)
	id := emutest.OpenRoom(t, srv)
	tests := []struct {
		op        *gen.Operation
		field     string
		good, bad []string
	}{
		{gen.CreateChatroomEndpoint.Operation, "queuelevel", []string{"0", "1", "2"}, nil},
		{gen.SetMemberRoleEndpoint.Operation, "opt", []string{"1", "2", "-1", "-2"}, []string{"0", "3", "-3"}},
		{gen.RequestAddressEndpoint.Operation, "clienttype", []string{"0", "1", "2", "3", "4"}, nil},
		{gen.SendMessageEndpoint.Operation, "msgType", []string{"0", "1", "2", "3", "4", "6", "10", "100", "5", "12"}, []string{"0.0", "2147483648"}},
		{gen.SendMessageEndpoint.Operation, "subType", []string{"0", "1", "2147483647"}, []string{"-1"}},
		{gen.SendMessageEndpoint.Operation, "resendFlag", []string{"0", "1", "2"}, nil},
		{gen.SendMessageEndpoint.Operation, "skipHistory", []string{"0", "1", "2"}, nil},
		{gen.SendMessageEndpoint.Operation, "abandonRatio", []string{"0", "9999"}, []string{"-1", "10000"}},
		{gen.SendMessageEndpoint.Operation, "useYiDun", []string{"0", "1"}, nil},
		{gen.MuteMemberEndpoint.Operation, "muteDuration", []string{"0", "2592000"}, []string{"-1", "2592001"}},
		{gen.MuteTagEndpoint.Operation, "muteDuration", []string{"0", "2592000"}, []string{"-1", "2592001"}},
		{gen.ListTopChatroomsEndpoint.Operation, "topn", []string{"1", "500"}, []string{"0", "501"}},
		{gen.ListTopChatroomsEndpoint.Operation, "period", []string{"hour", "day"}, []string{"week"}},
		{gen.ListTopChatroomsEndpoint.Operation, "orderby", []string{"active", "join", "enter", "message"}, []string{"name"}},
		{gen.ListMembersEndpoint.Operation, "type", []string{"0", "1", "2"}, []string{"-1", "3"}},
		{gen.ListMembersEndpoint.Operation, "limit", []string{"1", "100"}, []string{"0", "101"}},
		{gen.ListTagMembersEndpoint.Operation, "limit", []string{"1", "100"}, []string{"0", "101"}},
		{gen.ListTagMessagesEndpoint.Operation, "limit", []string{"1", "200"}, []string{"0", "201"}},
		{gen.ListTagMessagesEndpoint.Operation, "reverse", []string{"0", "1"}, []string{"2"}},
	}
	for _, tt := range tests {
		for i, value := range append(tt.good, tt.bad...) {
			code, body := emutest.Post(t, srv, tt.op.Path, with(t, tt.op, id, tt.field, value))
			if want := i >= len(tt.good); (code == gen.CodeBadParameter) != want {
				t.Errorf("%s %s=%s: %s", tt.op.Action, tt.field, value, body)
			}
		}
	}
}

// zh-tags: 根据标签查询历史消息: limit, "默认值和最大值都为 200".
func TestTheHistoryGives200(t *testing.T) {
	srv := emutest.NewServer(t)
	id := emutest.OpenRoom(t, srv)
	for i := range 201 {
		form := emutest.Say(id, strconv.Itoa(i), "zhangsan")
		form.NotifyTargetTags = emutest.Expr(`{"tag":"a"}`)
		emutest.Do(t, srv, gen.SendMessageEndpoint, form)
	}
	found := emutest.Do(t, srv, gen.ListTagMessagesEndpoint, gen.ListTagMessagesForm{RoomID: id, Tags: []string{"a"}})
	if found.Size != 200 || found.Msgs[0].MsgID != "200" {
		t.Errorf("%d found, the first is %+v", found.Size, found.Msgs[0])
	}
}
