package emulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/sign"
)

func TestTheControlPlaneAsksForItsToken(t *testing.T) {
	const token = "control-token-ok"
	srv := emulator.Start(t, emulator.WithControlToken(token))
	root := strings.TrimSuffix(srv.URL, emutest.ApiPath)
	paths := []string{"/", "/_emulator/health", "/_emulator/requests", "/_emulator/faults", "/_emulator/rooms/1", "/_emulator/rooms/1/events", "/_emulator/nothing", "/_emulator/"}
	for _, tt := range []struct {
		name, authorization string
		signed, in          bool
	}{
		{name: "nothing"},
		{name: "an app's signature", signed: true},
		{name: "another token", authorization: "Bearer control-token-no"},
		{name: "a longer token", authorization: "Bearer control-token-ok2"},
		{name: "no token", authorization: "Bearer "},
		{name: "another scheme", authorization: "Basic control-token-ok"},
		{name: "the token alone", authorization: token},
		{name: "the token", authorization: "Bearer control-token-ok", in: true},
		{name: "the token, spelt otherwise", authorization: "bearer  control-token-ok ", in: true},
	} {
		for _, path := range paths {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, root+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if tt.authorization != "" {
				req.Header.Set("Authorization", tt.authorization)
			}
			if tt.signed {
				if err := sign.NewSigner(srv.Credentials()).Edit(t.Context(), req); err != nil {
					t.Fatal(err)
				}
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			body := string(emutest.ReadAll(t, resp))
			if in := resp.StatusCode != http.StatusUnauthorized; in != tt.in {
				t.Errorf("%s, %s: %d %s", tt.name, path, resp.StatusCode, body)
			}
			if !tt.in && path == "/" { // a person gets the login
				continue
			}
			if !tt.in && (body != `{"error":"want the control token: Authorization: Bearer TOKEN"}` || resp.Header.Get("WWW-Authenticate") != "Bearer") {
				t.Errorf("%s, %s: %s", tt.name, path, body)
			}
		}
	}
	// The API and the spec are for everyone, as without a token.
	emutest.Get(t, srv, gen.ListTopChatroomsEndpoint, gen.ListTopChatroomsForm{})
	if resp, err := http.Get(root + "/openapi.yaml"); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%v, %v", resp, err)
	}
}

// A page whose own name was made to point to this machine is of the same site
// for the browser; its name gives it away.
func TestOnlyThisMachinesNamesReachTheServer(t *testing.T) {
	c, err := sign.NewCredentials("K", "a-secret-of-a-test")
	if err != nil {
		t.Fatal(err)
	}
	const token = "control-token-ok"
	open := emulator.Start(t)
	guarded := emulator.Start(t, emulator.WithControlToken(token))
	exposed := emulator.Start(t, emulator.WithControlToken(token), emulator.WithCredentials(c), emulator.WithAnyHost())
	paths := []string{"/", "/docs/", "/docs/config.json", "/openapi.yaml", "/_emulator/health", "/_emulator/state", emutest.ApiPath + "/health/liveness.action"}
	const call = emutest.ApiPath + "/stats/chatroom/topn.action"
	ask := func(srv *emulator.Server, host, path string) (int, string) {
		t.Helper()
		req := emutest.SignedRequest(t, srv, strings.TrimPrefix(path, emutest.ApiPath), "")
		if path != call {
			req.Method, req.URL.Path = http.MethodGet, path
		}
		req.Host = host
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(emutest.ReadAll(t, resp))
	}
	for host, allowed := range map[string]bool{
		"localhost": true, "LocalHost:8500": true, "127.0.0.1": true, "127.8.0.1:80": true, "[::1]:8500": true, "[::1]": true,
		"emulator.test": false, "emulator.test:80": false, "rebound.example": false, "rebound.example:8500": false, "localhost.example": false,
		"127.0.0.1.example": false, "10.0.0.1:8500": false, "0.0.0.0:8500": false, "[::]:80": false, "a.localhost": false, "localhost:http": false,
	} {
		want := "Host: " + host + ", want localhost or a loopback address; a server that is exposed takes every name"
		for _, path := range append(paths, call) {
			for name, srv := range map[string]*emulator.Server{"open": open, "guarded": guarded} {
				status, body := ask(srv, host, path)
				switch {
				case allowed && status != http.StatusOK:
					t.Errorf("%s, %s%s: %d %s", name, host, path, status, body)
				case !allowed && (status != http.StatusForbidden || !strings.Contains(body, want)):
					t.Errorf("%s, %s%s: %d %s", name, host, path, status, body)
				case !allowed && path == call && body != `{"code":403,"desc":"`+want+`"}`:
					t.Errorf("%s, %s: %s", name, host, body)
				}
			}
			if status, body := ask(exposed, host, path); status != http.StatusOK {
				t.Errorf("exposed, %s%s: %d %s", host, path, status, body)
			}
		}
	}
	if n := len(open.Requests()); n != 6 {
		t.Errorf("%d requests in the log, want those under the names of this machine", n)
	}
}

