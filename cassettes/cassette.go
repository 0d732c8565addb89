package cassettes

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/recorder"

	"github.com/nimroom/nimroom/internal/scrub"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// Errors of [Cassette.Close] and of calls, by errors.Is.
var (
	// ErrMissing means that there is no such file. Record it.
	ErrMissing = errors.New("no such cassette")
	// ErrUnknownRequest means that a request was made that was not recorded.
	ErrUnknownRequest = errors.New("request not in the cassette")
	// ErrUnused means that a recorded request was not made.
	ErrUnused = errors.New("recorded request not made")
	// ErrSignature means that a request was not signed as the service requires.
	ErrSignature = errors.New("wrong signature")
	// ErrEmpty means that nothing was recorded, and so nothing is saved.
	ErrEmpty = errors.New("nothing was recorded")
	// ErrIncomplete means that a request was made that the recording could not hold,
	// and so nothing is saved.
	ErrIncomplete = errors.New("the recording is not complete")
	// ErrSecret means that the recording holds a secret, and so it is not saved.
	ErrSecret = errors.New("a secret is left")
)

// Cassette is a file that is being replayed or recorded. Tests get one from [Use].
// It is safe for use by several goroutines.
type Cassette struct {
	name      string // of the file, without .yaml, as it was given
	file      string // the same, from the root
	recording bool
	config    config
	recorder  *recorder.Recorder
	match     *matcher

	mu       sync.Mutex
	problems []error
	nonces   map[string]bool
	apps     map[string]sign.Credentials // of its clients, by their AppKeys
	made     attempts                    // while recording
	late     func(error)                 // takes the error of a request that comes after Close
}

// Open opens the cassette of a file, without .yaml: in replay, or with [Record]
// or [EnvRecord] for recording, which replaces the file on Close.
func Open(name string, options ...Option) (*Cassette, error) {
	config, err := newConfig(options)
	if err != nil {
		return nil, err
	}
	file, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	c := &Cassette{
		name: name, file: file, made: attempts{unanswered: map[string]string{}}, late: func(error) {}, recording: *config.recording, config: config,
		match: newMatcher(config.any, newScrubber(config.secrets)), nonces: map[string]bool{}, apps: map[string]sign.Credentials{},
	}
	mode, transport := recorder.ModeReplayOnly, http.RoundTripper(noNetwork{})
	var storage cassette.FS = disk{}
	if config.file != nil {
		storage = memory{config.file}
	}
	if c.recording {
		mode, transport = recorder.ModeRecordOnly, reading{config.transport}
		if config.file == nil {
			if err := checkPlace(file); err != nil {
				return nil, err
			}
		}
	} else if err := c.look(); err != nil {
		return nil, err
	}
	c.recorder, err = recorder.New(file,
		recorder.WithMode(mode),
		recorder.WithRealTransport(transport),
		recorder.WithMatcher(c.match.matches),
		recorder.WithSkipRequestLatency(true),
		recorder.WithFS(storage),
		recorder.WithMarshalFunc(c.marshal),
		recorder.WithDebugWriter(silent{}),
		recorder.WithHook(c.unused, recorder.OnRecorderStopHook),
	)
	if err != nil {
		return nil, fmt.Errorf("%s.yaml: %w", name, err)
	}
	return c, nil
}

// look checks the file before go-vcr reads it, which accepts whatever is in one.
func (c *Cassette) look() error {
	if c.config.file != nil {
		return c.config.file.check()
	}
	_, err := Read(c.file + ".yaml")
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s.yaml; record it: run this with %s=1 and the service's credentials", ErrMissing, c.name, EnvRecord)
	}
	return err
}

// Recording reports whether the cassette is being recorded.
func (c *Cassette) Recording() bool { return c.recording }

// Option returns an option for [wrapper.New] that makes a client use the cassette.
func (c *Cassette) Option() wrapper.Option {
	return wrapper.WithTransport(func(credentials sign.Credentials, now func() time.Time) http.RoundTripper {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.apps[credentials.AppKey()] = credentials
		return &transport{c, credentials, now}
	})
}

// Close saves a recording, or returns all that was wrong with the replay, one line
// each.
func (c *Cassette) Close() error {
	c.mu.Lock()
	c.made.closed = true
	c.mu.Unlock()
	err := c.recorder.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Join(append(c.problems, err)...)
}

// problem notes what is wrong, once for all attempts of a call, and returns it.
func (c *Cassette) problem(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.ContainsFunc(c.problems, func(known error) bool { return known.Error() == err.Error() }) {
		c.problems = append(c.problems, err)
	}
	return err
}

