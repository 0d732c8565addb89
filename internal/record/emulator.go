package record

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/conformance"
	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/check/contract"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// start is when every recording is made: the emulator's time stands still there.
var start = time.Date(2024, time.March, 15, 6, 31, 51, 0, time.UTC)

// Dialects are those that are recorded, the canonical one first.
var Dialects = []wire.Dialect{wire.Canonical, wire.EN2022, wire.Text}

// Emulator plays the conformance suite and the probes on emulators and writes
// the cassettes of all that happened below a folder, in place of those that are
// there. Two runs write the same bytes.
//
// Each scenario is one cassette. Another dialect than the canonical one has its
// own where it answers the scenario's operation with other bytes.
func Emulator(ctx context.Context, spec []byte, folder string) error {
	r, err := newEmulatorRecorder(spec)
	if err != nil {
		return err
	}
	defer r.remove()
	for _, story := range r.stories {
		for _, dialect := range Dialects {
			f, err := r.record(ctx, story, dialect)
			if err != nil {
				return fmt.Errorf("%s, dialect %s: %w", story.name, dialect, err)
			}
			if err := r.keep(f); err != nil {
				return fmt.Errorf("%s, dialect %s: %w", story.name, dialect, err)
			}
		}
	}
	return replace(folder, cassettes.Emulator, r.files)
}

// story is a scenario or a probe, as it is played on an emulator.
type story struct {
	name      string // operation/what
	options   []emulator.Option
	missigned bool
	play      func(ctx context.Context, e *stage) error
}

// stage is where a story is played.
type stage struct {
	srv     *emulator.Server
	option  wrapper.Option
	control *conformance.ControlPlane
}

func stories() ([]story, error) {
	suite, err := conformance.Load()
	if err != nil {
		return nil, err
	}
	var list []story
	for _, scenario := range suite.Scenarios {
		options := []emulator.Option{emulator.WithStrict(scenario.Options.Strict)}
		if scenario.Options.Accounts != "" {
			options = append(options, emulator.WithAccounts(emulator.Accounts(scenario.Options.Accounts)))
		}
		list = append(list, story{name: scenario.Name, options: options, play: func(ctx context.Context, s *stage) error {
			client, err := NewClient(s.srv.Credentials(), s.option, s.srv.URL, s.srv.Now)
			if err != nil {
				return err
			}
			return suite.Play(ctx, scenario, &conformance.Emulated{SDK: conformance.SDK{Client: client}, ControlPlane: s.control})
		}})
	}
	for _, probe := range Probes {
		list = append(list, story{name: probe.Name, options: probe.Options, missigned: probe.Missigned, play: func(ctx context.Context, s *stage) error {
			return probe.Play(ctx, s.srv.Credentials(), s.srv.URL, s.srv.Now, s.option)
		}})
	}
	return list, nil
}

// NewClient makes a client that sends each call once and at once.
func NewClient(credentials sign.Credentials, option wrapper.Option, baseURL string, now func() time.Time, more ...wrapper.Option) (*wrapper.Client, error) {
	options := append([]wrapper.Option{
		option, wrapper.WithBaseURL(baseURL), wrapper.WithClock(now), wrapper.WithLimiter(nil),
		wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}),
	}, more...)
	return wrapper.New(credentials, options...)
}

type emulatorRecorder struct {
	contract  *contract.Contract
	stories   []story
	temporary string
	canonical *cassettes.File // of the story under way
	files     map[string][]byte
}

func newEmulatorRecorder(spec []byte) (*emulatorRecorder, error) {
	c, err := contract.New(spec)
	if err != nil {
		return nil, err
	}
	list, err := stories()
	if err != nil {
		return nil, err
	}
	temporary, err := os.MkdirTemp("", "record-")
	return &emulatorRecorder{contract: c, stories: list, temporary: temporary, files: map[string][]byte{}}, err
}

