package proxy

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
)

// hookStatus is the mapping of the hooks in interop, for a code that is an integer.
func hookStatus(status int, body []byte) (int, bool) {
	var response struct {
		Code *int `json:"code"`
	}
	if json.Unmarshal(body, &response) != nil || response.Code == nil {
		return status, false
	}
	switch code := *response.Code; {
	case code == 0 || code == 200:
		return status, true
	case code >= 400 && code <= 599:
		return code, true
	}
	return 400, true
}

// FuzzResponse reads any response: its body stays as it is, its status is one that HTTP has, and
// that of the hooks where they find a code.
func FuzzResponse(f *testing.F) {
	for _, body := range []string{
		`{"code":200}`, `{"code":404,"desc":"x"}`, `{"desc":{"code":1},"code":13002}`, `{"code":"414"}`, `{"code":null}`, "\ufeff{\"code\":1}",
		"<html>", "", "{", `{"code":1e2}`, `{"code":404}x`, `{"code":-9223372036854775809}`, "\x1f\x8b\b", `{"code":404,"code":200}`,
	} {
		f.Add(200, "application/json", "", []byte(body))
		f.Add(502, "text/html", "gzip", []byte(body))
	}
	f.Add(99, "application/json", "", []byte(`{"code":200}`))
	f.Fuzz(func(t *testing.T, status int, kind, encoding string, body []byte) {
		if status < 0 || status > 599 {
			return
		}
		r := &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(bytes.NewReader(body))}
		if encoding != "" {
			r.Header.Set("Content-Encoding", encoding)
		}
		result, err := read(r)
		if status < 200 {
			assert.ErrorContains(t, err, "the response has HTTP status ")
			return
		}
		if err != nil {
			assert.True(t, bytes.HasPrefix(body, []byte("\x1f\x8b")), "only a broken archive is an error: %v", err)
			return
		}
		if result != nil {
			explain(r, result, "/chatroom/get.action")
		}
		got, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		if !bytes.HasPrefix(body, []byte("\x1f\x8b")) {
			assert.True(t, bytes.Equal(body, got), "%q became %q", body, got)
		}
		if length := r.Header.Get("Content-Length"); length != "" {
			assert.Equal(t, strconv.Itoa(len(got)), length)
		}
		assert.True(t, r.StatusCode >= 200 && r.StatusCode <= 599, "status %d", r.StatusCode)
		if want, found := hookStatus(status, body); found && result != nil && !bytes.Contains(bytes.ToLower(body), []byte(`\u00`)) {
			if json.Valid(body) && bytes.Count(bytes.ToLower(body), []byte(`"code"`)) == 1 {
				assert.Equal(t, want, r.StatusCode, "%q", body)
			}
		}
	})
}
