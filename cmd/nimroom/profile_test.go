package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/zalando/go-keyring"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/wrapper"
)

// atHome gives a test a folder for profiles and a keyring of its own.
func atHome(t *testing.T) {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"XDG_CONFIG_HOME", "HOME", "AppData"} { // Linux, macOS, Windows
		t.Setenv(name, folder)
	}
	for _, name := range []string{wrapper.EnvProfile, wrapper.EnvAppKey, wrapper.EnvAppSecret, wrapper.EnvAppSecretFile, wrapper.EnvBaseURL, wrapper.EnvRegion} {
		t.Setenv(name, "")
	}
	keyring.MockInit()
}

// typing runs a command line with an input, of a terminal or not.
func typing(t *testing.T, terminal bool, input string, args ...string) (code int, output string) {
	t.Helper()
	var out bytes.Buffer
	code = run(t.Context(), args, streams{out: &out, err: &out, in: strings.NewReader(input), asks: terminal})
	return code, out.String()
}

func TestAProfileIsAddedUsedListedAndRemoved(t *testing.T) {
	atHome(t)
	srv := emulator.Start(t)
	code, out := typing(t, false, emulator.DefaultAppSecret+"\n", "profile", "add", "local", "--app-key", emulator.DefaultAppKey, "--base-url", srv.URL)
	require.Equal(t, exitOK, code, out)
	assert.NotContains(t, out, emulator.DefaultAppSecret)
	code, out = typing(t, false, "", "profile", "add", "other", "--app-key", "k", "--app-secret-file", keep(t, "s"), "--region", "overseas", "--production")
	require.Equal(t, exitOK, code, out)

	list := []string{"call", "topn"}
	code, out = typing(t, false, "", list...)
	assert.Equal(t, exitUsage, code, out)
	assert.Contains(t, out, "nimroom profile add")
	code, out = typing(t, false, "", append(list, "--profile", "local")...)
	assert.Equal(t, exitOK, code, out)
	code, out = typing(t, false, "", "profile", "use", "local")
	require.Equal(t, exitOK, code, out)
	code, out = typing(t, false, "", list...)
	assert.Equal(t, exitOK, code, out)

	_, out = typing(t, false, "", "profile", "list", "-o", "table")
	assert.Regexp(t, `(?m)^true +local +\S+ +http://127\S+ +keyring +false$`, out)
	assert.Regexp(t, `(?m)^false +other +k +`+wrapper.OverseasHosts()[0]+` +\S+ +true$`, out)
	code, out = typing(t, false, "", "profile", "list")
	require.Equal(t, exitOK, code, out)
	assert.Contains(t, out, `"name": "other"`)
	for flags, want := range map[string]string{"--jq=.[0].name": "local\n", "--columns=name -o csv": "name\nlocal\nother\n", "--columns=nam": "no column nam; did you mean name?", "--jq=.[": "--jq: "} {
		_, out = typing(t, false, "", append([]string{"profile", "list"}, strings.Fields(flags)...)...)
		assert.Contains(t, out, want)
	}

	code, out = typing(t, false, "", "profile", "remove", "local")
	require.Equal(t, exitOK, code, out)
	_, err := keyring.Get(command.KeyringService, "local")
	require.ErrorIs(t, err, keyring.ErrNotFound)
	code, out = typing(t, false, "", append(list, "--profile", "local")...)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, out, `no profile "local"; there are other`)
}

func TestAProfileThatCannotWorkIsNotAdded(t *testing.T) {
	atHome(t)
	for says, args := range map[string][]string{
		"none given; type it":           {"--app-key", "k"},
		"the file is empty":             {"--app-key", "k", "--app-secret-file", keep(t, "")},
		"must begin with http or https": {"--app-key", "k", "--app-secret-file", keep(t, "s"), "--base-url", "ftp://h"},
		"has white space":               {"--app-key", "a key", "--app-secret-file", keep(t, "s")},
		"missing flags: --app-key":      {"--app-secret-file", keep(t, "s")},
	} {
		code, out := typing(t, false, "", append([]string{"profile", "add", "x"}, args...)...)
		assert.Equal(t, exitUsage, code, out)
		assert.Contains(t, out, says)
	}
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
	code, out := typing(t, false, "s", "profile", "add", "x", "--app-key", "k")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, out, "give --app-secret-file")
	_, out = typing(t, false, "", "profile", "list")
	assert.Contains(t, out, "There are no profiles")
	code, out = typing(t, false, "", "profile", "list", "--columns", "name", "-o", "json")
	assert.Equal(t, exitOK, code, out)
	assert.Contains(t, out, "[]\n")
	code, out = typing(t, false, "", "profile", "list", "--columns", "nam", "-o", "json")
	assert.Equal(t, exitUsage, code, out)
	assert.Contains(t, out, "no column nam; did you mean name?")
}

