package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// What a translation changes, by key: texts, maps of texts, and what is left
// alone although such keys occur in it.
var (
	textKeys    = []string{"summary", "description", "x-absent", "meaning", "advice"}
	textMapKeys = []string{"x-property-absent", "x-enumDescriptions"}
	frozenKeys  = []string{"license", "example", "value"}
)

var (
	numbers = regexp.MustCompile(`-?[0-9]+(?:\.[0-9]+)?`)
	// Identifiers and values are set as code; their spelling is the API's.
	codeSpans = regexp.MustCompile("`[^`]+`")
)

// translationProblems compares a document with its translation: every text
// must be translated, with the same numbers and code spans, and nothing else
// may differ.
func translationProblems(source, translated *yaml.Node) []string {
	var found []string
	report := func(path, format string, args ...any) {
		found = append(found, path+": "+fmt.Sprintf(format, args...))
	}

	var walk func(path, key string, source, translated *yaml.Node)
	walk = func(path, key string, source, translated *yaml.Node) {
		if source.Kind != translated.Kind || len(source.Content) != len(translated.Content) {
			report(path, "changed")
			return
		}
		switch source.Kind {
		case yaml.MappingNode:
			for i := 0; i < len(source.Content); i += 2 {
				child, other := source.Content[i].Value, translated.Content[i].Value
				if child != other {
					report(path, "key %q became %q", child, other)
					continue
				}
				from, to := source.Content[i+1], translated.Content[i+1]
				at := path + "." + child
				switch {
				case key == "properties": // child is a property's name
					walk(at, "", from, to)
				case slices.Contains(frozenKeys, child):
					if !same(from, to) {
						report(at, "changed")
					}
				case slices.Contains(textMapKeys, key) || isText(path, child, from):
					for _, problem := range textProblems(from.Value, to.Value) {
						report(at, "%s", problem)
					}
				default:
					walk(at, child, from, to)
				}
			}
		case yaml.SequenceNode:
			for i := range source.Content {
				walk(fmt.Sprintf("%s[%d]", path, i), "", source.Content[i], translated.Content[i])
			}
		default:
			if !same(source, translated) {
				report(path, "%q became %q", source.Value, translated.Value)
			}
		}
	}
	walk("$", "", source.Content[0], translated.Content[0])
	return found
}

// isText tells whether a key holds a text to translate.
func isText(path, key string, value *yaml.Node) bool {
	if path == "$.info" && key == "title" {
		return true
	}
	return value.Kind == yaml.ScalarNode && slices.Contains(textKeys, key)
}

// same compares two trees without regard to their layout.
func same(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.ShortTag() == b.ShortTag() && a.Value == b.Value &&
		slices.EqualFunc(a.Content, b.Content, same)
}

// textProblems compares a text with its translation.
func textProblems(source, translated string) []string {
	if translated == source || !strings.ContainsFunc(translated, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return []string{fmt.Sprintf("not translated: %q", translated)}
	}
	var found []string
	have := numbers.FindAllString(translated, -1)
	for _, number := range numbers.FindAllString(source, -1) {
		if !slices.Contains(have, number) {
			found = append(found, fmt.Sprintf("number %s is missing in %q", number, translated))
		}
	}
	want, got := codeSpans.FindAllString(source, -1), codeSpans.FindAllString(translated, -1)
	for _, span := range want {
		if !slices.Contains(got, span) {
			found = append(found, fmt.Sprintf("%s is missing in %q", span, translated))
		}
	}
	for _, span := range got {
		if !slices.Contains(want, span) {
			found = append(found, fmt.Sprintf("%s is not in the source: %q", span, translated))
		}
	}
	return found
}

// editions returns the source and what an overlay makes of it.
func editions(t *testing.T, overlay []byte) (source, translated *yaml.Node, err error) {
	t.Helper()
	content, err := os.ReadFile("../../spec/openapi.yaml")
	require.NoError(t, err)
	source, translated = new(yaml.Node), new(yaml.Node)
	require.NoError(t, yaml.Unmarshal(content, source))
	require.NoError(t, yaml.Unmarshal(content, translated))
	file := filepath.Join(t.TempDir(), "overlay.yaml")
	require.NoError(t, os.WriteFile(file, overlay, 0o600))
	return source, translated, translate(translated, file)
}

func readOverlay(t *testing.T) []byte {
	t.Helper()
	content, err := os.ReadFile("../../spec/overlay.zh-CN.yaml")
	require.NoError(t, err)
	return content
}

