package conformance

import (
	"slices"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/gen"
)

func TestFilesThatMakeNoSenseAreErrors(t *testing.T) {
	call := `{"call":"getChatroom","form":{"roomid":1}}`
	tests := []struct{ name, file, want string }{
		{"not JSON", `{`, "unexpected EOF"},
		{"two values", `{} {}`, "more than one JSON value"},
		{"unknown name", `{"plays":[]}`, `unknown field "plays"`},
		{"unknown name in a step", scenario(`{"cal":"getChatroom"}`), `unknown field "cal"`},
		{"unknown rule", scenario(`{"call":"getChatroom","response":{"a":{"form":1}}}`), `unknown field "form"`},
		{"empty rule", scenario(`{"call":"getChatroom","response":{"a":{}}}`), "want either contains, or from and to"},
		{"two rules", scenario(`{"call":"getChatroom","response":{"a":{"contains":"x","to":1}}}`), "want either contains, or from and to"},
		{"no name", `{"scenarios":[{"steps":[` + call + `]}]}`, "the name is taken or empty"},
		{"name twice", `{"scenarios":[{"name":"a","steps":[` + call + `]},{"name":"a","steps":[` + call + `]}]}`, "the name is taken or empty"},
		{"no steps", `{"scenarios":[{"name":"a"}]}`, "no steps"},
		{"unknown accounts", `{"scenarios":[{"name":"a","options":{"accounts":"some"},"steps":[` + call + `]}]}`, `accounts "some"`},
		{"nothing given", `{"scenarios":[{"name":"a","given":["x"],"steps":[` + call + `]}]}`, `nothing is given as "x"`},
		{"broken given", `{"given":{"x":[{}]}}`, `given "x", step 1: want either call or control`},
		{"neither call nor control", scenario(`{"code":200}`), "want either call or control"},
		{"call and control", scenario(`{"call":"getChatroom","control":"reset"}`), "want either call or control"},
		{"unknown operation", scenario(`{"call":"noSuchOperation"}`), `no operation "noSuchOperation"`},
		{"unknown control", scenario(`{"control":"faults"}`), `no control "faults"`},
		{"room of a call", scenario(`{"call":"getChatroom","room":1}`), "belong to control"},
		{"form of a control", scenario(`{"control":"reset","form":{}}`), "belong to call"},
		{"response of an API error", scenario(`{"call":"getChatroom","code":404,"absent":["desc"]}`), "response, absent and save belong to a success"},
		{"desc of a success", scenario(`{"call":"getChatroom","desc":"x"}`), "desc belongs to an API error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			suite := &Suite{Given: map[string][]Step{}}
			err := suite.add([]byte(tt.file))
			if err == nil {
				err = suite.check()
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

func scenario(step string) string { return `{"scenarios":[{"name":"a","steps":[` + step + `]}]}` }

func TestTheSameIsGivenOnce(t *testing.T) {
	suite := &Suite{Given: map[string][]Step{}}
	file := []byte(`{"given":{"room":[{"control":"reset"}]}}`)
	if err := suite.add(file); err != nil {
		t.Fatal(err)
	}
	if err := suite.add(file); err == nil {
		t.Error("taken twice")
	}
}

// covered returns the operations that have scenarios. TestEveryOperationHasScenarios
// names the others, and the tests of what the scenarios cover skip them.
func covered(suite *Suite) []*gen.Operation {
	return slices.DeleteFunc(slices.Clone(gen.Operations), func(o *gen.Operation) bool {
		return !slices.ContainsFunc(suite.Scenarios, func(s Scenario) bool { return strings.HasPrefix(s.Name, o.ID+"/") })
	})
}

func TestEveryOperationHasScenarios(t *testing.T) {
	has := covered(load(t))
	for _, o := range gen.Operations {
		if !slices.Contains(has, o) {
			t.Errorf("%s has no scenarios: write conformance/scenarios/%s.json, which begins with the scenario %s/success", o.ID, o.ID, o.ID)
		}
	}
}

// TestScenariosAreInTheFileOfTheirOperation: the file of an operation holds its
// scenarios and no others, and each of them calls the operation.
func TestScenariosAreInTheFileOfTheirOperation(t *testing.T) {
	for _, o := range covered(load(t)) {
		id := o.ID
		text, err := files.ReadFile("scenarios/" + id + ".json")
		if err != nil {
			t.Fatal(err)
		}
		suite := &Suite{Given: map[string][]Step{}}
		if err := suite.add(text); err != nil {
			t.Fatal(err)
		}
		for _, scenario := range suite.Scenarios {
			calls := slices.ContainsFunc(scenario.Steps, func(s Step) bool { return s.Call == id })
			if !strings.HasPrefix(scenario.Name, id+"/") || !calls {
				t.Errorf("%s.json: %s is not about %s", id, scenario.Name, id)
			}
		}
		if len(suite.Scenarios) == 0 || suite.Scenarios[0].Name != id+"/success" {
			t.Errorf("%s.json does not begin with %s/success", id, id)
		}
	}
}

// FuzzFile: no file makes reading and checking it panic.
func FuzzFile(f *testing.F) {
	f.Add([]byte(`{"given":{"room":[{"control":"reset"}]},"scenarios":[{"name":"a","given":["room"]}]}`))
	f.Add([]byte(scenario(`{"call":"getChatroom","form":{"roomid":1},"response":{"a":{"from":1}},"desc":null}`)))
	f.Add([]byte(scenario(`{"call":"getChatroom","code":404,"desc":{"contains":"x"}}`)))
	f.Fuzz(func(_ *testing.T, text []byte) {
		suite := &Suite{Given: map[string][]Step{}}
		if suite.add(text) == nil {
			_ = suite.check()
		}
	})
}