func (r *emulatorRecorder) remove() { _ = os.RemoveAll(r.temporary) } // the system clears what is left

// record plays a story on an emulator of its own.
func (r *emulatorRecorder) record(ctx context.Context, s story, dialect wire.Dialect) (f *cassettes.File, err error) {
	t := new(run)
	defer func() { err = errors.Join(err, t.end()) }()
	options := append([]emulator.Option{
		emulator.WithoutPort(), emulator.WithStartTime(start), emulator.WithSeed(1), emulator.WithDialect(dialect),
	}, s.options...)
	srv := emulator.Start(t, options...) //nolint:contextcheck // it serves until t ends, as in a test
	if t.err != nil {
		return nil, t.err
	}
	control, err := conformance.NewControlPlaneVia(ctx, srv.URL, srv.Client())
	if err != nil {
		return nil, err
	}
	operation, what, err := split(s.name)
	if err != nil {
		return nil, err
	}
	source := cassettes.Source{
		Kind: cassettes.Emulator, Operation: operation, Scenario: what, Dialect: dialect.String(), Missigned: s.missigned,
	}
	tape := filepath.Join(r.temporary, "tape")
	c, err := cassettes.Open(tape,
		cassettes.Record(true),
		cassettes.WithTransport(srv.Client().Transport),
		cassettes.WithSource(source),
		cassettes.WithRewrite(r.mark),
	)
	if err != nil {
		return nil, err
	}
	if err := s.play(ctx, &stage{srv: srv, option: c.Option(), control: control}); err != nil {
		return nil, err
	}
	if err := c.Close(); err != nil {
		return nil, err
	}
	return cassettes.Read(tape + ".yaml")
}

// mark notes which requests the spec does not allow.
func (r *emulatorRecorder) mark(f *cassettes.File) error {
	for n, i := range f.Interactions {
		if r.contract.Request(RequestOf(i), contract.Reading{}) != nil {
			f.Source.Invalid = append(f.Source.Invalid, n)
		}
	}
	return nil
}

// RequestOf is a recorded request as the contract takes it.
func RequestOf(i *cassette.Interaction) contract.Request {
	path := ""
	if u, err := url.Parse(i.Request.URL); err == nil {
		path = u.Path
	}
	return contract.Request{Method: i.Request.Method, Path: path, Header: i.Request.Headers, Body: i.Request.Body}
}

// keep takes a cassette in, unless its operation answers as in the canonical
// dialect.
func (r *emulatorRecorder) keep(f *cassettes.File) error {
	if f.Source.Dialect == wire.Canonical.String() {
		r.canonical = f
	} else if same, err := sameAnswers(r.canonical, f); err != nil || same {
		return err
	}
	text, err := f.Text()
	r.files[Name(*f.Source)] = text
	return err
}

// sameAnswers tells whether two recordings of a story have the same answers to
// the story's own operation.
func sameAnswers(a, b *cassettes.File) (bool, error) {
	if len(a.Interactions) != len(b.Interactions) {
		return false, errors.New("the dialects tell different stories")
	}
	for n := range a.Interactions {
		path := RequestOf(a.Interactions[n]).Path
		o, err := operationOf(path)
		if err != nil {
			return false, err
		}
		if o.ID == a.Source.Operation && a.Interactions[n].Response.Body != b.Interactions[n].Response.Body {
			return false, nil
		}
	}
	return true, nil
}

// run is what an emulator takes for the test that it serves.
type run struct {
	err      error
	cleanups []func()
}

func (r *run) Helper()                      {}
func (r *run) Cleanup(f func())             { r.cleanups = append(r.cleanups, f) }
func (r *run) Fatalf(f string, args ...any) { r.err = errors.Join(r.err, fmt.Errorf(f, args...)) }

func (r *run) end() error {
	for i := len(r.cleanups) - 1; i >= 0; i-- {
		r.cleanups[i]()
	}
	return r.err
}
