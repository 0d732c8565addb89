package record

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/cassettes"
)

// Examples makes recordings of the examples of the documentation pages, in the
// order of path and page: each cURL line with what the page shows as its
// response. They stand in the facts, spec/testdata/facts.yaml, and in no other file.
func Examples(facts []byte) ([]*Recording, error) {
	var read struct {
		Operations map[string][]struct {
			Document, Heading string
			Curl              *curl
			ExampleResponse   string   `yaml:"example_response"`
			ExampleRefusals   []string `yaml:"example_refusals"`
		}
	}
	if err := yaml.Unmarshal(facts, &read); err != nil {
		return nil, err
	}
	var list []*Recording
	for _, path := range slices.Sorted(maps.Keys(read.Operations)) {
		o, err := operationAt(path)
		if err != nil {
			return nil, err
		}
		for _, entry := range read.Operations[path] {
			if entry.Curl == nil {
				continue
			}
			responses := map[string]string{"success": entry.ExampleResponse}
			for _, text := range entry.ExampleRefusals {
				code, err := codeOf(text)
				if err != nil {
					return nil, fmt.Errorf("%s %s: %w", path, entry.Document, err)
				}
				responses["error-"+strconv.Itoa(code)] = text
			}
			for _, scenario := range slices.Sorted(maps.Keys(responses)) {
				source := Source{Kind: Page, Operation: o.ID, Scenario: scenario, Page: entry.Document, Heading: entry.Heading}
				r, err := entry.Curl.recording(source, strings.TrimSpace(responses[scenario]))
				if err != nil {
					return nil, fmt.Errorf("%s: %w", source.Name(), err)
				}
				list = append(list, r)
			}
		}
	}
	return list, nil
}

// curl is a cURL line as a page prints it.
type curl struct {
	URL     string
	Headers []string // names
	Body    string
}

func (c *curl) recording(source Source, response string) (*Recording, error) {
	headers := http.Header{}
	for _, name := range c.Headers {
		switch strings.ToLower(name) {
		case "content-type":
			headers.Set(name, "application/x-www-form-urlencoded")
		case "cache-control": // an accident of the tool that made the line
		default:
			headers.Set(name, "REDACTED")
		}
	}
	i, err := interaction(0, c.URL, c.Body, headers, http.StatusOK, usualResponse.Clone(), response)
	return &Recording{source, &cassettes.File{
		Version: cassette.CassetteFormatVersion, Interactions: []*cassette.Interaction{i},
	}}, err
}
