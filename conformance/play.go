package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
)

// Run plays every scenario as a subtest, each against a target of its own.
func (s *Suite) Run(t *testing.T, start func(*testing.T, Options) Target) {
	if start == nil {
		t.Fatal("conformance: start is nil")
	}
	for _, scenario := range s.Scenarios {
		t.Run(scenario.Name, func(t *testing.T) {
			if err := s.Play(t.Context(), scenario, start(t, scenario.Options)); err != nil {
				t.Error(err)
			}
		})
	}
}

// Play plays one scenario against a new target. The error names the first step that
// failed, with all its differences.
func (s *Suite) Play(ctx context.Context, scenario Scenario, target Target) error {
	switch {
	case ctx == nil:
		return errors.New("conformance: the context is nil")
	case target == nil:
		return errors.New("conformance: the target is nil")
	}
	p := player{target: target, saved: variables{}}
	if err := s.begin(ctx, &p, scenario); err != nil {
		return err
	}
	return p.steps(ctx, scenario.Steps)
}

// begin plays the beginnings that a scenario names.
func (s *Suite) begin(ctx context.Context, p *player, scenario Scenario) error {
	for _, name := range scenario.Given {
		if err := p.steps(ctx, s.Given[name]); err != nil {
			return fmt.Errorf("given %s, %w", name, err)
		}
	}
	return nil
}

// player plays the steps of a scenario.
type player struct {
	target Target
	saved  variables
}

func (p *player) steps(ctx context.Context, steps []Step) error {
	for i := range steps {
		if err := p.step(ctx, &steps[i]); err != nil {
			return fmt.Errorf("step %d (%s): %w", i+1, steps[i].title(), err)
		}
	}
	return nil
}

func (p *player) step(ctx context.Context, s *Step) error {
	response, err := p.perform(ctx, s)
	if err != nil {
		return err
	}
	if response.Code != s.wanted() {
		return fmt.Errorf("code %d %q, want %d", response.Code, response.Desc, s.wanted())
	}
	if s.Desc != nil {
		if err := s.Desc.meets(p.saved, response.Desc); err != nil {
			return fmt.Errorf("desc: %w", err)
		}
	}
	if s.Call == "" || response.Code != codeOK {
		return nil
	}
	var body any
	if err := decode(response.Body, &body); err != nil {
		return fmt.Errorf("response %s: %w", response.Body, err)
	}
	if err := p.compare(s, body); err != nil {
		return fmt.Errorf("%w\nresponse: %s", err, response.Body)
	}
	return nil
}

func (p *player) perform(ctx context.Context, s *Step) (Response, error) {
	if s.Call != "" {
		form, err := p.saved.form(s.Form)
		if err != nil {
			return Response{}, err
		}
		return p.target.Call(ctx, s.Call, form, s.Raw)
	}
	room, err := p.saved.resolve(s.Room)
	if err != nil {
		return Response{}, err
	}
	with, err := p.saved.resolve(s.With)
	if err != nil {
		return Response{}, err
	}
	body, err := json.Marshal(with)
	if err != nil {
		return Response{}, err
	}
	id, _ := scalar(room)
	return p.target.Control(ctx, s.Control, id, body)
}

// compare checks a response against what a step expects, and saves from it.
func (p *player) compare(s *Step, body any) error {
	var problems []error
	note := func(path string, err error) {
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", path, err))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(s.Response)) {
		note(path, p.holds(body, path, s.Response[path]))
	}
	for _, path := range s.Absent {
		note(path, p.lacks(body, path))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Save)) {
		value, there := lookup(body, s.Save[name])
		if !there {
			note(s.Save[name], errNothing)
		}
		p.saved[name] = value
	}
	return errors.Join(problems...)
}

var errNothing = errors.New("nothing there")

func (p *player) holds(body any, path string, want Expectation) error {
	path, err := p.saved.path(path)
	if err != nil {
		return err
	}
	got, there := lookup(body, path)
	if !there {
		return errNothing
	}
	return want.meets(p.saved, got)
}

func (p *player) lacks(body any, path string) error {
	path, err := p.saved.path(path)
	if err != nil {
		return err
	}
	if found, ok := empty(body, path); !ok {
		return fmt.Errorf("%s, want nothing", show(found))
	}
	return nil
}