// unused is called with each interaction at the end.
func (c *Cassette) unused(i *cassette.Interaction) error {
	if !c.recording && !i.WasReplayed() {
		_ = c.problem(fmt.Errorf("%w: number %d, %s", ErrUnused, i.ID, c.describe(i.Request.Method, i.Request.URL, i.Request.Body)))
	}
	return nil
}

// transport is the transport of a client that uses a cassette.
type transport struct {
	*Cassette
	credentials sign.Credentials
	now         func() time.Time
}

// probePath ends the path of the requests by which a client checks whether a host is
// alive. They depend on time, and so they are neither recorded nor replayed.
const probePath = "/health/liveness.action"

// RoundTrip records or replays a request. It does not change the request.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	own, body, err := copied(req)
	if err != nil {
		return nil, err
	}
	if t.recording {
		t.config.unnamed(own)
	}
	switch probe := req.Method == http.MethodGet && strings.HasSuffix(req.URL.Path, probePath); {
	case probe && t.recording:
		return t.config.transport.RoundTrip(own)
	case probe:
		return alive(req), nil
	case !t.recording && !t.config.unsigned:
		if err := t.verify(own); err != nil {
			return nil, t.problem(fmt.Errorf("%w of %s: %w", ErrSignature, t.describe(req.Method, req.URL.String(), body), err))
		}
	}
	if t.recording {
		return t.record(req, own, body)
	}
	response, err := t.recorder.RoundTrip(own)
	if errors.Is(err, cassette.ErrInteractionNotFound) {
		return nil, t.problem(fmt.Errorf("%w %s.yaml: %s", ErrUnknownRequest, t.name, t.describe(req.Method, req.URL.String(), body)))
	}
	if err != nil {
		return nil, err
	}
	response.Request = req
	response.Header = response.Header.Clone()
	return response, t.match.personal(response)
}

// CloseIdleConnections closes those of the transport for recording. An http.Client
// calls it.
func (t *transport) CloseIdleConnections() {
	closeIdle(t.config.transport)
}

// copied reads a request's body and makes a copy that shares nothing with the
// request, since go-vcr gives hooks and matchers the headers themselves.
func copied(req *http.Request) (own *http.Request, body string, err error) {
	own = req.Clone(req.Context())
	own.Body, own.GetBody = http.NoBody, nil
	if req.Body == nil || req.Body == http.NoBody {
		return own, "", nil
	}
	text, err := io.ReadAll(req.Body)
	if closing := req.Body.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return nil, "", err
	}
	own.ContentLength = int64(len(text))
	own.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	own.Body, err = own.GetBody()
	return own, string(text), err
}

// alive is the response to a probe in replay.
func alive(req *http.Request) *http.Response {
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"code":200}`)), Request: req,
	}
}

// noNetwork is the network of a replay.
type noNetwork struct{}

func (noNetwork) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("cassettes: a replay does not dial")
}

// reading reads a request's whole body before it is sent. go-vcr records what was
// read of it, and a response may come before the rest is.
type reading struct{ http.RoundTripper }

func (r reading) RoundTrip(req *http.Request) (*http.Response, error) {
	text, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	req.Body = io.NopCloser(bytes.NewReader(text))
	return r.RoundTripper.RoundTrip(req)
}

// silent discards go-vcr's debug output, which holds whole requests. go-vcr replaces
// io.Discard by the standard error when VCR_DEBUG is set, and silent it does not.
type silent struct{}

func (silent) Write(p []byte) (int, error) { return len(p), nil }

// scrubber knows the secrets of the cassette and of its clients.
func (c *Cassette) scrubber() scrubber {
	c.mu.Lock()
	defer c.mu.Unlock()
	secrets := slices.Clone(c.config.secrets)
	for key := range c.apps {
		if len(key) >= minSecret {
			secrets = append(secrets, key)
		}
	}
	return newScrubber(secrets, slices.Collect(maps.Values(c.apps))...)
}

// describe names a request in an error, readably, without secrets and without the host, which
// does not count.
func (c *Cassette) describe(method, address, body string) string {
	path := "?"
	if u, err := url.Parse(address); err == nil {
		path = u.Path
	}
	text := scrub.Field(c.scrubber().Form(body))
	if len(text) > 300 {
		text = text[:300] + "..."
	}
	return fmt.Sprintf("%s %s %s", method, path, text)
}
