package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
)

// TestOutputs calls in each format, on a terminal and elsewhere.
func TestOutputs(t *testing.T) {
	srv := emulator.Start(t)
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 66, Creator: "lena", Name: "夜场"}))
	call := func(terminal bool, args ...string) (code int, out, errOut string) {
		var o, e bytes.Buffer
		code = run(t.Context(), append(append([]string{"call"}, args...), flags(srv)...), streams{out: &o, err: &e, terminal: terminal, color: terminal})
		return code, o.String(), e.String()
	}
	for args, want := range map[string]string{
		"":                      "{\n  \"chatroom\": {\n    \"roomid\": 66,",
		"--output=table":        "roomid      66\nvalid       true\n",
		"--output=csv":          "roomid,valid,muted,",
		"--output=ndjson":       `{"roomid":66,"valid":true,`,
		"--output=yaml":         "chatroom:\n  roomid: 66\n",
		"--columns=name,roomid": "{\n  \"name\": \"夜场\",\n  \"roomid\": 66\n}\n",
		"--jq=.chatroom.name":   "夜场\n",
	} {
		code, out, errOut := call(false, append([]string{"get", "roomid=66"}, strings.Fields(args)...)...)
		assert.Equal(t, exitOK, code, errOut)
		assert.True(t, strings.HasPrefix(out, want), out)
	}
	_, out, _ := call(true, "get", "roomid=66")
	assert.True(t, strings.HasPrefix(out, "roomid      66\nvalid       true\n"), out)

	code, out, errOut := call(false, "queryUserRoomIds", "creator=nobody", "--output=csv")
	assert.Equal(t, exitOK, code, errOut)
	assert.Equal(t, "roomids\n", out, "no rows have a header, too")

	for format, want := range map[string]string{"table": "", "csv": "", "yaml": "", "ndjson": `{"code":404,"desc":"chatroom not exist"}` + "\n"} {
		code, out, errOut := call(false, "get", "roomid=1", "--output", format)
		assert.Equal(t, exitFailed, code)
		assert.Equal(t, want, out)
		assert.Contains(t, errOut, "nimroom: get: code 404: not found: chatroom not exist")
	}

	for line, want := range map[string]string{
		"queuePoll roomid=66": "The queue is empty, or has no element with this key.",
		"deleteHistoryMessage roomid=66 fromAcc=lena msgTimetag=1767355200000": "Give the time of the message to the millisecond",
	} {
		code, _, errOut := call(false, strings.Fields(line)...)
		assert.Equal(t, exitFailed, code)
		assert.Contains(t, errOut, want)
	}

	code, out, errOut = call(false, "update", "roomid=66", "name=new", "--jq=.chatroom.roomid|keys")
	assert.Equal(t, exitFailed, code, "the call was made")
	assert.Contains(t, out, `"name": "new"`)
	assert.Contains(t, errOut, "nimroom: update took effect; do not repeat it (its response can only be printed as a whole: --jq: ")

	before := len(srv.Requests())
	for args, want := range map[string]string{
		"get roomid=66 --output=xml":                                     "--output",
		"get roomid=66 --jq=.[":                                          "--jq: ",
		"update roomid=66 name=new --columns=colour":                     "no column colour; there are roomid, valid,",
		"membersByPage roomid=66 type=0 endtime=0 limit=1 --columns=nik": "no column nik; did you mean nick?",
		"queryUserRoomIds creator=x --columns=id":                        "no column id; there are roomids",
		"queueList roomid=66 --columns=keys":                             "no column keys; did you mean key?",
		"get roomid=66 --columns=name,,roomid":                           "--columns: \"name,,roomid\" has an empty name; write the names with one comma between them",
		"get roomid=66 --columns=.name":                                  "has an empty name",
	} {
		code, out, errOut := call(false, strings.Fields(args)...)
		assert.Equal(t, exitUsage, code)
		assert.Empty(t, out)
		assert.Contains(t, errOut, want)
	}
	assert.Len(t, srv.Requests(), before, "a mistake comes to light before the call")
}

// TestASuccessSaysWhatItMeans on a terminal.
func TestASuccessSaysWhatItMeans(t *testing.T) {
	srv := emulator.Start(t)
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 66, Creator: "lena", Name: "n"}))
	require.NoError(t, srv.Join(66, emulator.JoinOptions{Accid: "ben"}))
	for _, tt := range []struct{ args, out, err string }{
		{"members mute 66 --operator lena --target ben --mute-duration 10m", "muteDuration  10m\n", ""},
		{"members unmute 66 --operator lena --target ben", "muteDuration  \\d+m", "The mute is lifted. muteDuration is the time that it still had.\n"},
		{"members unmute 66 --operator lena --target ben -o json", `.*"muteDuration": 0`, ""},
		{"messages recall 66 --msg-timetag now --msg-id m --operator lena --from lena", "", "The call has succeeded.\nThere may have been no such message: the service does not look for it (unproven).\n"},
		{"queue init 66 --size-limit 8", "", "The call has succeeded.\n"},
		{"queue offer 66 --key seat1 --value ben", "", "The call has succeeded.\n"},
		{"queue drop 66", "", "The call has succeeded.\n"},
	} {
		var o, e bytes.Buffer
		code := run(t.Context(), append(strings.Fields(tt.args), flags(srv)...), streams{out: &o, err: &e, terminal: true})
		assert.Equal(t, exitOK, code, e.String())
		assert.Regexp(t, "^(?s:.*)"+tt.out, o.String(), tt.args)
		assert.Equal(t, tt.out == "", o.Len() == 0, o.String())
		assert.Equal(t, tt.err, e.String(), tt.args)
	}
}
