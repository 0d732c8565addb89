package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/gen"
)

// played is a client in interop/results.json.
type played struct {
	Name       string
	Scenarios  int
	Operations map[string]cell
}

// cell counts an operation's calls through a client, by code.
type cell struct {
	Codes         map[int]int
	Inexpressible int
}

func readPlayed(file string) ([]played, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var results struct{ Clients []played }
	if err := json.Unmarshal(text, &results); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return results.Clients, nil
}

// matrix returns the table of operations and clients.
func matrix(clients []played) string {
	var b strings.Builder
	row := func(cells ...string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	head, line := []string{"operation", "codes of API errors"}, []string{"---", "---"}
	for _, c := range clients {
		head, line = append(head, c.Name), append(line, "---")
	}
	row(head...)
	row(line...)
	for _, o := range gen.Operations {
		codes := failures(clients, o.ID)
		cells := []string{"`" + o.ID + "`", join(codes)}
		for _, c := range clients {
			cells = append(cells, c.Operations[o.ID].show(codes))
		}
		row(cells...)
	}
	scenarios, inexpressible := []string{"scenarios", ""}, []string{"not expressible", ""}
	for _, c := range clients {
		n := 0
		for _, cell := range c.Operations {
			n += cell.Inexpressible
		}
		scenarios = append(scenarios, strconv.Itoa(c.Scenarios))
		inexpressible = append(inexpressible, strconv.Itoa(n))
	}
	row(scenarios...)
	row(inexpressible...)
	return b.String()
}

// failures returns the codes with which an operation failed for any of the clients.
func failures(clients []played, operation string) []int {
	codes := map[int]bool{}
	for _, c := range clients {
		for code := range c.Operations[operation].Codes {
			if code != gen.CodeOK {
				codes[code] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(codes))
}

// show writes the number of successes + API errors, and the codes that the client
// did not get.
func (c cell) show(codes []int) string {
	if len(c.Codes) == 0 {
		return "not run yet"
	}
	failed := 0
	var missing []int
	for _, code := range codes {
		failed += c.Codes[code]
		if c.Codes[code] == 0 {
			missing = append(missing, code)
		}
	}
	text := fmt.Sprintf("%d + %d", c.Codes[gen.CodeOK], failed)
	if len(missing) > 0 {
		text += ", no " + join(missing)
	}
	return text
}

func join(codes []int) string {
	texts := make([]string, len(codes))
	for i, code := range codes {
		texts[i] = strconv.Itoa(code)
	}
	return strings.Join(texts, " ")
}
