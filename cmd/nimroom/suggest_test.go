package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
)

// TestSharedFlagsStandAnywhere wants them before the command, between its words and behind it.
func TestSharedFlagsStandAnywhere(t *testing.T) {
	atHome(t)
	srv := emulator.Start(t)
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 66, Creator: "lena", Name: "lobby"}))
	app := "--base-url " + srv.URL + " --app-key " + emulator.DefaultAppKey + " --app-secret " + emulator.DefaultAppSecret
	for _, line := range []string{
		app + " --output=json rooms get 66", "--lang en " + app + " -o json rooms get -- 66", app + " rooms -v -o json get 66", "rooms get 66 -o json " + app, app + " -o json call get roomid=66",
	} {
		code, out, errOut := nimroom(t, strings.Fields(line)...)
		assert.Equal(t, exitOK, code, errOut)
		assert.Contains(t, out, `"name": "lobby"`, line)
	}
	code, _, errOut := nimroom(t, "--profile", "lvie", "rooms", "get", "66")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, `no profile "lvie"`)
	assert.Contains(t, completed(t, "-v --output json rooms get-b"), "get-batch\tReturns the profiles of up to 20 rooms in one call.\n")
}

func TestCommandsOfOtherNamesAreSuggested(t *testing.T) {
	for line, want := range map[string]string{
		"rooms sendMsg":               "unknown command rooms sendMsg; did you mean messages send?",
		"sendMsg":                     "did you mean messages send?",
		"message send --text hi":      "did you mean messages send?",
		"kick":                        "did you mean members kick?",
		"rooms kick 66":               "did you mean members kick?",
		"mute":                        "did you mean rooms mute, members mute or tags mute?",
		"rooms list":                  "did you mean rooms list-by-creator, members list or history list?",
		"Rooms.Get":                   "did you mean rooms get?",
		"members.setRole":             "did you mean members set-role?",
		"Client.Rooms.Get":            "did you mean rooms get?",
		"chatroom/get":                "did you mean rooms get?",
		"/chatroom/sendMsg.action":    "did you mean messages send?",
		"createChatroom":              "did you mean rooms create?",
		"room get 66":                 "did you mean rooms get?",
		"members exprt":               "did you mean members export?",
		"rooms help":                  "did you mean rooms --help?",
		"calll":                       "did you mean call?",
		"call msg":                    "did you mean sendMsg, batchSendMsg or queryChatroomMsg?",
		"call xyzzy":                  "unknown operation \"xyzzy\"; nimroom call --help lists all\n",
		"rooms get 66 67":             "nimroom rooms get takes ROOM\n",
		"members get-batch 66 a b":    "nimroom members get-batch takes ROOM; --accids is missing\n",
		"spec x":                      "nimroom spec takes none\n",
		"completion":                  "SHELL is missing\n",
		"--profile live rooms get":    "rooms get: ROOM is missing\n",
		"--profile live rooms":        "a command is missing; want one of",
		"--profile live roms get 66":  "unknown command roms; did you mean rooms",
		"rooms -o json gett 66":       "did you mean rooms get?",
		"rooms get 66 --json":         "unknown flag --json; did you mean --output=json?\n",
		"history export 66 --limit 5": "unknown flag --limit: an export reads everything; \"nimroom history list\" reads one page\n",
		"members export 66 --json":    "unknown flag --json; did you mean --output=json?\n",
	} {
		code, _, errOut := nimroom(t, strings.Fields(line)...)
		assert.Equal(t, exitUsage, code, line)
		assert.Contains(t, errOut, want, line)
	}
}

// TestEveryNameOfAnOperationLeadsToItsCommand: the names of the API and of the SDK.
func TestEveryNameOfAnOperationLeadsToItsCommand(t *testing.T) {
	parser, err := newParser(streams{out: &strings.Builder{}, err: &strings.Builder{}}, func(int) {})
	assert.NoError(t, err)
	for _, service := range command.Services {
		for _, m := range service.Methods {
			for _, name := range []string{m.Operation.Action, m.Operation.ID, m.Operation.Path, service.Name + "." + m.Name} {
				meant := commandsMeant(parser.Model.Node, name, []string{name})
				methods := []string{}
				for _, line := range meant {
					node := parser.Model.Node
					for word := range strings.FieldsSeq(line) {
						node = childOf(node, word)
					}
					if node != nil && node.Target.CanAddr() {
						if c, ok := node.Target.Addr().Interface().(*typedCommand); ok {
							methods = append(methods, c.method.Operation.Action)
						}
					}
				}
				assert.Contains(t, methods, m.Operation.Action, "%s: %s", name, meant)
			}
		}
	}
}

func TestHelpIsACommand(t *testing.T) {
	for _, line := range []string{"", "rooms", "rooms get", "call sendMsg", "serve"} {
		_, want, _ := nimroom(t, append(strings.Fields(line), "--help")...)
		code, got, _ := nimroom(t, append([]string{"help"}, strings.Fields(line)...)...)
		assert.Equal(t, exitOK, code, line)
		assert.Equal(t, want, got, line)
	}
	_, got, _ := nimroom(t, "--lang", "zh", "help", "rooms")
	assert.Contains(t, got, "用法：")
	_, got, _ = nimroom(t, "call", "--help")
	for _, operation := range gen.Operations {
		assert.Contains(t, got, operation.Action)
	}
}
