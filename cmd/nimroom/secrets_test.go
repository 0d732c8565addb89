package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/sign"
)

// keep writes a secret into a file and returns the file's name.
func keep(t *testing.T, secret string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(name, []byte(secret), 0o600))
	return name
}

func TestServeTakesTheSecretFromAFileOrTheEnvironment(t *testing.T) {
	const secret, token = "a-secret-of-a-test", "control-token-ok"
	for name, tt := range map[string]struct {
		flags, env []string
		want       string
	}{
		"nothing":                        {want: emulator.DefaultAppSecret},
		"file":                           {flags: []string{"--app-secret-file", keep(t, secret+"\n")}, want: secret},
		"environment":                    {env: []string{"NIM_APP_SECRET", secret}, want: secret},
		"file in the environment":        {env: []string{"NIM_APP_SECRET_FILE", keep(t, secret)}, want: secret},
		"own variable":                   {env: []string{"NIM_EMULATOR_APP_SECRET", secret, "NIM_APP_SECRET", "other"}, want: secret},
		"flag before the environment":    {flags: []string{"--app-secret", secret}, env: []string{"NIM_APP_SECRET_FILE", "/nowhere", "NIM_APP_SECRET", "other"}, want: secret},
		"file before the environment":    {flags: []string{"--app-secret-file", keep(t, secret)}, env: []string{"NIM_APP_SECRET", "other"}, want: secret},
		"an empty variable":              {env: []string{"NIM_APP_SECRET", ""}, want: emulator.DefaultAppSecret},
		"an empty variable and a file":   {flags: []string{"--app-secret-file", keep(t, secret)}, env: []string{"NIM_APP_SECRET", ""}, want: secret},
		"another setting of environment": {flags: []string{"--app-secret", secret}, env: []string{"NIM_EMULATOR_RATE", "7"}, want: secret},
	} {
		t.Run(name, func(t *testing.T) {
			for i := 0; i < len(tt.env); i += 2 {
				t.Setenv(tt.env[i], tt.env[i+1])
			}
			t.Setenv("NIM_EMULATOR_CONTROL_TOKEN_FILE", keep(t, token))
			t.Setenv("NIM_APP_KEY", "K")
			printed := startServe(t, tt.flags...)
			status, _ := request(t, http.MethodGet, printed["control plane"], token)
			assert.Equal(t, http.StatusOK, status)
			status, _ = request(t, http.MethodGet, printed["control plane"], "")
			assert.Equal(t, http.StatusUnauthorized, status)

			credentials, err := sign.NewCredentials("K", tt.want)
			require.NoError(t, err)
			_, body := signedTopn(t, printed, credentials)
			assert.Contains(t, body, `"code":200`)
		})
	}
}

func TestSecretsAreNotEchoed(t *testing.T) {
	const secret = "5ecret-0f-a-test"
	empty, large, folder := keep(t, "\n"), keep(t, strings.Repeat("x", environment.MaxSecretFile+1)), t.TempDir()
	for _, tt := range []struct {
		args []string
		says string
	}{
		{[]string{"call", "create", "creator=a", "name=b", "--app-key", "K", "--app-secret=", secret}, "--app-secret has no value; write --app-secret=VALUE without spaces"},
		{[]string{"call", "--app-secret=", secret, "create", "creator=a"}, "--app-secret has no value"},
		{[]string{"serve", "--app-secret=", secret}, "--app-secret has no value"},
		{[]string{"serve", "--app-secret", "=", secret}, "--app-secret has no value"},
		{[]string{"serve", "--control-token=", secret}, "--control-token has no value"},
		{[]string{"serve", "--app-secrt", secret}, "unknown flag --app-secrt; did you mean --app-secret?"},
		{[]string{"serve", "--app-secrt=" + secret}, `unknown flag --app-secrt`},
		{[]string{"serve", "--app_secret=" + secret}, `unknown flag --app_secret`},
		{[]string{"serve", "--app-secret" + secret}, "did you mean --app-secret=VALUE?"},
		{[]string{"serve", "-app-secret=" + secret}, "did you mean --app-secret=VALUE?"},
		{[]string{"serve", "-app-secret", secret}, "unknown flag -a"},
		{[]string{"serve", "--secret", secret}, "unknown flag --secret"},
		{[]string{"serve", secret}, "argument 1 is too many, and is not shown because it may be a secret"},
		{[]string{"serve", "--app-key", "K", secret}, "argument 1 is too many, and is not shown because it may be a secret"},
		{[]string{"messages", "send", "66", "--from", "anna", secret}, "argument 2 is too many, and is not shown because it may be a secret; nimroom messages send takes ROOM; --type or --text is missing"},
		{[]string{"queue", "offer", "66", secret, "anna"}, "nimroom queue offer takes ROOM; --key and --value are missing"},
		{[]string{"queue", "offer", "66", secret, "--key=a", "--value=b"}, "nimroom queue offer takes ROOM\n"},
		{[]string{"accounts", "create", "lena", "--token", "@" + secret}, "--token: @ stands for a file here, but the file cannot be opened"},
		{[]string{"call", "create", secret}, "field 1 is not name=value"},
		{[]string{"call", "create", "app-secret=" + secret}, "unknown field app-secret"},
		{[]string{"serve", "--app-secret-file", secret}, "--app-secret-file: no such file"},
		{[]string{"serve", "--app-secret-file", folder}, "--app-secret-file: the file cannot be read"},
		{[]string{"serve", "--app-secret-file", empty}, "--app-secret-file: the file is empty"},
		{[]string{"serve", "--app-secret-file", large}, "--app-secret-file: the file has more than 4096 bytes"},
		{[]string{"serve", "--app-secret-file="}, "--app-secret-file"},
		{[]string{"serve", "--app-secret", secret, "--app-secret-file", empty}, "give one of them"},
		{[]string{"serve", "--app-secret", secret + " " + secret}, "secret"},
		{[]string{"serve", "--control-token", secret + " " + secret}, "control token"},
	} {
		code, out, errOut := nimroom(t, tt.args...)
		assert.Equal(t, exitUsage, code, tt.args)
		assert.Contains(t, errOut, tt.says, tt.args)
		assert.NotContains(t, errOut+out, secret, tt.args)
	}
}

// TestASecretThatOthersCanReadIsReported: the call is made.
func TestASecretThatOthersCanReadIsReported(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes of files")
	}
	atHome(t)
	srv := emulator.Start(t)
	file := keep(t, emulator.DefaultAppSecret)
	code, out := typing(t, false, "", "profile", "add", "local", "--app-key", emulator.DefaultAppKey, "--base-url", srv.URL, "--app-secret-file", file)
	require.Equal(t, exitOK, code, out)
	byFile := []string{"call", "topn", "--base-url", srv.URL, "--app-key", emulator.DefaultAppKey, "--app-secret-file", file}
	for mode, warns := range map[os.FileMode]bool{0o600: false, 0o400: false, 0o644: true, 0o640: true, 0o602: true} {
		require.NoError(t, os.Chmod(file, mode))
		for _, line := range [][]string{byFile, {"call", "topn", "--profile", "local"}} {
			for _, watched := range []bool{true, false} { // nobody reads a warning at each call of a program
				var out bytes.Buffer
				code := run(t.Context(), line, streams{out: &out, err: &out, in: strings.NewReader(""), watched: watched})
				assert.Equal(t, exitOK, code, out.String())
				assert.Equal(t, warns && watched, strings.Contains(out.String(), fmt.Sprintf("(mode %04o). Run: chmod 600 %s\n", mode, file)), out.String())
			}
		}
	}
}
