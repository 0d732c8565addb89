package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/emulator"
)

// controlPlane is what the emulator says of its control plane.
type controlPlane struct {
	Paths map[string]map[string]controlOperation `json:"paths"`
}

type controlOperation struct {
	Description string `json:"description"`
	Parameters  []struct {
		Name string `json:"name"`
		In   string `json:"in"`
	} `json:"parameters"`
	Body struct {
		Content map[string]struct {
			Example json.RawMessage `json:"example"`
		} `json:"content"`
	} `json:"requestBody"`
}

// updateEmulator replaces the table of the control plane in emulator/README.md.
func updateEmulator(text []byte, _ string) ([]byte, error) {
	server, err := emulator.New()
	if err != nil {
		return nil, err
	}
	response := httptest.NewRecorder()
	server.Handler().ServeHTTP(response, httptest.NewRequestWithContext(context.Background(), http.MethodGet, "http://localhost/_emulator/openapi.json", nil))
	var plane controlPlane
	if err := json.Unmarshal(response.Body.Bytes(), &plane); err != nil {
		return nil, err
	}
	return replace(text, "control", plane.table())
}

// table returns a row for each endpoint, by path and method.
func (p controlPlane) table() string {
	var rows []string
	for path, operations := range p.Paths {
		for method, o := range operations {
			what := o.Description
			if example := o.Body.Content["application/json"].Example; example != nil {
				what += " Example: `" + string(example) + "`"
			}
			var names []string
			for _, parameter := range o.Parameters {
				if parameter.In == "query" {
					names = append(names, parameter.Name+"=")
				}
			}
			query := ""
			if names != nil {
				query = "?" + strings.Join(names, "&")
			}
			// Sorted by path, the methods in the order of their letters.
			rows = append(rows, fmt.Sprintf("| `%s%s` | %s | %s |\n", path, query, strings.ToUpper(method), what))
		}
	}
	slices.Sort(rows)
	return "| path | method | what |\n|---|---|---|\n" + strings.Join(rows, "")
}
