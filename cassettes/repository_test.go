package cassettes_test

import (
	"maps"
	"os"
	"path/filepath"
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
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, what := range suspicious(string(text), secrets) {
			t.Errorf("%s: %s", name, what)
		}
	}
	elsewhere, err := filepath.Glob("../examples/*/testdata/cassettes/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, elsewhere)
	for _, name := range elsewhere {
		f, err := cassettes.Read(name)
		require.NoError(t, err)
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.Empty(t, append(f.Leaks(secrets...), suspicious(string(text), secrets)...), name)
	}
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
