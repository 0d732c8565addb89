package main

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/rivo/uniseg"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
)

// helpPages calls f with each page of help: the command, and the operation that follows it, if one does.
func helpPages(root *kong.Node, f func(node *kong.Node, operation *gen.Operation)) {
	var walk func(node *kong.Node)
	walk = func(node *kong.Node) {
		if !node.Hidden {
			f(node, nil)
			for _, child := range node.Children {
				walk(child)
			}
		}
	}
	walk(root)
	for _, operation := range gen.Operations {
		f(childOf(root, "call"), operation)
	}
}

var (
	twoColumns = regexp.MustCompile(`^  (\S(?: ?\S)*)  +`)
	goTalk     = regexp.MustCompile("`" + `|\b(nil|func|goroutine|struct|iterator)\b|\b[a-z]+\.[A-Z]\w+|\[[A-Z]\w*(\.\w+)*\]|\b[A-Z][a-z]+[A-Z]\w*`)
	// names are written so by their owners, or stand so on the wire.
	names = []string{"AppKey", "AppSecret", "CheckSum", "CurTime", "GitHub", "GuardEase", "NetEase", "OpenAPI", "PowerShell", "WeChat"}
	// halfWidth finds ASCII punctuation in Chinese.
	halfWidth = regexp.MustCompile(`\p{Han}[,;:!?(]|[,;!?)]\p{Han}|[,;:!?] \p{Han}|\p{Han}\. ?`)
	english   = regexp.MustCompile(`[A-Za-z]+ [a-z]+ [a-z]+ [a-z]+`)
	word      = regexp.MustCompile(`'[^']*'|\S+`)
)

// TestHelpPages renders each page in both languages and at three widths, and checks what can be checked of a text.
func TestHelpPages(t *testing.T) {
	for _, language := range []string{"en", "zh"} {
		parser, err := newParser(streams{language: language}, func(int) {})
		require.NoError(t, err)
		root := parser.Model.Node
		if c := catalogOf(language); c != nil {
			c.translate(root)
		}
		helpPages(root, func(node *kong.Node, operation *gen.Operation) {
			for _, width := range []int{50, 80, 120} {
				name := fmt.Sprint(node.FullPath(), " ", language, " ", width)
				if operation != nil {
					name = operation.Action + " of " + name
				}
				var out bytes.Buffer
				(&helpPage{streams{language: language, width: width}, &out}).print(root, node, operation)
				text, example, found := strings.Cut(out.String(), "\n"+map[string]string{"en": "Example:", "zh": "示例："}[language]+"\n")
				require.True(t, found, "%s: no example", name)
				example, _, _ = strings.Cut(example, "\n\n")
				checkHelp(t, name, text, node.Detail, language, width)
				for line := range strings.SplitSeq(example, "\n") {
					words := word.FindAllString(strings.TrimSuffix(line, ` \`), -1)
					assert.True(t, uniseg.StringWidth(line) <= width || len(words) == 1, "%s: %s", name, line)
				}
				if width == 50 && language == "en" {
					checkExample(t, name, example)
				}
			}
		})
	}
}

// checkHelp checks the part of a page before the example. Some lines of it stand there as they are.
func checkHelp(t *testing.T, name, text, verbatim, language string, width int) {
	t.Helper()
	assert.NotContains(t, text, "\n\n\n", name)
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "    ") && strings.Contains(verbatim, line) {
			continue
		}
		if uniseg.StringWidth(line) > width {
			assert.Len(t, breakable(strings.TrimSpace(line)), 1, "%s: %s", name, line)
		}
		assert.NotRegexp(t, `\S  +\S`, twoColumns.ReplaceAllString(line, ""), name)
		assert.Equal(t, strings.TrimRight(line, " "), line, name)
		assert.LessOrEqual(t, strings.Count(line, ", default ")+strings.Count(line, "、默认"), 1, "%s: %s", name, line)
		for _, found := range goTalk.FindAllString(line, -1) {
			assert.Contains(t, names, found, "%s: %s", name, line)
		}
		if language == "zh" {
			assert.NotRegexp(t, halfWidth, line, name)
			if !strings.HasPrefix(line, "用法：") {
				assert.NotRegexp(t, english, line, name)
			}
		}
	}
}

// checkExample reads the example of a page as a shell does, and carries a call out as far as that can be without
// a service.
func checkExample(t *testing.T, name, example string) {
	t.Helper()
	var words []string
	for _, w := range word.FindAllString(strings.ReplaceAll(example, "\\\n", ""), -1) {
		words = append(words, strings.Trim(w, "'"))
	}
	require.Equal(t, "nimroom", words[0], name)
	if words = words[1:]; words[0] == "call" || slices.ContainsFunc(command.Services, func(s *command.Service) bool { return s.Name == words[0] }) {
		code, _, errOut := nimroom(t, append(words, "--app-key=k", "--app-secret=s", "--dry-run")...)
		assert.Equal(t, exitOK, code, "%s: %s", name, errOut)
		return
	}
	parser, err := newParser(streams{out: io.Discard, err: io.Discard}, func(int) { t.Error(name) })
	require.NoError(t, err)
	_, err = parser.Parse(words)
	assert.NoError(t, err, name)
}

// TestWrap: a line ends at a blank, at a Chinese character, and before a flag; punctuation begins no line.
func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"", []string{""}},
		{"ab cd ef", []string{"ab cd", "ef"}},
		{"abcdefgh ij", []string{"abcdefgh", "ij"}},
		{"a --bc-de-f g", []string{"a", "--bc-de-f", "g"}},
		{"a|bc|defg", []string{"a|bc|", "defg"}},
		{"聊天室被禁言", []string{"聊天室", "被禁言"}},
		{"聊天室，已关", []string{"聊天", "室，已", "关"}},
		{"列、--bc、--d", []string{"列、", "--bc、", "--d"}},
		{"（--abcdefg）", []string{"（--abcdefg）"}},
	} {
		assert.Equal(t, tt.want, wrap(tt.text, 6, 6), tt.text)
	}
	assert.Equal(t, []string{"", "abcdef"}, wrap("abcdef", 3, 6), "a word that fits only into the further lines")
	assert.NotContains(t, strings.Join(wrap("时间写作 -1h、-2h、--d", 20, 20), ""), "\u200b", "people copy what they read")
	assert.Equal(t, "a b中文c d", joined("a\n  b中\n文c\nd\n"))
}
