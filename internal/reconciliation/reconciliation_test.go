package reconciliation

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/generate/dist"
)

// TestMarkdownIsFresh: the tables that people read are those of the record.
func TestMarkdownIsFresh(t *testing.T) {
	text, err := os.ReadFile("../../spec/reconciliation.yaml")
	require.NoError(t, err)
	record, err := Parse(text)
	require.NoError(t, err)
	want, err := os.ReadFile("../../spec/RECONCILIATION.md")
	require.NoError(t, err)
	assert.Equal(t, string(want), string(record.Markdown()), "run go generate ./...")
}

func TestCellsOfPages(t *testing.T) {
	record, err := Parse([]byte(`
documents: [{id: a-2026, short: a}]
intro: '# Title'
sections:
  - title: Names
    columns: [where, says]
    zh: {title: 名称, columns: [位置, 说法]}
    rows:
      - {id: '1', cells: [x, ''], zh: [甲, '']}
      - id: 1a
        cells: [y, '{pages}; else']
        zh: [乙, '{pages}；其他']
        pages:
          - {document: a, operations: [get, set], fields: [one], aspect: name, page: One}
          - {document: a, operations: [get], fields: [two, three], aspect: required, page: none}
          - {document: a, operations: [get], aspect: codes, page: no 404}
`))
	require.NoError(t, err)
	assert.Equal(t, notice+`# Title

## Names

| # | where | says |
|---|---|---|
| 1 | x | |
| 1a | y | a, get, set: `+"`One`; a, get: `two`, `three`"+` without a mark; a, get: `+"`no 404`"+`; else |
`, string(record.Markdown()))
	text, err := record.ChineseJSON()
	require.NoError(t, err)
	assert.Contains(t, string(text), "a 的 get、set：`One`；a 的 get：`two`、`three` 没有标记；a 的 get：没有 `404`；其他")
}

// untranslated matches what a Chinese text has as the English one has it: code, what a page prints, and its name.
var untranslated = regexp.MustCompile("`[^`]*`|“[^”]*”|\\{pages\\}|\\b(en|zh)-[a-z]+")

// faults compares a Chinese text with the English one. Without a Chinese character it has only names, which are
// words that the spec has as a key.
func faults(english, chinese, spec string) []string {
	found := dist.Differences(english, chinese)
	if strings.ContainsFunc(chinese, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return found
	}
	for _, word := range strings.FieldsFunc(untranslated.ReplaceAllString(chinese, ""), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if word != "HTTP" && word != "SDK" && !strings.Contains(spec, "/"+word+".action:\n") && !strings.Contains(spec, "    "+word+":") {
			found = append(found, word+" is not translated")
		}
	}
	return found
}

// TestEveryTextIsInChinese names each row whose Chinese texts are missing or say something else.
func TestEveryTextIsInChinese(t *testing.T) {
	text, err := os.ReadFile("../../spec/reconciliation.yaml")
	require.NoError(t, err)
	record, err := Parse(text)
	require.NoError(t, err)
	spec, err := os.ReadFile("../../spec/openapi.yaml")
	require.NoError(t, err)
	compare := func(at, english, chinese string) {
		for _, fault := range faults(english, chinese, string(spec)) {
			t.Errorf("%s: %q: %s", at, chinese, fault)
		}
	}
	compare("intro", record.Intro, record.Chinese)
	for _, section := range record.Sections {
		compare(section.Title, section.Title, section.Chinese.Title)
		for i, column := range section.Columns {
			compare(section.Title, column, section.Chinese.Columns[i])
		}
		for _, row := range section.Rows {
			for i, cell := range row.Cells {
				compare("row "+row.ID, cell, row.Chinese[i])
			}
		}
	}
}

// TestChineseFaultsAreReported seeds one fault at a time.
func TestChineseFaultsAreReported(t *testing.T) {
	const spec = "  /chatroom/topn.action:\n    roomid: {type: string}\n"
	for _, tc := range []struct{ english, chinese, want string }{
		{"topn, `orderby`", "topn、`orderby`", ""},
		{"“mutiple”", "“mutiple”", ""},
		{"at most 100", "at most 100", "at is not translated"},
		{"at most 100", "最多 10", "the number 100 is missing"},
		{"the `roomid`", "聊天室 ID", "`roomid` is missing"},
		{"one list", "一个列表。共两个。", "has 2 sentences"},
	} {
		found := strings.Join(faults(tc.english, tc.chinese, spec), "; ")
		assert.Contains(t, found, tc.want, tc.chinese)
		assert.Equal(t, tc.want == "", found == "", "%s: %s", tc.chinese, found)
	}
	for name, zh := range map[string]string{
		"row 1: zh has 0 texts for 2 cells":      "{id: '1', cells: [x, y]}",
		"row 1: {pages} is in one language only": "{id: '1', cells: [x, '{pages}'], zh: [甲, 乙], pages: [{document: a, operations: [get], aspect: name, page: b}]}",
		"section T: zh has 1 columns for 2":      "{id: '1', cells: [x, y], zh: [甲, 乙]}",
	} {
		_, err := Parse([]byte("documents: [{id: a-1, short: a}]\nsections: [{title: T, columns: [c, d], zh: {title: 题, columns: [列]}, rows: [" + zh + "]}]"))
		assert.ErrorContains(t, err, name)
	}
}
