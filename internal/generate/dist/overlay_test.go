package dist

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// english1 has a text of each kind, and chinese1 translates all of them.
const (
	english1 = `openapi: 3.0.4
info: {title: Rooms, version: 1.0.0, license: {name: MIT}}
x-codes:
  - {code: 403, name: Forbidden, meaning: Not allowed., advice: Check the role.}
  - {code: 414, name: BadParameter, meaning: Wrong., advice: Correct it.}
paths:
  /chatroom/create.action:
    post:
      summary: Create a room
      externalDocs: {description: The page, url: 'https://example.com/'}
components:
  schemas:
    Form:
      description: A new room.
      x-property-absent: {level: Nobody asked.}
      properties:
        name: {description: 'Its name, up to 200 characters; see ` + "`level`" + `.', example: My room}
        tags: {description: Its tags., items: {description: A tag.}}
    Role: {description: A role., x-enumDescriptions: {MANAGER: A manager.}}
`
	chinese1 = `overlay: 1.0.0
info: {title: 中文版, version: 1.0.0}
actions:
  - target: $.info
    update: {title: 聊天室}
  - target: $['x-codes'][?(@.code == 403)]
    update: {meaning: 不允许。, advice: 检查角色。}
  - target: $['x-codes'][?(@.name == 'BadParameter')]
    update: {meaning: 参数错误。, advice: 更正。}
  - target: $.paths['/chatroom/create.action'].post
    update: {summary: 创建聊天室, externalDocs: {description: 页面}}
  - target: $.components.schemas.Form
    update:
      description: 新聊天室。
      x-property-absent: {level: 未查询。}
      properties:
        name: {description: '名称，最多 200 个字符，见 ` + "`level`" + `。'}
        tags: {description: 标签。, items: {description: 一个标签。}}
  - target: $.components.schemas.Role
    update: {description: 角色。, x-enumDescriptions: {MANAGER: 管理员。}}
`
)

// translated applies an overlay to english1 and compares the two.
func translated(t *testing.T, overlay string) (text string, err error) {
	t.Helper()
	source, err := Source{"spec.yaml", []byte(english1)}.parse()
	require.NoError(t, err)
	other := clone(source)
	if err := translate(other, Source{"overlay.yaml", []byte(overlay)}); err != nil {
		return "", err
	}
	yaml, err := encodeYAML(other)
	require.NoError(t, err)
	return string(yaml), compare(source, other, "spec.yaml", "overlay.yaml")
}

func TestOverlayTranslates(t *testing.T) {
	text, err := translated(t, chinese1)
	require.NoError(t, err)
	for _, want := range []string{
		"title: 聊天室, version: 1.0.0, license: {name: MIT}", "code: 403, name: Forbidden, meaning: 不允许。", "meaning: 参数错误。",
		"externalDocs: {description: 页面, url: 'https://example.com/'}", "items: {description: 一个标签。}", "example: My room", "MANAGER: 管理员。",
	} {
		assert.Contains(t, text, want)
	}
}

