package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/wrapper"
)

// TestAdviceNamesTheFlag: whoever gave a flag does not know the field.
func TestAdviceNamesTheFlag(t *testing.T) {
	atHome(t)
	srv := emulator.Start(t)
	require.NoError(t, srv.AddFault(emulator.Fault{Operation: "membersByPage", Kind: emulator.FaultCode, Code: 414, Desc: "type is empty", Times: 3}))
	t.Setenv(wrapper.EnvBaseURL, srv.URL)
	t.Setenv(wrapper.EnvAppKey, emulator.DefaultAppKey)
	t.Setenv(wrapper.EnvAppSecret, emulator.DefaultAppSecret)
	_, _, typed := nimroom(t, "members", "list", "66", "--kind", "fixed")
	assert.Contains(t, typed, "The field --kind is missing or empty. Send --kind in the form")
	_, _, typed = nimroom(t, "members", "list", "66", "--kind", "fixed", "--lang", "zh")
	assert.Contains(t, typed, "字段 --kind 缺失或为空。在表单中发送 --kind，")
	_, _, generic := nimroom(t, "call", "membersByPage", "roomid=66", "type=0", "endtime=0", "limit=10")
	assert.Contains(t, generic, "The field type is missing or empty. Send type in the form")
}

func TestErrorsOfSettingsSayWhatToDo(t *testing.T) {
	atHome(t)
	srv := emulator.Start(t)
	code, out := typing(t, false, emulator.DefaultAppSecret, "profile", "add", "live", "--app-key", emulator.DefaultAppKey, "--base-url", srv.URL)
	require.Equal(t, exitOK, code, out)
	for want, args := range map[string][]string{
		"the secret of profile live belongs to app " + emulator.DefaultAppKey + " and not to app other; give the secret of that app": {"--profile", "live", "--app-key", "other"},
		`no profile "lvie"; did you mean live?`: {"--profile", "lvie"},
		`no profile "xyz"; there are live`:      {"--profile", "xyz"},
		"nimroom: base URL: must begin with http or https; correct --base-url, NIM_BASE_URL or the profile": {"--profile", "live", "--base-url", "ftp://x"},
		"--jq: unexpected token \"}\" at character 6:\n  .desc} | .a\n       ^\n":                           {"--profile", "live", "--jq", ".desc} | .a"},
		"--jq：第 4 个字符处：过滤器不完整\n  .x[\n     ^\n":                                                             {"--profile", "live", "--jq", ".x[", "--lang", "zh"},
		"nimroom: rooms get: What responds at " + strings.TrimSuffix(srv.URL[len("http://"):], "/nimserver") + " speaks HTTP without TLS, and the base URL begins with https.\nWrite the base URL with http://": {"--profile", "live", "--base-url", "https" + srv.URL[len("http"):]},
		"nimroom: rooms get: code 414: bad signature: checksum\nCheckSum does not match":                                                                                                                        {"--profile", "live", "--app-secret", "wrong"},
		"--jq: function not defined: foo/0": {"--profile", "live", "--jq", "foo"},
	} {
		code, _, errOut := nimroom(t, append([]string{"rooms", "get", "66"}, args...)...)
		expected := exitUsage
		switch {
		case strings.Contains(want, "checksum"):
			expected = exitFailed
		case strings.Contains(want, "speaks HTTP"):
			expected = exitUnknown
		}
		assert.Equal(t, expected, code, args)
		assert.Contains(t, errOut, want, args)
		assert.Equal(t, expected == exitUsage, strings.Contains(errOut, "--help"), "help corrects only a command line")
	}
}
