package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/long"
)

// tree copies what the generation reads and writes to a folder of its own: the sources,
// the module's file, the generated files, and the whole of gen with what gen imports.
func tree(t *testing.T) string {
	t.Helper()
	const module = "../.."
	root := t.TempDir()
	paths := []string{"go.mod", "go.sum", "spec/openapi.yaml", "spec/overlay.zh-CN.yaml", "spec/reconciliation.yaml", "spec/RECONCILIATION.md",
		"spec/evidence/*.yaml", "spec/evidence/*/*", "spec/dist/*", "docs/reference/*.json"}
	for _, out := range outputs {
		paths = append(paths, out.dir+"/*"+suffix, out.dir+"/*"+testSuffix)
	}
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if .Main}}{{$.ImportPath}}{{end}}{{end}}", "./gen")
	list.Dir = module
	packages, err := list.Output()
	require.NoError(t, err)
	for name := range strings.FieldsSeq(string(packages)) {
		paths = append(paths, strings.TrimPrefix(name, "github.com/nimroom/nimroom/")+"/*.go")
	}
	for _, path := range paths {
		files, err := filepath.Glob(filepath.Join(module, path))
		require.NoError(t, err)
		for _, from := range files {
			to := filepath.Join(root, strings.TrimPrefix(from, module))
			content, err := os.ReadFile(from)
			require.NoError(t, err)
			require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o755))
			require.NoError(t, os.WriteFile(to, content, 0o644))
		}
	}
	return root
}

// snapshot reads every file below root.
func snapshot(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		found[strings.TrimPrefix(path, root)] = string(content)
		return err
	}))
	return found
}

// edit replaces a text of a file, all of which it is when old is empty.
func edit(t *testing.T, root, path, old, with string) {
	t.Helper()
	name := filepath.Join(root, path)
	content, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Contains(t, string(content), old)
	if old == "" {
		old = string(content)
	}
	require.NoError(t, os.WriteFile(name, []byte(strings.Replace(string(content), old, with, 1)), 0o644))
}

// TestGeneration generates in one tree, which each part leaves as the next one needs it.
func TestGeneration(t *testing.T) {
	root := tree(t)
	before := snapshot(t, root)
	t.Run("the generated files are fresh", func(t *testing.T) {
		require.NoError(t, run(root))
		assert.Empty(t, differences(before, snapshot(t, root)), "run go generate ./...")
	})
	// Packages that do not compile, are incomplete, or are not there at all are made anew, and
	// files that are not made any more go.
	t.Run("needs no generated code", func(t *testing.T) {
		edit(t, root, "gen/types.gen.go", "", "package broken !")
		require.NoError(t, os.Remove(filepath.Join(root, "gen/models.gen.go")))
		require.NoError(t, os.WriteFile(filepath.Join(root, "gen/old.gen.go"), []byte("package gen\n"), 0o644))
		require.NoError(t, os.RemoveAll(filepath.Join(root, "spec/dist")))
		require.NoError(t, run(root))
		for _, name := range []string{"/spec/dist/README.md", "/spec/dist/README.zh-CN.md"} { // written by hand
			delete(before, name)
		}
		assert.Empty(t, differences(before, snapshot(t, root)))
	})
	t.Run("code that does not compile is not written", func(t *testing.T) {
		for _, path := range []string{"spec/openapi.yaml", "spec/overlay.zh-CN.yaml"} {
			for range strings.Count(before["/"+path], "ClearedRobots") {
				edit(t, root, path, "ClearedRobots", "Operation") // a type of the tables
			}
		}
		before := snapshot(t, root)
		require.ErrorContains(t, run(root), "Operation redeclared")
		assert.Empty(t, differences(before, snapshot(t, root)))
	})
}

func differences(a, b map[string]string) []string {
	var paths []string
	for path := range maps.Keys(a) {
		if text, ok := b[path]; !ok || text != a[path] {
			paths = append(paths, path)
		}
	}
	for path := range maps.Keys(b) {
		if _, ok := a[path]; !ok {
			paths = append(paths, path)
		}
	}
	return paths
}

