package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/cassettes"
)

const (
	aCheckSum = "4c6f0fbc04efedd91685a226da081807de269350"
	aKey      = "a-key-of-this-test"
)

// TestNoSecretsInTheRepository: no recording has a CheckSum, a header that is
// not kept, a field named like a secret, or what the environment has for
// recording against the real service.
func TestNoSecretsInTheRepository(t *testing.T) {
	secrets := []string{"fe416640c8e8a72734219e1847ad2547", "f1234540c12345673123456847aaaaaa", "go9dnk49bk", "app-key", "app-secret"}
	for _, name := range []string{cassettes.EnvAppKey, cassettes.EnvAppSecret} {
		if value, ok := os.LookupEnv(name); ok && len(value) >= 8 { // a shorter one would be found in any text
			secrets = append(secrets, value)
		}
	}
	for _, r := range all(t) {
		for _, leak := range r.Leaks(secrets...) {
			t.Errorf("%s: %s", r.Name(), leak)
		}
	}
	elsewhere, err := filepath.Glob("../../examples/*/testdata/cassettes/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, elsewhere)
	for _, name := range elsewhere {
		f, err := cassettes.Read(name)
		require.NoError(t, err)
		assert.Empty(t, f.Leaks(secrets...), name)
	}
	scanTree(t, "../..", secrets, func(name string, what []string) { assert.Empty(t, what, name) })
}

// scanTree scans every file in which recordings are, whatever it is: those of
// this repository, their index, and testdata/cassettes of all packages.
func scanTree(t *testing.T, root string, secrets []string, tell func(name string, what []string)) {
	t.Helper()
	ours := regexp.MustCompile(`(^|/)(cassettes/testdata/.|cassettes/[^/]*\.md$|testdata/cassettes/.)`)
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if path != root && errors.Is(err, fs.ErrNotExist) {
			return nil // another program was just cleaning up
		}
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
		"cassettes/testdata/live/report.txt", "cassettes/testdata/live/report.json", "cassettes/INDEX.md",
		"cassettes/testdata/emulator/a.yml", "wrapper/testdata/cassettes/a/b.yaml",
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

// TestTheScanFindsASeededLeak in the text of a file, in places that the
// format does not know too.
func TestTheScanFindsASeededLeak(t *testing.T) {
	text, err := os.ReadFile(repository + "/testdata/emulator/createChatroom.yaml")
	require.NoError(t, err)
	require.Empty(t, suspicious(string(text), []string{aKey}))
	for _, seed := range []string{
		"# " + aCheckSum + "\n", "# " + strings.ToUpper(aCheckSum) + "\n", "# fe416640c8e8a72734219e1847ad2547\n", "# of " + aKey + "\n",
	} {
		assert.NotEmpty(t, suspicious(seed+string(text), []string{aKey}), seed)
	}
}

// hexKey is a key, 32 digits, or a CheckSum, 40.
var hexKey = regexp.MustCompile(`\b([0-9a-fA-F]{32}|[0-9a-fA-F]{40})\b`)

// suspicious scans a text as it is, without knowing its format.
func suspicious(text string, secrets []string) []string {
	var found []string
	for _, digits := range hexKey.FindAllString(text, -1) {
		found = append(found, fmt.Sprintf("%d hex digits, %s...", len(digits), digits[:4]))
	}
	for n, secret := range secrets {
		if strings.Contains(text, secret) {
			found = append(found, fmt.Sprintf("secret number %d", n+1))
		}
	}
	return found
}
