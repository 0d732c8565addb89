package record

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/check/contract"
	"github.com/nimroom/nimroom/internal/wire"
)

// Kind says what a recording was made of.
type Kind string

// Kinds of recordings.
const (
	Page     Kind = "page"     // an example of a documentation page, transcribed
	Emulator Kind = "emulator" // the emulator
	Live     Kind = "live"     // a server on a public address that is none of ours; see Seen
)

// Source says where a recording comes from.
type Source struct {
	Kind                Kind
	Operation, Scenario string
	// Dialect is the one of an emulator's responses.
	Dialect wire.Dialect
	// Page and Heading say where an example stands.
	Page, Heading string
	// Missigned means that the requests are signed wrongly on purpose.
	Missigned bool
	// Seen is what a live recording shows of its server.
	Seen Seen
	// Invalid are the interactions whose requests the spec does not allow.
	Invalid []int
}

// Seen is what a recorded server showed of itself, and when. It proves no more.
type Seen struct {
	Host   string `yaml:"host" json:"host"`                         // that was called
	Server string `yaml:"server,omitempty" json:"server,omitempty"` // its Server header
	Date   string `yaml:"date,omitempty" json:"date,omitempty"`     // the day in its Date header
}

// Name names the recording in tests and errors.
func (s *Source) Name() string {
	name := string(s.Kind) + "/" + s.Operation + "/" + s.Scenario
	switch {
	case s.Page != "":
		name += "." + s.Page
	case s.Dialect != wire.Canonical:
		name += "." + s.Dialect.String()
	}
	return name
}

// Recording is what a client and a service sent to each other in one scenario.
type Recording struct {
	Source
	*cassettes.File
}

// the usual headers of an interaction, without the id of the call.
var (
	usualRequest = http.Header{
		"Content-Type": {"application/x-www-form-urlencoded;charset=utf-8"},
		"Appkey":       {"REDACTED"}, "Nonce": {"REDACTED"}, "Curtime": {"REDACTED"}, "Checksum": {"REDACTED"},
	}
	usualResponse = http.Header{"Content-Type": {"application/json; charset=utf-8"}}
)

// interaction makes one as go-vcr has it.
func interaction(n int, address, form string, headers http.Header, status int, responseHeaders http.Header, body string) (*cassette.Interaction, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	fields, err := wire.ParseForm(form)
	if err != nil {
		return nil, err
	}
	values := url.Values{}
	for _, p := range fields.Pairs() {
		values.Set(p.Name, p.Value)
	}
	return &cassette.Interaction{
		ID: n,
		Request: cassette.Request{
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Method: http.MethodPost, URL: address, Host: u.Host,
			Headers: headers, Body: form, Form: values, ContentLength: int64(len(form)),
		},
		Response: cassette.Response{
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), Code: status,
			Headers: responseHeaders, Body: body, ContentLength: int64(len(body)),
		},
	}, nil
}

// RequestOf is a recorded request as the contract takes it.
func RequestOf(i *cassette.Interaction) contract.Request {
	path := ""
	if u, err := url.Parse(i.Request.URL); err == nil {
		path = u.Path
	}
	return contract.Request{Method: i.Request.Method, Path: path, Header: i.Request.Headers, Body: i.Request.Body}
}

// operationAt finds the operation of a whole path.
func operationAt(path string) (*gen.Operation, error) {
	if o, ok := gen.LookupPath(path); ok {
		return o, nil
	}
	return nil, fmt.Errorf("no operation at %s", path)
}

// codeOf reads the code of a response, a number or its text.
func codeOf(response string) (int, error) {
	var read struct{ Code json.Number }
	if err := json.Unmarshal([]byte(response), &read); err != nil {
		return 0, fmt.Errorf("response %.100q: %w", response, err)
	}
	code, err := read.Code.Int64()
	return int(code), err
}

// Code is the code of a response, 0 where it has none.
func Code(response string) int {
	code, err := codeOf(response)
	if err != nil {
		return 0
	}
	return code
}
