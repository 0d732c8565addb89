package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/nimroom/nimroom/conformance"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/spec"
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
	text, err := spec.Read(spec.Variant{Format: "json"})
	if err != nil {
		return nil, err
	}
	var document struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			RequestBody struct {
				Content map[string]struct {
					Examples map[string]struct {
						Value map[string]any `json:"value"`
					} `json:"examples"`
				} `json:"content"`
			} `json:"requestBody"`
		} `json:"paths"`
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&document); err != nil {
		return nil, err
	}
	forms := map[string]map[string]any{}
	for path, item := range document.Paths {
		operation := item["post"]
		for _, media := range operation.RequestBody.Content {
			for _, example := range media.Examples {
				forms[operation.OperationID] = example.Value
			}
		}
		if forms[operation.OperationID] == nil {
			return nil, fmt.Errorf("%s: the spec has no example of a request", path)
		}
	}
	return forms, nil
}
