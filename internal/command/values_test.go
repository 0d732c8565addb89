package command

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// TestFormsAreReadAsPeopleWriteThem is about forms of name=value, as call and files of jobs have them.
func TestFormsAreReadAsPeopleWriteThem(t *testing.T) {
	form, err := Read(gen.MuteMemberEndpoint.Operation, []wire.Pair{{Name: "roomid", Value: " 66\n"}, {Name: "operator", Value: "a"}, {Name: "target", Value: "b"}, {Name: "muteDuration", Value: "7d"}})
	require.NoError(t, err)
	assert.Equal(t, url.Values{"roomid": {"66"}, "operator": {"a"}, "target": {"b"}, "muteDuration": {"604800"}}, form)

	form, err = Read(gen.SendMessageEndpoint.Operation, []wire.Pair{{Name: "roomid", Value: "66"}, {Name: "fromAccid", Value: "a"}, {Name: "msgType", Value: "custom"}, {Name: "msgId", Value: ""}, {Name: "attach", Value: "@ 10m\n"}})
	require.NoError(t, err)
	assert.Equal(t, "100", form.Get("msgType"))
	assert.Equal(t, "@ 10m\n", form.Get("attach"), "a text stays as it is")
	assert.NotEmpty(t, form.Get("msgId"))

	form, err = Read(gen.GetMembersEndpoint.Operation, []wire.Pair{{Name: "roomid", Value: "66"}, {Name: "accids", Value: "a, b\r\nc\n"}, {Name: "accids", Value: `["d"]`}})
	require.NoError(t, err)
	assert.JSONEq(t, `["a","b","c","d"]`, form.Get("accids"))

	form, err = Read(gen.DropQueueEndpoint.Operation, []wire.Pair{{Name: "roomid", Value: "+66"}, {Name: "highPriority", Value: "true"}})
	require.NoError(t, err)
	assert.Equal(t, url.Values{"roomid": {"66"}, "highPriority": {"1"}}, form, "what the service takes stays right")

	form, err = Read(gen.ListTopChatroomsEndpoint.Operation, []wire.Pair{{Name: "period", Value: "week"}, {Name: "orderby", Value: "Message"}})
	require.NoError(t, err)
	assert.Equal(t, url.Values{"period": {"week"}, "orderby": {"message"}}, form, "the service may know values that the spec does not")
}

func TestMistakesInForms(t *testing.T) {
	for _, tt := range []struct {
		operation *gen.Operation
		fields    []wire.Pair
		says      string
	}{
		{gen.MuteMemberEndpoint.Operation, []wire.Pair{{Name: "muteDuration", Value: "soon"}}, `temporaryMute: muteDuration: "soon", want a duration such as`},
		{gen.SetMemberRoleEndpoint.Operation, []wire.Pair{{Name: "opt", Value: "m"}}, `setMemberRole: opt: "m", want manager, common, blocked or muted`},
		{gen.ListTopChatroomsEndpoint.Operation, []wire.Pair{{Name: "period", Value: "d"}}, `topn: period: "d", want hour or day`},
		{gen.ListTopChatroomsEndpoint.Operation, []wire.Pair{{Name: "timestamp", Value: "1767"}}, `topn: timestamp: "1767", want 10 digits`},
		{gen.SetMemberRoleEndpoint.Operation, []wire.Pair{{Name: "opt", Value: "-"}}, `setMemberRole: opt: "-", want manager, common, blocked or muted`},
		{gen.GetMembersEndpoint.Operation, []wire.Pair{{Name: "roomid", Value: "1"}, {Name: "accids", Value: `["a"`}, {Name: "accids", Value: "b"}}, `queryMembers: accids: ["a", want a JSON array`},
		{gen.GetChatroomEndpoint.Operation, []wire.Pair{{Name: "roomid", Value: "1"}, {Name: "roomid", Value: "2"}}, "get: roomid is given twice"},
		{gen.SendMessagesEndpoint.Operation, []wire.Pair{{Name: "roomid", Value: "1"}, {Name: "fromAccid", Value: "a"}, {Name: "msgList", Value: "[1]"}}, "batchSendMsg: msgList: "},
	} {
		_, err := Read(tt.operation, tt.fields)
		assert.ErrorContains(t, err, tt.says)
	}
}
