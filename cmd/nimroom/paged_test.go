package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
)

// TestPagesSayWhatTheyDoNotShow on a terminal, or with -v.
func TestPagesSayWhatTheyDoNotShow(t *testing.T) {
	srv := emulator.Start(t)
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 66, Creator: "lena", Name: "n"}))
	list := func(watched bool, line string) string {
		var o, e bytes.Buffer
		code := run(t.Context(), append(strings.Fields(line), flags(srv)...), streams{out: &o, err: &e, watched: watched})
		require.Equal(t, exitOK, code, e.String())
		return e.String()
	}
	list(false, "messages send 66 --from lena --text hi")
	for line, want := range map[string]string{
		"history list 66 --accid lena --limit 1":                                "There may be more. nimroom history export reads all of it.",
		"call queryChatroomMsg roomid=66 accid=lena limit=1 timetag=0":          "There may be more. nimroom history export reads all of it.",
		"history list 66 --accid lena --timetag 2020-01-01":                     "There is nothing before 2020-01-01 00:00:00. To read what is after, give --since.",
		"history list 66 --accid lena --since tomorrow":                         ":00:00. To read what is before, give --until.",
		"call queryChatroomMsg roomid=66 accid=lena timetag=2020-01-01 limit=9": "To read what is after, give reverse=1.",
		"tags list-messages 66 --tags a --limit 5":                              "",
		"history list 66 --accid lena":                                          "",
	} {
		assert.Empty(t, list(false, line))
		if note := list(true, line); want == "" {
			assert.Empty(t, note, line)
		} else {
			assert.Contains(t, note, want, line)
		}
		assert.Contains(t, list(false, line+" -v"), want, line)
	}
}
