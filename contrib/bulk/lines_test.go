package bulk

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestValuesOfAFormAreWrittenAsPeopleWriteThem(t *testing.T) {
	lines, err := Read([]byte("\ufeff" + `{"action":"sendMessage","form":{"roomid":"66","fromAccid":"lena","msgType":0,"attach":"a&b","ext":{"k": [1]},"highPriority":true}}` + "\r\n\n" +
		`{"action":"batchSendMsg","form":{"roomid":66,"fromAccid":"lena","msgList":[{"msgType":0,"attach":"x"},{"msgId":"own","msgType":0,"attach":"y"}]}}`))
	require.NoError(t, err)
	require.Len(t, lines, 2)
	form := lines[0].Form
	assert.Equal(t, "66", form.Get("roomid"))
	assert.Equal(t, "a&b", form.Get("attach"))
	assert.JSONEq(t, `{"k":[1]}`, form.Get("ext"))
	assert.Equal(t, "true", form.Get("highPriority"))
	assert.NotEmpty(t, form.Get("msgId"))
	assert.NotEmpty(t, lines[0].RequestID)
	assert.Equal(t, 3, lines[1].Number, "empty lines count in the numbers")
	var list []struct{ MsgID string }
	require.NoError(t, json.Unmarshal([]byte(lines[1].Form.Get("msgList")), &list))
	assert.NotEmpty(t, list[0].MsgID)
	assert.Equal(t, "own", list[1].MsgID)
}

func TestWrongLinesAreNamed(t *testing.T) {
	const message = `{"action":"sendMsg","form":{"roomid":66,"fromAccid":"lena","msgType":0,"msgId":"a"`
	for line, says := range map[string]string{
		`{"action":"get","form":{"roomid":0}}`:            `line 1: get: roomid: 0, at least 1`,
		`{"action":"get","form":{"roomid":1e3}}`:          `roomid`,
		`{"action":"get","form":{"roomid":null}}`:         `roomid: null; leave the field out`,
		`{"action":"get","form":{"roomid":1,"roomid":2}}`: `roomid is given twice`,
		`{"action":"get","form":{"room_id":1}}`:           `no field room_id; did you mean roomid`,
		`{"action":"get","form":{"roomid":1,"a":2}}`:      `unknown field a; want roomid (required)`,
		`{"action":"get","form":[1]}`:                     `form "[1]": must be an object`,
		`{"action":"get"}`:                                `form "": must be an object`,
		`{"action":"got","form":{}}`:                      `unknown operation "got"; did you mean get?`,
		`{"action":"get","from":{}}`:                      `unknown field "from"`,
		`{"action":"get","form":{"roomid":1}} {}`:         `there is more after the object`,
		`roomid=1`:                                              `not a job, want {"action":"...","form":{...}}`,
		`{"action":"get","form":{"roomid":1}`:                   `not a job`,
		message + `,"resendFlag":0}}`:                           `resendFlag "0": must be 1 or left out`,
		message + `}}` + "\n" + message + `}}`:                  `line 2: sendMsg: msgId "a": the message of line 1 has this id`,
		`{"action":"queueList","form":{"roomid":1}}` + "\nx\ny": "line 2: not a job",
		"\n \n": "no line holds a job",
	} {
		_, err := Read([]byte(line))
		var bad *InputError
		require.ErrorAs(t, err, &bad, line)
		assert.Contains(t, err.Error(), says)
	}
	_, err := Read([]byte(strings.Repeat("x\n", 50)))
	assert.Contains(t, err.Error(), "line 20: ")
	assert.Contains(t, err.Error(), "and 30 more lines are wrong")
	assert.NotContains(t, err.Error(), "line 21: ")
}

// FuzzRead: whatever a file holds, reading it ends, and each line that is accepted is one that
// the service would accept.
func FuzzRead(f *testing.F) {
	f.Add(`{"action":"batchSendMsg","form":{"roomid":66,"fromAccid":"lena","msgList":[null,{"msgId":1}]}}`)
	f.Add(`{"action":"sendMsg","form":{"roomid":66,"fromAccid":"lena","msgType":0,"attach":"\ud800"}}`)
	f.Fuzz(func(t *testing.T, text string) {
		lines, err := Read([]byte(text))
		if err == nil && len(lines) == 0 {
			t.Fatal("neither lines nor an error")
		}
		for _, l := range lines {
			if l.Operation.Repeat != nil && l.Operation.Repeat.List == "" && l.Form.Get(l.Operation.Repeat.ID) == "" {
				t.Fatal(fmt.Sprint("no id: ", l.Form))
			}
		}
	})
}
