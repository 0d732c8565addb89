package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/zalando/go-keyring"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/wrapper"
)

// completed returns the candidates for the last word of a command line, which are separated by spaces here.
func completed(t *testing.T, line string) []string {
	t.Helper()
	code, out, errOut := nimroom(t, append([]string{"complete"}, strings.Split(line, " ")...)...)
	require.Equal(t, exitOK, code)
	require.Empty(t, errOut)
	return slices.Collect(strings.Lines(out))
}

// waiting sets how long completion waits for the service, in this test.
func waiting(t *testing.T, d time.Duration) {
	t.Helper()
	was := lookupTime
	lookupTime = d
	t.Cleanup(func() { lookupTime = was })
}

func TestCompletion(t *testing.T) {
	atHome(t)
	waiting(t, time.Minute)
	srv := emulator.Start(t)
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 66, Creator: "lena", Name: "lobby \x1b[31m"}))
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 67, Creator: "tom", Name: "n"}))
	require.NoError(t, srv.Join(66, emulator.JoinOptions{Accid: "mia", Nick: "Mia\tM"}))
	t.Setenv(wrapper.EnvAppKey, emulator.DefaultAppKey)
	t.Setenv(wrapper.EnvAppSecret, emulator.DefaultAppSecret)
	t.Setenv(wrapper.EnvBaseURL, srv.URL)
	_, out := typing(t, false, "s", "profile", "add", "local", "--app-key", "k", "--base-url", "http://127.0.0.1:1/nimserver")
	require.Contains(t, out, "added")
	folder := t.TempDir()
	t.Chdir(folder)
	for _, name := range []string{"form.json", ".hidden", "bad\nname", "Form.txt"} {
		require.NoError(t, os.WriteFile(name, nil, 0o600))
	}
	require.NoError(t, os.Mkdir("forms", 0o700))
	for line, want := range map[string][]string{
		"dem":                                 {"demo\tRun every operation through the SDK on an emulator in this process.\n"},
		"profile ":                            {"add\t", "use\t", "list\t", "remove\t"},
		"call get --output c":                 {"csv\n"},
		"call get --output ":                  {"auto\n", "table\n", "json\n", "ndjson\n", "csv\n", "yaml\n"},
		"rooms get --region ":                 {"china\n", "overseas\n"},
		"rooms get 66 --lan":                  {"--lang\t"},
		"profile use ":                        {"local\tapp k at http://127.0.0.1:1/nimserver, not production\n"},
		"call --profile l":                    {"local\t"},
		"call --profile=":                     {"--profile=local\t"},
		"call create --lang ":                 {"en\n", "zh\n"},
		"call create --lang=z":                {"--lang=zh\n"},
		"call create --ye":                    {"--yes\tDo not ask before a call that changes something in production.\n"},
		"call create --yes --ye":              {},
		"spec --nothing zh --la":              {"--lang\tLanguage of all texts: en or zh.\n"},
		"completion ":                         {"bash\n", "zsh\n", "fish\n", "powershell\n"},
		"completion bash ":                    {"--help\t", "--version\t", "--lang\t"},
		"serve --app-secret-file f":           {"form.json\n", "forms/\n"},
		"serve --app-secret-file=form.":       {"--app-secret-file=form.json\n"},
		"serve --data " + folder + "/F":       {folder + "/Form.txt\n"},
		"call sendm":                          {"sendMsg\tSend a message\n", "sendMsgToSomeone\tSend a message to some members\n"},
		"call --lang zh sendMsgToS":           {"sendMsgToSomeone\t向部分成员发送消息\n"},
		"call sendMsg from":                   {"fromAccid=\tAccount (accid) of the sender.\n"},
		"call sendMessage --yes from":         {"fromAccid=\t"},
		"call sendMsg fromAccid=a from":       {},
		"call sendMsg nothing=":               {},
		"call nothing ":                       {},
		"call sendMsg resendFlag=":            {"resendFlag=first\tSent for the first time.\n", "resendFlag=again\t"},
		"call sendMsg antispam=t":             {"antispam=true\n"},
		"call sendMsg attach=@fo":             {"attach=@form.json\n", "attach=@forms/\n"},
		"call -- sendMsg fromAcc":             {"fromAccid=\t"},
		"call get roomid=":                    {"roomid=66\tlobby \\u001b[31m, of lena\n", "roomid=67\tn, of tom\n"},
		"call get roomid=67":                  {"roomid=67\t"},
		"call 'sendMsg' roomid=66 fromAccid=": {"fromAccid=lena\tcreator\n", "fromAccid=mia\tMia M, temporary\n"},
		"call temporaryMute operator=lena roomid=66 target=m": {"target=mia\t"},
		"call sendMsg fromAccid=":                             {},
		"call sendMsg roomid=x fromAccid=":                    {},
		"members list 66 --columns ni":                        {"nick\tNickname in the room.\n"},
		"members list 66 --columns accid,nick,ac":             {},
		"members list 66 --columns=accid,ni":                  {"--columns=accid,nick\t"},
		"call membersByPage --columns ni":                     {"nick\t"},
		"history export 66 --columns from,body.m":             {"from,body.msg\t"},
		"queue list 66 --columns ":                            {"key\n", "value\n"},
		"rooms list-by-creator lena --columns ":               {"roomids\t"},
		"serve --without broadcast,s":                         {"broadcast,search\n"},
		"members get-batch 66 --accids lena,":                 {"lena,mia\tMia M"},
		"nothing ":                                            {},
		`"pro`:                                                {},
	} {
		got := completed(t, line)
		if assert.Len(t, got, len(want), "%s: %q", line, got) {
			for i := range want {
				assert.Truef(t, strings.HasPrefix(got[i], want[i]), "%s: %q, want %q", line, got[i], want[i])
			}
		}
	}
	for _, request := range srv.Requests() {
		operation, err := command.Find(request.Operation)
		require.NoError(t, err)
		assert.Equal(t, gen.Safe, operation.Idempotency, request.Operation)
	}
	assert.NotEmpty(t, srv.Requests())
}

