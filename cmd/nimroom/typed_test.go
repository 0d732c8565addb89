package main

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/described"
)

// formOf returns the form that a command line makes.
func formOf(t *testing.T, s streams, args ...string) (url.Values, error) {
	t.Helper()
	s.out, s.err, s.inputOf = &bytes.Buffer{}, &bytes.Buffer{}, new(string)
	parser, err := newParser(s, func(int) {})
	require.NoError(t, err)
	k, err := parser.Parse(args)
	if err != nil {
		return nil, misused(suggest(err, args))
	}
	c := methodOf(k.Selected())
	if err := c.read(s, k); err != nil {
		return nil, err
	}
	return c.form(k)
}

// everyMethod runs a test for each method of the spec.
func everyMethod(t *testing.T, test func(t *testing.T, service string, m *command.Method)) {
	for _, service := range command.Services {
		for _, m := range service.Methods {
			t.Run(service.Name+"/"+m.Command, func(t *testing.T) { test(t, service.Name, m) })
		}
	}
}

// TestTheExampleOfEachCommandSendsTheExampleOfTheSpec reads the command line of the help, too.
func TestTheExampleOfEachCommandSendsTheExampleOfTheSpec(t *testing.T) {
	everyMethod(t, func(t *testing.T, service string, m *command.Method) {
		want, err := url.ParseQuery(m.Operation.Example)
		require.NoError(t, err)
		line := append([]string{service, m.Command}, m.Example()...)
		for _, field := range m.Operation.Fields {
			if m.Find(field.Name) == nil {
				want.Del(field.Name)
			}
		}
		for _, name := range m.Require {
			if !want.Has(name) {
				want.Set(name, exampleOf(m.Operation, name))
			}
		}
		for _, set := range m.Set {
			want.Set(set.Name, set.Value)
		}
		got, err := formOf(t, streams{}, line...)
		require.NoError(t, err, line)
		assert.Equal(t, want, got)

		quoted := make([]string, len(line))
		for i, word := range line {
			quoted[i] = described.Quote(word)
		}
		for _, language := range []string{"en", "zh"} {
			_, help, errOut := nimroom(t, service, m.Command, "--lang", language, "--help")
			assert.Empty(t, errOut)
			assert.Contains(t, strings.ReplaceAll(help, "\\\n      ", ""), "\n  nimroom "+strings.Join(quoted, " ")+"\n")
			for _, flag := range m.Flags {
				assert.Regexp(t, "(?m)^  (--(\\[no-\\])?"+flag.Name+"|"+strings.ToUpper(flag.Name)+")[= （]", help)
			}
			assert.NotContains(t, help, "`")
			assert.NotContains(t, help, "Evidence")
			assert.NotContains(t, help, "依据")
		}
	})
}

// exampleOf returns the spec's example of a field.
func exampleOf(operation *gen.Operation, field string) string {
	d := described.In("en")
	return fmt.Sprint(d.Fields(d.Operation(operation))[field].Example)
}

// TestTheExampleOfEachCommandRunsOnAnEmulator wants success, or an error other than that of a wrong form.
func TestTheExampleOfEachCommandRunsOnAnEmulator(t *testing.T) {
	srv := emulator.Start(t)
	everyMethod(t, func(t *testing.T, service string, m *command.Method) {
		require.NoError(t, srv.Reset())
		form, err := url.ParseQuery(m.Operation.Example)
		require.NoError(t, err)
		if room, err := gen.ParseRoomID(form.Get("roomid") + form.Get("roomId")); err == nil {
			require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: room, Creator: "zhangsan", Name: "n"}))
		}
		code, _, errOut := nimroom(t, slices.Concat([]string{service, m.Command}, m.Example(), flags(srv))...)
		assert.LessOrEqual(t, code, exitFailed, errOut)
		request := srv.Requests()[0]
		assert.NotEqual(t, gen.CodeBadParameter, request.Code, errOut)
		assert.True(t, request.Code == gen.CodeOK || request.Meaning != "", "code %d is not known", request.Code)
	})
}

// TestNamesOfFlagsAreUnique looks at the flags of all calls, too.
func TestNamesOfFlagsAreUnique(t *testing.T) {
	parser, err := newParser(streams{}, func(int) {})
	require.NoError(t, err)
	for _, service := range command.Services {
		for _, m := range service.Methods {
			names := []string{"--help", "--version"}
			for _, flag := range childOf(childOf(parser.Model.Node, service.Name), m.Command).Flags {
				for _, name := range append(flag.Aliases, flag.Name) {
					assert.NotContains(t, names, name, m.Command)
					names = append(names, name)
				}
			}
		}
	}
}

