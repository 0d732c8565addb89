package main

import (
	"bytes"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
)

// TestAFullDiskIsNoSuccess, and no mistake on the command line.
func TestAFullDiskIsNoSuccess(t *testing.T) {
	atHome(t)
	srv := emulator.Start(t)
	require.NoError(t, srv.PlaceRoom(emulator.PlaceOptions{RoomID: 66, Creator: "lena", Name: "lobby"}))
	full := writerFunc(func([]byte) (int, error) { return 0, syscall.ENOSPC })
	app := []string{"--base-url", srv.URL, "--app-key", emulator.DefaultAppKey, "--app-secret", emulator.DefaultAppSecret}
	for line, want := range map[string]string{
		"--help":                                 "nimroom: the output cannot be written: no space left on device\n",
		"--version":                              "nimroom: the output cannot be written: no space left on device\n",
		"spec":                                   "nimroom: the output cannot be written: no space left on device\n",
		"completion bash":                        "nimroom: the output cannot be written: no space left on device\n",
		"doctor":                                 "nimroom: the output cannot be written: no space left on device\n",
		"rooms get 66":                           "nimroom: rooms get succeeded, but the output cannot be written: no space left on device\n",
		"rooms get 66 --output csv":              "nimroom: rooms get succeeded, but the output cannot be written: no space left on device\n",
		"rooms get 66 --output yaml":             "nimroom: rooms get succeeded, but the output cannot be written: no space left on device\n",
		"rooms get 66 --output table":            "nimroom: rooms get succeeded, but the output cannot be written: no space left on device\n",
		"rooms get 66 --jq .":                    "nimroom: rooms get succeeded, but the output cannot be written: no space left on device\n",
		"rooms get 66 --dry-run":                 "nimroom: the output cannot be written: no space left on device\n",
		"members list 66 --kind fixed":           "nimroom: members list succeeded, but the output cannot be written: no space left on device\n",
		"queue list 66 --output ndjson":          "",
		"rooms get 66 --lang zh":                 "nimroom: rooms get 已成功，但无法写出结果：磁盘空间不足\n",
		"rooms get 66 --columns roomid":          "nimroom: rooms get succeeded, but the output cannot be written: no space left on device\n",
		"messages send 66 --from lena --text hi": "nimroom: messages send took effect; do not repeat it (the output cannot be written: no space left on device)\n",
	} {
		args := strings.Fields(line)
		if !strings.HasPrefix(line, "--") && !strings.HasPrefix(line, "spec") && !strings.HasPrefix(line, "completion") {
			args = append(args, app...)
		}
		var errOut bytes.Buffer
		code := run(t.Context(), args, streams{out: full, err: &errOut})
		if want == "" {
			assert.Equal(t, exitOK, code, "%s: nothing is written: %s", line, errOut.String())
			continue
		}
		assert.Equal(t, exitFailed, code, "%s: %s", line, errOut.String())
		assert.Equal(t, want, errOut.String(), line)
	}
	var errOut bytes.Buffer
	code := run(t.Context(), append([]string{"rooms", "get", "67", "--output", "json"}, app...), streams{out: full, err: &errOut})
	assert.Equal(t, exitFailed, code, "the outcome is known: %s", errOut.String())
	assert.Contains(t, errOut.String(), "code 404")
	assert.Contains(t, errOut.String(), "no space left on device")
}
