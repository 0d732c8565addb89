package record

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/internal/wire"
)

// collection is what a file of recordings holds: those of one operation and kind.
type collection struct {
	Operation string     `yaml:"operation"`
	Scenarios []scenario `yaml:"scenarios"`
}

// scenario holds the recordings of one scenario in all dialects.
type scenario struct {
	Name      string `yaml:"name"`
	Host      string `yaml:"host,omitempty"` // usualHost where it is empty
	Seen      *Seen  `yaml:"seen,omitempty"` // of live ones
	Missigned bool   `yaml:"missigned,omitempty"`
	Calls     []call `yaml:"calls"`
}

// call is a request and its response. Of headers it has those that are not the
// usual ones; an empty text stands for one that is missing.
type call struct {
	Path     string            `yaml:"path"`
	Form     string            `yaml:"form"`
	Headers  map[string]string `yaml:"headers,omitempty"`
	Invalid  bool              `yaml:"invalid,omitempty"`  // the spec does not allow the request
	Status   int               `yaml:"status,omitempty"`   // 200 where it is 0
	Received map[string]string `yaml:"received,omitempty"` // headers of the response
	Response string            `yaml:"response"`
	// Dialects are the responses of the other dialects, where they differ.
	Dialects map[string]string `yaml:"dialects,omitempty"`
}

// usualHost is the one of all recordings but those of the public service.
const usualHost = "http://service.invalid"

const collectionHead = `# Recorded by ` + "`make record`" + ` (emulator) or ` + "`make record-live`" + ` (live): see cassettes/README.md.
`

// Load reads the recordings of some kinds below a folder, in the order of their
// files.
func Load(folder string, kinds ...Kind) ([]*Recording, error) {
	var list []*Recording
	for _, kind := range kinds {
		names, err := filepath.Glob(filepath.Join(folder, string(kind), "*.yaml"))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			c, err := read(name)
			if err != nil {
				return nil, err
			}
			recordings, err := c.recordings(kind)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			list = append(list, recordings...)
		}
	}
	return list, nil
}

// read reads a file, which must have the name of its operation.
func read(name string) (*collection, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	c := new(collection)
	if err := d.Decode(c); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if c.Operation+".yaml" != filepath.Base(name) {
		return nil, fmt.Errorf("%s: holds recordings of %q", name, c.Operation)
	}
	return c, nil
}

// Texts are the files of recordings, by their paths below the folder of all.
func Texts(recordings []*Recording) (map[string][]byte, error) {
	files := map[string]*collection{}
	for _, r := range recordings {
		path := r.path()
		if files[path] == nil {
			files[path] = &collection{Operation: r.Operation}
		}
		if err := files[path].add(r); err != nil {
			return nil, fmt.Errorf("%s: %w", r.Name(), err)
		}
	}
	texts := map[string][]byte{}
	for path, c := range files {
		text, err := c.text()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		texts[path] = text
	}
	return texts, nil
}

// path is the path of the file that a recording is in.
func (s *Source) path() string { return string(s.Kind) + "/" + s.Operation + ".yaml" }

// Put puts a recording into its file below a folder, in place of the one of the
// same scenario.
func Put(folder string, r *Recording) error {
	name := filepath.Join(folder, filepath.FromSlash(r.path()))
	c, err := read(name)
	if errors.Is(err, fs.ErrNotExist) {
		c, err = &collection{Operation: r.Operation}, os.MkdirAll(filepath.Dir(name), 0o755)
	}
	if err != nil {
		return err
	}
	at := slices.IndexFunc(c.Scenarios, func(s scenario) bool { return s.Name == r.Scenario })
	if at >= 0 {
		c.Scenarios = slices.Delete(c.Scenarios, at, at+1)
	}
	if err := c.add(r); err != nil {
		return err
	}
	text, err := c.text()
	if err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o644)
}

func (c *collection) text() ([]byte, error) {
	b := bytes.NewBufferString(collectionHead)
	e := yaml.NewEncoder(b)
	e.SetIndent(2)
	err := errors.Join(e.Encode(c), e.Close())
	return b.Bytes(), err
}

// add adds a recording: a scenario, or another dialect of the last one. What the
// file cannot hold is an error.
func (c *collection) add(r *Recording) error {
	if r.Dialect == wire.Canonical {
		s, err := scenarioOf(r)
		if err != nil {
			return err
		}
		c.Scenarios = append(c.Scenarios, s)
	} else if err := c.addDialect(r); err != nil {
		return err
	}
	kept, err := c.Scenarios[len(c.Scenarios)-1].recording(Source{Kind: r.Kind, Operation: c.Operation, Dialect: r.Dialect})
	if err != nil {
		return err
	}
	return same(kept, r)
}

