package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/conformance"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// Player replays recordings through the SDK.
type Player struct {
	suite  *conformance.Suite
	probes map[string]*Probe
}

// NewPlayer makes a player.
func NewPlayer() (*Player, error) {
	suite, err := conformance.Load()
	if err != nil {
		return nil, err
	}
	p := &Player{suite: callsOf(suite), probes: map[string]*Probe{}}
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

// Scenarios are the names of all that the emulator's recordings play.
func (p *Player) Scenarios() []string {
	names := slices.Collect(maps.Keys(p.probes))
	for _, scenario := range p.suite.Scenarios {
		names = append(names, scenario.Name)
	}
	slices.Sort(names)
	return names
}

// Replay replays a recording. The same requests must be made again, all of them
// and signed, and the responses must be those that the scenario expects. The
// error is all that is wrong.
func (p *Player) Replay(ctx context.Context, r *Recording) error {
	credentials, err := sign.NewCredentials("replayed-app-key", "replayed-app-secret")
	if err != nil {
		return err
	}
	options := []cassettes.Option{cassettes.Record(false), cassettes.WithFile(r.File)}
	if r.Missigned {
		options = append(options, cassettes.WithoutSignatureCheck())
	}
	c, err := cassettes.Open(r.Name(), options...)
	if err != nil {
		return err
	}
	if r.Kind == Page {
		_, err = p.Example(ctx, r, credentials, c.Option())
	} else {
		err = p.scenario(ctx, r.Operation+"/"+r.Scenario, credentials, c)
	}
	return errors.Join(err, c.Close())
}

// scenario plays a scenario or a probe.
func (p *Player) scenario(ctx context.Context, name string, credentials sign.Credentials, c *cassettes.Cassette) error {
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

// Example sends the request of a page's example by the typed method and returns
// what the SDK made of the response.
func (p *Player) Example(ctx context.Context, r *Recording, credentials sign.Credentials, option wrapper.Option) (conformance.Response, error) {
	i := r.Interactions[0]
	form := map[string]string{}
	for name := range i.Request.Form {
		form[name] = i.Request.Form.Get(name)
	}
	client, err := NewClient(credentials, option, wrapper.DefaultBaseURL, time.Now)
	if err != nil {
		return conformance.Response{}, err
	}
	response, err := conformance.SDK{Client: client}.Call(ctx, r.Operation, form, false)
	if err != nil {
		return response, err
	}
	if want, err := codeOf(i.Response.Body); err != nil || response.Code != want {
		return response, fmt.Errorf("code %d, want %d: %w", response.Code, want, err)
	}
	return response, nil
}

// caller is a target that nothing can be done to but calling.
type caller struct{ conformance.SDK }

func (caller) Control(_ context.Context, action, _ string, _ json.RawMessage) (conformance.Response, error) {
	return conformance.Response{}, fmt.Errorf("control %s in a replay", action)
}
