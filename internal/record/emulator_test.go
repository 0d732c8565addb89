package record

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/check/contract"
	"github.com/nimroom/nimroom/internal/wire"
)

const repository = "../../cassettes"

func spec(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("../../spec/openapi.yaml")
	require.NoError(t, err)
	return text
}

// tree reads all files below a folder's part.
func tree(t *testing.T, folder, part string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	require.NoError(t, filepath.WalkDir(filepath.Join(folder, part), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path)
		texts[name] = string(text)
		return err
	}))
	return texts
}

// TestRecordingAnewChangesNothing: the cassettes of the repository are what is
// recorded now, to the byte, and no file is left over.
func TestRecordingAnewChangesNothing(t *testing.T) {
	folder := t.TempDir()
	stray := filepath.Join(folder, "emulator", "getChatroom", "stray.yaml")
	require.NoError(t, os.MkdirAll(filepath.Dir(stray), 0o750))
	require.NoError(t, os.WriteFile(stray, nil, 0o600))
	require.NoError(t, Emulator(t.Context(), spec(t), folder))
	assert.Equal(t, tree(t, repository, "emulator"), tree(t, folder, "emulator"), "run make record")
}

// TestTranscribingAnewChangesNothing.
func TestTranscribingAnewChangesNothing(t *testing.T) {
	facts, err := os.ReadFile("../../spec/testdata/facts.yaml")
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, Documents(facts, folder))
	assert.Equal(t, tree(t, repository, "document"), tree(t, folder, "document"), "run go generate ./...")
}

// TestDialectsAreRecordedWhereTheyDiffer, and nowhere else.
func TestDialectsAreRecordedWhereTheyDiffer(t *testing.T) {
	files, err := Files(repository)
	require.NoError(t, err)
	differ := map[string]int{}
	for name, f := range files {
		if f.Source.Kind != cassettes.Emulator || f.Source.Dialect == wire.Canonical.String() {
			continue
		}
		differ[f.Source.Dialect]++
		source := *f.Source
		source.Dialect = wire.Canonical.String()
		canonical := files[Name(source)]
		require.NotNil(t, canonical, name)
		same, err := sameAnswers(canonical, f)
		require.NoError(t, err)
		assert.False(t, same, name)
	}
	assert.Greater(t, differ["en-2022"], 30)
	assert.Greater(t, differ["text"], 90)
}

// TestAStoryThatFailsRecordsNothing, and is named.
func TestAStoryThatFailsRecordsNothing(t *testing.T) {
	c, err := contract.New(spec(t))
	require.NoError(t, err)
	r := &emulatorRecorder{contract: c, temporary: t.TempDir(), files: map[string][]byte{}}
	list, err := stories()
	require.NoError(t, err)
	for _, s := range list {
		if s.name != "createChatroom/success" {
			continue
		}
		_, err = r.record(t.Context(), s, wire.Canonical)
		require.NoError(t, err)
		s.options = append(s.options, emulator.WithAccounts(emulator.StrictAccounts)) // nobody exists
		_, err = r.record(t.Context(), s, wire.Canonical)
		assert.ErrorContains(t, err, "code 414")
		s.options = []emulator.Option{emulator.WithRate(-1)}
		_, err = r.record(t.Context(), s, wire.Canonical)
		assert.ErrorContains(t, err, "rate")
	}
}

func TestNamesOfFiles(t *testing.T) {
	for want, source := range map[string]cassettes.Source{
		"emulator/getChatroom/success.yaml":      {Kind: "emulator", Operation: "getChatroom", Scenario: "success", Dialect: "canonical"},
		"emulator/getChatroom/success.text.yaml": {Kind: "emulator", Operation: "getChatroom", Scenario: "success", Dialect: "text"},
		"document/getChatroom/success.doc.yaml":  {Kind: "document", Operation: "getChatroom", Scenario: "success", Document: "doc"},
		"live/getChatroom/success.yaml":          {Kind: "live", Operation: "getChatroom", Scenario: "success"},
	} {
		assert.Equal(t, want, Name(source))
	}
	for _, bad := range []string{"", "get", "/a", "a/", "a/b/c", "a/b.c"} {
		_, _, err := split(bad)
		assert.Error(t, err, bad)
	}
	for _, bad := range []string{"", "operations: [", "operations: {/chatroom/fly.action: [{curl: {url: a}}]}", "operations: {/chatroom/get.action: [{curl: {url: a}, example_refusals: ['{']}]}"} {
		list, err := Examples([]byte(bad))
		assert.True(t, err != nil || len(list) == 0, bad)
	}
}
