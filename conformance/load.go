package conformance

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"

	"github.com/nimroom/nimroom/gen"
)

//go:embed scenarios/*.json
var files embed.FS

// common is the file with what the scenarios of the operations share.
const common = "common.json"

// Load reads the suite from all files of scenarios: common.json and then those of
// the operations, in the order of the spec.
func Load() (*Suite, error) {
	entries, err := files.ReadDir("scenarios")
	if err != nil {
		return nil, fmt.Errorf("conformance: %w", err)
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(position(a), position(b)) })
	suite := &Suite{Given: map[string][]Step{}}
	for _, entry := range entries {
		if position(entry) < 0 && entry.Name() != common {
			return nil, fmt.Errorf("conformance: %s: the spec has no such operation", entry.Name())
		}
		text, err := files.ReadFile("scenarios/" + entry.Name())
		if err != nil {
			return nil, fmt.Errorf("conformance: %w", err)
		}
		if err := suite.add(text); err != nil {
			return nil, fmt.Errorf("conformance: %s: %w", entry.Name(), err)
		}
	}
	if err := suite.check(); err != nil {
		return nil, fmt.Errorf("conformance: %w", err)
	}
	return suite, nil
}

// position returns the place in the spec of the operation that a file is for, or -1.
func position(file fs.DirEntry) int {
	return slices.IndexFunc(gen.Operations, func(o *gen.Operation) bool { return o.ID+".json" == file.Name() })
}

// add adds a file. Names that the format does not have are errors.
func (s *Suite) add(text []byte) error {
	var part Suite
	if err := decode(text, &part); err != nil {
		return err
	}
	for name, steps := range part.Given {
		if _, there := s.Given[name]; there {
			return fmt.Errorf("given %q: twice", name)
		}
		s.Given[name] = steps
	}
	s.Scenarios = append(s.Scenarios, part.Scenarios...)
	s.Unprovoked = append(s.Unprovoked, part.Unprovoked...)
	s.Unchecked = append(s.Unchecked, part.Unchecked...)
	return nil
}

// decode reads JSON with its numbers as they are written.
func decode(text []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return nil
}

// check finds mistakes that would keep a scenario from checking anything.
func (s *Suite) check() error {
	seen := map[string]bool{}
	for _, scenario := range s.Scenarios {
		if seen[scenario.Name] || scenario.Name == "" {
			return fmt.Errorf("scenario %q: the name is taken or empty", scenario.Name)
		}
		seen[scenario.Name] = true
		if accounts := scenario.Options.Accounts; accounts != "" && accounts != "strict" {
			return fmt.Errorf("scenario %q: accounts %q", scenario.Name, accounts)
		}
		if len(scenario.Steps) == 0 {
			return fmt.Errorf("scenario %q: no steps", scenario.Name)
		}
		for _, name := range scenario.Given {
			if _, ok := s.Given[name]; !ok {
				return fmt.Errorf("scenario %q: nothing is given as %q", scenario.Name, name)
			}
		}
		if err := checkSteps(scenario.Steps); err != nil {
			return fmt.Errorf("scenario %q, %w", scenario.Name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Given)) {
		if err := checkSteps(s.Given[name]); err != nil {
			return fmt.Errorf("given %q, %w", name, err)
		}
	}
	return nil
}

func checkSteps(steps []Step) error {
	for i, step := range steps {
		if err := step.check(); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

func (s *Step) check() error {
	fails := s.wanted() != codeOK
	switch {
	case (s.Call == "") == (s.Control == ""):
		return errors.New("want either call or control")
	case s.Call != "" && operations[s.Call] == nil:
		return fmt.Errorf("no operation %q", s.Call)
	case s.Call != "" && (s.Room != nil || s.With != nil):
		return errors.New("room and with belong to control")
	case s.Control != "" && controls[s.Control] == "":
		return fmt.Errorf("no control %q", s.Control)
	case s.Control != "" && (s.Form != nil || s.Raw || s.Response != nil || s.Absent != nil || s.Save != nil):
		return errors.New("form, raw, response, absent and save belong to call")
	case fails && (s.Response != nil || s.Absent != nil || s.Save != nil):
		return errors.New("response, absent and save belong to a success")
	case !fails && s.Desc != nil:
		return errors.New("desc belongs to an API error")
	}
	return nil
}
