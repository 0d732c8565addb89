package conformance

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/golden"
)

// TestVendorSDKRequests sends the requests of the vendor's Java SDK 1.2.0, byte
// for byte but for the signature, and wants the codes that the SDK got.
// interop/vendor-java recorded them; it also checks what the SDK makes of the
// responses.
func TestVendorSDKRequests(t *testing.T) {
	text, err := os.ReadFile("testdata/vendor-java-1.2.0.json")
	if err != nil {
		t.Fatal(err)
	}
	var requests []struct {
		Path    string
		Headers map[string]string
		Body    string
		Code    int
	}
	if err := json.Unmarshal(text, &requests); err != nil {
		t.Fatal(err)
	}
	srv := emulator.Start(t) // whose first room has the id that the recorded one had
	succeeded := map[string]bool{}
	for i, recorded := range requests {
		path, isAPI := strings.CutPrefix(recorded.Path, "/nimserver")
		request := request(t, srv, path, recorded.Body)
		request.URL.Path = recorded.Path
		for name, value := range recorded.Headers {
			request.Header.Set(name, value)
		}
		got := send(t, request)
		code := got.Code
		if !isAPI {
			code = got.Status
		}
		if code != recorded.Code {
			t.Errorf("request %d, %s: code %d %q, want %d\n%s", i+1, recorded.Path, code, got.text(), recorded.Code, recorded.Body)
		}
		if isAPI && code == codeOK {
			succeeded[path] = true
		}
	}
	golden.Counts(t, "conformance: the vendor's SDK", map[string]int{"operations": len(succeeded)})
}