func (c *collection) addDialect(r *Recording) error {
	last := len(c.Scenarios) - 1
	if last < 0 || c.Scenarios[last].Name != r.Scenario || len(c.Scenarios[last].Calls) != len(r.Interactions) {
		return errors.New("the canonical dialect has other calls")
	}
	for n, i := range r.Interactions {
		call := &c.Scenarios[last].Calls[n]
		if i.Response.Body == call.Response {
			continue
		}
		if call.Dialects == nil {
			call.Dialects = map[string]string{}
		}
		call.Dialects[r.Dialect.String()] = i.Response.Body
	}
	return nil
}

// same reports where two recordings differ, except in what no file keeps.
func same(a, b *Recording) error {
	if a.Name() != b.Name() || a.Missigned != b.Missigned || a.Seen != b.Seen || !slices.Equal(a.Invalid, b.Invalid) {
		return fmt.Errorf("%s is kept as %s", b.Name(), a.Name())
	}
	for n := range b.Interactions {
		was, is := b.Interactions[n], a.Interactions[n]
		request, response := was.Request, was.Response
		request.Form = is.Request.Form // it follows from the body
		request.Proto, request.ProtoMajor, request.ProtoMinor = is.Request.Proto, is.Request.ProtoMajor, is.Request.ProtoMinor
		response.Proto, response.ProtoMajor, response.ProtoMinor = is.Response.Proto, is.Response.ProtoMajor, is.Response.ProtoMinor
		response.Status = is.Response.Status
		if !reflect.DeepEqual(request, is.Request) || !reflect.DeepEqual(response, is.Response) {
			return fmt.Errorf("interaction %d cannot be kept: %v, %v would be %v, %v", n, request, response, is.Request, is.Response)
		}
	}
	return nil
}

func scenarioOf(r *Recording) (scenario, error) {
	s := scenario{Name: r.Scenario, Missigned: r.Missigned, Calls: make([]call, len(r.Interactions))}
	if r.Seen != (Seen{}) {
		s.Seen = &r.Seen
	}
	for n, i := range r.Interactions {
		u, err := url.Parse(i.Request.URL)
		if err != nil {
			return s, err
		}
		if s.Host = u.Scheme + "://" + u.Host; s.Host == usualHost {
			s.Host = ""
		}
		c := call{
			Path: u.RequestURI(), Form: i.Request.Body, Headers: difference(i.Request.Headers, requestHeaders(n)),
			Invalid:  slices.Contains(r.Invalid, n),
			Received: difference(i.Response.Headers, usualResponse), Response: i.Response.Body,
		}
		if i.Response.Code != http.StatusOK {
			c.Status = i.Response.Code
		}
		s.Calls[n] = c
	}
	return s, nil
}

// recordings are those of a file, one for each dialect of a scenario.
func (c *collection) recordings(kind Kind) ([]*Recording, error) {
	var list []*Recording
	for _, s := range c.Scenarios {
		for _, dialect := range Dialects {
			if dialect != wire.Canonical && !slices.ContainsFunc(s.Calls, func(c call) bool { _, there := c.Dialects[dialect.String()]; return there }) {
				continue
			}
			r, err := s.recording(Source{Kind: kind, Operation: c.Operation, Dialect: dialect})
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Name, err)
			}
			list = append(list, r)
		}
	}
	return list, nil
}

// recording is that of one dialect.
func (s *scenario) recording(source Source) (*Recording, error) {
	source.Scenario, source.Missigned = s.Name, s.Missigned
	if s.Seen != nil {
		source.Seen = *s.Seen
	}
	r := &Recording{source, &cassettes.File{Version: cassette.CassetteFormatVersion}}
	host := s.Host
	if host == "" {
		host = usualHost
	}
	for n, c := range s.Calls {
		body, differs := c.Dialects[source.Dialect.String()]
		if !differs {
			body = c.Response
		}
		status := c.Status
		if status == 0 {
			status = http.StatusOK
		}
		i, err := interaction(n, host+c.Path, c.Form, changed(requestHeaders(n), c.Headers), status, changed(usualResponse, c.Received), body)
		if err != nil {
			return nil, fmt.Errorf("call %d: %w", n, err)
		}
		r.Interactions = append(r.Interactions, i)
		if c.Invalid {
			r.Invalid = append(r.Invalid, n)
		}
	}
	return r, nil
}

// requestHeaders are the usual ones of the call with a number.
func requestHeaders(n int) http.Header {
	headers := usualRequest.Clone()
	headers.Set("RequestId", "made-up-"+strconv.Itoa(n+1))
	return headers
}

// difference says in what headers are not the usual ones.
func difference(headers, usual http.Header) map[string]string {
	differ := map[string]string{}
	all := maps.Clone(usual)
	maps.Copy(all, headers)
	for name := range all {
		if value := strings.Join(headers[name], ","); value != usual.Get(name) {
			differ[name] = value
		}
	}
	return differ
}

// changed are the usual headers with a difference.
func changed(usual http.Header, differ map[string]string) http.Header {
	headers := usual.Clone()
	for name, value := range differ {
		if headers.Del(name); value != "" {
			headers[name] = []string{value}
		}
	}
	return headers
}
