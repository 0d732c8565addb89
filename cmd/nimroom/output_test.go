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
	assert.Contains(t, errOut, "nimroom: update succeeded, but its response can only be printed as a whole: --jq: ")

	before := len(srv.Requests())
	for args, want := range map[string]string{
		"get roomid=66 --output=xml":                 "--output",
		"get roomid=66 --jq=.[":                      "--jq: ",
		"update roomid=66 name=new --columns=colour": "no column colour; there are roomid, valid,",
	} {
		code, out, errOut := call(false, strings.Fields(args)...)
		assert.Equal(t, exitUsage, code)
		assert.Empty(t, out)
		assert.Contains(t, errOut, want)
	}
	assert.Len(t, srv.Requests(), before, "a mistake comes to light before the call")
}
