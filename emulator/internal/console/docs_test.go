package console_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/sign"
)

// getDocs asks for a path, under a host name and with headers of choice.
func getDocs(t *testing.T, srv *emulator.Server, method, path, host string, header http.Header) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, strings.TrimSuffix(srv.URL, emutest.ApiPath)+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	if host != "" {
		req.Host = host
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp, emutest.ReadAll(t, resp)
}

// The emulator serves what a server of static files would.
func TestTheReferencePageIsTheFolder(t *testing.T) {
	srv := emulator.Start(t)
	for name, kind := range map[string]string{
		"index.html":                  "text/html; charset=utf-8",
		"reference.js":                "text/javascript; charset=utf-8",
		"reference.css":               "text/css; charset=utf-8",
		"icon.svg":                    "image/svg+xml",
		"openapi.json":                web.JSONType,
		"openapi.zh-CN.json":          web.JSONType,
		"reconciliation.zh-CN.json":   web.JSONType,
		"vendor/swagger-ui.css":       "text/css; charset=utf-8",
		"vendor/swagger-ui-bundle.js": "text/javascript; charset=utf-8",
	} {
		want, err := os.ReadFile("../../../docs/reference/" + name)
		if err != nil {
			t.Fatal(err)
		}
		path := "/docs/" + name
		resp, body := getDocs(t, srv, http.MethodGet, path, "", nil)
		if resp.StatusCode != http.StatusOK || !bytes.Equal(body, want) || resp.Header.Get("Content-Type") != kind {
			t.Errorf("%s: %s, %s, %d bytes, want %d", path, resp.Status, resp.Header.Get("Content-Type"), len(body), len(want))
		}
		if !strings.Contains(resp.Header.Get("Content-Security-Policy"), "connect-src 'self';") || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, resp.Header)
		}
		again, body := getDocs(t, srv, http.MethodGet, path, "", http.Header{"If-None-Match": {resp.Header.Get("ETag")}})
		if again.StatusCode != http.StatusNotModified || len(body) != 0 || resp.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s again: %s, %v", path, again.Status, resp.Header)
		}
		if head, body := getDocs(t, srv, http.MethodHead, path, "", nil); head.ContentLength != int64(len(want)) || len(body) != 0 {
			t.Errorf("HEAD %s: %d", path, head.ContentLength)
		}
	}
}

func TestPathsOfTheReferencePage(t *testing.T) {
	srv := emulator.Start(t)
	for _, tt := range []struct {
		method, path string
		status       int
		location     string
	}{
		{http.MethodGet, "/docs", http.StatusFound, "/docs/"},
		{http.MethodGet, "/docs?lang=zh", http.StatusFound, "/docs/?lang=zh"},
		{http.MethodGet, "/docs/", http.StatusOK, ""},
		{http.MethodPost, "/docs/", http.StatusMethodNotAllowed, ""},
		{http.MethodGet, "/docs/nothing.js", http.StatusNotFound, ""},
		{http.MethodGet, "/docs/vendor", http.StatusNotFound, ""},
		{http.MethodGet, "/docs/vendor/", http.StatusNotFound, ""},
		{http.MethodGet, "/docs//index.html", http.StatusNotFound, ""},
		{http.MethodGet, "/docs/../docs.go", http.StatusNotFound, ""},
		{http.MethodGet, "/docs/%2e%2e/docs.go", http.StatusNotFound, ""},
		{http.MethodGet, "/docsx", http.StatusNotFound, ""},
	} {
		resp, body := getDocs(t, srv, tt.method, tt.path, "", nil)
		if resp.StatusCode != tt.status || resp.Header.Get("Location") != tt.location {
			t.Errorf("%s %s: %s, %s, %.200s", tt.method, tt.path, resp.Status, resp.Header.Get("Location"), body)
		}
	}
}