// TestAnErrorChangesNothing seeds one fault at a time: the error says what is wrong and
// where, and every file is as it was, those too that were stale.
func TestAnErrorChangesNothing(t *testing.T) {
	const (
		spec    = "spec/openapi.yaml"
		overlay = "spec/overlay.zh-CN.yaml"
	)
	root := tree(t)
	edit(t, root, "gen/ids.gen.go", "package gen", "package gen // stale")
	edit(t, root, spec, "summary: Create a chat room\n", "summary: Create one chat room\n")
	pristine := snapshot(t, root)
	faults := []struct{ name, file, old, new, want string }{
		{"an empty summary", spec, "      summary: Create one chat room\n", "", ": /chatroom/create.action: no summary"},
		{"no YAML", spec, "paths:\n", "paths: [\n", spec + ": "},
		{"a reference into nothing", spec, "schemas/CreateChatroomForm'", "schemas/CreateForm'", "CreateForm"},
		{"an unknown evidence", spec, "{evidence: en-chatroom-2022-11-25,", "{evidence: en-chatroom-2022,", `: /chatroom/create.action: x-source cites "en-chatroom-2022"`},
		{"a text without its translation", overlay, "    update: {description: 官方聊天室页面（英文）}", "    update: {}", "$.externalDocs.description: has no Chinese text in " + overlay},
		{"a translation of nothing", overlay, "$.components.schemas.Chatroom\n", "$.components.schemas.ChatRoom\n", ": $.components.schemas.ChatRoom is not in the spec"},
		{"a reconciliation without its translation", "spec/reconciliation.yaml", "          - 'SDK、实测'\n", "", "row 1: zh has 4 texts for 5 cells"},
		{"no OpenAPI", spec, "openapi: 3.0.4\n", "", spec + ": "},
		{"an unknown idempotency", spec, "x-idempotency: unsafe", "x-idempotency: sometimes", `: /chatroom/create.action: x-idempotency is "sometimes"`},
		{"a value of another type", spec, "x-batch: {field: roomids, maximum: 20}", "x-batch: {field: roomids, maximum: many}", "into int"},
		{"an operation to ask that is none", spec, "x-ask: listUserChatrooms", "x-ask: listNothing", ": /chatroom/create.action: x-ask names listNothing"},
		{"a misspelt extension", spec, "      x-batch: {field: roomids", "      x-bach: {field: roomids", ": the head comment lists no extension x-bach"},
		{"an unknown feature", spec, "x-feature: search", "x-feature: find", ": /history/queryTagHistoryMsg.action: x-feature is find"},
		{"a feature that nothing needs", spec, "x-features:\n", "x-features:\n  video: {summary: video, desc: no video}\n", "video lacks summary, desc, or an operation that needs it"},
		{"evidence that is no YAML", "spec/evidence/evidence.yaml", "- id:", "- id: [", "spec/evidence/evidence.yaml: "},
		{"a shared field that nothing refers to", spec, "\n    fromAcc: {x-inline", "\n    fromAccount: {x-inline: true, type: string}\n    fromAcc: {x-inline", "fromAccount has x-inline, but no schema refers to it"},
		{"an overlay that is no YAML", overlay, "overlay: 1.0.0", "overlay: [1.0.0", overlay + ": "},
		{"reconciliations that are no YAML", "spec/reconciliation.yaml", "", "[", "spec/reconciliation.yaml: "},
	}
	for _, tc := range faults[:long.Rounds(t, 7, len(faults))] {
		t.Run(tc.name, func(t *testing.T) {
			edit(t, root, tc.file, tc.old, tc.new)
			text, err := os.ReadFile(filepath.Join(root, tc.file))
			require.NoError(t, err)
			seeded := maps.Clone(pristine)
			seeded["/"+tc.file] = string(text)
			err = run(root)
			require.ErrorContains(t, err, tc.want)
			assert.Empty(t, differences(seeded, snapshot(t, root)))
			require.NoError(t, os.WriteFile(filepath.Join(root, tc.file), []byte(pristine["/"+tc.file]), 0o644))
		})
	}
}

func TestEveryReasonIsGivenAtOnce(t *testing.T) {
	root := tree(t)
	edit(t, root, "spec/openapi.yaml", "x-idempotency: unsafe", "x-idempotency: sometimes")
	edit(t, root, "spec/openapi.yaml", "x-ask: getChatroom", "x-ask: nothing")
	edit(t, root, "spec/overlay.zh-CN.yaml", "官方聊天室页面（英文）", "A page")
	edit(t, root, "spec/reconciliation.yaml", "", "[")
	err := run(root)
	for _, want := range []string{"sometimes", "x-ask names nothing", "$.externalDocs.description", "spec/reconciliation.yaml"} {
		require.ErrorContains(t, err, want)
	}
}