// In memory there is no network, and no name to be given away.
func TestAServerInMemoryTakesItsOwnName(t *testing.T) {
	srv := emulator.Start(t, emulator.WithoutPort())
	resp, err := srv.Client().Get(strings.TrimSuffix(srv.URL, emutest.ApiPath) + "/_emulator/health")
	if err != nil {
		t.Fatal(err)
	}
	if body := emutest.ReadAll(t, resp); resp.StatusCode != http.StatusOK || resp.Request.URL.Host != web.MemoryHost {
		t.Errorf("%s: %s", resp.Request.URL, body)
	}
}

// What a browser sends is judged by the page that it names.
func TestOnlyItsOwnPagesReachTheServer(t *testing.T) {
	srv := emulator.Start(t)
	root := strings.TrimSuffix(srv.URL, emutest.ApiPath)
	const clock, call = "/_emulator/clock", "/nimserver/chatroom/get.action"
	for _, tt := range []struct {
		method, path, origin, site, dest string
		allowed                          bool
	}{
		{"GET", clock, "", "", "", true},                         // no browser
		{"GET", clock, "", "none", "document", true},             // typed into the address line
		{"GET", clock, root, "same-origin", "empty", true},       // from a page of the console
		{"POST", clock, root, "same-origin", "empty", true},      //
		{"GET", "/docs/", "", "cross-site", "document", true},    // a link
		{"GET", "/docs/", "", "cross-site", "iframe", false},     // a frame
		{"POST", clock, "null", "cross-site", "document", false}, // a form in a sandbox
		{"POST", clock, "", "cross-site", "document", false},     // a form
		{"GET", "/_emulator/state", "", "cross-site", "script", false},
		{"GET", "/_emulator/state", "", "same-site", "image", false}, // from another port of this machine
		{"GET", clock, "http://localhost:3000", "same-site", "empty", false},
		{"GET", clock, "http://site.example", "", "", false}, // a browser without Sec-Fetch-Site
		{"POST", clock, "http://site.example", "cross-site", "empty", false},
		{"POST", call, "http://localhost:3000", "cross-site", "empty", true},
		{"POST", call, "http://[::1]:3000", "", "", true},
		{"POST", call, "http://site.example", "cross-site", "empty", false},
		{"POST", call, "http://127.0.0.1.example", "same-origin", "empty", false},
		{"POST", call, "null", "cross-site", "empty", false},
		{"POST", call, "", "cross-site", "document", false},
		{"POST", call, "%", "", "", false},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tt.method, root+tt.path, strings.NewReader(`{"advance":"1s"}`))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"Origin": tt.origin, "Sec-Fetch-Site": tt.site, "Sec-Fetch-Dest": tt.dest} {
			if value != "" {
				req.Header.Set(name, value)
			}
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		body := string(emutest.ReadAll(t, resp))
		if rejected := resp.StatusCode == http.StatusForbidden; rejected == tt.allowed || rejected && !strings.Contains(body, "pages of other sites may not send requests here") {
			t.Errorf("%+v: %d %s", tt, resp.StatusCode, body)
		}
	}
}

func TestAnyHostNeedsSecretsOfItsOwn(t *testing.T) {
	c, err := sign.NewCredentials(emulator.DefaultAppKey, "a-secret-of-a-test")
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range [][]emulator.Option{
		{emulator.WithAnyHost()},
		{emulator.WithAnyHost(), emulator.WithCredentials(c)},
		{emulator.WithAnyHost(), emulator.WithControlToken("control-token-ok")},
	} {
		if _, err := emulator.New(list...); err == nil {
			t.Errorf("%d options are enough", len(list))
		}
	}
}

func TestAControlTokenIsNotKept(t *testing.T) {
	srv := emutest.NewServer(t, emulator.WithControlToken("control-token-ok"))
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if text := fmt.Sprintf(format, emulator.OptionsOf(srv)); strings.Contains(text, "control-token-ok") {
			t.Errorf("%s prints it", format)
		}
	}
	for _, token := range []string{"", "fifteen-letters", "two words of length", "new\nline", "Schlüssel"} {
		if _, err := emulator.New(emulator.WithControlToken(token)); err == nil || token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("%q: %v", token, err)
		}
	}
}
