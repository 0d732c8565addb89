package gentest

import (
	"encoding/json"
	"errors"
	"net/url"
	"reflect"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/internal/generate/dist"
	"github.com/nimroom/nimroom/internal/wire"
)

func loadSpec(t *testing.T) *openapi3.T {
	t.Helper()
	data, err := dist.Read("../../../spec/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestSpecExamples reads the spec's own examples: each form binds, passes and
// keeps its fields; each success decodes; each API error is one.
func TestSpecExamples(t *testing.T) {
	doc := loadSpec(t)
	for _, e := range endpoints {
		op := doc.Paths.Value(e.Path).Post
		for name, example := range op.RequestBody.Value.Content["application/x-www-form-urlencoded"].Examples {
			checkFormExample(t, e, name, example.Value.Value.(map[string]any))
		}
		for name, example := range op.Responses.Value("200").Value.Content["application/json"].Examples {
			body, err := json.Marshal(example.Value.Value)
			if err != nil {
				t.Fatal(err)
			}
			var apiError *wire.APIError
			_, err = e.decode(body)
			if name == "success" && err != nil || name != "success" && (!errors.As(err, &apiError) || apiError.Desc == "") {
				t.Errorf("%s: %s %s: %v", e.ID, name, body, err)
			}
		}
	}
}

func checkFormExample(t *testing.T, e endpoint, name string, example map[string]any) {
	t.Helper()
	sent := url.Values{}
	for _, f := range e.Fields {
		value, ok := example[f.Name]
		if !ok {
			continue
		}
		text, isText := value.(string)
		if !isText {
			data, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			text = string(data)
		}
		sent.Set(f.Name, text)
	}
	if len(sent) != len(example) {
		t.Errorf("%s: example %s has fields that the form has not: %v", e.ID, name, example)
	}
	fields, err := wire.ParseForm(sent.Encode())
	if err != nil {
		t.Fatal(err)
	}
	form, err := e.bind(fields)
	if err != nil {
		t.Errorf("%s: example %s: %v", e.ID, name, err)
		return
	}
	if err := form.Validate(); err != nil {
		t.Errorf("%s: example %s: %v", e.ID, name, err)
	}
	text, err := json.Marshal(form)
	if err != nil {
		t.Fatal(err)
	}
	value, err := json.Marshal(example)
	if err != nil || !sameJSON(t, string(text), string(value)) {
		t.Errorf("%s: example %s: JSON %s, want %s, %v", e.ID, name, text, value, err)
	}
	back, err := url.ParseQuery(string(form.AppendForm(nil)))
	if err != nil || len(back) != len(sent) {
		t.Errorf("%s: example %s: sent %v, wrote %v, %v", e.ID, name, sent, back, err)
	}
	for _, f := range e.Fields {
		got, want := back.Get(f.Name), sent.Get(f.Name)
		if same := got == want || f.Kind.IsJSON() && sameJSON(t, got, want); !same {
			t.Errorf("%s: example %s: %s sent as %s, wrote %s", e.ID, name, f.Name, want, got)
		}
	}
}

// sameJSON compares two JSON texts but for the order of members.
func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := errors.Join(json.Unmarshal([]byte(a), &x), json.Unmarshal([]byte(b), &y)); err != nil {
		t.Error(err)
	}
	return reflect.DeepEqual(x, y)
}
