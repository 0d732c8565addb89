package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// played is a client in interop/results.json.
type played struct {
	Name, Generator                             string
	Scenarios, Succeeded, Failed, Inexpressible int
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

// table returns a row for each client.
func table(clients []played) string {
	var b strings.Builder
	b.WriteString("| client | generator | scenarios | succeeded | API errors | not expressible |\n|---|---|---|---|---|---|\n")
	for _, c := range clients {
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d |\n", c.Name, c.Generator, c.Scenarios, c.Succeeded, c.Failed, c.Inexpressible)
	}
	return b.String()
}
