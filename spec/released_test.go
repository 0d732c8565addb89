package spec_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/check/specdiff"
	"github.com/nimroom/nimroom/internal/golden"
)

// lastReleased returns the one released file, which is named after its version.
func lastReleased(t testing.TB) []byte {
	t.Helper()
	names, err := filepath.Glob("released/*.yaml")
	require.NoError(t, err)
	require.Len(t, names, 1, "keep the last released file and no other")
	text, err := os.ReadFile(names[0])
	require.NoError(t, err)
	version := strings.TrimSuffix(filepath.Base(names[0]), ".yaml")
	require.Contains(t, string(text), "\n  version: "+version+"\n")
	return text
}

// intended returns the breaking changes since the last release that are meant, a line
// each in the words of specdiff. Only a major step may have any.
func intended(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile("released/breaking.txt")
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// TestNothingBreaksWithoutMajorStep compares the published file with the last
// released one. If it fails, undo the breaking change, or raise info.version by a major
// step, list the change with make counts, and say so in CHANGELOG.md.
func TestNothingBreaksWithoutMajorStep(t *testing.T) {
	current, err := os.ReadFile("dist/openapi.yaml")
	require.NoError(t, err)
	found, err := specdiff.Breaking(lastReleased(t), current)
	require.NoError(t, err)
	golden.Text(t, "released/breaking.txt", strings.Join(found, "\n")+"\n")
	require.NoError(t, specdiff.Check(lastReleased(t), current, intended(t)))
}

// TestChangelogHasReleases checks that the changelog has a section for the released
// version, and one for a version that is raised before its release.
func TestChangelogHasReleases(t *testing.T) {
	changelog, err := os.ReadFile("CHANGELOG.md")
	require.NoError(t, err)
	for _, text := range [][]byte{readSpec(t), lastReleased(t)} {
		_, rest, _ := strings.Cut(string(text), "\n  version: ")
		version, _, _ := strings.Cut(rest, "\n")
		assert.Contains(t, string(changelog), "\n## "+version, "CHANGELOG.md has no section for %s", version)
	}
}