// TestTypedCommands wants the fields of forms, as they are sent.
func TestTypedCommands(t *testing.T) {
	for line, want := range map[string]string{
		"rooms get 66":        "roomid=66",
		"rooms get --room 66": "roomid=66",
		"rooms get --roomid=66 --needOnlineUserCount":                          "roomid=66&needOnlineUserCount=true",
		"rooms get 66 --no-need-online-user-count":                             "roomid=66&needOnlineUserCount=false",
		"rooms get 66 --need-online-user-count=false":                          "roomid=66&needOnlineUserCount=false",
		"rooms get-batch 66 67":                                                `roomids=["66","67"]`,
		"rooms get-batch 66,67 68":                                             `roomids=["66","67","68"]`,
		`rooms get-batch [66,"67"]`:                                            `roomids=["66","67"]`,
		"rooms get-batch --rooms 66 --roomids 67":                              `roomids=["66","67"]`,
		"rooms close 66 --operator lena":                                       "roomid=66&operator=lena&valid=false",
		"rooms create lena --name n --queue-level managers-only":               "creator=lena&name=n&queuelevel=1",
		"rooms create lena --name n --delay-seconds 1d":                        "creator=lena&name=n&delaySeconds=86400",
		"members list 66 --kind OnlineFixed":                                   "roomid=66&type=2&endtime=0&limit=100",
		"members list 66 --kind fixed --end-time 1767355200":                   "roomid=66&type=0&endtime=1767355200000&limit=100",
		"members list 66 --kind fixed --end-time 1767355200000":                "roomid=66&type=0&endtime=1767355200000&limit=100",
		"members list 66 --kind online-fixed --limit 5":                        "roomid=66&type=2&endtime=0&limit=5",
		"members list 66 --type 0 --endtime 1970-01-01T00:00:01Z":              "roomid=66&type=0&endtime=1000&limit=100",
		"members list 66 --kind VISITORS":                                      "roomid=66&type=1&endtime=0&limit=100",
		"members set-role 66 --operator a --target b --role -1":                "roomid=66&operator=a&target=b&opt=-1&optvalue=true",
		"members set-role 66 --operator a --target b --role manager":           "roomid=66&operator=a&target=b&opt=1&optvalue=true",
		"members mute 66 --operator a --target b --mute-duration 1h30m":        "roomid=66&operator=a&target=b&muteDuration=5400",
		"members mute 66 --operator a --target b --mute-duration 300":          "roomid=66&operator=a&target=b&muteDuration=300",
		"members kick 66 --target b --operator a":                              "roomid=66&targetAccid=b&accid=a",
		"members list-by-role 66 --roles creator,manager=false":                `roomid=66&roles={"creator":true,"manager":false}`,
		"messages send 66 --from lena --text hi --msg-id m":                    "roomid=66&msgId=m&fromAccid=lena&msgType=0&attach=hi",
		"messages send 66 --fromAccid lena --type tip --msgId m":               "roomid=66&msgId=m&fromAccid=lena&msgType=10",
		"messages send 66 --from lena --type custom --attach {bad --msg-id m":  "roomid=66&msgId=m&fromAccid=lena&msgType=100&attach={bad",
		"messages send 66 --from lena --type image --attach {} --msg-id m":     "roomid=66&msgId=m&fromAccid=lena&msgType=1&attach={}",
		"messages send-to 66 --from a --to b,c --to d --text @@all --msg-id m": `roomid=66&msgId=m&fromAccid=a&toAccids=["b","c","d"]&msgType=0&attach=@all`,
		"messages broadcast lena --text @- --msg-id m":                         "msgId=m&fromAccid=lena&msgType=0&attach=typed",
		"queue list 66":             "roomid=66",
		"queue poll 66":             "roomid=66",
		"queue poll-key 66 --key a": "roomid=66&key=a",
		"queue update-batch 66 --operator a --elements x=1,y=2":                   `roomid=66&operator=a&elements={"x":"1","y":"2"}`,
		`queue offer-batch 66 --elements {"key":"a","value":"b"}`:                 `roomid=66&elements=[{"key":"a","value":"b"}]`,
		"history list 66 --accid a --direction forward":                           "roomid=66&accid=a&timetag=0&limit=200&reverse=1",
		"tags list-messages 66 --tags a,b --types text,image --order OldestFirst": `roomId=66&tags=["a","b"]&types=[0,1]&limit=200&reverse=1`,
		"history list 66 --accid a --type text,Notification,11":                   "roomid=66&accid=a&timetag=0&limit=200&type=0,5,11",
		"history list 66 --accid a --since 1767355200":                            "roomid=66&accid=a&timetag=1767355200000&limit=200&reverse=1",
		"history list 66 --accid a --until 1767355200":                            "roomid=66&accid=a&timetag=1767355200000&limit=200&reverse=2",
		"accounts create lena":                                                    "accid=lena",
		"statistics list-top --period day --timestamp 1970-01-02T00:00Z":          "timestamp=86400&period=day",
	} {
		got, err := formOf(t, streams{in: strings.NewReader("typed")}, strings.Fields(line)...)
		require.NoError(t, err, line)
		text := []string{}
		for _, field := range operationOfLine(line).Fields {
			if got.Has(field.Name) {
				text = append(text, field.Name+"="+got.Get(field.Name))
			}
		}
		assert.Equal(t, want, strings.Join(text, "&"), line)
	}
}

