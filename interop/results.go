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
	Inexpressible int
	// Codes counts the calls by the code of the response, which was as expected.
	Codes map[int]int
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

// totals returns how many calls succeeded, failed with an API error as expected, and
// were not expressible.
func (s *Score) totals() (succeeded, failed, inexpressible int) {
	for _, cell := range s.Operations {
		succeeded += cell.Codes[gen.CodeOK]
		failed += cell.calls() - cell.Codes[gen.CodeOK]
		inexpressible += cell.Inexpressible
	}
	return succeeded, failed, inexpressible
}

func (s *Score) summary() string {
	succeeded, failed, inexpressible := s.totals()
	return fmt.Sprintf("%d scenarios: %d calls succeeded and %d failed as expected, %d were not expressible", s.Scenarios, succeeded, failed, inexpressible)
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

// ClientResult is a client with the totals of its score.
type ClientResult struct {
	Name          string `json:"name"`
	Generator     string `json:"generator"`
	Spec          string `json:"spec"`
	Scenarios     int    `json:"scenarios"`
	Succeeded     int    `json:"succeeded"`
	Failed        int    `json:"failed"`
	Inexpressible int    `json:"inexpressible"`
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
func (r *Results) put(f *Folder, c *Client, s *Score) {
	r.Clients = slices.DeleteFunc(r.Clients, func(other ClientResult) bool { return other.Name == c.Name })
	succeeded, failed, inexpressible := s.totals()
	r.Clients = append(r.Clients, ClientResult{c.Name, c.Generator, f.Spec, s.Scenarios, succeeded, failed, inexpressible})
	slices.SortFunc(r.Clients, func(a, b ClientResult) int { return cmp.Compare(a.Name, b.Name) })
}

// keep removes the results of clients that no folder has.
func (r *Results) keep(folders []*Folder) {
	r.Clients = slices.DeleteFunc(r.Clients, func(result ClientResult) bool {
		return !slices.ContainsFunc(folders, func(f *Folder) bool {
			return slices.ContainsFunc(f.Clients, func(c *Client) bool { return c.Name == result.Name })
		})
	})
}

// write writes the results, a line for each client.
func (r *Results) write(file string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	lines := strings.ReplaceAll(string(text), `{"name"`, "\n{\"name\"")
	return swap.Files(filepath.Dir(file), map[string][]byte{filepath.Base(file): []byte(lines + "\n")})
}