// TestTranslationFaultsAreReported seeds one fault at a time into the overlay: each is
// reported once, with its place.
func TestTranslationFaultsAreReported(t *testing.T) {
	for _, tt := range []struct{ name, old, new, want string }{
		{"a text is left out", "summary: 创建聊天室, ", "", "spec.yaml:9: $.paths./chatroom/create.action.post.summary: has no Chinese text in overlay.yaml"},
		{"a text is the English one", "聊天室}", "Rooms}", "spec.yaml:2: $.info.title: has no Chinese text in overlay.yaml"},
		{"a text of an item is left out", ", items: {description: 一个标签。}", "", "spec.yaml:18: $.components.schemas.Form.properties.tags.items.description: has no"},
		{"a value of an enum is left out", ", x-enumDescriptions: {MANAGER: 管理员。}", "", "spec.yaml:19: $.components.schemas.Role.x-enumDescriptions.MANAGER: has no"},
		{"an absence is left out", "x-property-absent: {level: 未查询。}", "", "spec.yaml:15: $.components.schemas.Form.x-property-absent.level: has no"},
		{"an advice is left out", ", advice: 更正。", "", "spec.yaml:5: $.x-codes[1].advice: has no"},
		{"a page's name is left out", ", externalDocs: {description: 页面}", "", "spec.yaml:10: $.paths./chatroom/create.action.post.externalDocs.description: has no"},
		{"a limit differs", "最多 200 个", "最多 100 个", "overlay.yaml:17: $.components.schemas.Form.properties.name.description: the number 200 is missing"},
		{"an identifier is lost", "，见 `level`", "", "overlay.yaml:17: $.components.schemas.Form.properties.name.description: `level` is missing"},
		{"an identifier is added", "创建聊天室", "创建 `chatroom`", "overlay.yaml:11: $.paths./chatroom/create.action.post.summary: `chatroom` is not in the English text"},
		{"a sentence is added", "description: 新聊天室。", "description: 新聊天室。其 ID 不会重复使用。", "overlay.yaml:14: $.components.schemas.Form.description: has 2 sentences, and the English text has 1"},
		{"a property is misspelt", "        tags:", "        tag: {}\n        tags:", "overlay.yaml:18: $.components.schemas.Form.properties.tag: is not in the spec"},
		{"a value is changed", "meaning: 参数错误。", "name: 错误, meaning: 参数错误。", `overlay.yaml:9: $.x-codes[1].name: "BadParameter" became "错误", and is no text to translate`},
		{"an address is changed", "description: 页面", "description: 页面, url: x", `overlay.yaml:11: $.paths./chatroom/create.action.post.externalDocs.url: "https://example.com/" became "x"`},
		{"an example is changed", "`level`。'}", "`level`。', example: 聊天室}", "overlay.yaml:17: $.components.schemas.Form.properties.name.example: differs"},
		{"a text becomes a list", "description: 角色。", "description: [角色]", "spec.yaml:19: $.components.schemas.Role.description: has no"},
		{"a target that does not exist", "schemas.Form", "schemas.Forms", "overlay.yaml:12: $.components.schemas.Forms is not in the spec"},
		{"a code that is no number", "== 403", "== '403'", "overlay.yaml:6: $['x-codes'][?(@.code == '403')] is not in the spec"},
		{"a target of another kind", "$.info", "$..info", "overlay.yaml:4: $..info: \"..info\" is not supported here"},
		{"a target without a root", "$.info", "info", "overlay.yaml:4: info: a target begins with $"},
		{"an action that removes", "update: {title: 聊天室}", "update: {title: 聊天室}\n    remove: true", "overlay.yaml:4: remove is not supported here"},
		{"an action without an update", "    update: {title: 聊天室}\n", "", "overlay.yaml:4: an action has a target and an update"},
		{"another version", "overlay: 1.0.0", "overlay: 2.0.0", "overlay.yaml:1: want overlay: 1.0.0"},
		{"no actions", "actions:", "action:", "overlay.yaml:1: want a list of actions"},
		{"no YAML", "overlay: 1.0.0", "overlay: [1.0.0", "overlay.yaml: yaml: line"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Contains(t, chinese1, tt.old)
			_, err := translated(t, strings.Replace(chinese1, tt.old, tt.new, 1))
			require.ErrorContains(t, err, tt.want)
			assert.Len(t, strings.Split(err.Error(), "\n"), 1, "one fault, one reason: %v", err)
		})
	}
}

// TestEveryFaultIsReportedAtOnce: nobody has to run the generation once a fault.
func TestEveryFaultIsReportedAtOnce(t *testing.T) {
	_, err := translated(t, strings.NewReplacer("schemas.Form", "schemas.Forms", "schemas.Role", "schemas.Roles").Replace(chinese1))
	require.ErrorContains(t, err, "schemas.Forms is not in the spec")
	require.ErrorContains(t, err, "schemas.Roles is not in the spec")
	_, err = translated(t, strings.NewReplacer("title: 聊天室", "title: Rooms", "advice: 更正。", "advice: Correct it.").Replace(chinese1))
	require.ErrorContains(t, err, "$.info.title")
	require.ErrorContains(t, err, "$.x-codes[1].advice")
}
