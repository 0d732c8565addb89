package facts_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/audit/page"
	"github.com/nimroom/nimroom/internal/check/evidence"
	"github.com/nimroom/nimroom/internal/check/facts"
	"github.com/nimroom/nimroom/internal/check/mutation"
	"github.com/nimroom/nimroom/internal/generate/dist"
	"github.com/nimroom/nimroom/internal/long"
	"github.com/nimroom/nimroom/internal/reconciliation"
	"github.com/nimroom/nimroom/spec"
)

type object = mutation.Object

func at(o object, keys ...string) object { return mutation.At(o, keys...) }

// properties are the properties of a component.
func properties(spec object, component string) object {
	return at(spec, "components", "schemas", component, "properties")
}

func post(spec object, actionPath string) object {
	return at(spec, "paths", actionPath, "post")
}

// TestComparisonNoticesMutations seeds one error at a time into a copy of the spec
// and expects it to be reported at its operation and field.
func TestComparisonNoticesMutations(t *testing.T) {
	known, err := evidence.Load("../../../spec/evidence")
	require.NoError(t, err)
	source, err := dist.Read("../../../spec/openapi.yaml")
	require.NoError(t, err)
	spec, err := mutation.Read(source)
	require.NoError(t, err)
	tests := []struct {
		name        string
		mutate      func(spec object)
		path, field string
	}{
		{"wrong length", func(s object) { at(properties(s, "CreateChatroomForm"), "name")["maxLength"] = 127 },
			"/chatroom/create.action", "name"},
		{"wrong length of JSON text", func(s object) { at(s, "components", "schemas", "AntispamContent")["x-max-json-length"] = 4096 },
			"/chatroom/sendMsg.action", "antispamCustom"},
		{"wrong count", func(s object) { at(properties(s, "GetChatroomsForm"), "roomids")["maxItems"] = 50 },
			"/chatroom/getBatch.action", "roomids"},
		{"wrong maximum", func(s object) { at(properties(s, "MuteTagForm"), "muteDuration")["maximum"] = 2592001 },
			"/chatroom/tagTemporaryMute.action", "muteDuration"},
		{"invented limit", func(s object) { at(properties(s, "MuteChatroomForm"), "notifyExt")["maxLength"] = 2048 },
			"/chatroom/muteRoom.action", "notifyExt"},
		{"missing limit", func(s object) { delete(at(properties(s, "UpdateMemberForm"), "nick"), "maxLength") },
			"/chatroom/updateMyRoomRole.action", "nick"},
		{"wrong default", func(s object) { at(s, "components", "schemas", "RankingPeriod")["default"] = "day" },
			"/stats/chatroom/topn.action", "period"},
		{"invented default", func(s object) { at(properties(s, "UpdateMemberForm"), "needNotify")["default"] = true },
			"/chatroom/updateMyRoomRole.action", "needNotify"},
		{"missing form field", func(s object) { delete(properties(s, "SendMessageForm"), "env") },
			"/chatroom/sendMsg.action", "env"},
		{"invented form field", func(s object) { properties(s, "SendMessageForm")["locX"] = object{"type": "string"} },
			"/chatroom/sendMsg.action", "locX"},
		{"missing mark", func(s object) {
			at(s, "components", "schemas", "ListMembersForm")["required"] = []any{"roomid", "type", "limit"}
		}, "/chatroom/membersByPage.action", "endtime"},
		{"invented mark", func(s object) { at(s, "components", "schemas", "ListTopChatroomsForm")["required"] = []any{"topn"} },
			"/stats/chatroom/topn.action", "topn"},
		{"settled mark", func(s object) {
			at(s, "components", "schemas", "ListTagMessagesForm")["required"] = []any{"roomId", "tags", "fromTime"}
		}, "/history/queryTagHistoryMsg.action", "fromTime"},
		{"wrong type", func(s object) { at(properties(s, "ClearRobotsForm"), "notify")["type"] = "string" },
			"/chatroom/cleanRobot.action", "notify"},
		{"narrow integer", func(s object) { at(properties(s, "GetChatroomForm"), "roomid")["format"] = "int32" },
			"/chatroom/get.action", "roomid"},
		{"missing feature", func(s object) { delete(post(s, "/history/queryTagHistoryMsg.action"), "x-feature") },
			"/history/queryTagHistoryMsg.action", "x-feature"},
		{"wrong error of a feature", func(s object) { at(s, "x-features", "broadcast")["desc"] = "broadcast not enable" },
			"/chatroom/broadcast.action", "x-features.broadcast"},
		{"missing encoding", func(s object) {
			delete(at(post(s, "/chatroom/addRobot.action"), "requestBody", "content", "application/x-www-form-urlencoded"), "encoding")
		}, "/chatroom/addRobot.action", "accids"},
		{"missing member of a JSON object", func(s object) { delete(properties(s, "RoleSelection"), "mute") },
			"/chatroom/queryMembersByRole.action", "roles.mute"},
		{"missing enum value", func(s object) {
			at(s, "components", "schemas", "MessageType")["enum"] = []any{0, 1, 2, 3, 4, 6, 100}
		}, "/chatroom/sendMsg.action", "msgType"},
		{"invented enum value", func(s object) { at(s, "components", "schemas", "LinkType")["enum"] = []any{1, 2, 3, 4} },
			"/chatroom/requestAddr.action", "clienttype"},
		{"missing enum alias", func(s object) { delete(at(s, "components", "schemas", "Role", "x-enum-aliases"), "CREATOR") },
			"/chatroom/membersByPage.action", "desc.data[].type"},
		{"missing alias", func(s object) { delete(at(properties(s, "Member"), "enterTime"), "x-aliases") },
			"/chatroom/membersByPage.action", "desc.data[].joinTime"},
		{"alias made canonical", func(s object) {
			member := properties(s, "TopChatroom")
			member["joinNums"] = member["enterNums"]
			at(member, "joinNums")["x-aliases"] = []any{"enterNums"}
			delete(member, "enterNums")
		}, "/stats/chatroom/topn.action", "data[].joinNums"},
		{"missing alias of a reference", func(s object) {
			delete(at(s, "components", "schemas", "GetChatroomSuccess"), "x-property-aliases")
		}, "/chatroom/get.action", "chat room.roomid"},
		{"missing response field", func(s object) { delete(properties(s, "Chatroom"), "ionotify") },
			"/chatroom/getBatch.action", "succRooms[].ionotify"},
		{"invented response field", func(s object) { properties(s, "TagCount")["total"] = object{"type": "integer"} },
			"/chatroom/tagMembersCount.action", "data.total"},
		{"wrong type of a response field", func(s object) { at(properties(s, "TagCount"), "onlineUserCount")["type"] = "boolean" },
			"/chatroom/tagMembersCount.action", "data.onlineUserCount"},
		{"JSON text taken for text", func(s object) { delete(at(properties(s, "AddedRobots"), "oldAccids"), "x-json-text") },
			"/chatroom/addRobot.action", "desc.oldAccids"},
		{"null not allowed", func(s object) { delete(at(properties(s, "Chatroom"), "announcement"), "nullable") },
			"/chatroom/create.action", "chat room.announcement"},
		{"absent field always there", func(s object) {
			at(s, "components", "schemas", "Member")["required"] = []any{"roomid", "accid", "type", "level"}
		}, "/chatroom/membersByPage.action", "desc.data[].level"},
		{"missing unit", func(s object) { at(properties(s, "Member"), "tempMuteTtl")["description"] = "What is left." },
			"/chatroom/membersByPage.action", "desc.data[].tempMuteTtl"},
		{"missing status code", func(s object) {
			post(s, "/chatroom/requestAddr.action")["x-status-codes"] = []any{200, 403, 414, 416, 431, 500, 514}
		}, "/chatroom/requestAddr.action", "x-status-codes"},
		{"invented status code", func(s object) {
			post(s, "/chatroom/updateChatRoomRoleTag.action")["x-status-codes"] = []any{200, 404, 414, 416}
		}, "/chatroom/updateChatRoomRoleTag.action", "x-status-codes"},
		{"printed path", func(s object) {
			paths := at(s, "paths")
			paths["/chatroom/queryTagHistoryMsg.action"] = paths["/history/queryTagHistoryMsg.action"]
			delete(paths, "/history/queryTagHistoryMsg.action")
		}, "/history/queryTagHistoryMsg.action", "path"},
		{"wrong heading", func(s object) {
			post(s, "/chatroom/get.action")["x-source"] = []any{object{"evidence": "en-chatroom-2022-11-25", "at": "Creating a chat room"}}
		}, "/chatroom/get.action", "x-source"},
		{"missing signing header", func(s object) { at(s, "components", "securitySchemes", "Nonce")["name"] = "X-Nonce" },
			"/chatroom/create.action", "securitySchemes"},
	}
	for _, test := range tests[:long.Rounds(t, 12, len(tests))] {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			doc, err := openapi3.NewLoader().LoadFromData(spec.With(test.mutate))
			require.NoError(t, err)
			got := facts.Compare(doc, known).Disagreements
			assert.True(t, slices.ContainsFunc(got, func(d facts.Disagreement) bool {
				return d.Path == test.path && d.Field == test.field
			}), "reported: %v", got)
		})
	}
}

