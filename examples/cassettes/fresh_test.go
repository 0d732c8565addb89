// Package cassettes_test shows a test that replays a cassette.
package cassettes_test

import (
	"bytes"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/emulator"
)

var keep = flag.Bool("keep", false, "keep what TestTheCassetteIsFresh records")

// network is a network in which an emulator takes the place of the service.
type network struct{ srv *emulator.Server }

func (n network) RoundTrip(r *http.Request) (*http.Response, error) {
	own := r.Clone(r.Context())
	own.URL.Scheme, own.URL.Host = "http", "emulator.test"
	return n.srv.Client().Transport.RoundTrip(own)
}

// TestTheCassetteIsFresh records the example again, in a bubble that always starts at the same
// time, and finds no change.
func TestTheCassetteIsFresh(t *testing.T) {
	const name = "testdata/cassettes/show.yaml"
	kept, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(cassettes.EnvRecord, "1")
	t.Setenv(cassettes.EnvAppKey, emulator.DefaultAppKey)
	t.Setenv(cassettes.EnvAppSecret, emulator.DefaultAppSecret)
	t.Chdir(t.TempDir())
	usual := http.DefaultTransport
	t.Cleanup(func() { http.DefaultTransport = usual })
	synctest.Test(t, func(t *testing.T) {
		http.DefaultTransport = network{emulator.Start(t, emulator.WithoutPort())}
		TestShow(t)
	})
	fresh, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if *keep {
		if err := os.MkdirAll(filepath.Dir(kept), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(kept, fresh, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(old, fresh) {
		t.Errorf("the new recording differs:\n%s", fresh)
	}
}
