package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/swap"
)

// Cell counts an operation's calls through a client.
type Cell struct {
	// Inexpressible counts the calls that the client could not make.
	Inexpressible int `json:"inexpressible,omitempty"`
	// Codes counts the calls by the code of the response, which was as expected.
	Codes map[int]int `json:"codes"`
}

func (c *Cell) calls() (n int) {
	for _, count := range c.Codes {
		n += count
	}
	return n
}

// Score counts the calls of a client.
type Score struct {
	// Scenarios counts the scenarios that passed.
	Scenarios  int
	Operations map[string]*Cell
	// reasons counts why calls could not be made.
	reasons map[string]int
}

func newScore() *Score { return &Score{Operations: map[string]*Cell{}, reasons: map[string]int{}} }

// add counts the calls of a scenario that passed.
func (s *Score) add(calls []call) {
	s.Scenarios++
	for _, c := range calls {
		cell := s.Operations[c.operation]
		if cell == nil {
			cell = &Cell{Codes: map[int]int{}}
			s.Operations[c.operation] = cell
		}
		if c.code == 0 {
			cell.Inexpressible++
			s.reasons[c.operation+": "+c.reason]++
		} else {
			cell.Codes[c.code]++
		}
	}
}

// complete names the operations of which no call succeeded, or none failed with
// an API error.
func (s *Score) complete() error {
	var missing []string
	for _, o := range gen.Operations {
		cell := s.Operations[o.ID]
		if cell == nil || cell.Codes[gen.CodeOK] == 0 || cell.calls() == cell.Codes[gen.CodeOK] {
			missing = append(missing, o.ID)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("the client has to succeed and to fail in each operation by a typed call: %s", strings.Join(missing, ", "))
	}
	return nil
}

func (s *Score) summary() string {
	var ok, failed, inexpressible int
	for _, cell := range s.Operations {
		ok += cell.Codes[gen.CodeOK]
		failed += cell.calls() - cell.Codes[gen.CodeOK]
		inexpressible += cell.Inexpressible
	}
	return fmt.Sprintf("%d scenarios: %d calls succeeded and %d failed as expected, %d were not expressible", s.Scenarios, ok, failed, inexpressible)
}

// printReasons lists why calls could not be made.
func (s *Score) printReasons(w io.Writer) {
	for _, reason := range slices.Sorted(maps.Keys(s.reasons)) {
		fmt.Fprintf(w, "%4d  %s\n", s.reasons[reason], reason)
	}
}

// Results hold the last score of each client, for the table in the README.
type Results struct {
	Clients []ClientResult `json:"clients"`
}

// ClientResult is a client with its score.
type ClientResult struct {
	Name       string           `json:"name"`
	Generator  string           `json:"generator"`
	Spec       string           `json:"spec,omitempty"`
	Scenarios  int              `json:"scenarios"`
	Operations map[string]*Cell `json:"operations"`
}

// readResults reads a file of results, which need not exist yet.
func readResults(file string) (*Results, error) {
	r := &Results{}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return r, nil
}

// put replaces the score of a client.
func (r *Results) put(c *Client, s *Score) {
	r.remove(func(name string) bool { return name == c.Name })
	r.Clients = append(r.Clients, ClientResult{c.Name, c.Generator, c.Spec, s.Scenarios, s.Operations})
	slices.SortFunc(r.Clients, func(a, b ClientResult) int { return cmp.Compare(a.Name, b.Name) })
}

func (r *Results) remove(named func(name string) bool) {
	r.Clients = slices.DeleteFunc(r.Clients, func(c ClientResult) bool { return named(c.Name) })
}

// lines breaks the lines of the results so that each operation has its own.
var lines = strings.NewReplacer(`:[{"name"`, ":[\n{\"name\"", `}}},{"name"`, "}}},\n\n{\"name\"", `"operations":{`, "\"operations\":{\n", `}},"`, "}},\n\"")

func (r *Results) write(file string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return swap.Files(filepath.Dir(file), map[string][]byte{filepath.Base(file): []byte(lines.Replace(string(text)) + "\n")})
}
