package release

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const api = `openapi: 3.0.4
info:
  title: Rooms
  version: 1.0.0
paths:
  /room/get.action:
    post: {operationId: getRoom}
`

// module is a module with a release 1.0.0 and with published files of 1.1.0, which have an
// operation more.
func module(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	files := map[string][]byte{"openapi.yaml": []byte(api), "openapi.sdk.yaml": []byte(api)}
	files[Sums] = sums(files)
	index, err := encode([]Version{{Version: "1.0.0", Date: "2026-01-02", SHA256: digest(files[Sums])}})
	require.NoError(t, err)
	for name, text := range files {
		write(t, root, "spec/released/1.0.0/"+name, string(text))
	}
	write(t, root, "spec/released/"+Index, string(index))
	write(t, root, "spec/released/"+Breaking, "\n")
	next := strings.Replace(api, "version: 1.0.0", "version: 1.1.0", 1) + "  /room/new.action:\n    post: {operationId: newRoom}\n"
	for _, name := range Profiles {
		write(t, root, "spec/dist/"+name, next)
	}
	write(t, root, "spec/dist/README.md", "Which file to use.")
	write(t, root, "spec/CHANGELOG.md", "# Changelog\n\n## 1.1.0\n\n- Rooms can be made.\n\n## 1.0.0\n\n- Rooms.\n")
	return root
}

func write(t *testing.T, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
}

func read(t *testing.T, root, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	require.NoError(t, err)
	return string(text)
}

var day = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)

func TestMakeWritesAReleaseThatVerifies(t *testing.T) {
	root := module(t)
	require.NoError(t, Make(root, "1.1.0", day))
	releases := os.DirFS(filepath.Join(root, "spec", "released"))
	require.NoError(t, Verify(releases))
	versions, err := Read(releases)
	require.NoError(t, err)
	require.Len(t, versions, 2)
	assert.Equal(t, "1.1.0 2026-02-03", versions[1].Version+" "+versions[1].Date)
	assert.Equal(t, read(t, root, "spec/dist/openapi.sdk.yaml"), read(t, root, "spec/released/1.1.0/openapi.sdk.yaml"))
	assert.NoFileExists(t, filepath.Join(root, "spec/released/1.1.0/README.md"))
	assert.JSONEq(t, `{"from": "1.0.0", "to": "1.1.0", "files": {
		"openapi.yaml": {"breaking": [], "added": ["/room/new.action"]},
		"openapi.sdk.yaml": {"breaking": [], "added": ["/room/new.action"]},
		"openapi.validator.yaml": {"breaking": [], "added": ["the profile"]}}}`, read(t, root, "spec/released/1.1.0/"+Changes))
	note := read(t, root, "spec/released/1.1.0/"+Upgrade)
	assert.Contains(t, note, "# From 1.0.0 to 1.1.0\n\n- Rooms can be made.\n")
	assert.Contains(t, note, "Nothing: clients of the version before go on working.")
}

// TestAnEditedReleaseIsFound edits a release in every way.
func TestAnEditedReleaseIsFound(t *testing.T) {
	for name, tt := range map[string]struct {
		edit func(root string)
		says string
	}{
		"a file changed":        {func(root string) { write(t, root, "spec/released/1.0.0/openapi.yaml", api+"\n") }, "1.0.0/openapi.yaml was edited"},
		"a file added":          {func(root string) { write(t, root, "spec/released/1.0.0/more.yaml", api) }, "more.yaml does not belong to a release"},
		"a file lost":           {func(root string) { require.NoError(t, os.Remove(root+"/spec/released/1.0.0/openapi.sdk.yaml")) }, "openapi.sdk.yaml"},
		"its checksums changed": {func(root string) { write(t, root, "spec/released/1.0.0/"+Sums, "") }, "1.0.0/SHA256SUMS is not what index.json says"},
		"a release gone":        {func(root string) { require.NoError(t, os.RemoveAll(root+"/spec/released/1.0.0")) }, "1.0.0/SHA256SUMS"},
		"no index":              {func(root string) { write(t, root, "spec/released/"+Index, "[]") }, "no version"},
	} {
		t.Run(name, func(t *testing.T) {
			root := module(t)
			tt.edit(root)
			require.ErrorContains(t, Verify(os.DirFS(filepath.Join(root, "spec", "released"))), tt.says)
			assert.ErrorContains(t, Make(root, "1.1.0", day), tt.says)
		})
	}
}

// TestMakeRefuses gives no release a version that it may not have.
func TestMakeRefuses(t *testing.T) {
	breaking := strings.Replace(api, "getRoom", "readRoom", 1)
	for name, tt := range map[string]struct {
		version string
		edit    func(root string)
		says    string
	}{
		"a version twice":           {"1.0.0", nil, "version 1.0.0 is released already"},
		"a version of another file": {"1.2.0", nil, "info.version of spec/dist/openapi.yaml is not 1.2.0"},
		"no words about it":         {"1.1.0", func(root string) { write(t, root, "spec/CHANGELOG.md", "## 1.0.0\n\n- Rooms.\n") }, "has no section ## 1.1.0"},
		"a change of one profile that breaks": {"1.1.0", func(root string) {
			write(t, root, "spec/dist/openapi.sdk.yaml", strings.Replace(breaking, "1.0.0", "1.1.0", 1))
		}, "openapi.sdk.yaml: info.version 1.1.0 needs a major step"},
	} {
		t.Run(name, func(t *testing.T) {
			root := module(t)
			if tt.edit != nil {
				tt.edit(root)
			}
			require.ErrorContains(t, Make(root, tt.version, day), tt.says)
			assert.NoDirExists(t, filepath.Join(root, "spec/released/1.1.0"))
		})
	}
}

// TestAMajorStepMayBreakWhatItLists releases a change that breaks clients, once it is listed.
func TestAMajorStepMayBreakWhatItLists(t *testing.T) {
	root := module(t)
	for _, name := range Profiles {
		write(t, root, "spec/dist/"+name, strings.NewReplacer("getRoom", "readRoom", "1.0.0", "2.0.0").Replace(api))
	}
	write(t, root, "spec/CHANGELOG.md", "\n## 2.0.0\n\n### Operations\n\n- Another name.\n")
	require.ErrorContains(t, Make(root, "2.0.0", day), "not listed as intended")
	line := "/room/get.action.operationId was getRoom, is readRoom"
	write(t, root, "spec/released/"+Breaking, "openapi.yaml: "+line+"\nopenapi.sdk.yaml: "+line+"\n")
	require.NoError(t, Make(root, "2.0.0", day))
	assert.Contains(t, read(t, root, "spec/released/2.0.0/"+Upgrade), "\n### openapi.sdk.yaml\n\n- `"+line+"`\n")
	assert.Contains(t, read(t, root, "spec/released/2.0.0/"+Upgrade), "# From 1.0.0 to 2.0.0\n\n## Operations\n\n- Another name.\n\n## What breaks\n")
	assert.Equal(t, "\n", read(t, root, "spec/released/"+Breaking))
}
