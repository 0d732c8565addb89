package cassettes

import (
	"errors"
	"fmt"
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
	EnvAppKey    = wrapper.EnvAppKey
	EnvAppSecret = wrapper.EnvAppSecret
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
// [Record]. The name may have folders, with slashes. A recording of a client with its
// default hosts goes to the service that [wrapper.FromEnv] would choose.
//
// The test fails at its end for each request that was not recorded, each recorded one
// that was not made, and each that was signed wrongly. A recording is saved when the
// test passes. A test that is skipped or panics saves nothing and is not checked.
//
// The file is below the folder in which Use is called, wherever the test goes later. A
// name that no module or no file on Windows can have is refused, and so is the recording
// of a name that another test of the program has recorded, or that differs from another
// file's in case alone. Several clients may share one option. Requests that a cleanup
// makes belong to the recording if the cleanup was registered after Use was called.
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
	if c.Recording() {
		if err := recordings.begin(c.file, nameOf(t)); err != nil {
			t.Fatalf("cassettes: %s.yaml %v", c.name, err)
			return nil
		}
		c.late = func(err error) { t.Errorf("cassettes: %v", err) }
	}
	t.Cleanup(func() {
		t.Helper()
		defer recordings.end(c.file)
		skipped, _ := t.(interface{ Skipped() bool })
		why := ""
		switch {
		case skipped != nil && skipped.Skipped() && !t.Failed():
			why = "was skipped" // it did not make all of its requests
		case panicking():
			why = "panicked"
		case c.Recording() && t.Failed():
			why = "failed" // it may have recorded the failure
		}
		if why == "" {
			if err := c.Close(); err != nil {
				t.Errorf("cassettes: %v", err)
			}
			return
		}
		if log, ok := t.(interface{ Logf(string, ...any) }); ok && c.Recording() {
			log.Logf("cassettes: nothing is saved, because the test %s: %s.yaml is as it was", why, c.name)
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

// recordings are the files that [Use] records in this program.
var recordings = recordedFiles{tests: map[string]string{}, open: map[string]bool{}}

type recordedFiles struct {
	mu    sync.Mutex
	tests map[string]string // the test that recorded a file, by what the file is on any system
	open  map[string]bool
}

// begin reports whether a test may record a file: no other test's recording would be
// overwritten, now or later.
func (r *recordedFiles) begin(file, test string) error {
	file = strings.ToLower(file)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch other, there := r.tests[file]; {
	case r.open[file]:
		return errors.New("is being recorded already; give its option to each client, or each test a name of its own")
	case there && other != test:
		return fmt.Errorf("was recorded by %s, whose recording this one would overwrite; give each test a name of its own", other)
	}
	r.tests[file], r.open[file] = test, true
	return nil
}

func (r *recordedFiles) end(file string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, strings.ToLower(file))
}

// nameOf is the name of a test, and empty where it has none.
func nameOf(t T) string {
	if named, ok := t.(interface{ Name() string }); ok {
		return named.Name()
	}
	return ""
}

// Credentials returns those of the app in the environment while recording, from the
// variables that [wrapper.FromEnv] reads, and made-up ones in replay, which needs no app.
// Pass the [Record] option where [Use] has it.
func Credentials(t T, options ...Option) sign.Credentials {
	t.Helper()
	c, err := newConfig(options)
	if err != nil {
		t.Fatalf("cassettes: %v", err)
		return sign.Credentials{}
	}
	key, secret := "replayed-app-key", "replayed-app-secret"
	if *c.recording {
		key, secret = c.app.AppKey, c.app.Secret()
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
