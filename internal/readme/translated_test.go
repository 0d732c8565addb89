package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEditionsChangeTogether fails when a sentence has changed in one language, even if all its facts are the same.
func TestEditionsChangeTogether(t *testing.T) {
	fresh(t, translatedFile, updateTranslated)
}

func TestTranslatedSeesAWordThatChanges(t *testing.T) {
	dir := t.TempDir()
	edit := func(name, old, replacement string) {
		content, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Contains(t, string(content), old)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(strings.Replace(string(content), old, replacement, 1)), 0o600))
	}
	for _, name := range editions {
		for _, suffix := range []string{".md", ".zh-CN.md"} {
			require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(dir, name+suffix), []byte(read(t, name+suffix)), 0o600))
		}
	}
	recorded, err := updateTranslated(nil, dir)
	require.NoError(t, err)

	edit("README.md", "The vendor's console", "A console")
	_, err = updateTranslated(recorded, dir)
	require.ErrorContains(t, err, "README.md has changed, but not README.zh-CN.md: translate the change")
	edit("README.zh-CN.md", "# nimroom\n", "# nimroom\n\n新的一段。\n")
	_, err = updateTranslated(recorded, dir)
	require.Error(t, err, "another section was taken for the translation")
	_, err = updateTranslated(nil, dir)
	require.NoError(t, err, "as with -same")
	edit("README.zh-CN.md", "## 命令行", "## 命令行\n\n### 更多")
	_, err = updateTranslated(recorded, dir)
	assert.ErrorContains(t, err, "README.zh-CN.md has")
}
