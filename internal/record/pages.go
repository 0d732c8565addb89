package record

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/internal/check/evidence"
)

// Examples makes recordings of the examples of the documentation pages, in the
// order of path and page: each cURL line with what the page shows as its
// response. They stand in spec/evidence/pages, and in no other file.
func Examples(e *evidence.Evidence) ([]*Recording, error) {
	var list []*Recording
	for _, claim := range e.Of(evidence.Page).Claims() {
		if claim.Curl == nil {
			continue
		}
		o, err := operationAt(claim.Path)
		if err != nil {
			return nil, err
		}
		responses := map[string]string{"success": claim.ExampleResponse}
		for _, text := range claim.ExampleErrors {
			code, err := codeOf(text)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", claim.Path, claim.Source.ID, err)
			}
			responses["error-"+strconv.Itoa(code)] = text
		}
		for _, scenario := range slices.Sorted(maps.Keys(responses)) {
			source := Source{Kind: Page, Operation: o.ID, Scenario: scenario, Page: claim.Source.ID, Heading: claim.At}
			r, err := recording(claim.Curl, source, strings.TrimSpace(responses[scenario]))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", source.Name(), err)
			}
			list = append(list, r)
		}
	}
	return list, nil
}

// recording makes a recording of a cURL line.
func recording(c *evidence.Curl, source Source, response string) (*Recording, error) {
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
