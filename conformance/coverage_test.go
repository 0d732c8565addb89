package conformance

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/golden"
	"github.com/nimroom/nimroom/spec"
)

// recorder notes which operations succeed by their typed methods, and compares
// the emulator's log with what was sent and received.
type recorder struct {
	Target
	srv    *emulator.Server
	t      *testing.T
	called map[string]bool
}

func (r *recorder) Call(ctx context.Context, id string, form map[string]string, raw bool) (Response, error) {
	response, err := r.Target.Call(ctx, id, form, raw)
	if err != nil {
		return response, err
	}
	log := r.srv.Requests()
	last := log[len(log)-1]
	if last.OperationID != id || last.Code != response.Code || last.Desc != response.Desc {
		r.t.Errorf("%s returned %d %q, but the log has %+v", id, response.Code, response.Desc, last)
	}
	if !raw && (len(last.Form) != len(form) || len(last.Unknown) > 0) {
		r.t.Errorf("%s: sent %v for %v", id, last.Form, form)
	}
	for name, value := range form {
		if !equal(opened(value), last.Form[name]) && show(opened(value)) != show(opened(last.Form[name])) {
			r.t.Errorf("%s: sent %s=%s, want %s", id, name, last.Form[name], value)
		}
	}
	if !raw && response.Code == codeOK {
		r.called[methodOf(r.t, id, form)] = true
	}
	return response, nil
}

// methodOf is the method of the SDK that sends a form.
func methodOf(t *testing.T, id string, form map[string]string) string {
	values := url.Values{}
	for name, value := range form {
		values.Set(name, value)
	}
	typed, err := operations[id].typed(values)
	if err != nil {
		t.Fatal(err)
	}
	return operations[id].method(typed)
}

// everyStep yields every step of the suite with the name of its scenario.
func (s *Suite) everyStep(yield func(where string, step *Step) bool) {
	for name, steps := range s.Given {
		for i := range steps {
			if !yield("given "+name, &steps[i]) {
				return
			}
		}
	}
	for _, scenario := range s.Scenarios {
		for i := range scenario.Steps {
			if !yield(scenario.Name, &scenario.Steps[i]) {
				return
			}
		}
	}
}

// TestEveryCodeIsProvokedOrExcused: for each operation and code of the spec either
// a step provokes it or an excuse gives the reason why none does, never both.
func TestEveryCodeIsProvokedOrExcused(t *testing.T) {
	suite := load(t)
	provoked := map[string]bool{}
	for _, step := range suite.everyStep {
		if step.Call != "" {
			provoked[fmt.Sprint(step.Call, " ", step.wanted())] = true
		}
	}
	excused := map[string]bool{}
	for _, excuse := range suite.Unprovoked {
		if excuse.Reason == "" {
			t.Errorf("%v of %v: no reason", excuse.Codes, excuse.Operations)
		}
		for _, code := range excuse.Codes {
			for _, id := range whichOperations(t, excuse.Operations, code) {
				pair := fmt.Sprint(id, " ", code)
				if excused[pair] {
					t.Errorf("%s is excused twice", pair)
				}
				excused[pair] = true
			}
		}
	}
	for _, operation := range covered(suite) {
		for _, code := range operation.StatusCodes {
			switch pair := fmt.Sprint(operation.ID, " ", code); {
			case provoked[pair] && excused[pair]:
				t.Errorf("%s is provoked by a scenario and excused", pair)
			case !provoked[pair] && !excused[pair]:
				t.Errorf("%s: no scenario provokes it, and no entry of unprovoked gives the reason", pair)
			}
		}
	}
	for pair := range excused {
		id, text, _ := strings.Cut(pair, " ")
		code, _ := strconv.Atoi(text)
		if !slices.ContainsFunc(gen.Operations, func(o *gen.Operation) bool { return o.ID == id && slices.Contains(o.StatusCodes, code) }) {
			t.Errorf("%s is excused, but the spec does not list it", pair)
		}
	}
}