// TestCompletionKnowsEveryOperation wants every operation, and every field of each.
func TestCompletionKnowsEveryOperation(t *testing.T) {
	atHome(t)
	assert.Len(t, completed(t, "call "), len(gen.Operations))
	for _, operation := range gen.Operations {
		assert.Len(t, completed(t, "call "+operation.Action+" "), len(operation.Fields))
	}
}

// TestCompletionAsksTheServiceSeldom presses a key again and again, and then later.
func TestCompletionAsksTheServiceSeldom(t *testing.T) {
	atHome(t)
	waiting(t, time.Minute)
	var asked int
	top := `{"code":200,"data":[{"activeNums":5,"datetime":1471104000000,"enterNums":1,"msgs":1,"period":"HOUR","roomId":3571337}]}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		assert.Equal(t, gen.ListTopChatroomsEndpoint.Path, r.URL.Path, "no emulator has a control plane")
		_, _ = w.Write([]byte(top))
	}))
	t.Cleanup(server.Close)
	line := "call get --app-key k --app-secret s --base-url " + server.URL + " roomid="
	for range 3 {
		assert.Equal(t, []string{"roomid=3571337\t5 active members\n"}, completed(t, line))
	}
	assert.Equal(t, 1, asked)
	folder, err := os.UserCacheDir()
	require.NoError(t, err)
	kept, err := filepath.Glob(filepath.Join(folder, "nimroom", "completion", "*"))
	require.NoError(t, err)
	require.Len(t, kept, 1)
	before := time.Now().Add(-cacheTime - time.Second)
	require.NoError(t, os.Chtimes(kept[0], before, before))
	top = `{"code":416,"desc":"query too fast"}`
	for range 3 {
		assert.Empty(t, completed(t, line))
	}
	assert.Equal(t, 2, asked, "an error is not asked for again and again either")
}

// TestCompletionIsSilent where it cannot know: without a secret, with one in the keyring, which may ask for
// a password, and without a service.
func TestCompletionIsSilent(t *testing.T) {
	atHome(t)
	srv := emulator.Start(t)
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 66, Creator: "lena", Name: "n"}))
	_, out := typing(t, false, emulator.DefaultAppSecret, "profile", "add", "local", "--app-key", emulator.DefaultAppKey, "--base-url", srv.URL)
	require.Contains(t, out, "added")
	over := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	t.Cleanup(silent.Close)
	t.Cleanup(func() { close(over) })
	waiting(t, 50*time.Millisecond)
	for _, flags := range []string{
		"", "--profile local", "--profile none", "--app-key k --app-secret s --base-url " + closed(t), "--app-key k --app-secret s --base-url nothing",
		"--app-key k --app-secret s --region mars", "--app-key k --app-secret-file /nowhere/at-all --base-url " + srv.URL,
		"--app-key k --app-secret s --base-url " + silent.URL,
	} {
		assert.Empty(t, completed(t, strings.ReplaceAll("call get "+flags+" roomid=", "  ", " ")), flags)
	}
	secret, err := keyring.Get("nimroom", "local")
	require.NoError(t, err)
	require.Equal(t, emulator.DefaultAppSecret, secret)
}
