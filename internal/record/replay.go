package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/conformance"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// Files are the cassettes below a folder, by their path from there. Each must
// have a source that is its path.
func Files(folder string) (map[string]*cassettes.File, error) {
	files := map[string]*cassettes.File{}
	for _, kind := range []string{cassettes.Document, cassettes.Emulator, cassettes.Live} {
		err := filepath.WalkDir(filepath.Join(folder, kind), func(path string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // nobody recorded this kind
			}
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" {
				return err
			}
			f, err := cassettes.Read(path)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(folder, path)
			if err != nil {
				return err
			}
			name = filepath.ToSlash(name)
			if f.Source == nil || Name(*f.Source) != name {
				return fmt.Errorf("%s: its source is not what its name says", path)
			}
			files[name] = f
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// Player replays cassettes through the SDK.
type Player struct {
	folder string
	suite  *conformance.Suite
	probes map[string]*Probe
}

// NewPlayer makes a player of the cassettes below a folder.
func NewPlayer(folder string) (*Player, error) {
	suite, err := conformance.Load()
	if err != nil {
		return nil, err
	}
	p := &Player{folder: folder, suite: callsOf(suite), probes: map[string]*Probe{}}
	for i := range Probes {
		p.probes[Probes[i].Name] = &Probes[i]
	}
	return p, nil
}

// callsOf is a suite without what is done to the service: a cassette has
// nothing behind it.
func callsOf(suite *conformance.Suite) *conformance.Suite {
	calls := &conformance.Suite{Given: map[string][]conformance.Step{}}
	for name, steps := range suite.Given {
		calls.Given[name] = withoutControls(steps)
	}
	for _, scenario := range suite.Scenarios {
		scenario.Steps = withoutControls(scenario.Steps)
		calls.Scenarios = append(calls.Scenarios, scenario)
	}
	return calls
}

func withoutControls(steps []conformance.Step) []conformance.Step {
	return slices.DeleteFunc(slices.Clone(steps), func(s conformance.Step) bool { return s.Control != "" })
}

// Stories are the names of all that a recording has a cassette of.
func (p *Player) Stories() []string {
	names := slices.Collect(maps.Keys(p.probes))
	for _, scenario := range p.suite.Scenarios {
		names = append(names, scenario.Name)
	}
	slices.Sort(names)
	return names
}

// Replay replays a cassette: what was said must be said again, all of it and in
// order, signed, and what was answered must be what the story expects. The
// error is all that is wrong.
func (p *Player) Replay(ctx context.Context, source cassettes.Source, options ...cassettes.Option) error {
	credentials, err := sign.NewCredentials("replayed-app-key", "replayed-app-secret")
	if err != nil {
		return err
	}
	if source.Missigned {
		options = append(options, cassettes.WithoutSignatureCheck())
	}
	name := strings.TrimSuffix(filepath.Join(p.folder, filepath.FromSlash(Name(source))), ".yaml")
	c, err := cassettes.Open(name, append(options, cassettes.Record(false))...)
	if err != nil {
		return err
	}
	play := p.story
	if source.Kind == cassettes.Document {
		play = p.example
	}
	return errors.Join(play(ctx, source, credentials, c), c.Close())
}

// story replays a scenario or a probe.
func (p *Player) story(ctx context.Context, source cassettes.Source, credentials sign.Credentials, c *cassettes.Cassette) error {
	name := source.Operation + "/" + source.Scenario
	if probe := p.probes[name]; probe != nil {
		return probe.Play(ctx, credentials, wrapper.DefaultBaseURL, time.Now, c.Option())
	}
	for _, scenario := range p.suite.Scenarios {
		if scenario.Name == name {
			client, err := NewClient(credentials, c.Option(), wrapper.DefaultBaseURL, time.Now)
			if err != nil {
				return err
			}
			return p.suite.Play(ctx, scenario, caller{conformance.SDK{Client: client}})
		}
	}
	return fmt.Errorf("no scenario and no probe is called %s", name)
}

// example replays the example of a document by the typed method.
func (p *Player) example(ctx context.Context, source cassettes.Source, credentials sign.Credentials, c *cassettes.Cassette) error {
	_, err := p.Example(ctx, source, credentials, c.Option())
	return err
}

// Example sends the request of a document's example by the typed method and
// returns what the SDK made of the answer.
func (p *Player) Example(ctx context.Context, source cassettes.Source, credentials sign.Credentials, option wrapper.Option) (conformance.Response, error) {
	f, err := cassettes.Read(filepath.Join(p.folder, filepath.FromSlash(Name(source))))
	if err != nil {
		return conformance.Response{}, err
	}
	i := f.Interactions[0]
	u, err := url.Parse(i.Request.URL)
	if err != nil {
		return conformance.Response{}, err
	}
	o, err := operationOf(u.Path)
	if err != nil {
		return conformance.Response{}, err
	}
	fields, err := wire.ParseForm(i.Request.Body)
	if err != nil {
		return conformance.Response{}, err
	}
	form := map[string]string{}
	for _, pair := range fields.Pairs() {
		form[pair.Name] = pair.Value
	}
	client, err := NewClient(credentials, option, wrapper.DefaultBaseURL, time.Now)
	if err != nil {
		return conformance.Response{}, err
	}
	answer, err := conformance.SDK{Client: client}.Call(ctx, o.ID, form, false)
	if err != nil {
		return answer, err
	}
	if want, err := codeOf(i.Response.Body); err != nil || answer.Code != want {
		return answer, fmt.Errorf("code %d, want %d: %w", answer.Code, want, err)
	}
	return answer, nil
}

// caller is a target that nothing can be done to but calling.
type caller struct{ conformance.SDK }

func (caller) Control(_ context.Context, action, _ string, _ json.RawMessage) (conformance.Response, error) {
	return conformance.Response{}, fmt.Errorf("control %s in a replay", action)
}
