package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/reconciliation"
)

// TestUpdatingGuide checks docs/updating.md: its links, its make targets, its audit
// commands and its example of a reconciliation entry.
func TestUpdatingGuide(t *testing.T) {
	text, err := os.ReadFile("../../docs/updating.md")
	require.NoError(t, err)
	guide := string(text)
	makefile, err := os.ReadFile("../../Makefile")
	require.NoError(t, err)

	for _, link := range regexp.MustCompile(`\]\((\.\./[^)]+)\)`).FindAllStringSubmatch(guide, -1) {
		_, err := os.Stat(filepath.Join("../../docs", link[1]))
		assert.NoError(t, err, link[1])
	}
	for _, target := range regexp.MustCompile(`(?m)^make (\w+)$`).FindAllStringSubmatch(guide, -1) {
		assert.Contains(t, string(makefile), "\n"+target[1]+":", target[0])
	}

	page := pageOf(t, "page.html")
	commands := regexp.MustCompile(`(?m)^go run \./cmd/nimroom (audit.*?)(?: > \S+)?$`).FindAllStringSubmatch(guide, -1)
	require.Len(t, commands, 4)
	folder := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "evidence", "records"), 0o700))
	for _, command := range commands {
		code, _, errOut := nimroom(t, append(strings.Fields(strings.ReplaceAll(command[1], "../shared/docs/*", page)), "--spec", folder)...)
		assert.Equal(t, exitOK, code, errOut)
	}

	_, example, _ := strings.Cut(guide, "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	_, err = reconciliation.Parse([]byte("documents: [{id: a, short: en-chatroom}]\nsections:\n  - title: T\n    columns: [a, b, c, d, e]\n    zh: {title: t, columns: [a, b, c, d, e]}\n    rows:\n" + example))
	assert.NoError(t, err)
}
