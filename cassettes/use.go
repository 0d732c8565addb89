package cassettes

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// Folder is where [Use] keeps cassettes, below the folder of the test's package.
const Folder = "testdata/cassettes"

// The environment variables with an app's key and secret, which are read while
// recording alone.
const (
	EnvAppKey    = "NIM_APP_KEY"
	EnvAppSecret = "NIM_APP_SECRET"
)

// T is what this package needs of a test. *testing.T and *testing.B have it.
type T interface {
	Helper()
	Cleanup(func())
	Failed() bool
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Use is an option for [wrapper.New]: the client's requests are answered from
// testdata/cassettes/<name>.yaml, or recorded into it with [EnvRecord]=1 or
// [Record]. The name may have folders, with slashes.
//
// The test fails at its end for each request that was not recorded, each
// recorded one that was not made, and each that was signed wrongly. A recording
// is saved when the test passes. Several clients may use one option; two with
// the same name in one test would overwrite each other's recording.
func Use(t T, name string, options ...Option) wrapper.Option {
	t.Helper()
	if err := checkName(name); err != nil {
		t.Fatalf("cassettes: %v", err)
		return nil
	}
	c, err := Open(filepath.Join(filepath.FromSlash(Folder), filepath.FromSlash(name)), options...)
	if err != nil {
		t.Fatalf("cassettes: %v", err)
		return nil
	}
	t.Cleanup(func() {
		t.Helper()
		if c.Recording() && t.Failed() {
			return // what a failing test recorded is not worth keeping
		}
		if err := c.Close(); err != nil {
			t.Errorf("cassettes: %v", err)
		}
	})
	return c.Option()
}

func checkName(name string) error {
	switch {
	case name == "":
		return errors.New("the cassette has no name")
	case !filepath.IsLocal(filepath.FromSlash(name)) || strings.HasSuffix(name, ".yaml"):
		return errors.New("cassette " + name + ": want a name below " + Folder + ", without .yaml")
	}
	return nil
}

// Credentials are those of the app in NIM_APP_KEY and NIM_APP_SECRET while
// recording, and made-up ones in replay, so that who replays needs none. Give
// them the [Record] option where [Use] has it.
func Credentials(t T, options ...Option) sign.Credentials {
	t.Helper()
	c, err := newConfig(options)
	if err != nil {
		t.Fatalf("cassettes: %v", err)
		return sign.Credentials{}
	}
	key, secret := "replayed-app-key", "replayed-app-secret"
	if *c.recording {
		key, secret = os.Getenv(EnvAppKey), os.Getenv(EnvAppSecret) //nolint:forbidigo // asked for by recording
		for name, value := range map[string]string{EnvAppKey: key, EnvAppSecret: secret} {
			if value == "" {
				t.Fatalf("cassettes: recording needs %s in the environment", name)
				return sign.Credentials{}
			}
		}
	}
	credentials, err := sign.NewCredentials(key, secret)
	if err != nil {
		t.Fatalf("cassettes: %v", err)
	}
	return credentials
}
