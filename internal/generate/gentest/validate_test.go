package gentest

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/tagexpr"
)

func ptr[T any](v T) *T { return &v }

func roomIDs(n int) []gen.RoomID {
	list := make([]gen.RoomID, n)
	for i := range list {
		list[i] = gen.RoomID(i + 1)
	}
	return list
}

// TestLimits tries each kind of limit at its edge and just past it.
func TestLimits(t *testing.T) {
	message := gen.SendMessageForm{RoomID: 1, MsgID: "m", FromAccid: "a", MsgType: ptr(gen.MessageTypeText)}
	withMessage := func(change func(f *gen.SendMessageForm)) gen.Form {
		f := message
		change(&f)
		return f
	}
	for _, tc := range []struct {
		form gen.Form
		want string
	}{
		{message, ""},
		{gen.CreateChatroomForm{Creator: "a", Name: strings.Repeat("聊", 128)}, ""},
		{gen.CreateChatroomForm{Creator: "a", Name: strings.Repeat("聊", 129)}, "name: 129 characters, at most 128"},
		{gen.CreateChatroomForm{Name: "x"}, "creator is empty"},
		{gen.CreateChatroomForm{Creator: "a", Name: "x", QueueLevel: ptr(gen.QueueLevel(2))}, ""},
		{gen.GetChatroomForm{}, "roomid: 0, at least 1"},
		{gen.GetChatroomsForm{RoomIDs: roomIDs(20)}, ""},
		{gen.GetChatroomsForm{RoomIDs: roomIDs(21)}, "roomids: 21 items, at most 20"},
		{gen.GetChatroomsForm{}, "roomids is empty"},
		{gen.GetChatroomsForm{RoomIDs: []gen.RoomID{1, -1}}, "roomids[1]: -1, at least 0"},
		{gen.GetMembersForm{RoomID: 1, Accids: []string{"a", ""}}, "accids[1] is empty"},
		{gen.ListMembersForm{RoomID: 1, Type: ptr(gen.MemberKindFixed), Limit: 100}, ""},
		{gen.ListMembersForm{RoomID: 1, Type: ptr(gen.MemberKindFixed), Limit: 101}, "limit: 101, at most 100"},
		{gen.ListMembersForm{RoomID: 1, Type: ptr(gen.MemberKindFixed)}, "limit: 0, at least 1"},
		{gen.ListMembersForm{RoomID: 1, Type: ptr(gen.MemberKindFixed), Limit: 1, EndTime: time.UnixMilli(-1)}, "endtime: -1, at least 0 milliseconds since 1970-01-01 UTC"},
		{gen.ListTopChatroomsForm{Timestamp: ptr(time.Unix(-5, 0))}, "timestamp: -5, at least 0 seconds or milliseconds since 1970-01-01 UTC"},
		{gen.MuteMemberForm{RoomID: 1, Operator: "a", Target: "b", MuteDuration: 30 * 24 * time.Hour}, ""},
		{gen.MuteTagForm{RoomID: 1, Operator: "a", TargetTag: "b", NotifyTargetTags: expr(`{"tag":"a"}`)}, ""},
		{gen.MuteTagForm{RoomID: 1, Operator: "a", TargetTag: "b", NotifyTargetTags: expr("vip")}, `notifyTargetTags: tag expression at byte 0: want {"tag":"..."}`},
		{gen.MuteMemberForm{RoomID: 1, Operator: "a", Target: "b", MuteDuration: 30*24*time.Hour + 1}, "muteDuration: 2592001, at most 2592000 seconds"},
		{gen.MuteTagForm{RoomID: 1, Operator: "a", TargetTag: "b", MuteDuration: -1}, "muteDuration: -1, at least 0 seconds"},
		{gen.ListTopChatroomsForm{Period: ptr(gen.RankingPeriod("week"))}, ""},
		{gen.SetMemberRoleForm{RoomID: 1, Operator: "a", Target: "b"}, "opt is not set, want one of 1, 2, -1, -2"},
		{gen.ListTagMessagesForm{RoomID: 1, Tags: []string{"a"}, Types: []gen.MessageType{0, 5}}, ""},
		{withMessage(func(f *gen.SendMessageForm) { f.MsgType = ptr(gen.MessageType(5)) }), ""},
		{withMessage(func(f *gen.SendMessageForm) { f.AbandonRatio = ptr(10000) }), "abandonRatio: 10000, at most 9999"},
		{withMessage(func(f *gen.SendMessageForm) { f.YidunAntiCheating = json.RawMessage(`{"a":1}`) }), ""},
		{withMessage(func(f *gen.SendMessageForm) { f.YidunAntiCheating = json.RawMessage(`[1]`) }), "yidunAntiCheating: [1], want a JSON object"},
		{withMessage(func(f *gen.SendMessageForm) {
			f.YidunAntiCheating = json.RawMessage(`{"a":"` + strings.Repeat("x", 1017) + `"}`)
		}), "yidunAntiCheating: 1025 characters, at most 1024"},
		{withMessage(func(f *gen.SendMessageForm) {
			f.AntiSpamCustom = &gen.AntispamContent{Type: ptr(gen.AntispamTypeText), Data: ptr(strings.Repeat("聊", 4980))}
		}), ""},
		{withMessage(func(f *gen.SendMessageForm) {
			f.AntiSpamCustom = &gen.AntispamContent{Type: ptr(gen.AntispamTypeText), Data: ptr(strings.Repeat("聊", 4981))}
		}), "antispamCustom: 5001 characters, at most 5000"},
		{withMessage(func(f *gen.SendMessageForm) {
			f.AntiSpamCustom = &gen.AntispamContent{Extra: map[string]json.RawMessage{"customSpam": []byte(`"data"`)}}
		}), ""},
		{gen.UpdateMemberTagsForm{RoomID: 1, Accid: "a"}, ""},
		{gen.ToggleChatroomForm{RoomID: 1, Operator: "a"}, "valid is not set, want true or false"},
		{gen.SetEntryNotificationForm{RoomID: 1}, "close is not set, want true or false"},
		{gen.ListMembersForm{RoomID: 1, Limit: 1}, "type is not set, want one of 0, 1, 2"},
		{withMessage(func(f *gen.SendMessageForm) { f.MsgType = nil }), "msgType is not set, want one of 0, 1, 2, 3, 4, 6, 10, 100"},
	} {
		got := ""
		if err := tc.form.Validate(); err != nil {
			got = err.Error()
			if !errors.As(err, new(*wire.FieldError)) {
				t.Errorf("%T is no *wire.FieldError", err)
			}
		}
		if got != tc.want {
			t.Errorf("%T: got %q, want %q", tc.form, got, tc.want)
		}
	}
}

