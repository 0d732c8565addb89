package cassettes

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"

	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/wrapper"
)

// EnvRecord is the environment variable that switches recording on, unless an option
// says otherwise.
const EnvRecord = "NIMROOM_RECORD"

// Option changes how a cassette is recorded or replayed.
type Option func(*config) error

type config struct {
	recording *bool
	transport http.RoundTripper
	any       []string
	unsigned  bool
	empty     bool
	file      *File
	rewrite   func(*File) error
	secrets   []string
	app       environment.Settings // while recording
}

// Record switches recording on or off, regardless of [EnvRecord].
func Record(on bool) Option {
	return func(c *config) error {
		c.recording = &on
		return nil
	}
}

// WithTransport sets the transport of requests while recording. The default is the
// network.
func WithTransport(transport http.RoundTripper) Option {
	return func(c *config) error {
		if transport == nil {
			return errors.New("transport: nil")
		}
		c.transport = transport
		return nil
	}
}

// WithAnyValue names form fields whose values are not compared, because they differ
// from run to run, such as a time that is taken from the clock.
func WithAnyValue(fields ...string) Option {
	return func(c *config) error {
		if slices.Contains(fields, "") {
			return errors.New("any value: a field without a name")
		}
		c.any = append(c.any, fields...)
		return nil
	}
}

// WithoutSignatureCheck also replays requests whose signature is wrong, for tests of
// clients that sign wrongly on purpose.
func WithoutSignatureCheck() Option {
	return func(c *config) error {
		c.unsigned = true
		return nil
	}
}

// AllowEmpty also saves a recording without requests, for a test that may make none.
// Otherwise such a recording is [ErrEmpty].
func AllowEmpty() Option {
	return func(c *config) error {
		c.empty = true
		return nil
	}
}

// WithFile keeps the cassette in file and not on disk: a replay reads it from
// there, and a recording is put there by [Cassette.Close]. The cassette's name
// then only appears in errors.
func WithFile(file *File) Option {
	return func(c *config) error {
		if file == nil {
			return errors.New("file: nil")
		}
		c.file = file
		return nil
	}
}

// WithSecrets names further texts that must not be in the file: they are replaced
// wherever they stand. The app's key and secret always are.
func WithSecrets(texts ...string) Option {
	return func(c *config) error {
		for _, text := range texts {
			if len(text) < minSecret {
				return fmt.Errorf("secret: shorter than %d characters, it would be found everywhere", minSecret)
			}
		}
		c.secrets = append(c.secrets, texts...)
		return nil
	}
}

// WithRewrite sets a function that changes a recording after it was scrubbed and
// before it is saved. The result is checked for secrets again.
func WithRewrite(rewrite func(*File) error) Option {
	return func(c *config) error {
		if rewrite == nil {
			return errors.New("rewrite: nil")
		}
		c.rewrite = rewrite
		return nil
	}
}

func newConfig(options []Option) (config, error) {
	var c config
	for n, option := range options {
		if option == nil {
			return c, fmt.Errorf("option %d is nil", n)
		}
		if err := option(&c); err != nil {
			return c, err
		}
	}
	if c.recording == nil {
		on, err := recordingWanted()
		if err != nil {
			return c, err
		}
		c.recording = &on
	}
	if c.transport == nil {
		c.transport = network()
	}
	if *c.recording {
		return c, c.readApp()
	}
	return c, nil
}

// readApp reads the app and the service that a recording is made with.
func (c *config) readApp() (err error) {
	if c.app, err = environment.Read(os.Getenv, nil); err != nil { //nolint:forbidigo // asked for by recording
		return err
	}
	if host := c.app.Hosts()[0]; host != wrapper.DefaultBaseURL {
		base, err := parseBase(host)
		if err != nil {
			return err
		}
		c.transport = rebased{c.transport, base}
	}
	for _, secret := range []string{c.app.AppKey, c.app.Secret()} {
		if len(secret) >= minSecret {
			c.secrets = append(c.secrets, secret)
		}
	}
	return nil
}

// recordingWanted reads [EnvRecord].
func recordingWanted() (bool, error) {
	text, _ := os.LookupEnv(EnvRecord)
	if text == "" {
		return false, nil
	}
	on, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("%s=%q: want 1 or 0", EnvRecord, text)
	}
	return on, nil
}

// network returns a new transport, so that closing its idle connections does not
// affect others.
func network() http.RoundTripper {
	if transport, ok := http.DefaultTransport.(*http.Transport); ok {
		return transport.Clone()
	}
	return http.DefaultTransport
}
