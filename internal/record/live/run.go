package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/conformance"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/record"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper"
)

// settling bounds the time of cleaning up, which an interrupt does not stop.
const settling = 2 * time.Minute

// ErrNotReachable says that the first call found no service. Nothing was played.
var ErrNotReachable = errors.New("the service cannot be reached, or does not accept the app")

// run is a run under way.
type run struct {
	Config
	suite   *conformance.Suite
	mapping *accountMapping
	tracker *tracker
	compare *comparer
	report  *Report
	client  *wrapper.Client // for all that is not recorded
	before  map[gen.RoomID]bool
	ours    map[string]*record.Recording // by operation/scenario
	items   []item
	begun   int // of the items
}

// item is a scenario or a probe that the service can play.
type item struct {
	name      string
	missigned bool
	play      func(ctx context.Context, option wrapper.Option) error
	calls     []string // the ids of the operations that it calls
}

// Run plays every scenario that the service can play, records it in Folder/live,
// cleans up, and writes report.txt and report.json there. Differences are no error;
// an error says what went wrong with the run itself.
func Run(ctx context.Context, c Config) (*Report, error) {
	r, err := newRun(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := r.look(ctx); err != nil {
		return nil, r.anonymous(fmt.Errorf("%w: %w", ErrNotReachable, err))
	}
	r.report.Seen, err = r.tracker.identity()
	if err != nil {
		return nil, r.anonymous(err)
	}
	for _, item := range r.items {
		r.play(ctx, item)
	}
	r.cleanUp(ctx)
	r.report.Interrupted = ctx.Err() != nil
	r.report.judge(r.compare)
	return r.report, r.anonymous(errors.Join(r.write(), r.problems()))
}

func newRun(ctx context.Context, c Config) (*run, error) {
	suite, err := conformance.Load()
	if err != nil {
		return nil, err
	}
	ours, err := oursIn(c.Folder)
	if err != nil {
		return nil, err
	}
	if err := checkAddress(ctx, c.BaseURL, c.Resolve); err != nil {
		return nil, err
	}
	if c.Transport == nil {
		c.Transport = network(c.BaseURL)
	}
	r := &run{
		Config: c, suite: suite, mapping: newAccountMapping(c.Accounts, c.Contract.FieldsOfFormat("accid")), tracker: newTracker(c.Transport, c.Interval),
		compare: &comparer{contract: c.Contract}, before: map[gen.RoomID]bool{}, ours: ours,
		report: &Report{BaseURL: c.BaseURL},
	}
	for _, scenario := range r.suite.Scenarios {
		if c.only == nil || c.only(scenario.Name) {
			r.scenario(scenario)
		}
	}
	for i := range record.Probes {
		if c.only == nil || c.only(record.Probes[i].Name) {
			r.probe(&record.Probes[i])
		}
	}
	r.client, err = wrapper.New(c.Credentials, wrapper.WithBaseURL(c.BaseURL), wrapper.WithHTTPClient(&http.Client{Transport: r.tracker}))
	return r, err
}

// oursIn reads the emulator's recordings of the canonical dialect.
func oursIn(folder string) (map[string]*record.Recording, error) {
	list, err := record.Load(folder, record.Emulator)
	if err != nil {
		return nil, err
	}
	ours := map[string]*record.Recording{}
	for _, r := range list {
		if r.Dialect == wire.Canonical {
			ours[r.Operation+"/"+r.Scenario] = r
		}
	}
	return ours, nil
}

// look asks the server who it is, and notes which rooms the accounts have before
// anything is done.
func (r *run) look(ctx context.Context) error {
	_, err := r.client.Do(ctx, identityPath, nil)
	if _, ours := r.tracker.identity(); ours != nil || errors.Is(err, wrapper.ErrUnavailable) {
		return cmp.Or(ours, err)
	}
	for _, account := range r.Accounts {
		ids, err := r.client.Rooms.ListByCreator(ctx, gen.ListUserChatroomsForm{Creator: account})
		if err != nil {
			return err
		}
		for _, id := range ids {
			r.before[id] = true
		}
	}
	return nil
}

// scenario adds a scenario of the suite to what is to be played.
func (r *run) scenario(scenario conformance.Scenario) {
	if reason := r.mapping.unplayable(r.suite, scenario); reason != "" {
		r.skip(scenario.Name, reason)
		return
	}
	play := func(ctx context.Context, option wrapper.Option) error {
		client, err := record.NewClient(r.Credentials, option, r.BaseURL, time.Now)
		if err != nil {
			return err
		}
		target := &player{SDK: conformance.SDK{Client: client}, accounts: r.mapping}
		suite, opened := open(r.suite, scenario)
		err = suite.Play(ctx, opened, target)
		for _, unread := range target.unread {
			r.compare.note(scenario.Steps[0].Call, scenario.Name, Unread, "", "a response that the SDK reads", r.mapping.text(unread.Error()))
		}
		if err != nil && ctx.Err() == nil {
			r.compare.note(scenario.Steps[0].Call, scenario.Name, Ended, "", "played to its end", r.mapping.text(err.Error()))
			return nil
		}
		return err
	}
	var calls []string
	for _, step := range stepsOf(r.suite, scenario) {
		calls = append(calls, step.Call)
	}
	r.items = append(r.items, item{scenario.Name, false, play, calls})
}

// probe adds a probe.
func (r *run) probe(p *record.Probe) {
	if p.Local != "" {
		r.skip(p.Name, p.Local)
		return
	}
	own := *p
	own.Rename = r.mapping.form
	own.Any = true
	operation, _, _ := strings.Cut(p.Name, "/")
	r.items = append(r.items, item{p.Name, p.Missigned, func(ctx context.Context, option wrapper.Option) error {
		return own.Play(ctx, r.Credentials, r.BaseURL, time.Now, option)
	}, slices.Repeat([]string{operation}, len(p.Codes))})
}

func (r *run) skip(name, reason string) {
	r.report.Skipped = append(r.report.Skipped, Skipped{name, reason})
}

// play records a scenario, compares the recording with ours, and cleans up.
func (r *run) play(ctx context.Context, item item) {
	r.begun++
	if _, ours := r.tracker.identity(); ctx.Err() != nil || ours != nil {
		return
	}
	operation, short, _ := strings.Cut(item.name, "/")
	theirs, err := r.record(record.Source{Kind: record.Live, Operation: operation, Scenario: short, Missigned: item.missigned}, //nolint:contextcheck // what it marks, it asks the spec alone
		func(option wrapper.Option) error { return item.play(ctx, option) })
	r.settle(ctx)
	if errors.Is(err, cassettes.ErrIncomplete) && ctx.Err() == nil {
		r.skip(item.name, "not recorded: "+r.anonymous(err).Error())
		r.say("%d of %d: %s: not recorded: %v\n", r.begun, len(r.items), item.name, err)
		return
	}
	if err == nil {
		ours := r.ours[item.name]
		if ours == nil {
			err = errors.New("the emulator's recordings do not have it: run make record")
		} else {
			r.compare.compare(ours, theirs)
			r.report.Played = append(r.report.Played, item.name)
			r.say("%d of %d: %s\n", r.begun, len(r.items), item.name)
			return
		}
	}
	r.report.Failed = append(r.report.Failed, Skipped{item.name, r.anonymous(err).Error()})
	r.say("%d of %d: %s: failed: %v\n", r.begun, len(r.items), item.name, err)
}

func (r *run) record(source record.Source, scenario func(wrapper.Option) error) (*record.Recording, error) {
	recording := &record.Recording{Source: source, File: new(cassettes.File)}
	c, err := cassettes.Open(source.Name(), cassettes.Record(true), cassettes.WithFile(recording.File), cassettes.WithTransport(r.tracker),
		cassettes.WithSecrets(r.longSecrets()...), cassettes.WithRewrite(r.mapping.anonymous))
	if err != nil {
		return nil, err
	}
	if err := scenario(c.Option()); err != nil {
		return nil, err
	}
	if err := c.Close(); err != nil {
		return nil, err
	}
	if recording.Seen, err = r.tracker.identity(); err != nil {
		return nil, err
	}
	recording.MarkInvalid(r.compare.contract)
	return recording, record.Put(r.Folder, recording)
}

// longSecrets are those that can be looked for everywhere.
func (r *run) longSecrets() []string {
	var long []string
	for _, secret := range r.Secrets {
		if len(secret) >= 8 {
			long = append(long, secret)
		}
	}
	return long
}

// settle closes what is open, also after an interrupt.
func (r *run) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	r.tracker.settle(ctx, r.client, false, &r.report.Cleanup)
}

