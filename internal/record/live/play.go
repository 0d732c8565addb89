package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/conformance"
)

// unplayable says why the live service cannot play a scenario, and is empty when it
// can.
func (m *accountMapping) unplayable(suite *conformance.Suite, scenario conformance.Scenario) string {
	steps := stepsOf(suite, scenario)
	var controls []string
	for _, step := range steps {
		if step.Control != "" && !slices.Contains(controls, step.Control) {
			controls = append(controls, step.Control)
		}
	}
	switch missing := m.missing(steps); {
	case len(controls) > 0:
		return "needs the control plane: " + strings.Join(controls, ", ")
	case scenario.Options.Strict:
		return "needs a service that refuses unknown fields"
	case scenario.Options.Accounts != "":
		return "needs a service whose accounts the scenario makes"
	case scenario.Options.StillClock:
		return "needs a clock that stands still"
	case len(missing) > 5:
		return fmt.Sprintf("needs %d more accounts", len(missing))
	case len(missing) > 0:
		return "needs accounts for " + strings.Join(missing, ", ")
	}
	return ""
}

// stepsOf are all steps of a scenario, its beginnings included.
func stepsOf(suite *conformance.Suite, scenario conformance.Scenario) []conformance.Step {
	var steps []conformance.Step
	for _, name := range scenario.Given {
		steps = append(steps, suite.Given[name]...)
	}
	return append(steps, scenario.Steps...)
}

// open is a scenario without expectations: the comparison judges the responses.
// It still ends early where a step needs what an earlier one could not save.
func open(suite *conformance.Suite, scenario conformance.Scenario) (*conformance.Suite, conformance.Scenario) {
	steps := stepsOf(suite, scenario)
	for i := range steps {
		steps[i].Response, steps[i].Absent, steps[i].Desc, steps[i].Code = nil, nil, nil, 0
	}
	scenario.Given, scenario.Steps = nil, steps
	return &conformance.Suite{}, scenario
}

// player is a target that takes every response for a success.
type player struct {
	conformance.SDK
	accounts *accountMapping
	// unread are the errors of responses that the SDK could not read.
	unread []error
}

func (p *player) Call(ctx context.Context, id string, form map[string]string, raw bool) (conformance.Response, error) {
	response, err := p.SDK.Call(ctx, id, p.accounts.form(form), raw)
	switch {
	case ctx.Err() != nil:
		return response, ctx.Err()
	case err != nil:
		p.unread = append(p.unread, fmt.Errorf("%s: %w", id, err))
	}
	if err != nil || response.Code != http.StatusOK {
		response = conformance.Response{Code: http.StatusOK, Body: json.RawMessage("{}")}
	}
	return response, nil
}

func (*player) Control(context.Context, string, string, json.RawMessage) (conformance.Response, error) {
	return conformance.Response{}, errors.New("no control plane")
}