// whichOperations are the operations named, or all that list a code.
func whichOperations(t *testing.T, names []string, code int) []string {
	t.Helper()
	if !slices.Equal(names, []string{"*"}) {
		return names
	}
	var ids []string
	for _, operation := range gen.Operations {
		if slices.Contains(operation.StatusCodes, code) {
			ids = append(ids, operation.ID)
		}
	}
	if len(ids) == 0 {
		t.Errorf("no operation lists %d", code)
	}
	return ids
}

// TestEveryFormFieldIsSent: for each field a typed call with it succeeds.
func TestEveryFormFieldIsSent(t *testing.T) {
	suite := load(t)
	sent := map[string]bool{}
	for _, step := range suite.everyStep {
		if step.Call != "" && !step.Raw && step.wanted() == codeOK {
			for name := range step.Form {
				sent[step.Call+" "+name] = true
			}
		}
	}
	for _, operation := range covered(suite) {
		for _, field := range operation.Fields {
			if !sent[operation.ID+" "+field.Name] {
				t.Errorf("%s: no typed call sends %s", operation.ID, field.Name)
			}
		}
	}
}

// TestEveryMemberOfEveryResponseIsChecked: a step expects a value of each member,
// or an excuse gives the reason why none does.
func TestEveryMemberOfEveryResponseIsChecked(t *testing.T) {
	suite := load(t)
	checked := map[string]bool{}
	for _, step := range suite.everyStep {
		for path := range step.Response {
			checked[step.Call+" "+generalPath(path)] = true
		}
	}
	excused := map[string]bool{}
	for _, excuse := range suite.Unchecked {
		for _, id := range excuse.Operations {
			for _, path := range excuse.Members {
				excused[id+" "+path] = true
			}
		}
	}
	members := 0
	successes := successes(t)
	for _, operation := range covered(suite) {
		for path := range leaves(successes[operation.ID], "") {
			members++
			switch pair := operation.ID + " " + path; {
			case checked[pair] && excused[pair]:
				t.Errorf("%s is checked by a scenario and excused", pair)
			case !checked[pair] && !excused[pair]:
				t.Errorf("%s: no scenario checks it, and no entry of unchecked gives the reason", pair)
			default:
				delete(excused, pair)
			}
		}
	}
	if len(covered(suite)) == len(gen.Operations) {
		golden.Counts(t, "conformance: members of responses", map[string]int{"members": members})
	}
	for pair := range excused {
		t.Errorf("%s is excused, but the spec does not have it", pair)
	}
}

var itemOrCount = regexp.MustCompile(`\.(\d+|\[[^]]*\])`)

// generalPath replaces items by * and drops what follows the name of a list.
func generalPath(path string) string {
	path = itemOrCount.ReplaceAllString(path, ".*")
	return strings.TrimSuffix(strings.TrimSuffix(path, ".#"), ".*")
}

var readSpec = sync.OnceValues(func() (*openapi3.T, error) {
	text, err := spec.Read(spec.Variant{})
	if err != nil {
		return nil, err
	}
	return openapi3.NewLoader().LoadFromData(text)
})

func document(t *testing.T) *openapi3.T {
	t.Helper()
	document, err := readSpec()
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// successes are the responses in success by operation.
func successes(t *testing.T) map[string]*openapi3.Schema {
	t.Helper()
	schemas := map[string]*openapi3.Schema{}
	for _, item := range document(t).Paths.Map() {
		content := item.Post.Responses.Status(200).Value.Content.Get("application/json")
		schemas[item.Post.OperationID] = content.Schema.Value.OneOf[0].Value
	}
	return schemas
}

// leaves are the paths of all members without members of their own, except code.
func leaves(schema *openapi3.Schema, path string) map[string]bool {
	found := map[string]bool{}
	for name, property := range schema.Properties {
		below := strings.TrimPrefix(path+"."+name, ".")
		switch inner := property.Value; {
		case below == "code":
		case inner.Type.Is("object"):
			maps.Copy(found, leaves(inner, below))
		case inner.Type.Is("array") && inner.Items.Value.Type.Is("object"):
			maps.Copy(found, leaves(inner.Items.Value, below+".*"))
		default:
			found[below] = true
		}
	}
	return found
}