func TestChineseEditionIsComplete(t *testing.T) {
	source, translated, err := editions(t, readOverlay(t))
	require.NoError(t, err)
	for _, problem := range translationProblems(source, translated) {
		t.Error(problem)
	}
}

// TestTranslationFaultsAreReported seeds one fault at a time into the overlay.
func TestTranslationFaultsAreReported(t *testing.T) {
	const (
		create  = "$.paths['/chatroom/create.action'].post"
		members = "$.components.schemas.GetMembersForm"
		send    = "$.components.schemas.SendMessageForm"
		code414 = "$['x-codes'][?(@.code == 414)]"
	)
	tests := []struct {
		name   string
		target string
		fault  func(update *yaml.Node)
		want   string
	}{
		{"summary removed", create, func(update *yaml.Node) { remove(update, "summary") },
			"$.paths./chatroom/create.action.post.summary: not translated"},
		{"property removed", members, func(update *yaml.Node) { remove(get(update, "properties"), "roomid") },
			"$.components.schemas.GetMembersForm.properties.roomid.description: not translated"},
		{"array items removed", members, func(update *yaml.Node) { remove(get(get(update, "properties"), "accids"), "items") },
			"$.components.schemas.GetMembersForm.properties.accids.items.description: not translated"},
		{"enum value removed", "$.components.schemas.Role", func(update *yaml.Node) { remove(get(update, "x-enumDescriptions"), "LIMITED") },
			"$.components.schemas.Role.x-enumDescriptions.LIMITED: not translated"},
		{"absence removed", "$.components.schemas.Chatroom", func(update *yaml.Node) { remove(update, "x-property-absent") },
			"$.components.schemas.Chatroom.x-property-absent.queuelevel: not translated"},
		{"advice removed", code414, func(update *yaml.Node) { remove(update, "advice") }, "advice: not translated"},
		{"title removed", "$.info", func(update *yaml.Node) { remove(update, "title") }, "$.info.title: not translated"},
		{"property misspelt", members, func(update *yaml.Node) { set(get(update, "properties"), "accid", object()) },
			"$.components.schemas.GetMembersForm.properties: changed"},
		{"limit differs", members, func(update *yaml.Node) {
			set(get(get(update, "properties"), "accids"), "description", text("账号，最多 100 个。"))
		}, "number 200 is missing"},
		{"identifier lost", send, func(update *yaml.Node) {
			set(get(get(update, "properties"), "antispam"), "description", text("仅用于自定义消息（类型 100）。"))
		}, "`antispamCustom` is missing"},
		{"identifier added", create, func(update *yaml.Node) { set(update, "summary", text("创建 `chatroom`")) },
			"`chatroom` is not in the source"},
		{"value changed", code414, func(update *yaml.Node) { set(update, "name", text("错误")) }, `.name: "BadParameter" became "错误"`},
		{"page's name removed", create, func(update *yaml.Node) { remove(update, "externalDocs") },
			"$.paths./chatroom/create.action.post.externalDocs.description: not translated"},
		{"page's address changed", create, func(update *yaml.Node) {
			set(get(update, "externalDocs"), "url", text("https://doc.commsease.com/"))
		}, "$.paths./chatroom/create.action.post.externalDocs.url: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			overlay := new(yaml.Node)
			require.NoError(t, yaml.Unmarshal(readOverlay(t), overlay))
			tt.fault(get(findAction(t, overlay, tt.target), "update"))
			faulty, err := yaml.Marshal(overlay)
			require.NoError(t, err)

			source, translated, err := editions(t, faulty)
			require.NoError(t, err)
			problems := translationProblems(source, translated)
			require.Len(t, problems, 1)
			require.Contains(t, problems[0], tt.want)
		})
	}
}

func TestTargetWithoutMatchIsAnError(t *testing.T) {
	overlay := new(yaml.Node)
	require.NoError(t, yaml.Unmarshal(readOverlay(t), overlay))
	const misspelt = "$.components.schemas.CreateChatRoomForm"
	get(findAction(t, overlay, "$.components.schemas.CreateChatroomForm"), "target").Value = misspelt
	faulty, err := yaml.Marshal(overlay)
	require.NoError(t, err)

	_, _, err = editions(t, faulty)
	require.ErrorContains(t, err, misspelt)
}

// findAction returns the action with a target.
func findAction(t *testing.T, overlay *yaml.Node, target string) *yaml.Node {
	t.Helper()
	for _, action := range get(overlay.Content[0], "actions").Content {
		if get(action, "target").Value == target {
			return action
		}
	}
	require.FailNow(t, "no such action", target)
	return nil
}
