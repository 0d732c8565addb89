package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

// Cell counts an operation's calls through a client.
type Cell struct {
	// Codes counts the calls by the code of the response, which was as expected.
	Codes map[int]int `json:"codes"`
	// Inexpressible counts those that the client could not make.
	Inexpressible int `json:"inexpressible,omitempty"`
}

func (c *Cell) calls() (n int) {
	for _, count := range c.Codes {
		n += count
	}
	return n
}

// Score is how a client did.
type Score struct {
	// Scenarios counts those that passed.
	Scenarios  int
	Operations map[string]*Cell
	// reasons says why calls could not be made, and how often.
	reasons map[string]int
}

func newScore() *Score { return &Score{Operations: map[string]*Cell{}, reasons: map[string]int{}} }

// add counts the calls of a scenario that passed.
func (s *Score) add(_ string, calls []call) {
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

func (s *Score) summary() string {
	var ok, failed, inexpressible int
	for _, cell := range s.Operations {
		ok += cell.Codes[200]
		failed += cell.calls() - cell.Codes[200]
		inexpressible += cell.Inexpressible
	}
	return fmt.Sprintf("%d scenarios: %d calls succeeded and %d failed as expected, %d were not expressible", s.Scenarios, ok, failed, inexpressible)
}

// tellReasons lists why calls could not be made.
func (s *Score) tellReasons(w io.Writer) {
	for _, reason := range slices.Sorted(maps.Keys(s.reasons)) {
		fmt.Fprintf(w, "%4d  %s\n", s.reasons[reason], reason)
	}
}

// Results are what the matrix is made of.
type Results struct {
	Clients []ClientResult `json:"clients"`
}

// ClientResult is how a client did, and which one it was.
type ClientResult struct {
	Name       string           `json:"name"`
	Generator  string           `json:"generator"`
	Spec       string           `json:"spec,omitempty"`
	Partial    bool             `json:"partial,omitempty"`
	Scenarios  int              `json:"scenarios"`
	Operations map[string]*Cell `json:"operations"`
}

func (r *Results) add(c *Client, s *Score) {
	r.Clients = append(r.Clients, ClientResult{c.Name, c.Generator, c.Spec, c.Partial, s.Scenarios, s.Operations})
}

func (r *Results) write(file string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}
