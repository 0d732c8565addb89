package main

import (
	"encoding/json"
	"fmt"
	"os"
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
