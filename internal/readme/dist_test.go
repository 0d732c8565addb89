package main

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readDist(t *testing.T) string { return read(t, "spec/dist/README.md") }

func TestDistReadmeIsFresh(t *testing.T) {
	fresh(t, "spec/dist/README.md", updateDist)
	fresh(t, "spec/dist/README.zh-CN.md", updateChineseDist)
}

// TestExtensionTableIsComplete wants each extension of the published files in the
// table, and no other.
func TestExtensionTableIsComplete(t *testing.T) {
	_, table, _ := strings.Cut(readDist(t), "<!-- extensions -->")
	table, _, _ = strings.Cut(table, "<!-- /extensions -->")
	listed := map[string]bool{}
	for row := range strings.Lines(strings.TrimSpace(table)) {
		if !strings.HasPrefix(row, "| `") {
			continue
		}
		names, meaning, _ := strings.Cut(strings.TrimPrefix(row, "|"), "|")
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(names, -1) {
			assert.False(t, listed[name[1]], "%s is there twice", name[1])
			assert.Greater(t, len(meaning), 15, name[1])
			listed[name[1]] = true
		}
	}
	used := map[string]bool{}
	files, err := filepath.Glob("../../spec/dist/openapi*.json")
	require.NoError(t, err)
	require.Len(t, files, 6)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		var spec any
		require.NoError(t, json.Unmarshal(content, &spec))
		extensions(spec, "", used)
	}
	assert.Equal(t, slices.Sorted(maps.Keys(used)), slices.Sorted(maps.Keys(listed)))
}

// extensions notes the x- keys of a description. The keys of a list of properties
// are names, not keywords.
func extensions(value any, under string, found map[string]bool) {
	switch v := value.(type) {
	case []any:
		for _, e := range v {
			extensions(e, "", found)
		}
	case map[string]any:
		for key, child := range v {
			if strings.HasPrefix(key, "x-") && under != "properties" {
				found[key] = true
			}
			extensions(child, key, found)
		}
	}
}

func TestDistReadmeNamesEveryFile(t *testing.T) {
	text := readDist(t)
	files, err := os.ReadDir("../../spec/dist")
	require.NoError(t, err)
	for _, file := range files {
		name := strings.TrimSuffix(file.Name(), ".json")
		if !strings.HasPrefix(name, "postman") {
			name = strings.TrimSuffix(name, ".yaml") + ".yaml"
		}
		if !strings.HasPrefix(file.Name(), "README") {
			assert.Contains(t, text, "`"+name, file.Name())
		}
	}
}

func TestDistReadmeShowsHooksAndVector(t *testing.T) {
	text := readDist(t)
	for language, file := range hooks {
		hook, err := os.ReadFile(filepath.Join("../..", file))
		require.NoError(t, err)
		assert.Contains(t, text, "```"+language+"\n"+strings.TrimSpace(string(hook))+"\n```\n")
	}
	row := regexp.MustCompile("\\| `(.+)` \\| `(.+)` \\| `(.+)` \\| `([0-9a-f]{40})` \\|").FindStringSubmatch(text)
	require.NotNil(t, row)
	sum := sha1.Sum([]byte(row[1] + row[2] + row[3]))
	assert.Equal(t, hex.EncodeToString(sum[:]), row[4])
}

func TestContinuedMeaningsAreJoined(t *testing.T) {
	const head = "# Extensions:\n#   x-a        one |\n#              two\n#   x-b, x-c   three\n# Formats.\nopenapi: 3.0.4\n#   x-d        later\n"
	assert.Equal(t, "| extension | what it says |\n|---|---|\n| `x-a` | one \\| two |\n| `x-b`, `x-c` | three |\n", extensionTable(head))
}

// TestDistReadmeHasThePinnedVersions compares the versions of the page with those that interop pins.
func TestDistReadmeHasThePinnedVersions(t *testing.T) {
	text := readDist(t)
	compared := 0
	for _, pin := range []struct{ file, pattern, name string }{
		{"generator/pom.xml", `<openapi-generator>()([^<]+)<`, "openapi-generator-cli:%[2]s"},
		{"typescript/package.json", `"([^"]+)": "(\d[^"]+)"`, "%s@%s"},
		{"python/requirements.txt", `(?m)^(\S+)==(\S+)$`, "%s==%s"},
	} {
		pins, err := os.ReadFile(filepath.Join("../../interop", pin.file))
		require.NoError(t, err)
		for _, found := range regexp.MustCompile(pin.pattern).FindAllStringSubmatch(string(pins), -1) {
			want := fmt.Sprintf(pin.name, found[1], found[2])
			before, _, _ := strings.Cut(want, found[2])
			for _, got := range regexp.MustCompile(`(?:^|[ =])(`+regexp.QuoteMeta(before)+`[\w.]+)`).FindAllStringSubmatch(text, -1) {
				assert.Equal(t, want, got[1])
				compared++
			}
		}
	}
	assert.Greater(t, compared, 10)
}
