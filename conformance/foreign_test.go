package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

// foreign is a file of testdata/foreign: what a suite of others sends, and what
// it asserts or saw. Source names it; Without are the features that its app lacked.
type foreign struct {
	Source  string
	Without []emulator.Feature
	Steps   []foreignStep
}

// foreignStep is a step whose call may also be a path, and whose response may
// have to have a shape: the members by path, and their JSON kinds. What a shape
// does not name must not be there.
type foreignStep struct {
	Step
	Test  string
	Shape map[string]string
}

// TestForeignSuites plays what strangers wrote for the service over HTTP, without
// the SDK: every code, field and shape that they assert must hold.
func TestForeignSuites(t *testing.T) {
	files, err := filepath.Glob("testdata/foreign/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no suites", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var suite foreign
			if err := decode(text, &suite); err != nil || suite.Source == "" {
				t.Fatalf("no source, or %v", err)
			}
			emulated, srv := emulate(t, Options{Accounts: "strict"}, emulator.WithoutFeatures(suite.Without...))
			service := &bare{Target: emulated, srv: srv}
			p := player{target: service, saved: variables{}}
			for i := range suite.Steps {
				step := &suite.Steps[i]
				err := p.step(t.Context(), &step.Step)
				if err == nil && step.Shape != nil {
					err = service.has(step.Shape)
				}
				if err != nil {
					t.Errorf("step %d, %s %s: %v", i+1, step.Test, step.title(), err)
				}
			}
		})
	}
}

// bare calls operations with nothing between the form and the wire.
type bare struct {
	Target
	srv  *emulator.Server
	body []byte // of the latest response
}

func (b *bare) Call(ctx context.Context, operation string, form map[string]string, _ bool) (Response, error) {
	path := operation
	if i := slices.IndexFunc(gen.Operations, func(o *gen.Operation) bool { return o.ID == operation }); i >= 0 {
		path = gen.Operations[i].Path
	}
	values := url.Values{}
	for name, value := range form {
		values.Set(name, value)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, b.srv.URL+path, strings.NewReader(values.Encode()))
	if err != nil {
		return Response{}, err
	}
	request.Header.Set("Content-Type", formType)
	if err := sign.NewSigner(b.srv.Credentials(), sign.WithClock(b.srv.Now)).Edit(ctx, request); err != nil {
		return Response{}, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return Response{}, err
	}
	defer response.Body.Close()
	if b.body, err = io.ReadAll(response.Body); err != nil {
		return Response{}, err
	}
	if response.StatusCode != http.StatusOK {
		return Response{}, fmt.Errorf("HTTP status %d: %s", response.StatusCode, b.body)
	}
	got := reply{}
	err = json.Unmarshal(b.body, &got)
	return Response{Code: got.Code, Desc: got.text(), Body: b.body}, err
}

// has compares the latest response with a shape.
func (b *bare) has(want map[string]string) error {
	var body any
	if err := decode(b.body, &body); err != nil {
		return err
	}
	if got := kinds(body); !maps.Equal(got, want) {
		return fmt.Errorf("shape %v, want %v", got, want)
	}
	return nil
}

// kinds returns the JSON kinds of what value holds, by path, with * for the
// items of a list, which must be alike.
func kinds(value any) map[string]string {
	held := map[string]string{}
	hold := func(name string, value any) {
		for path, kind := range kinds(value) {
			held[strings.TrimSuffix(name+"."+path, ".")] = kind
		}
	}
	var kind string
	switch v := value.(type) {
	case map[string]any:
		kind = "object"
		for name, member := range v {
			hold(name, member)
		}
	case []any:
		kind = "array"
		for _, item := range v {
			hold("*", item)
			if !maps.Equal(kinds(item), kinds(v[0])) {
				held["*"] = "items that differ"
			}
		}
	case nil:
		kind = "null"
	case bool:
		kind = "boolean"
	case string:
		kind = "string"
	default:
		kind = "number"
	}
	if len(held) == 0 {
		held[""] = kind
	}
	return held
}

// TestShapesSeeDifferences: a shape fails for a missing member and another kind.
func TestShapesSeeDifferences(t *testing.T) {
	b := bare{body: []byte(`{"desc":{"a":null,"b":[{"c":1},{"c":2}],"d":{}},"code":200}`)}
	same := map[string]string{"desc.a": "null", "desc.b.*.c": "number", "desc.d": "object", "code": "number"}
	if err := b.has(same); err != nil {
		t.Error(err)
	}
	for _, path := range slices.Sorted(maps.Keys(same)) {
		other := maps.Clone(same)
		delete(other, path)
		if b.has(other) == nil {
			t.Errorf("no difference without %s", path)
		}
		other[path] = "boolean"
		if b.has(other) == nil {
			t.Errorf("no difference with another kind of %s", path)
		}
	}
	b.body = bytes.Replace(b.body, []byte(`{"c":2}`), []byte(`{}`), 1)
	if b.has(same) == nil {
		t.Error("no difference with an item that lacks a member")
	}
}