func TestAliasesOfFieldsBind(t *testing.T) {
	for _, tc := range []struct{ operation, body, want string }{
		{"listTagMessages", `roomid=1&tags=["a"]`, "roomId=1&tags=%5B%22a%22%5D"},
		{"sendMessage", "roomid=1&msgId=m&fromAccid=a&msgType=0&useYiDun=0", "roomid=1&msgId=m&fromAccid=a&msgType=0&useYidun=0"},
		{"listTopChatrooms", "orderby=join", "orderby=enter"},
		{"listTopChatrooms", "orderby=enter&orderby=active", "orderby=enter"},
		{"getChatrooms", `roomids=[1,"2"]&needOnlineUserCount=TRUE`, "roomids=%5B%221%22%2C%222%22%5D&needOnlineUserCount=true"},
	} {
		e := find(t, tc.operation)
		fields, err := wire.ParseForm(tc.body)
		if err != nil {
			t.Fatal(err)
		}
		form, err := e.bind(fields)
		if err != nil {
			t.Errorf("%s: %v", tc.body, err)
			continue
		}
		if got := string(form.AppendForm(nil)); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.body, got, tc.want)
		}
	}
}

// expr is a tag expression, or what text that is none becomes.
func expr(text string) *tagexpr.Expr {
	e, _ := tagexpr.Parse(text)
	return &e
}
