package cassettes

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// Folder is where [Use] keeps cassettes, below the folder of the test's package.
const Folder = "testdata/cassettes"

// The environment variables with an app's key and secret. They are read only while
// recording.
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

// Use returns an option for [wrapper.New]. The client's requests get their responses
// from testdata/cassettes/<name>.yaml, or are recorded into it with [EnvRecord]=1 or
// [Record]. The name may have folders, with slashes.
//
// The test fails at its end for each request that was not recorded, each recorded one
// that was not made, and each that was signed wrongly. A recording is saved when the
// test passes. A test that is skipped or panics saves nothing and is not checked.
// Several clients may share one option; recording the same name twice at a time
// fails, as one file would overwrite the other.
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
	file, err := filepath.Abs(c.name)
	if err != nil {
		t.Fatalf("cassettes: %v", err)
		return nil
	}
	if c.Recording() {
		if _, there := beingRecorded.LoadOrStore(file, true); there {
			t.Fatalf("cassettes: %s.yaml is being recorded already; give its option to each client", c.name)
			return nil
		}
	}
	t.Cleanup(func() {
		t.Helper()
		if c.Recording() {
			defer beingRecorded.Delete(file)
		}
		if skipped, ok := t.(interface{ Skipped() bool }); ok && skipped.Skipped() && !t.Failed() {
			return // it did not make all of its requests
		}
		if panicking() || c.Recording() && t.Failed() {
			return // a failing test may have recorded the failure
		}
		if err := c.Close(); err != nil {
			t.Errorf("cassettes: %v", err)
		}
	})
	return c.Option()
}

// panicking reports, in a test's cleanup, whether the test panics: the test has not
// failed yet then, and a cleanup cannot recover.
func panicking() bool {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers)])
	for {
		frame, more := frames.Next()
		if frame.Function == "runtime.gopanic" {
			return true
		}
		if !more {
			return false
		}
	}
}

// beingRecorded are the files that [Use] is recording.
var beingRecorded sync.Map

func checkName(name string) error {
	switch path := filepath.FromSlash(name); {
	case name == "":
		return errors.New("the cassette has no name")
	case !filepath.IsLocal(path) || filepath.Clean(path) == "." || strings.HasSuffix(name, ".yaml"):
		return errors.New("cassette " + name + ": want a name below " + Folder + ", without .yaml")
	}
	return nil
}

// Credentials returns those of the app in NIM_APP_KEY and NIM_APP_SECRET while
// recording, and made-up ones in replay, which needs no app. Pass the [Record] option
// where [Use] has it.
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
