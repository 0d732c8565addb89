package emulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

func TestTheControlPlaneAsksForItsToken(t *testing.T) {
	const token = "control-token"
	srv := emulator.Start(t, emulator.WithControlToken(token))
	root := strings.TrimSuffix(srv.URL, emutest.ApiPath)
	paths := []string{"/", "/_emulator/health", "/_emulator/requests", "/_emulator/faults", "/_emulator/rooms/1", "/_emulator/rooms/1/events", "/_emulator/nothing", "/_emulator/"}
	for _, tt := range []struct {
		name, authorization string
		signed, in          bool
	}{
		{name: "nothing"},
		{name: "an app's signature", signed: true},
		{name: "another token", authorization: "Bearer control-tokem"},
		{name: "a longer token", authorization: "Bearer control-token2"},
		{name: "no token", authorization: "Bearer "},
		{name: "another scheme", authorization: "Basic control-token"},
		{name: "the token alone", authorization: token},
		{name: "the token", authorization: "Bearer control-token", in: true},
		{name: "the token, spelt otherwise", authorization: "bearer  control-token ", in: true},
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
func TestOnlyThisMachinesNamesReachTheControlPlane(t *testing.T) {
	open, guarded := emulator.Start(t), emulator.Start(t, emulator.WithControlToken("control-token"))
	ask := func(srv *emulator.Server, host, path string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.TrimSuffix(srv.URL, emutest.ApiPath)+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		req.Header.Set("Authorization", "Bearer control-token")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(emutest.ReadAll(t, resp))
	}
	for host, allowed := range map[string]bool{
		"localhost": true, "LocalHost:8500": true, "127.0.0.1": true, "127.8.0.1:80": true, "[::1]:8500": true, "[::1]": true, "emulator.test": true,
		"rebound.example": false, "rebound.example:8500": false, "localhost.example": false, "127.0.0.1.example": false, "10.0.0.1:8500": false, "[::]:80": false,
	} {
		for _, path := range []string{"/", "/_emulator/health", "/_emulator/state"} {
			status, body := ask(open, host, path)
			if in := status == http.StatusOK; in != allowed || !in && (status != http.StatusForbidden || !strings.Contains(body, `{"error":"Host: `+host+", want localhost")) {
				t.Errorf("%s%s: %d %s", host, path, status, body)
			}
			if status, body := ask(guarded, host, path); status != http.StatusOK {
				t.Errorf("%s%s with a token: %d %s", host, path, status, body)
			}
		}
		if status, _ := ask(open, host, emutest.ApiPath+"/health/liveness.action"); status != http.StatusOK {
			t.Errorf("%s: the API is not for it", host)
		}
	}
}

func TestAControlTokenIsNotKept(t *testing.T) {
	srv := emutest.NewServer(t, emulator.WithControlToken("control-token"))
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if text := fmt.Sprintf(format, emulator.OptionsOf(srv)); strings.Contains(text, "control-token") {
			t.Errorf("%s prints it", format)
		}
	}
	for _, token := range []string{"", "two words", "new\nline", "Schlüssel"} {
		if _, err := emulator.New(emulator.WithControlToken(token)); err == nil || token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("%q: %v", token, err)
		}
	}
}