// TestTranscriptsNoticeChanges changes one thing at a time in the record of a page, and
// expects it to be reported.
func TestTranscriptsNoticeChanges(t *testing.T) {
	known, err := evidence.Load("../../../spec/evidence")
	require.NoError(t, err)
	quoted, err := reconciliation.Parse(spec.Reconciliation())
	require.NoError(t, err)
	canonical, err := spec.Read(spec.Variant{})
	require.NoError(t, err)
	const id = "en-chatroom-2022-11-25"
	ref, err := audit.NewReference(canonical, spec.Records())
	require.NoError(t, err)
	text, err := ref.Records[id].Encode("")
	require.NoError(t, err)
	assert.Empty(t, facts.Transcripts(known, quoted, ref))
	inCurl := func(r *page.Record, old, changed string) {
		line := &r.Operations[0].Curl[0]
		line.Text = strings.Replace(line.Text, old, changed, 1)
	}
	for reported, change := range map[string]func(r *page.Record){
		id + ": date":                                func(r *page.Record) { r.Date = "2027-01-02" },
		id + ": title":                               func(r *page.Record) { r.Title = "Rooms" },
		id + ": operation /chatroom/x.action":        func(r *page.Record) { r.Operations[0].URL = "https://api.netease.im/nimserver/chatroom/x.action" },
		id + " /chatroom/create.action: operation":   func(r *page.Record) { r.Operations = r.Operations[1:] },
		id + " /chatroom/create.action: at":          func(r *page.Record) { r.Operations[0].Heading = "Create" },
		id + " /chatroom/create.action: request":     func(r *page.Record) { r.Operations[0].Form[1].Required = "no" },
		id + " /chatroom/create.action: limit":       func(r *page.Record) { r.Operations[0].Form[1].Text = "up to 64 characters" },
		id + " /chatroom/create.action: codes":       func(r *page.Record) { r.Operations[0].Codes[1].Name = "404" },
		id + " /chatroom/create.action: headers":     func(r *page.Record) { inCurl(r, "Nonce", "Once") },
		id + " /chatroom/create.action: body":        func(r *page.Record) { inCurl(r, "name=", "title=") },
		id + " /chatroom/create.action: URL":         func(r *page.Record) { inCurl(r, ".action", ".do") },
		id + " /chatroom/create.action: curl":        func(r *page.Record) { r.Operations[0].Curl = nil },
		id + " /chatroom/create.action: examples":    func(r *page.Record) { r.Operations[0].Examples = nil },
		id + " /chatroom/membersByPage.action: resp": func(r *page.Record) { r.Operations[14].Response[0].Type = "int" },
		"reconciliation row 7: topn name":            func(r *page.Record) { r.Operations[13].Examples = nil },
	} {
		copied, err := page.Decode(bytes.NewReader(text))
		require.NoError(t, err)
		change(copied)
		ref.Records[id] = copied
		problems := facts.Transcripts(known, quoted, ref)
		assert.True(t, slices.ContainsFunc(problems, func(p string) bool { return strings.HasPrefix(p, reported) }), "%s: %v", reported, problems)
	}
}
