package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/wrapper"
)

// closed returns an address at which nothing listens.
func closed(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return "http://" + l.Addr().String() + "/nimserver"
}

func TestTheDoctorFindsTheCause(t *testing.T) {
	atHome(t)
	srv := emulator.Start(t, emulator.WithoutFeatures(emulator.Search))
	fast := emulator.Start(t, emulator.WithStartTime(time.Now().Add(-20*time.Minute)))
	quota := emulator.Start(t)
	quiet := emulator.Start(t)
	require.NoError(t, quota.AddFault(emulator.Fault{Operation: "*", Kind: emulator.FaultCode, Code: 416}))
	unclear := emulator.Start(t)
	require.NoError(t, unclear.AddFault(emulator.Fault{Operation: "listTagMessages", Kind: emulator.FaultCode, Code: 414}))
	for _, s := range []*emulator.Server{srv, unclear} {
		require.NoError(t, s.PlaceRoom(emulator.PlaceOptions{RoomID: 66, Creator: "lena", Name: "n"}))
	}
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	over := make(chan struct{})
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secure.Close)
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	t.Cleanup(silent.Close)
	t.Cleanup(func() { close(over) })
	good := []string{wrapper.EnvAppKey, emulator.DefaultAppKey, wrapper.EnvAppSecret, emulator.DefaultAppSecret}
	for name, tt := range map[string]struct {
		env  []string
		args []string
		code int
		says []string
	}{
		"all is well": {good, []string{"--base-url", srv.URL, "--room", "66"}, exitOK, []string{
			`ok    settings      They come from flags and environment variables: ` + srv.URL, `ok    signature`, `ok    clock`, `ok    quota         It is 100 calls in 1s`,
			`note  feature       search is off (code 403`, `note  feature       Whether broadcast is on is not asked, because broadcast changes something.`,
		}},
		"a room that is not there": {good, []string{"--base-url", quiet.URL, "--room", "999"}, exitFailed, []string{"FAIL  room          There is no room 999.", "Name another one with --room."}},
		"no room":                  {good, []string{"--base-url", srv.URL}, exitOK, []string{"note  feature       Whether search is on can only be asked for a room. Name one with --room."}},
		"a room that is none":      {good, []string{"--base-url", srv.URL, "--room", "x"}, exitUsage, []string{`--room "x": want the id of a room`}},
		"a feature":                {good, []string{"--base-url", quota.URL}, exitFailed, []string{"FAIL  quota", "docs/scaling.md"}},
		"a response of no help":    {good, []string{"--base-url", unclear.URL, "--room", "66"}, exitOK, []string{"note  feature       Whether search is on is not known: queryTagHistoryMsg: code 414"}},
		"nothing set":              {nil, []string{"--base-url", srv.URL}, exitUsage, []string{"FAIL  app key", "FAIL  app secret", "NIM_APP_SECRET_FILE"}},
		"a wrong secret":           {[]string{wrapper.EnvAppKey, emulator.DefaultAppKey, wrapper.EnvAppSecret, "another"}, []string{"--base-url", srv.URL}, exitFailed, []string{"FAIL  signature     code 414: checksum"}},
		"in Chinese":               {[]string{wrapper.EnvAppKey, emulator.DefaultAppKey, wrapper.EnvAppSecret, "another"}, []string{"--lang", "zh", "--base-url", srv.URL}, exitFailed, []string{"设置", "来自选项和环境变量", "CheckSum", "以“失败”开头的行", "正常  设置", "失败  签名", "比服务最多快 1 秒。"}},
		"white space":              {[]string{wrapper.EnvAppKey, emulator.DefaultAppKey, wrapper.EnvAppSecret, " " + emulator.DefaultAppSecret + "\n"}, []string{"--base-url", srv.URL}, exitOK, []string{"note  app secret    It has white space", fmt.Sprintf("Its length is %d. ", len(emulator.DefaultAppSecret))}},
		"white space inside":       {[]string{wrapper.EnvAppKey, emulator.DefaultAppKey, wrapper.EnvAppSecret, "a b"}, []string{"--base-url", srv.URL}, exitUsage, []string{"FAIL  credentials", "white space at byte 1"}},
		"a clock that is fast":     {good, []string{"--base-url", fast.URL}, exitFailed, []string{"FAIL  clock         This machine is 20m", "ahead of the service, which accepts 5 minutes"}},
		"nothing listens":          {good, []string{"--base-url", closed(t)}, exitUnknown, []string{"FAIL  host", "cannot be reached", "nimroom serve"}},
		"something else":           {good, []string{"--base-url", other.URL}, exitUnknown, []string{"is not the service (HTTP 404)", "/nimserver"}},
		"no response":              {good, []string{"--base-url", silent.URL, "--timeout", "50ms"}, exitUnknown, []string{"does not respond within 50ms"}},
		"TLS":                      {good, []string{"--base-url", "http" + secure.URL[len("https"):]}, exitUnknown, []string{"speaks TLS, and the base URL begins with http.", "https://"}},
		"no TLS":                   {good, []string{"--base-url", "https" + srv.URL[len("http"):]}, exitUnknown, []string{"FAIL  host", "speaks HTTP without TLS", "http://"}},
		"an address without a URL": {good, []string{"--base-url", "127.0.0.1:8500"}, exitUsage, []string{"FAIL  address", "Correct the base URL."}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{wrapper.EnvAppKey, wrapper.EnvAppSecret} {
				t.Setenv(variable, "")
			}
			for i := 0; i < len(tt.env); i += 2 {
				t.Setenv(tt.env[i], tt.env[i+1])
			}
			code, out := typing(t, false, "", append([]string{"doctor"}, tt.args...)...)
			assert.Equal(t, tt.code, code, out)
			for _, text := range tt.says {
				assert.Contains(t, out, text)
			}
			assert.NotContains(t, out, emulator.DefaultAppSecret)
		})
	}
}

