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

// unplayable says why the live service cannot play a scenario, empty when it
// can.
func (c *cast) unplayable(suite *conformance.Suite, scenario conformance.Scenario) string {
	steps := stepsOf(suite, scenario)
	var controls []string
	for _, step := range steps {
		if step.Control != "" && !slices.Contains(controls, step.Control) {
			controls = append(controls, step.Control)
		}
	}
	switch missing := c.missing(steps); {
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

// open is a scenario without expectations: what is answered is for the
// comparison to judge. It still ends where a later step would miss what an
// earlier one could not save.
func open(suite *conformance.Suite, scenario conformance.Scenario) (*conformance.Suite, conformance.Scenario) {
	steps := stepsOf(suite, scenario)
	for i := range steps {
		steps[i].Response, steps[i].Absent, steps[i].Desc, steps[i].Code = nil, nil, nil, 0
	}
	scenario.Given, scenario.Steps = nil, steps
	return &conformance.Suite{}, scenario
}

// player is a target that takes whatever is answered for a success.
type player struct {
	conformance.SDK
	cast *cast
	// unread are the answers that the SDK could not read.
	unread []error
}

func (p *player) Call(ctx context.Context, id string, form map[string]string, raw bool) (conformance.Response, error) {
	answer, err := p.SDK.Call(ctx, id, p.cast.form(form), raw)
	switch {
	case ctx.Err() != nil:
		return answer, ctx.Err()
	case err != nil:
		p.unread = append(p.unread, fmt.Errorf("%s: %w", id, err))
	}
	if err != nil || answer.Code != http.StatusOK {
		answer = conformance.Response{Code: http.StatusOK, Body: json.RawMessage("{}")}
	}
	return answer, nil
}

func (*player) Control(context.Context, string, string, json.RawMessage) (conformance.Response, error) {
	return conformance.Response{}, errors.New("no control plane")
}
