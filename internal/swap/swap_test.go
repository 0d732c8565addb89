package swap

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// before and wanted are a folder in two states: one file changes, one goes, one
// comes in a new folder, and one stays.
var (
	before = map[string]string{"a/changed": "old", "gone": "old", "kept": "same", "other": "not ours"}
	wanted = map[string][]byte{"a/changed": []byte("new"), "gone": nil, "kept": []byte("same"), "b/c/added": []byte("new"), "never": nil}
	after  = map[string]string{"a/changed": "new", "kept": "same", "b/c/added": "new", "other": "not ours"}
)

func folder(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for path, content := range before {
		require.NoError(t, write(filepath.Join(root, path), []byte(content), 0o644))
	}
	return root
}

func contents(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		name, _ := filepath.Rel(root, path)
		found[filepath.ToSlash(name)] = string(content)
		return err
	}))
	return found
}

func TestFilesBecomeAsWanted(t *testing.T) {
	root := folder(t)
	kept, err := os.Stat(filepath.Join(root, "kept"))
	require.NoError(t, err)
	require.NoError(t, Files(root, wanted))
	assert.Equal(t, after, contents(t, root))
	again, err := os.Stat(filepath.Join(root, "kept"))
	require.NoError(t, err)
	assert.True(t, os.SameFile(kept, again), "a file with its content already was written anew")
	require.NoError(t, Files(root, wanted), "once more")
	assert.Equal(t, after, contents(t, root))
}

func TestAnErrorLeavesTheFolderAsItWas(t *testing.T) {
	for name, files := range map[string]map[string][]byte{
		"a folder where a file shall be": {"a": []byte("x"), "gone": nil, "added": []byte("x")},
		"a file where a folder shall be": {"gone": nil, "a/changed": []byte("x"), "kept/below": []byte("x")},
		"a path that leads outside":      {"gone": nil, "../outside": []byte("x")},
	} {
		root := folder(t)
		require.Error(t, Files(root, files), name)
		assert.Equal(t, before, contents(t, root), name)
	}
}

// TestADeadProcessIsUndone stops after each step of a change, as a process that
// dies there would, and also once more in the midst of the recovery.
func TestADeadProcessIsUndone(t *testing.T) {
	paths := []string{"a/changed", "b/c/added", "gone"}
	for dead := range len(paths) + 1 {
		for undone := range len(paths) + 1 {
			root := folder(t)
			got, err := changed(root, wanted)
			require.NoError(t, err)
			require.Equal(t, paths, got)
			require.NoError(t, prepare(root, wanted, paths))
			for _, path := range paths[:dead] {
				require.NoError(t, replace(root, path, wanted[path] == nil))
			}
			for _, path := range paths[:undone] {
				require.NoError(t, restore(root, path, before[path] != ""))
			}
			require.NoError(t, Recover(root))
			assert.Equal(t, before, contents(t, root), "dead after %d, recovery dead after %d", dead, undone)
			require.NoError(t, Files(root, wanted))
			assert.Equal(t, after, contents(t, root))
		}
	}
}

func TestAProcessThatDiedBeforeItsPlanChangedNothing(t *testing.T) {
	root := folder(t)
	require.NoError(t, write(inside(root, "new", "gone"), []byte("half"), 0o644))
	require.NoError(t, Recover(root))
	assert.Equal(t, before, contents(t, root))
}

func TestABrokenPlanIsNotTakenForNone(t *testing.T) {
	root := folder(t)
	require.NoError(t, write(filepath.Join(root, aside, plan), []byte("["), 0o644))
	require.Error(t, Files(root, wanted))
	assert.Equal(t, "old", contents(t, root)["gone"])
}