// operationOfLine returns the operation that a command line calls.
func operationOfLine(line string) *gen.Operation {
	words := strings.Fields(line)
	service := command.Services[slices.IndexFunc(command.Services, func(s *command.Service) bool { return s.Name == words[0] })]
	return service.Methods[slices.IndexFunc(service.Methods, func(m *command.Method) bool { return m.Command == words[1] })].Operation
}

func TestMessagesGetIDs(t *testing.T) {
	form, err := formOf(t, streams{}, "messages", "send", "66", "--from", "a", "--text", "x")
	require.NoError(t, err)
	another, err := formOf(t, streams{}, "messages", "send", "66", "--from", "a", "--text", "x")
	require.NoError(t, err)
	assert.NotEmpty(t, form.Get("msgId"))
	assert.NotEqual(t, form.Get("msgId"), another.Get("msgId"), "two messages have two ids")
	form, err = formOf(t, streams{}, "messages", "send-batch", "66", "--from", "a", "--msg-list", `[{"msgType":0},{"msgId":"own","msgType":0}]`)
	require.NoError(t, err)
	assert.Regexp(t, `^\[\{"msgId":"[A-Z2-7]{26}","msgType":0\},\{"msgId":"own","msgType":0\}\]$`, form.Get("msgList"))
}

func TestMistakesInTypedCommands(t *testing.T) {
	for line, want := range map[string]string{
		"romms get 66":                  "unknown command romms; did you mean rooms get?",
		"sendMsg":                       "unknown command sendMsg; did you mean messages send?",
		"dance":                         "unknown command dance; want one of help, demo, serve,",
		"rooms gett 66":                 "unknown command rooms gett; did you mean rooms get?",
		"rooms dance":                   "unknown command rooms dance; want one of create, get, get-batch,",
		"rooms":                         "a command is missing; want one of create, get, get-batch,",
		"rooms get":                     "rooms get: ROOM is missing",
		"rooms get abc":                 `rooms get: ROOM: "abc", want an integer`,
		"rooms get 0":                   "rooms get: ROOM: 0, at least 1",
		"rooms get 1 -x":                "unknown flag -x",
		"rooms get --room 1 --roomid 2": "rooms get: --roomid is given twice",
		"rooms get 1 --room 2":          "rooms get: --room and ROOM do not go together; leave one of them out",
		"rooms get-batch 66 x":          `rooms get-batch: ROOMS: "x", want an integer`,
		"rooms get 66 --needOnlineUserCount=maybe":                     `rooms get: --needOnlineUserCount: "maybe", want true or false`,
		"members set-role 66":                                          "members set-role: --operator, --target and --role are missing",
		"rooms get 66 --timeout":                                       "--timeout: a value is missing; one that begins with a hyphen is written --timeout=VALUE",
		"rooms get 66 --profile --yes":                                 "--profile: a value is missing;",
		"members set-role 66 --opertor lena":                           "unknown flag --opertor; did you mean --operator?",
		"members set-role 6 --operator a --target b --role manger":     `members set-role: --role: "manger", want manager, common, blocked or muted; did you mean manager?`,
		"members list 66 --kind x":                                     `members list: --kind: "x", want fixed, visitors or online-fixed`,
		"rooms create a --name n --delay-close-policy ":                "--delay-close-policy: a value is missing; one that begins with a hyphen is written --delay-close-policy=VALUE",
		"rooms set-delayed-closing 1 --delay-seconds 8d":               "rooms set-delayed-closing: --delay-seconds: 8d (691200), at most 604800 seconds",
		"members list 66 --kind fixed --limit 500":                     "members list: --limit: 500, at most 100",
		"members list 66 --kind fixed --limit abc":                     `members list: --limit: "abc", want an integer`,
		"members list 66 --kind fixed --endtime noon":                  `members list: --endtime: "noon", want a time such as 2026-01-02 20:00,`,
		"members list 66 --kind fixed --end-time 176735520":            `members list: --end-time: "176735520", want 10 digits`,
		"members list 66 --kind fixed --end-time 1969-12-31":           `members list: --end-time: "1969-12-31", want a time after 1970`,
		"members list 66 --kind online":                                `members list: --kind: "online", want fixed, visitors or online-fixed; did you mean online-fixed?`,
		"members mute 6 --operator a --target b --mute-duration 500ms": `members mute: --mute-duration: "500ms" is no whole number of seconds`,
		"members mute 6 --operator a --target b --mute-duration 9x":    `members mute: --mute-duration: "9x", want a duration such as 30s, 10m, 1h30m, 7d or 2w`,
		"members mute 6 --operator a --target b --mute-duration 0":     "members mute: --mute-duration: 0, at least 1; for 0 there is members unmute",
		"members mute 6 --operator a --target b --mute-duration -9m":   "members mute: --mute-duration: -9m (-540), at least 1; for 0 there is members unmute",
		"members list-by-role 66 --roles manger":                       `members list-by-role: --roles: "manger", want creator, manager, blacklist or mute; did you mean manager?`,
		"history list 66 --accid a --type text,notice":                 `history list: --type: "notice", want text, image, audio, video, location, notification, file, tip or custom`,
		"messages send 66 --from lena":                                 "messages send: --type or --text is missing",
		"messages send 66 --from lena --text a --type image":           "messages send: --type and --text do not go together",
		"messages send 66 --from lena --text a --attach b":             "messages send: --attach and --text do not go together",
		"messages send 66 --from lena --text=":                         "messages send: --text is empty or blank; to send nothing on purpose, give --attach '' with --type=text",
		"messages broadcast lena --text=\u3000":                        "messages broadcast: --text is empty or blank",
		"history list 66 --accid a --since today --until now":          "history list: --since and --until do not go together",
		"messages send 66 --fromAccid a@b! --text a":                   "messages send: --fromAccid: a@b!, want letters, digits",
		"messages send 66 --from lena --text @/nowhere/at-all":         "messages send: --text: @ stands for a file here, but the file \"/nowhere/at-all\" cannot be opened: no such file or directory; a text that begins with @ is written with @@",
		"messages send-batch 66 --from lena --msg-list hi":             `messages send-batch: --msg-list: "hi", want a JSON array of objects, such as [{`,
		"queue update-batch 66 --operator a --elements x":              `queue update-batch: --elements: "x", want name=value, or a JSON object such as {"seat-1":"green"}`,
		"queue poll-key 66":                                            "queue poll-key: --key is missing",
		"queue poll-key 66 --key=":                                     "queue poll-key: --key is empty",
	} {
		_, err := formOf(t, streams{}, strings.Fields(line)...)
		require.Error(t, err, line)
		assert.True(t, strings.HasPrefix(err.Error(), want), "%s: %s", line, err)
		assert.Equal(t, exitUsage, exitCode(err))
	}
}

func TestHelpOfServices(t *testing.T) {
	_, out, _ := nimroom(t, "--help")
	for _, service := range command.Services {
		assert.Regexp(t, "(?m)^  "+service.Name+" +"+strings.Fields(service.Description.In("en"))[0], out)
		for _, language := range []string{"en", "zh"} {
			_, out, _ := nimroom(t, service.Name, "--lang", language, "--help")
			for _, m := range service.Methods {
				assert.Regexp(t, "(?m)^  "+m.Command+"( |$)", out)
				_, help, _ := nimroom(t, service.Name, m.Command, "--lang", language, "--help")
				assert.NotRegexp(t, "(?m)(: ?|：)$\n[^ ]", help, "a heading without anything")
			}
			assert.Contains(t, joined(out), summaryOf(service.Methods[0], language))
		}
	}
}
