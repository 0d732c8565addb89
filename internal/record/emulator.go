package record

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

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

// FromEmulator plays the conformance suite and the probes on emulators and
// returns what it recorded, the same each time. Another dialect than the
// canonical one is recorded where the scenario's own operation has other
// responses in it. The contract says which requests the spec does not allow.
func FromEmulator(ctx context.Context, c *contract.Contract) ([]*Recording, error) {
	plays, err := allPlays()
	if err != nil {
		return nil, err
	}
	var list []*Recording
	for _, p := range plays {
		var canonical *Recording
		for _, dialect := range Dialects {
			r, err := p.record(ctx, dialect)
			if err != nil {
				return nil, fmt.Errorf("%s, dialect %s: %w", p.name, dialect, err)
			}
			if dialect == wire.Canonical {
				canonical = r
			} else if sameResponses(canonical, r) {
				continue
			}
			r.MarkInvalid(c) //nolint:contextcheck // it asks the spec alone
			list = append(list, r)
		}
	}
	return list, nil
}

// play is how a scenario or a probe is played on an emulator.
type play struct {
	name      string // operation/scenario
	options   []emulator.Option
	missigned bool
	do        func(ctx context.Context, srv *emulator.Server, option wrapper.Option) error
}

func allPlays() ([]play, error) {
	suite, err := conformance.Load()
	if err != nil {
		return nil, err
	}
	var list []play
	for _, scenario := range suite.Scenarios {
		options := []emulator.Option{emulator.WithStrict(scenario.Options.Strict)}
		if scenario.Options.Accounts != "" {
			options = append(options, emulator.WithAccounts(emulator.Accounts(scenario.Options.Accounts)))
		}
		list = append(list, play{name: scenario.Name, options: options, do: func(ctx context.Context, srv *emulator.Server, option wrapper.Option) error {
			control, err := conformance.NewControlPlaneVia(ctx, srv.URL, srv.Client())
			if err != nil {
				return err
			}
			client, err := NewClient(srv.Credentials(), option, srv.URL, srv.Now)
			if err != nil {
				return err
			}
			return suite.Play(ctx, scenario, &conformance.Emulated{SDK: conformance.SDK{Client: client}, ControlPlane: control})
		}})
	}
	for _, probe := range Probes {
		list = append(list, play{name: probe.Name, options: probe.Options, missigned: probe.Missigned, do: func(ctx context.Context, srv *emulator.Server, option wrapper.Option) error {
			return probe.Play(ctx, srv.Credentials(), srv.URL, srv.Now, option)
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

// record plays on an emulator of its own.
func (p *play) record(ctx context.Context, dialect wire.Dialect) (r *Recording, err error) {
	t := new(run)
	defer func() { err = errors.Join(err, t.end()) }()
	options := append([]emulator.Option{
		emulator.WithoutPort(), emulator.WithStartTime(start), emulator.WithSeed(1), emulator.WithDialect(dialect),
	}, p.options...)
	srv := emulator.Start(t, options...) //nolint:contextcheck // it serves until t ends, as in a test
	if t.err != nil {
		return nil, t.err
	}
	r = &Recording{Source{Kind: Emulator, Dialect: dialect, Missigned: p.missigned}, new(cassettes.File)}
	if r.Operation, r.Scenario, err = split(p.name); err != nil {
		return nil, err
	}
	c, err := cassettes.Open(p.name, cassettes.Record(true), cassettes.WithFile(r.File), cassettes.WithTransport(srv.Client().Transport))
	if err != nil {
		return nil, err
	}
	return r, errors.Join(p.do(ctx, srv, c.Option()), c.Close())
}

// split cuts a name, operation/scenario.
func split(name string) (operation, scenario string, err error) {
	operation, scenario, ok := strings.Cut(name, "/")
	if !ok || operation == "" || scenario == "" || strings.ContainsAny(scenario, "/.") {
		return "", "", fmt.Errorf("scenario %q: want operation/scenario", name)
	}
	return operation, scenario, nil
}

// MarkInvalid notes which requests the spec does not allow.
func (r *Recording) MarkInvalid(c *contract.Contract) {
	for n, i := range r.Interactions {
		if c.Request(RequestOf(i), contract.Reading{}) != nil {
			r.Invalid = append(r.Invalid, n)
		}
	}
}

// sameResponses reports whether two recordings of a scenario have the same responses
// of the scenario's own operation.
func sameResponses(a, b *Recording) bool {
	return slices.Equal(a.ownResponses(), b.ownResponses())
}

// ownResponses are the responses of the operation that the scenario is about.
func (r *Recording) ownResponses() []string {
	var list []string
	for _, i := range r.Interactions {
		if o, err := operationAt(RequestOf(i).Path); err == nil && o.ID == r.Operation {
			list = append(list, i.Response.Body)
		}
	}
	return list
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
