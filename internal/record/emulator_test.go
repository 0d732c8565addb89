package record

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/golden"
	"github.com/nimroom/nimroom/internal/wire"
)

// tree reads all recordings of the emulator, and the index, in a folder.
func tree(t *testing.T, folder string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, part := range []string{"INDEX.md", "testdata/emulator"} {
		require.NoError(t, filepath.WalkDir(filepath.Join(folder, filepath.FromSlash(part)), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			texts[path[len(folder):]] = string(text)
			return err
		}))
	}
	return texts
}

// TestRecordingAnewChangesNothing: the recordings of the repository are what is
// recorded now, to the byte, and no file is left over.
func TestRecordingAnewChangesNothing(t *testing.T) {
	folder := t.TempDir()
	stray := filepath.Join(folder, "testdata", "emulator", "stray.yaml")
	require.NoError(t, os.MkdirAll(filepath.Dir(stray), 0o750))
	require.NoError(t, os.WriteFile(stray, []byte("<<<<<<< a conflict"), 0o600))
	recordings, err := FromEmulator(t.Context(), theContract(t))
	require.NoError(t, err)
	require.NoError(t, Save(folder, recordings, examples(t)))
	assert.Equal(t, tree(t, repository), tree(t, folder), "run make record")
	require.NoError(t, SaveIndex(folder, nil))
	assert.NotEqual(t, tree(t, repository)["/INDEX.md"], tree(t, folder)["/INDEX.md"])
	require.NoError(t, SaveIndex(folder, examples(t)))
	assert.Equal(t, tree(t, repository), tree(t, folder), "the index of what was saved")
}

// TestAnErrorLeavesTheFolderAsItWas: the index cannot be written, and so the
// recordings are not written either.
func TestAnErrorLeavesTheFolderAsItWas(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(folder, "testdata"), os.DirFS(filepath.Join(repository, "testdata"))))
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "INDEX.md", "a"), 0o750))
	before := tree(t, folder)
	require.Error(t, Save(folder, []*Recording{find(t, "emulator/getChatroom/success")}, nil))
	assert.Equal(t, before, tree(t, folder))
}

// TestDialectsAreRecordedWhereTheyDiffer, and nowhere else.
func TestDialectsAreRecordedWhereTheyDiffer(t *testing.T) {
	var canonical *Recording
	differ := map[string]int{}
	for _, r := range all(t) {
		if r.Kind != Emulator {
			continue
		}
		differ[r.Dialect.String()]++
		if r.Dialect == wire.Canonical {
			canonical = r
			continue
		}
		require.Equal(t, canonical.Scenario, r.Scenario)
		assert.False(t, sameResponses(canonical, r), r.Name())
	}
	golden.Counts(t, "record: recordings by dialect", differ)
}

// TestAScenarioThatFailsIsNotRecorded, and its error says why.
func TestAScenarioThatFailsIsNotRecorded(t *testing.T) {
	list, err := allPlays()
	require.NoError(t, err)
	for _, p := range list {
		if p.name != "createChatroom/success" {
			continue
		}
		_, err = p.record(t.Context(), wire.Canonical)
		require.NoError(t, err)
		p.options = append(p.options, emulator.WithAccounts(emulator.StrictAccounts)) // nobody exists
		_, err = p.record(t.Context(), wire.Canonical)
		require.ErrorContains(t, err, "code 414")
		p.options = []emulator.Option{emulator.WithRate(-1)}
		_, err = p.record(t.Context(), wire.Canonical)
		require.ErrorContains(t, err, "rate")
		return
	}
	t.Fatal("createChatroom/success is not played")
}

func TestNamesOfScenarios(t *testing.T) {
	for _, bad := range []string{"", "get", "/a", "a/", "a/b/c", "a/b.c"} {
		_, _, err := split(bad)
		assert.Error(t, err, bad)
	}
}
