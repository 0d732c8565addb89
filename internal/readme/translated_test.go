package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEditionsChangeTogether fails when a sentence has changed in one language, even if all its facts are the same.
func TestEditionsChangeTogether(t *testing.T) {
	fresh(t, translatedFile, updateTranslated)
}

func TestTranslatedSeesATextThatChangesAlone(t *testing.T) {
	const english = "# Rooms\n\n## Limits\n\nA room\nis small.\n\n- One.\n- Two.\n\n| flag | default |\n|---|---|\n| a | none |\n| b | none |\n"
	const chinese = "# 聊天室\n\n## 限制\n\n聊天室很小。\n\n- 一。\n- 二。\n\n| 选项 | 默认值 |\n|---|---|\n| a | 无 |\n| b | 无 |\n"
	dir := t.TempDir()
	write := func(english, chinese string) {
		for _, name := range editions {
			require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(dir, name+".md"), []byte(english), 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(dir, name+".zh-CN.md"), []byte(chinese), 0o600))
		}
	}
	write(english, chinese)
	recorded, err := updateTranslated(nil, dir)
	require.NoError(t, err)
	const translate = ": translate the change"
	for name, tt := range map[string]struct {
		english, chinese []string // replacements
		want             string
	}{
		"nothing":                         {nil, nil, ""},
		"a line break":                    {[]string{"A room\nis", "A\nroom is"}, nil, ""},
		"a sentence in both":              {[]string{"small", "large"}, []string{"很小", "很大"}, ""},
		"a sentence in English":           {[]string{"small", "large"}, nil, "README.md:5 has changed, but not README.zh-CN.md:5" + translate},
		"a sentence in Chinese":           {nil, []string{"很小", "很大"}, "README.zh-CN.md:5 has changed, but not README.md:5" + translate},
		"a row, and another in Chinese":   {[]string{"| a | none", "| a | all"}, []string{"| b | 无", "| b | 全部"}, "README.md:13 has changed, but not README.zh-CN.md:12" + translate},
		"an item, and another in Chinese": {[]string{"One", "First"}, []string{"二", "第二"}, "README.md:8 has changed, but not README.zh-CN.md:7" + translate},
		"a heading in both":               {[]string{"Limits", "Sizes"}, []string{"限制", "大小"}, ""},
		"a heading in English":            {[]string{"Limits", "Sizes"}, nil, "README.md:3 has changed, but not README.zh-CN.md:3" + translate},
		"a heading, and a text below it":  {[]string{"Limits", "Sizes", "small", "large"}, []string{"限制", "大小"}, "README.md:5 has changed, but not README.zh-CN.md:5" + translate},
		"rows that change places":         {[]string{"| a | none |\n| b | none |", "| b | none |\n| a | none |"}, nil, "README.md:13 and README.zh-CN.md:12 are recorded with other translations" + translate},
		"a row that both get":             {[]string{"| b |", "| c | one |\n| b |"}, []string{"| b |", "| c | 一个 |\n| b |"}, ""},
		"a paragraph that Chinese gets":   {nil, []string{"# 聊天室\n", "# 聊天室\n\n新的一段。\n"}, "README.zh-CN.md has 10 headings, paragraphs, items and rows, but README.md has 9"},
	} {
		write(strings.NewReplacer(tt.english...).Replace(english), strings.NewReplacer(tt.chinese...).Replace(chinese))
		_, err := updateTranslated(recorded, dir)
		if tt.want == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorContains(t, err, tt.want, name)
		if !strings.Contains(tt.want, "has 10") {
			_, err = updateTranslated(nil, dir)
			require.NoError(t, err, "%s, with -same", name)
		}
	}
}