// TestASecretThatNoProfileHasLeavesTheKeyring, and if it cannot, the profile is changed and the error says so.
func TestASecretThatNoProfileHasLeavesTheKeyring(t *testing.T) {
	for done, args := range map[string][]string{
		"Profile x is removed.":  {"profile", "remove", "x"},
		"Profile x is replaced ": {"profile", "add", "x", "--app-key", "k", "--force", "--app-secret-file", keep(t, "s2")},
	} {
		atHome(t)
		add := []string{"profile", "add", "x", "--app-key", "k"}
		code, out := typing(t, false, "s1", add...)
		require.Equal(t, exitOK, code, out)
		code, out = typing(t, false, "", args...)
		assert.Equal(t, exitOK, code, out)
		assert.Contains(t, out, done)
		_, err := keyring.Get(command.KeyringService, "x")
		require.ErrorIs(t, err, keyring.ErrNotFound, done)

		code, out = typing(t, false, "s1", append(add, "--force")...)
		require.Equal(t, exitOK, code, out)
		keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
		code, out = typing(t, false, "", args...)
		assert.Equal(t, exitFailed, code, out)
		assert.Contains(t, out, done)
		assert.Contains(t, out, "the keyring of the system still has the secret of profile x: ")
	}
}

// TestProductionIsAskedFor: the emulator plays the app of production.
func TestProductionIsAskedFor(t *testing.T) {
	atHome(t)
	srv := emulator.Start(t)
	add := []string{"profile", "add", "live", "--app-key", emulator.DefaultAppKey, "--base-url", srv.URL, "--production"}
	code, out := typing(t, false, emulator.DefaultAppSecret, add...)
	require.Equal(t, exitOK, code, out)
	for _, args := range [][]string{
		{"profile", "add", "unsaid", "--app-key", "k", "--app-secret-file", keep(t, "s")},
		{"profile", "add", "trial", "--app-key", "k", "--app-secret-file", keep(t, "s"), "--no-production"},
	} {
		code, out := typing(t, false, "", args...)
		require.Equal(t, exitOK, code, out)
	}
	again := []string{"profile", "add", "trial", "--app-key", "k2", "--app-secret-file", keep(t, "s"), "--base-url", srv.URL, "--production"}
	code, out = typing(t, false, "", again...)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, out, "profile trial exists (app k at "+wrapper.DefaultBaseURL+", not production); choose another name, or give --force to replace all of it")
	code, out = typing(t, false, "", append(again, "--force")...)
	require.Equal(t, exitOK, code, out)
	assert.Contains(t, out, "Profile trial is replaced (before: app k at "+wrapper.DefaultBaseURL+", not production; now: app k2 at "+srv.URL+", production).")
	_, out = typing(t, false, "", "profile", "list", "-o", "csv")
	assert.Regexp(t, `(?m)^false,trial,k2,.+,true$`, out)
	create := []string{"call", "create", "creator=lena", "name=n", "--profile", "live"}
	for name, tt := range map[string]struct {
		terminal bool
		input    string
		args     []string
		code     int
		says     string
	}{
		"no terminal":        {false, "y\n", create, exitUsage, "create (creator lena, name n) changes something in production (profile live, app " + emulator.DefaultAppKey + " at " + srv.URL + "); give --yes, or name another profile"},
		"no mark":            {false, "", []string{"call", "create", "creator=lena", "name=n", "--profile", "unsaid"}, exitUsage, "production (profile unsaid, app k at " + wrapper.DefaultBaseURL},
		"no":                 {true, "n\n", create, exitFailed, "nimroom: Nothing was sent.\n"},
		"nothing":            {true, "", create, exitFailed, "nimroom: Nothing was sent.\n"},
		"yes":                {true, "Yes\n", create, exitOK, "Continue? [y/N]"},
		"a flag":             {false, "", append(create, "--yes"), exitOK, `"roomid"`},
		"a call that reads":  {false, "", []string{"call", "topn", "--profile", "live"}, exitOK, `"code"`},
		"the vendor's hosts": {false, "", append(create, "--region", "overseas"), exitUsage, "app " + emulator.DefaultAppKey + " at " + wrapper.OverseasHosts()[0]},
	} {
		code, out := typing(t, tt.terminal, tt.input, tt.args...)
		assert.Equal(t, tt.code, code, "%s: %s", name, out)
		assert.Contains(t, out, tt.says, name)
	}
	t.Setenv(wrapper.EnvAppKey, "k")
	t.Setenv(wrapper.EnvAppSecret, "s")
	code, out = typing(t, false, "", "call", "create", "creator=lena", "name=n")
	assert.Equal(t, exitUsage, code, "an address that was forgotten is not the vendor's")
	assert.Contains(t, out, wrapper.DefaultBaseURL)
}

func TestNamesOfProfiles(t *testing.T) {
	atHome(t)
	for name, good := range map[string]bool{
		"live": true, "prod-eu.2_b": true, "测试": true, strings.Repeat("x", 64): true,
		"": false, "a b": false, " a": false, "-a": false, ".a": false, "a/b": false, "a\nb": false, "a'b": false, "$a": false, "\u202ea": false, strings.Repeat("x", 65): false,
	} {
		code, out := typing(t, false, "s", "profile", "add", "--app-key", "k", "--", name)
		if good {
			assert.Equal(t, exitOK, code, out)
			continue
		}
		assert.Equal(t, exitUsage, code, "%q", name)
		assert.Contains(t, out, "want up to 64 letters, digits, dots, hyphens and underscores")
	}
}
