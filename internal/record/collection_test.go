package record

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWhatAFileCannotHoldIsAnError, so that nothing gets lost on the way into it.
func TestWhatAFileCannotHoldIsAnError(t *testing.T) {
	for what, mutate := range map[string]func(r *Recording){
		"another method":    func(r *Recording) { r.Interactions[0].Request.Method = http.MethodGet },
		"a header twice":    func(r *Recording) { r.Interactions[0].Request.Headers.Add("Nonce", "REDACTED") },
		"two hosts":         func(r *Recording) { edit(&r.Interactions[0].Request.URL, "service.invalid", "api.netease.im") },
		"a broken form":     func(r *Recording) { r.Interactions[0].Request.Body = "name=50%" },
		"a body and length": func(r *Recording) { r.Interactions[0].Response.ContentLength++ },
		"a dialect alone":   func(r *Recording) { r.Dialect = Dialects[1] },
	} {
		r := find(t, "emulator/sendMessage/success")
		_, err := Texts([]*Recording{r})
		require.NoError(t, err)
		mutate(r)
		_, err = Texts([]*Recording{r})
		assert.Error(t, err, what)
	}
	other := find(t, "emulator/sendMessage/success.text")
	edit(&other.Interactions[0].Request.Body, "zhangsan", "lisi")
	_, err := Texts([]*Recording{find(t, "emulator/sendMessage/success"), other})
	assert.ErrorContains(t, err, "interaction 0 cannot be kept", "another request in another dialect")
}

// TestPutReplacesAScenario, and keeps what is not usual.
func TestPutReplacesAScenario(t *testing.T) {
	folder := t.TempDir()
	for _, status := range []int{http.StatusBadGateway, http.StatusOK, http.StatusForbidden} {
		for _, name := range []string{"success", "unknown-room"} {
			r := find(t, "emulator/getChatroom/"+name)
			r.Kind = Live
			for _, i := range r.Interactions {
				edit(&i.Request.URL, "http://service.invalid", "https://api.netease.im")
				i.Request.Host = "api.netease.im"
				i.Response.Proto, i.Response.ProtoMajor = "HTTP/2.0", 2
				i.Response.Code, i.Response.Headers = status, http.Header{"Content-Type": {"text/html"}, "Retry-After": {"1"}}
			}
			require.NoError(t, Put(folder, r))
		}
		list, err := Load(folder, Emulator, Live)
		require.NoError(t, err)
		require.Len(t, list, 2)
		i := list[0].Interactions[0]
		assert.Equal(t, status, i.Response.Code)
		assert.Equal(t, "1", i.Response.Headers.Get("Retry-After"))
		assert.Equal(t, "api.netease.im", i.Request.Host)
	}
}

func TestBrokenFilesAreErrors(t *testing.T) {
	for what, text := range map[string]string{
		"not YAML":          "operation: [",
		"empty":             "",
		"an unknown key":    "operation: getChatroom\nstory: a\n",
		"another operation": "operation: getChatrooms\n",
		"a broken form":     "operation: getChatroom\nscenarios: [{name: a, calls: [{path: /a, form: 'a=50%', response: ''}]}]\n",
		"a broken path":     "operation: getChatroom\nscenarios: [{name: a, calls: [{path: '/%zz', form: '', response: ''}]}]\n",
	} {
		folder := t.TempDir()
		name := filepath.Join(folder, "emulator", "getChatroom.yaml")
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o750))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		_, err := Load(folder, Emulator)
		require.ErrorContains(t, err, name, what)
		r := find(t, "emulator/getChatroom/success")
		if what != "a broken form" && what != "a broken path" {
			assert.ErrorContains(t, Put(folder, r), name, what)
		}
	}
}
