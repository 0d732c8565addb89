package spec_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/golden"
	"github.com/nimroom/nimroom/internal/release"
)

// lastReleased returns the canonical file of the last release.
func lastReleased(t testing.TB) []byte {
	t.Helper()
	versions, err := release.Read(os.DirFS("released"))
	require.NoError(t, err)
	last := versions[len(versions)-1].Version
	text, err := os.ReadFile("released/" + last + "/openapi.yaml")
	require.NoError(t, err)
	require.Contains(t, string(text), "\n  version: "+last+"\n")
	return text
}

// intended returns the breaking changes since the last release that are meant, a line
// each: the file and the words of specdiff. Only a major step may have any.
func intended(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile("released/breaking.txt")
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// intendedFor returns the intended changes of one file.
func intendedFor(t testing.TB, file string) []string {
	t.Helper()
	var lines []string
	for _, line := range intended(t) {
		if line, ok := strings.CutPrefix(line, file+": "); ok {
			lines = append(lines, line)
		}
	}
	return lines
}

// TestReleasesAreNeverEdited compares all released files with their checksums.
func TestReleasesAreNeverEdited(t *testing.T) {
	require.NoError(t, release.Verify(os.DirFS("released")))
}

// TestNothingBreaksWithoutMajorStep compares each published profile with the last
// released one. If it fails, undo the breaking change, or raise info.version by a major
// step, list the change with make counts, and say so in CHANGELOG.md.
func TestNothingBreaksWithoutMajorStep(t *testing.T) {
	files := map[string][]byte{}
	for _, name := range release.Profiles {
		text, err := os.ReadFile("dist/" + name)
		require.NoError(t, err)
		files[name] = text
	}
	diffs, err := release.Compare(os.DirFS("released"), files)
	require.NoError(t, err)
	golden.Text(t, "released/breaking.txt", strings.Join(release.Lines(diffs), "\n")+"\n")
	require.NoError(t, release.Check(os.DirFS("released"), files, intended(t)))
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
