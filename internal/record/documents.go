package record

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/internal/wire"
)

// Example is an example of a documentation page: a cURL line and what the page
// shows as its answer.
type Example struct {
	Source  cassettes.Source
	URL     string
	Headers []string // names, as printed
	Body    string   // as printed
	Answer  string   // as printed, without comments
}

// Examples takes the examples from the facts about the documents,
// spec/testdata/facts.yaml, in the order of path and document.
func Examples(facts []byte) ([]Example, error) {
	var read struct {
		Operations map[string][]struct {
			Document, Heading string
			Curl              *struct {
				URL     string
				Headers []string
				Body    string
			}
			ExampleResponse string   `yaml:"example_response"`
			ExampleRefusals []string `yaml:"example_refusals"`
		}
	}
	if err := yaml.Unmarshal(facts, &read); err != nil {
		return nil, err
	}
	var list []Example
	for _, path := range slices.Sorted(maps.Keys(read.Operations)) {
		o, err := operationOf(path)
		if err != nil {
			return nil, err
		}
		for _, entry := range read.Operations[path] {
			if entry.Curl == nil {
				continue
			}
			answers := map[string]string{"success": entry.ExampleResponse}
			for _, refusal := range entry.ExampleRefusals {
				code, err := codeOf(refusal)
				if err != nil {
					return nil, fmt.Errorf("%s %s: %w", path, entry.Document, err)
				}
				answers["refusal-"+strconv.Itoa(code)] = refusal
			}
			for _, scenario := range slices.Sorted(maps.Keys(answers)) {
				list = append(list, Example{
					Source: cassettes.Source{
						Kind: cassettes.Document, Operation: o.ID, Scenario: scenario, Document: entry.Document, Heading: entry.Heading,
					},
					URL: entry.Curl.URL, Headers: entry.Curl.Headers, Body: entry.Curl.Body, Answer: strings.TrimSpace(answers[scenario]),
				})
			}
		}
	}
	return list, nil
}

// File makes the cassette of an example.
func (e *Example) File() (*cassettes.File, error) {
	u, err := url.Parse(e.URL)
	if err != nil {
		return nil, err
	}
	fields, err := wire.ParseForm(e.Body)
	if err != nil {
		return nil, err
	}
	form := url.Values{}
	for _, p := range fields.Pairs() {
		form.Set(p.Name, p.Value)
	}
	headers := http.Header{}
	for _, name := range e.Headers {
		switch strings.ToLower(name) {
		case "content-type":
			headers.Set(name, "application/x-www-form-urlencoded")
		case "cache-control": // an accident of the tool that made the line
		default:
			headers.Set(name, "REDACTED")
		}
	}
	return &cassettes.File{
		Version: cassette.CassetteFormatVersion, Source: &e.Source,
		Interactions: []*cassette.Interaction{{
			Request: cassette.Request{
				Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Method: http.MethodPost, URL: e.URL, Host: u.Host,
				Headers: headers, Body: e.Body, Form: form, ContentLength: int64(len(e.Body)),
			},
			Response: cassette.Response{
				Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Status: "200 OK", Code: http.StatusOK,
				Headers: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, Body: e.Answer, ContentLength: int64(len(e.Answer)),
			},
		}},
	}, nil
}

// Documents writes the cassettes of all examples below a folder, in place of
// those that are there.
func Documents(facts []byte, folder string) error {
	examples, err := Examples(facts)
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	for _, e := range examples {
		f, err := e.File()
		if err != nil {
			return fmt.Errorf("%s: %w", e.Source.Heading, err)
		}
		if files[Name(e.Source)], err = f.Text(); err != nil {
			return fmt.Errorf("%s: %w", e.Source.Heading, err)
		}
	}
	return replace(folder, cassettes.Document, files)
}

// Name is the path of a source's cassette below the folder of all, with .yaml.
func Name(s cassettes.Source) string {
	name := s.Kind + "/" + s.Operation + "/" + s.Scenario
	switch {
	case s.Document != "":
		name += "." + s.Document
	case s.Dialect != "" && s.Dialect != wire.Canonical.String():
		name += "." + s.Dialect
	}
	return name + ".yaml"
}
