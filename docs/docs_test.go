package docs_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/docs"
	"github.com/nimroom/nimroom/spec"
)

// TestVendoredFilesAreUnchanged compares the files of Swagger UI with their checksums.
func TestVendoredFilesAreUnchanged(t *testing.T) {
	sums, err := os.ReadFile("reference/vendor/SHA256SUMS")
	require.NoError(t, err)
	listed := map[string]bool{"README.md": true, "SHA256SUMS": true}
	for line := range strings.Lines(string(sums)) {
		sum, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		require.True(t, ok, line)
		content, err := fs.ReadFile(docs.Reference(), "vendor/"+name)
		require.NoError(t, err)
		got := sha256.Sum256(content)
		assert.Equal(t, sum, hex.EncodeToString(got[:]), name)
		listed[name] = true
	}
	entries, err := fs.ReadDir(docs.Reference(), "vendor")
	require.NoError(t, err)
	for _, entry := range entries {
		assert.True(t, listed[entry.Name()], "%s is not in SHA256SUMS", entry.Name())
	}
	assert.Len(t, entries, len(listed))
}

// TestFolderHoldsThePublishedDescription checks that the folder is complete, so that a
// server of static files is enough.
func TestFolderHoldsThePublishedDescription(t *testing.T) {
	for name, lang := range map[string]string{"openapi.json": "en", "openapi.zh-CN.json": "zh"} {
		published, err := spec.Read(spec.Variant{Lang: lang, Format: "json"})
		require.NoError(t, err)
		shown, err := os.ReadFile(filepath.Join("reference", name))
		require.NoError(t, err)
		assert.Equal(t, string(published), string(shown), "%s: run go generate ./...", name)
	}
}

var (
	reference = regexp.MustCompile(`(?:src=|href=|from |read\()["']([^"':]+)["']`)
	address   = regexp.MustCompile(`(?:https?:)?//[a-z0-9][a-z0-9.-]*\.[a-z]+`)
)

// TestPageRefersToItsOwnFilesOnly checks that every file to which the page refers is in the
// folder, and that the page contains no address of another site. Module browsertest checks
// the requests in a browser.
func TestPageRefersToItsOwnFilesOnly(t *testing.T) {
	named := 0
	for _, pattern := range []string{"*.html", "*.js", "*.css", "*.svg"} {
		files, err := fs.Glob(docs.Reference(), pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files, pattern)
		for _, file := range files {
			text, err := fs.ReadFile(docs.Reference(), file)
			require.NoError(t, err)
			for _, found := range reference.FindAllStringSubmatch(string(text), -1) {
				_, err := os.Stat(filepath.Join("reference", found[1]))
				assert.NoError(t, err, file)
				named++
			}
			withoutNamespace := strings.ReplaceAll(string(text), "http://www.w3.org/2000/svg", "")
			assert.Empty(t, address.FindAllString(withoutNamespace, -1), file)
		}
	}
	assert.Greater(t, named, 10)
}
