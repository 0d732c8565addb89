package request_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nimroom/nimroom/wrapper/internal/request"
)

func TestBaseURL(t *testing.T) {
	for _, tt := range []struct{ base, want, says string }{
		{"https://h/nimserver", "https://h/nimserver", ""},
		{"http://h:8080/", "http://h:8080", ""},
		{"https://h/a/", "https://h/a", ""},
		{"", "", "http or https"},
		{"ftp://h/x", "", "http or https"},
		{"api.netease.im/nimserver", "", "http or https"},
		{"https:///nimserver", "", "no host"},
		{"http://:80/nimserver", "", "no host"},
		{"https://u:p@h/", "", "user"},
		{"https://h/?a=b", "", "query"},
		{"https://h/?", "", "query"},
		{"https://h/#a", "", "fragment"},
		{"https://h\x7f/", "", "parsed"},
	} {
		got, err := request.BaseURL(tt.base)
		if tt.says == "" {
			assert.NoError(t, err, "%q", tt.base)
			assert.Equal(t, tt.want, got)
			continue
		}
		assert.ErrorContains(t, err, tt.says, "%q", tt.base)
	}
}

func TestCheckHeader(t *testing.T) {
	for _, ok := range [][2]string{{"X-Trace", "1"}, {"x-trace", ""}, {"X", "a\tb é"}} {
		assert.NoError(t, request.CheckHeader(ok[0], ok[1]), "%q", ok)
	}
	for _, bad := range [][2]string{{"", "v"}, {"bad name", "v"}, {"a:b", "v"}, {"X", "v\n"}, {"X", "\x00"}, {"X", "\x7f"}, {"é", "v"}} {
		assert.ErrorContains(t, request.CheckHeader(bad[0], bad[1]), "HTTP does not allow", "%q", bad)
	}
	for _, own := range []string{"appkey", "Nonce", "CurTime", "CheckSum", "requestid", "content-type", "Content-Length", "host", "Accept-Encoding"} {
		assert.ErrorContains(t, request.CheckHeader(own, "v"), "sets it itself", own)
	}
}

func TestCheckPath(t *testing.T) {
	for _, ok := range []string{"/chatroom/get.action", "chatroom/get.action", "/x"} {
		assert.NoError(t, request.CheckPath(ok), ok)
	}
	for _, bad := range []string{
		"", "/", "//evil/x", "https://evil/x", "@evil/../x", "/x?a=b", "/x#f", "/a b", "/%2e%2e/x", "/x\n", `\\evil`, "/../x", "/x/./y", "/x/", "/\u00e9",
	} {
		assert.ErrorContains(t, request.CheckPath(bad), "path", "%q", bad)
	}
}

func TestNewID(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := request.NewID()
		assert.Len(t, id, 32)
		assert.Empty(t, strings.Trim(id, "0123456789abcdef"))
		seen[id] = true
	}
	assert.Len(t, seen, 1000)
}