func TestTheSecretIsGivenOnThisMachineOnly(t *testing.T) {
	const secret, token = "a-secret-of-a-test", "control-token-ok"
	credentials, err := sign.NewCredentials("K", secret)
	if err != nil {
		t.Fatal(err)
	}
	given := []emulator.Option{emulator.WithCredentials(credentials), emulator.WithDocsSecret(secret + "\n")}
	for _, tt := range []struct {
		name    string
		options []emulator.Option
		host    string
		secret  string
	}{
		{name: "the default credentials", secret: emulator.DefaultAppSecret},
		{name: "credentials alone", options: given[:1]},
		{name: "with their secret", options: given, secret: secret},
		{name: "as localhost", options: given, host: "localhost:8500", secret: secret},
		{name: "with a control token", options: append(given, emulator.WithControlToken(token))},
		{name: "the default ones, with a control token", options: []emulator.Option{emulator.WithControlToken(token)}},
		{name: "for any host", options: append(given, emulator.WithControlToken(token), emulator.WithAnyHost()), host: "rebound.example"},
	} {
		srv := emulator.Start(t, tt.options...)
		resp, body := getDocs(t, srv, http.MethodGet, "/docs/config.json", tt.host, http.Header{"Authorization": {"Bearer " + token}})
		var config pageConfig
		if err := json.Unmarshal(body, &config); err != nil {
			t.Fatal(err)
		}
		want := pageConfig{BaseURL: emutest.ApiPath, AppKey: srv.Credentials().AppKey(), AppSecret: tt.secret}
		if config != want || resp.Header.Get("Cache-Control") != "no-store" || resp.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%s: %s, want %+v; %v", tt.name, body, want, resp.Header)
		}
	}
	if _, err := emulator.New(emulator.WithCredentials(credentials), emulator.WithDocsSecret("another")); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("a secret of other credentials: %v", err)
	}
}

// A page of another site may know a test server's secret, but not call it.
func TestOnlyPagesOfThisMachineMayCall(t *testing.T) {
	srv := emulator.Start(t)
	const path = emutest.ApiPath + "/chatroom/get.action"
	ask := http.Header{"Access-Control-Request-Method": {http.MethodPost}, "Access-Control-Request-Headers": {"appkey,checksum,curtime,nonce"}}
	for origin, allowed := range map[string]bool{
		"http://localhost:8931": true, "http://127.0.0.1:8931": true, "http://[::1]:80": true,
		"http://site.example": false, "http://localhost.example": false, "null": false, "": false,
	} {
		header := ask.Clone()
		header["Origin"] = []string{origin}
		want := ""
		if allowed {
			want = origin
		}
		asked, _ := getDocs(t, srv, http.MethodOptions, path, "", header)
		if got := asked.Header.Get("Access-Control-Allow-Origin"); got != want || (asked.StatusCode == http.StatusNoContent) != allowed {
			t.Errorf("%q asks first: %s, %q", origin, asked.Status, got)
		}
		called, _ := getDocs(t, srv, http.MethodPost, path, "", http.Header{"Origin": {origin}})
		if got := called.Header.Get("Access-Control-Allow-Origin"); got != want || (called.StatusCode == http.StatusOK) != (allowed || origin == "") {
			t.Errorf("%q calls: %s, %q", origin, called.Status, got)
		}
		for _, closed := range []string{"/_emulator/clock", "/_emulator/state", "/docs/config.json", "/"} {
			resp, _ := getDocs(t, srv, http.MethodGet, closed, "", http.Header{"Origin": {origin}})
			if got := resp.Header.Get("Access-Control-Allow-Origin"); got != "" {
				t.Errorf("%q may read %s", origin, closed)
			}
		}
	}
	if n := len(srv.Requests("get")); n != 5 { // 3 calls of allowed pages; a call and a question of none
		t.Errorf("%d requests in the log", n)
	}
}

// pageConfig is the config.json of the reference page.
type pageConfig struct{ BaseURL, AppKey, AppSecret string }