// TestTheDoctorSaysWhereSettingsComeFrom: variables come before the profile.
func TestTheDoctorSaysWhereSettingsComeFrom(t *testing.T) {
	atHome(t)
	srv := emulator.Start(t)
	code, out := typing(t, false, "another-secret", "profile", "add", "local", "--app-key", emulator.DefaultAppKey, "--base-url", "http://127.0.0.1:1")
	require.Equal(t, exitOK, code, out)
	t.Setenv(wrapper.EnvAppSecret, emulator.DefaultAppSecret)
	code, out = typing(t, false, "", "doctor", "--profile", "local", "--base-url", srv.URL)
	assert.Equal(t, exitOK, code, out)
	assert.Contains(t, out, "from profile local, and for base URL, app secret from flags or environment variables: "+srv.URL)
}

// TestTheDoctorSaysOnceWhatHostsHaveInCommon, and apart what they do not.
func TestTheDoctorSaysOnceWhatHostsHaveInCommon(t *testing.T) {
	var out bytes.Buffer
	d := &doctor{streams: streams{out: &out}, doctorCommand: &doctorCommand{Timeout: time.Second}}
	for _, host := range environment.Hosts(environment.China) {
		u, err := url.Parse(host)
		require.NoError(t, err)
		d.fail(d.failure(t.Context(), u, &net.OpError{Op: "dial", Err: &net.DNSError{Name: u.Hostname()}}))
	}
	d.fail(d.failure(t.Context(), &url.URL{Scheme: "https", Host: "a"}, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}))
	d.fail(d.failure(t.Context(), &url.URL{Scheme: "https", Host: "b"}, &net.OpError{Op: "dial", Err: syscall.EHOSTUNREACH}))
	require.Len(t, d.failures, 3)
	assert.Equal(t, "There is no address for api.netease.im, api.yunxinapi.com, api-cn-bak.yunxinapi.com.", d.failures[0].what.String())
	assert.Equal(t, "Look at the DNS server and the network of this machine.", d.failures[0].todo.String(), "nobody has chosen the names")
	assert.Equal(t, "a cannot be reached: connection refused.", d.failures[1].what.String())
}

func TestTheDoctorNamesACertificate(t *testing.T) {
	atHome(t)
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	code, out := typing(t, false, "", "doctor", "--app-key", "k", "--app-secret", "s", "--base-url", server.URL)
	assert.Equal(t, exitUnknown, code)
	assert.Contains(t, out, "The certificate of")
	assert.Contains(t, out, "root certificates")
}

// TestTheDoctorSaysWhoseSecretIsLeftOut: that of a profile is not for another app.
func TestTheDoctorSaysWhoseSecretIsLeftOut(t *testing.T) {
	atHome(t)
	code, out := typing(t, false, "s3cret", "profile", "add", "local", "--app-key", "k", "--base-url", "http://127.0.0.1:1")
	require.Equal(t, exitOK, code, out)
	t.Setenv(wrapper.EnvAppKey, "other")
	code, out = typing(t, false, "", "doctor", "--profile", "local")
	assert.Equal(t, exitUsage, code, out)
	assert.Contains(t, out, "FAIL  app secret    That of profile local belongs to app k and not to app other, so it is left out.")
}
