package main

import (
	"fmt"
	"net/url"

	"github.com/nimroom/nimroom/conformance"
	"github.com/nimroom/nimroom/gen"
)

// controlFail is a control of this program: the operation's next call fails with
// a code.
const controlFail = "fail"

// documentedCodes returns a scenario for each operation: the spec's own example
// of a request fails with every code that the spec lists. No request provokes
// some of them, such as 416 and 500.
func documentedCodes(forms map[string]map[string]any) []conformance.Scenario {
	var scenarios []conformance.Scenario
	for _, o := range gen.Operations {
		scenario := conformance.Scenario{Name: o.ID + "/every-documented-code"}
		for _, code := range o.StatusCodes {
			if code == gen.CodeOK {
				continue
			}
			scenario.Steps = append(scenario.Steps,
				conformance.Step{Control: controlFail, With: map[string]any{"operation": o.ID, "code": code}},
				conformance.Step{Call: o.ID, Form: forms[o.ID], Code: code},
			)
		}
		scenarios = append(scenarios, scenario)
	}
	return scenarios
}

// exampleForms are the spec's examples of requests, by operation.
func exampleForms() (map[string]map[string]any, error) {
	forms := map[string]map[string]any{}
	for _, o := range gen.Operations {
		values, err := url.ParseQuery(o.Example)
		if err != nil {
			return nil, fmt.Errorf("%s: example: %w", o.ID, err)
		}
		forms[o.ID] = map[string]any{}
		for name := range values {
			forms[o.ID][name] = values.Get(name)
		}
	}
	return forms, nil
}