// cleanUp closes what is still open, including rooms whose creation got no response.
func (r *run) cleanUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	r.report.Cleanup.Failures = nil // all of them are tried again
	r.tracker.adopt(ctx, r.client, r.before, &r.report.Cleanup)
	r.tracker.settle(ctx, r.client, true, &r.report.Cleanup)
	for i, failure := range r.report.Cleanup.Failures {
		r.report.Cleanup.Failures[i] = r.shown(failure)
	}
}

// write writes the reports.
func (r *run) write() error {
	folder := filepath.Join(r.Folder, string(record.Live))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	text, err := r.report.JSON()
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(folder, "report.json"), []byte(r.shown(string(text))), 0o644),
		os.WriteFile(filepath.Join(folder, "report.txt"), []byte(r.shown(r.report.Text())), 0o644),
	)
}

// problems are what was wrong with the run.
func (r *run) problems() error {
	var list []error
	if _, ours := r.tracker.identity(); ours != nil {
		list = append(list, ours)
	}
	if r.report.Interrupted {
		list = append(list, errors.New("interrupted"))
	}
	if n := len(r.report.Cleanup.Failures); n > 0 {
		list = append(list, fmt.Errorf("%d things are not cleaned up; the report names them", n))
	}
	if n := len(r.report.Failed); n > 0 {
		list = append(list, fmt.Errorf("%d scenarios failed; the report names them", n))
	}
	return errors.Join(list...)
}

// say writes about the progress.
func (r *run) say(format string, args ...any) {
	fmt.Fprint(r.Out, r.shown(fmt.Sprintf(format, args...)))
}

// shown is a text without secrets and accounts.
func (r *run) shown(text string) string {
	for _, secret := range r.Secrets {
		text = strings.ReplaceAll(text, secret, "REDACTED")
	}
	return r.mapping.text(text)
}

// anonymous is an error without them.
func (r *run) anonymous(err error) error {
	if err == nil {
		return nil
	}
	if shown := r.shown(err.Error()); shown != err.Error() {
		return errors.New(shown)
	}
	return err
}
