package conformance

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
)

// TestVendorSDKRequests: what the vendor's Java SDK 1.2.0 sends, byte for byte
// but for the signature, is answered with the codes that the SDK got. The
// requests were recorded by interop/vendor-java, which also checks what the
// SDK makes of the answers.
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
	if len(succeeded) != 24 { // the SDK has no method for topn
		t.Errorf("%d operations succeeded, want 24", len(succeeded))
	}
}
