// Package contract checks requests of clients and responses of services against
// the spec, both with kin-openapi.
//
// Before that it does two things that kin-openapi does not do: it reads a form by
// its encoding, and it turns the other spellings and shapes that the spec's
// extensions list into the canonical ones. It notes each of these changes; the
// caller says by a [Reading] which notes are errors.
package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// Contract is a spec against which messages are checked.
type Contract struct {
	doc   *openapi3.T
	codes map[int]bool
}

// register makes kin-openapi read forms by their encoding. kin-openapi has one table of
// decoders for all documents.
var register = sync.OnceFunc(func() {
	openapi3filter.RegisterBodyDecoder(formType, decodeForm)
})

const formType = "application/x-www-form-urlencoded"

// New returns the contract of a valid spec.
func New(ctx context.Context, spec []byte) (*Contract, error) {
	register()
	doc, err := openapi3.NewLoader().LoadFromData(spec)
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(ctx, openapi3.DisableExamplesValidation()); err != nil {
		return nil, err
	}
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			if body := operation.RequestBody; body != nil && body.Value.Content[formType] != nil {
				openValues(body.Value.Content[formType].Schema.Value)
			}
		}
	}
	c := &Contract{doc: doc, codes: map[int]bool{}}
	list, _ := doc.Extensions["x-codes"].([]any)
	for _, item := range list {
		explained, _ := item.(map[string]any)
		if code, ok := explained["code"].(float64); ok {
			c.codes[int(code)] = true
		}
	}
	if len(c.codes) == 0 {
		return nil, errors.New("contract: the spec explains no codes (x-codes)")
	}
	return c, nil
}

// openValues lets a form hold other values than the known ones, unless the list is closed.
func openValues(schema *openapi3.Schema) {
	if schema.Extensions["x-closed"] == nil {
		schema.Enum = nil
	}
	for _, property := range schema.Properties {
		openValues(property.Value)
	}
	if schema.Items != nil {
		openValues(schema.Items.Value)
	}
}

// Reading says which other spellings and shapes are allowed.
type Reading struct {
	// Aliases are the spec's other names of members and words of enums.
	Aliases bool
	// Text is a number or boolean as its text, and a list or object as JSON text.
	Text bool
	// Unknown are members that the spec does not have.
	Unknown bool
}

// allows reports whether the reading permits what a note describes.
func (r Reading) allows(n Note) bool {
	return n.Kind == Alias && r.Aliases || n.Kind == AsText && r.Text || n.Kind == Unknown && r.Unknown
}

// Request is a request as it is sent, with its full path.
type Request struct {
	Method, Path string
	Header       http.Header
	Body         string
}

// Request checks a request against the spec.
func (c *Contract) Request(r Request, reading Reading) error {
	route, err := c.route(r.Method, r.Path)
	if err != nil {
		return err
	}
	body, notes, err := c.canonicalForm(route.Operation, r.Body)
	if err != nil {
		return fmt.Errorf("request: %w", err)
	}
	if err := complaints(notes, reading); err != nil {
		return fmt.Errorf("request: %w", err)
	}
	input := c.input(route, r, body)
	if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
		return fmt.Errorf("request: %w", err)
	}
	return nil
}

// Response checks the response to a request against the spec.
func (c *Contract) Response(r Request, status int, header http.Header, body string, reading Reading) error {
	route, err := c.route(r.Method, r.Path)
	if err != nil {
		return err
	}
	value, notes, err := c.Read(r.Path, body)
	if err != nil {
		return fmt.Errorf("response: %w", err)
	}
	if err := complaints(notes, reading); err != nil {
		return fmt.Errorf("response: %w", err)
	}
	canonical, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("response: %w", err)
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: c.input(route, r, ""),
		Status:                 status,
		Header:                 header,
		Body:                   io.NopCloser(bytes.NewReader(canonical)),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		return fmt.Errorf("response: %w", err)
	}
	return nil
}

// Read returns a response in the spec's own spelling and shapes, with notes on
// what differed. Path is the full path of the request. The error is for a body that is
// not a response at all.
func (c *Contract) Read(path, body string) (any, []Note, error) {
	route, err := c.route(http.MethodPost, path)
	if err != nil {
		return nil, nil, err
	}
	var members map[string]any
	if err := decode(body, &members); err != nil {
		return nil, nil, err
	}
	var w walker
	code, ok := w.code(members)
	if !ok {
		return nil, nil, fmt.Errorf("no code in %.200s", body)
	}
	if !c.codes[code] {
		return nil, nil, fmt.Errorf("code %d is not in x-codes", code)
	}
	response := route.Operation.Responses.Status(http.StatusOK)
	if response == nil || response.Value.Content.Get("application/json") == nil {
		return nil, nil, errors.New("the spec has no response")
	}
	for _, one := range response.Value.Content.Get("application/json").Schema.Value.OneOf {
		if strings.HasSuffix(one.Ref, "Success") == (code == http.StatusOK) {
			value := w.value(one.Value, members, "")
			return value, w.notes, nil
		}
	}
	return nil, nil, fmt.Errorf("the spec has no response for code %d", code)
}

// Operation returns the operation of a request's path, or nil without one.
func (c *Contract) Operation(path string) *openapi3.Operation {
	route, err := c.route(http.MethodPost, path)
	if err != nil {
		return nil
	}
	return route.Operation
}

// FieldsOfFormat returns the names of the form fields that hold values of a format, or
// lists of such values.
func (c *Contract) FieldsOfFormat(format string) []string {
	found := map[string]bool{}
	for _, item := range c.doc.Paths.Map() {
		for _, operation := range item.Operations() {
			form := operation.RequestBody.Value.Content.Get(formType)
			for name, field := range form.Schema.Value.Properties {
				items := field.Value.Items
				if field.Value.Format == format || items != nil && items.Value.Format == format {
					found[name] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// route finds the operation of a path, which may have any prefix.
func (c *Contract) route(method, path string) (*routers.Route, error) {
	for known, item := range c.doc.Paths.Map() {
		if !strings.HasSuffix(path, known) {
			continue
		}
		operation := item.GetOperation(method)
		if operation == nil {
			return nil, fmt.Errorf("the spec has no %s at %s", method, known)
		}
		return &routers.Route{Spec: c.doc, Path: known, PathItem: item, Method: method, Operation: operation}, nil
	}
	return nil, fmt.Errorf("the spec has no path %s", path)
}

// input turns a request into the input of kin-openapi.
func (c *Contract) input(route *routers.Route, r Request, body string) *openapi3filter.RequestValidationInput {
	return &openapi3filter.RequestValidationInput{
		Request: &http.Request{
			Method: r.Method, URL: &url.URL{Path: r.Path}, Header: r.Header.Clone(),
			Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
		},
		Route:   route,
		Options: &openapi3filter.Options{AuthenticationFunc: signed, SkipSettingDefaults: true},
	}
}

// signed checks that a request has the header of each security scheme.
func signed(_ context.Context, input *openapi3filter.AuthenticationInput) error {
	name := input.SecurityScheme.Name
	if input.RequestValidationInput.Request.Header.Get(name) == "" {
		return fmt.Errorf("no header %s", name)
	}
	return nil
}

// complaints returns the notes that a reading does not allow.
func complaints(notes []Note, reading Reading) error {
	var problems []error
	for _, n := range notes {
		if !reading.allows(n) {
			problems = append(problems, errors.New(n.String()))
		}
	}
	return errors.Join(problems...)
}

// decode reads one JSON value and keeps its numbers as they are written.
func decode(text string, to any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return nil
}
