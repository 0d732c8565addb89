package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadmeIsFresh(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	fresh, err := update(text, "../..")
	require.NoError(t, err)
	assert.Equal(t, string(fresh), string(text), "run make record")
}

func TestEmulatorReadmeIsFresh(t *testing.T) {
	text, err := os.ReadFile("../../emulator/README.md")
	require.NoError(t, err)
	fresh, err := updateEmulator(text, "")
	require.NoError(t, err)
	assert.Equal(t, string(fresh), string(text), "run make record")
}

func TestMarkersAreNeeded(t *testing.T) {
	_, err := replace([]byte("# nothing\n"), "operations", "x")
	require.Error(t, err)
	got, err := replace([]byte("a\n<!-- x -->\nold\n<!-- /x -->\nb\n"), "x", "new\n")
	require.NoError(t, err)
	assert.Equal(t, "a\n<!-- x -->\nnew\n<!-- /x -->\nb\n", string(got))
}

func TestReadmeHasNoPlaceholder(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		word := strings.TrimSpace(line)
		assert.False(t, len(word) > 3 && word == strings.ToUpper(word) && !strings.ContainsAny(word, " |-`#<"), "a placeholder? %s", word)
	}
}
