package cassettes_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/record"
)

var readFiles = sync.OnceValues(func() (map[string]*cassettes.File, error) { return record.Files(".") })

// files are the cassettes of this repository, for reading.
func files(t *testing.T) map[string]*cassettes.File {
	t.Helper()
	found, err := readFiles()
	require.NoError(t, err)
	require.Greater(t, len(found), 300)
	return found
}

func player(t *testing.T, folder string) *record.Player {
	t.Helper()
	p, err := record.NewPlayer(folder)
	require.NoError(t, err)
	return p
}

// TestEveryCassetteReplays through the SDK: what is unknown, unused or signed
// wrongly fails, and so does an answer that is not what the story expects.
func TestEveryCassetteReplays(t *testing.T) {
	p := player(t, ".")
	for name, f := range files(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := p.Replay(t.Context(), *f.Source); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestEveryStoryHasItsCassette, and every operation a success and a refusal of
// the emulator's and an example of the documents.
func TestEveryStoryHasItsCassette(t *testing.T) {
	all := files(t)
	stories := player(t, ".").Stories()
	for _, story := range stories {
		assert.Contains(t, all, "emulator/"+story+".yaml")
	}
	codes := map[string]map[string]bool{}
	for name, f := range all {
		if f.Source.Kind == cassettes.Emulator {
			assert.Contains(t, stories, f.Source.Operation+"/"+f.Source.Scenario, name)
		}
		at := f.Source.Kind + " " + f.Source.Operation
		if codes[at] == nil {
			codes[at] = map[string]bool{}
		}
		for _, i := range f.Interactions {
			if strings.HasSuffix(i.Request.URL, pathOf(f.Source.Operation)) {
				code := record.Code(i.Response.Body)
				codes[at]["success"] = codes[at]["success"] || code == 200
				codes[at]["refusal"] = codes[at]["refusal"] || code != 200
			}
		}
	}
	for _, o := range gen.Operations {
		assert.True(t, codes["document "+o.ID]["success"], "%s: no example", o.ID)
		assert.True(t, codes["emulator "+o.ID]["success"], "%s: no success", o.ID)
		assert.True(t, codes["emulator "+o.ID]["refusal"], "%s: no refusal", o.ID)
	}
}

func pathOf(id string) string {
	for _, o := range gen.Operations {
		if o.ID == id {
			return o.Path
		}
	}
	return "no operation " + id
}

// TestNoSecretsInTheRepository: no cassette has a CheckSum, a header that is
// not kept, a field named like a secret, or what the environment has for
// recording against the real service.
func TestNoSecretsInTheRepository(t *testing.T) {
	secrets := []string{"fe416640c8e8a72734219e1847ad2547", "f1234540c12345673123456847aaaaaa", "go9dnk49bk", "app-key", "app-secret"}
	for _, name := range []string{cassettes.EnvAppKey, cassettes.EnvAppSecret} {
		if value, ok := os.LookupEnv(name); ok && len(value) >= 8 { // a shorter one would be found in any text
			secrets = append(secrets, value)
		}
	}
	for name, f := range files(t) {
		for _, leak := range f.Leaks(secrets...) {
			t.Errorf("%s: %s", name, leak)
		}
	}
	elsewhere, err := filepath.Glob("../examples/*/testdata/cassettes/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, elsewhere)
	for _, name := range elsewhere {
		f, err := cassettes.Read(name)
		require.NoError(t, err)
		assert.Empty(t, f.Leaks(secrets...), name)
	}
	scanned := 0
	scanTree(t, "..", secrets, func(name string, what []string) {
		scanned++
		assert.Empty(t, what, name)
	})
	assert.Greater(t, scanned, len(files(t))+len(elsewhere), "the index and reports are scanned, too")
}

// scanTree scans every file below the folders of cassettes, whatever it is: the
// document, emulator and live ones of this one, and testdata/cassettes of all
// packages.
func scanTree(t *testing.T, root string, secrets []string, tell func(name string, what []string)) {
	t.Helper()
	ours := regexp.MustCompile(`(^|/)(cassettes/(document|emulator|live)/.|cassettes/[^/]*\.md$|testdata/cassettes/.)`)
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if err == nil && (entry.Name() == ".git" || entry.Name() == "node_modules") {
				return fs.SkipDir
			}
			return err
		}
		if !ours.MatchString(filepath.ToSlash(path)) {
			return nil
		}
		text, err := os.ReadFile(path)
		tell(path, suspicious(string(text), secrets))
		return err
	}))
}

// TestEveryKindOfFileIsScanned, reports and folders of other packages among them.
func TestEveryKindOfFileIsScanned(t *testing.T) {
	root := t.TempDir()
	names := []string{
		"cassettes/live/report.txt", "cassettes/live/report.json", "cassettes/INDEX.md", "cassettes/emulator/getChatroom/a.yml",
		"cassettes/document/a", "wrapper/testdata/cassettes/a/b.yaml",
	}
	for _, name := range append(names, "sign/other.txt") {
		require.NoError(t, os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte("sum "+aCheckSum), 0o600))
	}
	var found []string
	scanTree(t, root, nil, func(name string, what []string) {
		if len(what) > 0 {
			short, err := filepath.Rel(root, name)
			require.NoError(t, err)
			found = append(found, filepath.ToSlash(short))
		}
	})
	assert.ElementsMatch(t, names, found)
}

// TestTheScanFindsASeededLeak in the text of a cassette, in places that the
// format does not know too.
func TestTheScanFindsASeededLeak(t *testing.T) {
	text, err := os.ReadFile("emulator/createChatroom/success.yaml")
	require.NoError(t, err)
	require.Empty(t, suspicious(string(text), []string{testKey}))
	for _, seed := range []string{
		"# " + aCheckSum + "\n", "# " + strings.ToUpper(aCheckSum) + "\n", "# fe416640c8e8a72734219e1847ad2547\n", "# of " + testKey + "\n",
	} {
		assert.NotEmpty(t, suspicious(seed+string(text), []string{testKey}), seed)
	}
}

// TestSizes: a cassette is one story, and all of them are no burden.
func TestSizes(t *testing.T) {
	total := 0
	for _, name := range slices.Sorted(maps.Keys(files(t))) {
		info, err := os.Stat(name)
		require.NoError(t, err)
		assert.Less(t, info.Size(), int64(20<<10), name)
		total += int(info.Size())
	}
	assert.Less(t, total, 4<<20)
}
