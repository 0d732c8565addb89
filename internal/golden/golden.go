// Package golden holds the numbers by which a test notices that it no longer
// looks at everything: how many facts it compared, how many faults it seeded.
// All of them stand in counts.json; `make counts` writes them anew.
package golden

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("counts", false, "write the counts of the tests that run into internal/golden/counts.json")

// Counts compares counts with those that are kept under name. With -counts it keeps
// them instead. Packages write one after the other: run them with go test -p 1.
func Counts(t *testing.T, name string, counts map[string]int) {
	t.Helper()
	file := path(t)
	kept := map[string]map[string]int{}
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &kept))
	if !*update {
		assert.Equal(t, kept[name], counts, "%s: if the change is meant, run make counts", name)
		return
	}
	if maps.Equal(kept[name], counts) {
		return
	}
	kept[name] = counts
	text, err = json.MarshalIndent(kept, "", "  ")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, append(text, '\n'), 0o600))
}

// Text compares text with the file that keeps it. With -counts it writes the file
// instead.
func Text(t *testing.T, file, text string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return
	}
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(kept), text, "%s: if the change is meant, run make counts", file)
}

// path finds counts.json from the folder of whichever package is tested.
func path(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		file := filepath.Join(dir, "internal", "golden", "counts.json")
		if _, err := os.Stat(file); err == nil {
			return file
		}
		parent := filepath.Dir(dir)
		require.NotEqual(t, parent, dir, "internal/golden/counts.json is not above this folder")
		dir = parent
	}
}
