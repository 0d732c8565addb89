package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// read returns the text of a file of the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../" + name)
	require.NoError(t, err)
	return string(text)
}

// fresh fails if a command would change a file.
func fresh(t *testing.T, name string, update func([]byte, string) ([]byte, error)) {
	t.Helper()
	text := read(t, name)
	updated, err := update([]byte(text), "../..")
	require.NoError(t, err)
	assert.Equal(t, string(updated), text, "run make record")
}

func TestReadmeIsFresh(t *testing.T) {
	fresh(t, "README.md", update)
	fresh(t, "README.zh-CN.md", updateChinese)
	fresh(t, "emulator/README.md", updateEmulator)
}

func TestMarkersAreNeeded(t *testing.T) {
	_, err := replace([]byte("# nothing\n"), "operations", "x")
	require.Error(t, err)
	got, err := replace([]byte("a\n<!-- x -->\nold\n<!-- /x -->\nb\n"), "x", "new\n")
	require.NoError(t, err)
	assert.Equal(t, "a\n<!-- x -->\nnew\n<!-- /x -->\nb\n", string(got))
}

func TestReadmeHasNoPlaceholder(t *testing.T) {
	for line := range strings.Lines(read(t, "README.md")) {
		word := strings.TrimSpace(line)
		assert.False(t, len(word) > 3 && word == strings.ToUpper(word) && !strings.ContainsAny(word, " |-`#<"), "a placeholder? %s", word)
	}
}
