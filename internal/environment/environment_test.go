package environment

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// keep makes a file of profiles, in a folder of the test.
func keep(t *testing.T, profiles string) {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"XDG_CONFIG_HOME", "HOME", "AppData"} { // Linux, macOS, Windows
		t.Setenv(name, folder)
	}
	path, err := Path()
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(profiles), 0o600))
}

func secretFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

func read(variables map[string]string) (Settings, error) {
	return Read(func(name string) string { return variables[name] }, func(profile string) (string, error) { return "secret of " + profile, nil })
}

func TestVariablesComeBeforeTheProfile(t *testing.T) {
	const profiles = `{"profiles":{
		"live":{"appKey":"live-key","production":true},
		"trial":{"appKey":"trial-key","region":"overseas","production":false},
		"unsaid":{"appKey":"unsaid-key"},
		"local":{"appKey":"K","baseURL":"http://127.0.0.1:8500/nimserver"}}}`
	for name, tt := range map[string]struct {
		variables         map[string]string
		key, secret, host string
		production        bool
	}{
		"variables alone":                   {map[string]string{EnvAppKey: "k", EnvAppSecret: "s", EnvBaseURL: "http://h/nimserver"}, "k", "s", "http://h/nimserver", false},
		"the vendor's hosts":                {map[string]string{EnvAppKey: "k", EnvAppSecret: "s"}, "k", "s", Hosts(China)[0], true},
		"a region":                          {map[string]string{EnvAppKey: "k", EnvAppSecret: "s", EnvRegion: Overseas}, "k", "s", Hosts(Overseas)[0], true},
		"a secret in a file":                {map[string]string{EnvAppKey: "k", EnvAppSecretFile: secretFile(t, " s\r\n"), EnvBaseURL: "http://h"}, "k", "s", "http://h", false},
		"a profile of production":           {map[string]string{EnvProfile: "live"}, "live-key", "secret of live", Hosts(China)[0], true},
		"a profile of tests at the vendor":  {map[string]string{EnvProfile: "trial"}, "trial-key", "secret of trial", Hosts(Overseas)[0], false},
		"a profile that says nothing":       {map[string]string{EnvProfile: "unsaid"}, "unsaid-key", "secret of unsaid", Hosts(China)[0], true},
		"a profile of tests, another app":   {map[string]string{EnvProfile: "trial", EnvAppKey: "k"}, "k", "", Hosts(Overseas)[0], true},
		"a profile of tests, another place": {map[string]string{EnvProfile: "local", EnvRegion: China}, "K", "secret of local", Hosts(China)[0], true},
		"production, but elsewhere":         {map[string]string{EnvProfile: "live", EnvBaseURL: "http://127.0.0.1:1"}, "live-key", "secret of live", "http://127.0.0.1:1", false},
		"its own key said again":            {map[string]string{EnvProfile: "trial", EnvAppKey: "trial-key"}, "trial-key", "secret of trial", Hosts(Overseas)[0], false},
		"another secret":                    {map[string]string{EnvProfile: "local", EnvAppSecret: "s"}, "K", "s", "http://127.0.0.1:8500/nimserver", false},
	} {
		t.Run(name, func(t *testing.T) {
			keep(t, profiles)
			s, err := read(tt.variables)
			require.NoError(t, err)
			assert.Equal(t, tt.key, s.AppKey)
			assert.Equal(t, tt.secret, s.Secret())
			assert.Equal(t, tt.host, s.Hosts()[0])
			assert.Equal(t, tt.production, s.Production)
		})
	}
}

func TestWhatCannotBeReadIsNamed(t *testing.T) {
	for name, tt := range map[string]struct {
		profiles  string
		variables map[string]string
		says      string
	}{
		"two secrets":         {`{}`, map[string]string{EnvAppSecret: "a", EnvAppSecretFile: "b"}, "NIM_APP_SECRET and NIM_APP_SECRET_FILE are both set"},
		"no file":             {`{}`, map[string]string{EnvAppSecretFile: "/nowhere/at-all"}, "NIM_APP_SECRET_FILE: no such file"},
		"an empty file":       {`{}`, map[string]string{EnvAppSecretFile: secretFile(t, "\n")}, "the file is empty"},
		"a region":            {`{}`, map[string]string{EnvRegion: "mars"}, `region "mars", want china or overseas`},
		"no profiles":         {`null`, map[string]string{EnvProfile: "x"}, `no profile "x"; there are none`},
		"another profile":     {`{"profiles":{"b":{},"a":{}}}`, map[string]string{EnvProfile: "x"}, `no profile "x"; there are a, b`},
		"a misspelled member": {`{"profiles":{"a":{"prodution":true}}}`, map[string]string{EnvProfile: "a"}, `unknown field "prodution"`},
		"no JSON":             {`{`, map[string]string{EnvProfile: "a"}, "profiles.json: the JSON is incomplete; correct the file"},
		"no JSON in line 2":   {"{\n\"profiles\":x}", map[string]string{EnvProfile: "a"}, "profiles.json: the JSON is wrong in line 2; correct the file"},
		"a number for a text": {`{"profiles":{"a":{"appKey":1}}}`, map[string]string{EnvProfile: "a"}, "profiles.appKey must not be of the type number"},
		"a profile's region":  {`{"profiles":{"a":{"region":"mars"}}}`, map[string]string{EnvProfile: "a"}, `region "mars"`},
		"its secret file":     {`{"profiles":{"a":{"secretFile":"/nowhere/at-all"}}}`, map[string]string{EnvProfile: "a"}, "the secret file of profile a: no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			keep(t, tt.profiles)
			_, err := read(tt.variables)
			assert.ErrorContains(t, err, tt.says)
		})
	}
	t.Run("no keyring", func(t *testing.T) {
		keep(t, `{"profiles":{"a":{"appKey":"k"}}}`)
		_, err := Read(func(name string) string { return map[string]string{EnvProfile: "a"}[name] }, nil)
		assert.ErrorContains(t, err, "which only the command nimroom reads")
	})
	t.Run("the keyring fails", func(t *testing.T) {
		keep(t, `{"profiles":{"a":{"appKey":"k"}}}`)
		locked := errors.New("locked")
		_, err := Read(func(name string) string { return map[string]string{EnvProfile: "a"}[name] }, func(string) (string, error) { return "", locked })
		assert.ErrorIs(t, err, locked)
	})
}

// TestNoProfileReadsNoFile: a program that names no profile does not depend on files of the user.
func TestNoProfileReadsNoFile(t *testing.T) {
	keep(t, "{")
	_, err := read(map[string]string{EnvAppKey: "k"})
	assert.NoError(t, err)
}

func TestAFileThatIsSavedIsRead(t *testing.T) {
	keep(t, `{}`)
	f := &File{Current: "a", Profiles: map[string]Profile{"a": {AppKey: "k", Region: Overseas, Production: new(bool)}}}
	require.NoError(t, f.Save())
	read, err := Load()
	require.NoError(t, err)
	assert.Equal(t, f, read)
	path, err := Path()
	require.NoError(t, err)
	files, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, files, 1, "no temporary file is left")
}
