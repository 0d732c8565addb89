package dist

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// TestTextsSayWhatTheyRestOn reads marks that follow from the evidence of single fields, from
// x-source, from x-guess and from limits that no evidence gives.
func TestTextsSayWhatTheyRestOn(t *testing.T) {
	trees := map[string]*yaml.Node{}
	for _, name := range []string{"openapi.yaml", "openapi.zh-CN.yaml"} {
		trees[name] = tree(t, derived(t)[name])
	}
	for _, tt := range []struct{ path, english, chinese string }{
		{"paths./chatroom/update.action.post", "Evidence: doc, sdk, live; ours: row 52.", "依据：文档、SDK、实测；自定：row 52。"},
		{"paths./chatroom/queryMembersByRole.action.post", "Evidence: doc; ours: `x-status-codes`.", "依据：文档；自定：`x-status-codes`。"},
		{"paths./stats/chatroom/topn.action.post", "Evidence: doc.", "依据：文档。"},
		{"components.schemas.GetChatroomForm.properties.roomid", "Evidence: doc; ours: `minimum`.", "依据：文档；自定：`minimum`。"},
		{"components.schemas.CreateChatroomForm.properties.announcement", "Evidence: doc.", "依据：文档。"},
		{"components.schemas.CreateChatroomForm.properties.bid", "Evidence: sdk.", "依据：SDK。"},
		{"components.schemas.CreateChatroomForm.properties.creator", "Evidence: doc; ours: `minLength`, `maxLength`, `pattern`.", "依据：文档；自定：`minLength`、`maxLength`、`pattern`。"},
		{"components.schemas.MemberRole.properties.valid", "Evidence: live.", "依据：实测。"},
		{"components.schemas.HistoryOrder", "Evidence: doc, sdk; ours: row 47.", "依据：文档、SDK；自定：row 47。"},
		{"x-formats.accid", "Evidence: live; ours: row 151.", "依据：实测；自定：row 151。"},
		{"x-signature", "Evidence: web.", "依据：网络资料。"},
		{"x-features.timedClosing", "Evidence: sdk; ours: row 82.", "依据：SDK；自定：row 82。"},
		{"x-codes.0", "Evidence: web.", "依据：网络资料。"},
		{"paths./chatroom/get.action.post.responses.200.content.application/json.examples.success", "Evidence: doc.", "依据：文档。"},
	} {
		for name, want := range map[string]string{"openapi.yaml": tt.english, "openapi.zh-CN.yaml": tt.chinese} {
			description := get(step(t, trees[name], tt.path), "description")
			require.NotNil(t, description, "%s: %s", name, tt.path)
			assert.True(t, strings.HasSuffix(description.Value, want), "%s: %s: %s", name, tt.path, description.Value)
		}
	}
	example := step(t, trees["openapi.yaml"], "paths./chatroom/create.action.post.responses.200.content.application/json.examples.error")
	assert.Nil(t, get(example, "description"), "an example without evidence has no mark")
}

// TestEveryFieldHasAMark checks that no field of a published file lacks a mark, and that none
// is left unpublished.
func TestEveryFieldHasAMark(t *testing.T) {
	for name, content := range derived(t) {
		assert.NotContains(t, string(content), markKey, name)
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		checked := 0
		for schema, node := range pairs(step(t, tree(t, content), "components.schemas")) {
			for field, property := range pairs(get(node, "properties")) {
				if get(property, "$ref") == nil {
					checked++
					assert.Regexp(t, `(Evidence: |依据：)[^.。]+[.。]`, get(property, "description").Value, "%s: %s.%s", name, schema, field)
				}
			}
		}
		assert.Greater(t, checked, 200, name)
	}
}

func tree(t *testing.T, document []byte) *yaml.Node {
	t.Helper()
	var root yaml.Node
	require.NoError(t, yaml.Unmarshal(document, &root))
	return root.Content[0]
}

// step follows the names of a path, which are separated by dots; a name may hold dots itself.
func step(t *testing.T, node *yaml.Node, path string) *yaml.Node {
	t.Helper()
	for path != "" {
		before := path
		if node.Kind == yaml.SequenceNode {
			node, path = node.Content[0], strings.TrimPrefix(path, "0")
			continue
		}
		for key, value := range pairs(node) {
			if rest, ok := strings.CutPrefix(path+".", key+"."); ok {
				node, path = value, strings.TrimSuffix(rest, ".")
				break
			}
		}
		require.NotEqual(t, before, path, "%s is not in the document", path)
	}
	return node
}
