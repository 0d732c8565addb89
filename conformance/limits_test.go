package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/golden"
	"github.com/nimroom/nimroom/wrapper"
)

// TestLimits takes every limit of every form field from the spec. A value at the
// limit is accepted. Past it, the SDK sends nothing and names the field and the
// limit; sent to the emulator all the same, it is an API error that names the
// field.
func TestLimits(t *testing.T) {
	suite := load(t)
	counts := map[string]int{}
	ran := 0
	for _, operation := range covered(suite) {
		t.Run(operation.ID, func(t *testing.T) {
			ran++
			b := newBench(t, suite, operations[operation.ID])
			for _, l := range limitsOf(t, operation) {
				b.check(l, counts)
			}
		})
	}
	if ran == len(gen.Operations) { // -run may select some of them
		golden.Counts(t, "conformance: limits", counts)
	}
}

// bench brings the service to the state in which the success scenario of an
// operation calls it first, and has the form that succeeds there.
type bench struct {
	*testing.T
	ctx    context.Context
	target *Emulated
	srv    *emulator.Server
	suite  *Suite
	before Scenario
	step   Step
	op     *operation
}

func newBench(t *testing.T, suite *Suite, op *operation) *bench {
	t.Helper()
	target, srv := emulate(t, Options{})
	b := &bench{T: t, ctx: t.Context(), target: target, srv: srv, suite: suite, op: op}
	for _, scenario := range suite.Scenarios {
		if scenario.Name != op.ID+"/success" {
			continue
		}
		at := slices.IndexFunc(scenario.Steps, func(s Step) bool { return s.Call == op.ID && !s.Raw && s.wanted() == codeOK })
		b.before, b.step = scenario, scenario.Steps[at]
		b.before.Steps = scenario.Steps[:at]
		return b
	}
	t.Fatalf("no scenario %s/success", op.ID)
	return nil
}

// form starts over and returns the form that succeeds.
func (b *bench) form() map[string]string {
	b.Helper()
	b.srv.Reset()
	p := player{target: b.target, saved: variables{}}
	err := errors.Join(b.suite.begin(b.ctx, &p, b.before), p.steps(b.ctx, b.before.Steps))
	if err != nil {
		b.Fatal(err)
	}
	form, err := p.saved.form(b.step.Form)
	if err != nil {
		b.Fatal(err)
	}
	return form
}

// with starts over and returns that form with one field as given.
func (b *bench) with(field string, value *string) map[string]string {
	b.Helper()
	form := b.form()
	if value == nil {
		delete(form, field)
		return form
	}
	form[field] = *value
	return form
}

// check checks a limit and counts the calls.
func (b *bench) check(l limit, counts map[string]int) {
	b.Run(l.name(), func(t *testing.T) {
		inner := *b
		inner.T = t
		for _, edge := range l.edges {
			inner.accepts(l, edge)
			counts["accepted"]++
		}
		for _, past := range l.past {
			if !l.onlyRaw && (l.kind != "required" || past == nil) {
				inner.stops(l, past)
				counts["stopped by the SDK"]++
			}
			inner.fails(l, past)
			counts["API errors of the emulator"]++
		}
	})
}

// accepts: at the limit the operation succeeds. A room id at the limit is the id
// of no room, a time that names a message that of none, an account's id that of an
// account without a part in the room, and nothing else may be wrong with it.
func (b *bench) accepts(l limit, edge string) {
	response, err := b.target.Call(b.ctx, b.op.ID, b.with(l.field, &edge), false)
	names := strings.EqualFold(l.field, "roomid") || l.field == "msgTimetag" && slices.Contains(b.op.StatusCodes, gen.CodeNotFound)
	switch noRoom := response.Code == gen.CodeNotFound || response.Desc == "error roomId"; {
	case err != nil:
		b.Errorf("%s: %v", brief(&edge), err)
	case l.account:
		if response.Code == gen.CodeBadParameter {
			b.Errorf("%s: code %d %q", brief(&edge), response.Code, response.Desc)
		}
	case l.field == b.op.IdempotentWith && response.Code == gen.CodeNotFound: // so long a key is not there
	case names && !noRoom, !names && response.Code != codeOK:
		b.Errorf("%s: code %d %q", brief(&edge), response.Code, response.Desc)
	}
}

// stops: past the limit the SDK sends nothing and names the field and the limit.
func (b *bench) stops(l limit, past *string) {
	form := b.typed(l.field, past)
	before := len(b.srv.Requests())
	err := b.op.call(b.ctx, b.target.Client, form, new([]byte))
	var failure *wrapper.Error
	if !errors.As(err, &failure) || !errors.Is(err, wrapper.ErrBadParameter) {
		b.Fatalf("%s: %v", brief(past), err)
	}
	if failure.Field != l.inner || failure.Attempts != 0 || failure.Code != 0 || !strings.Contains(failure.Error(), l.text) {
		b.Errorf("%s: field %s, want %s; %d attempts; %q, want %q in it", brief(past), failure.Field, l.inner, failure.Attempts, failure, l.text)
	}
	if n := len(b.srv.Requests()) - before; n != 0 {
		b.Errorf("%s: %d requests were sent", brief(past), n)
	}
}

// typed is the method's form with one field past its limit. A field that is left
// out has its zero value. An object is set in the struct, because binding checks
// its limit.
func (b *bench) typed(field string, value *string) gen.Form {
	at := slices.IndexFunc(b.op.Fields, func(f gen.Field) bool { return f.Name == field })
	known := b.op.Fields[at]
	missing, isObject := value == nil || *value == "", known.Kind == gen.ObjectField
	form := b.form()
	if !missing && !isObject {
		form[field] = *value
	}
	values := url.Values{}
	for name, text := range form {
		values.Set(name, text)
	}
	bound, err := b.op.typed(values)
	if err != nil {
		b.Fatal(err)
	}
	changed := reflect.New(reflect.TypeOf(bound)).Elem()
	changed.Set(reflect.ValueOf(bound))
	switch goField := changed.FieldByName(known.GoName); {
	case missing:
		goField.SetZero()
	case isObject:
		if err := json.Unmarshal([]byte(*value), goField.Addr().Interface()); err != nil {
			b.Fatal(err)
		}
	}
	return changed.Interface().(gen.Form)
}

// fails: sent past the limit, the operation fails with a desc that names the
// field.
func (b *bench) fails(l limit, past *string) {
	response, err := b.target.Call(b.ctx, b.op.ID, b.with(l.field, past), true)
	if err != nil {
		b.Fatalf("%s: %v", brief(past), err)
	}
	named := strings.Contains(response.Desc, l.field)
	for _, f := range b.op.Fields {
		named = named || f.Name == l.field && f.Missing != "" && response.Desc == f.Missing
	}
	if response.Code != l.code || !named {
		b.Errorf("%s: code %d %q, want %d and %s named", brief(past), response.Code, response.Desc, l.code, l.field)
	}
}

// brief shows a value of any length.
func brief(value *string) string {
	switch {
	case value == nil:
		return "left out"
	case len(*value) > 40:
		return strings.ToValidUTF8((*value)[:40], "") + "..."
	}
	return `"` + *value + `"`
}

// TestEveryLimitOfTheSpecIsKnown: no form field has a keyword that limitsOf
// does not read.
func TestEveryLimitOfTheSpecIsKnown(t *testing.T) {
	known := []string{
		"enum", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum", "pattern", "x-max-json-length", "minProperties", "maxProperties", "x-known-values",
		"additionalProperties", "default", "description", "example", "format", "items", "properties", "required", "type", "x-property-aliases", "x-not-emulated", "x-feature", "x-closed", "x-values",
		"x-missing", "x-aliases", "x-enum-aliases", "x-enum-varnames", "x-enumDescriptions", "x-go-type", "x-guess", "x-id", "x-time", "x-duration",
	}
	found := map[string]bool{}
	for _, operation := range gen.Operations {
		keywords(t, formOf(t, operation), found)
	}
	for _, keyword := range slices.Sorted(maps.Keys(found)) {
		if !slices.Contains(known, keyword) {
			t.Errorf("nothing here tests %s", keyword)
		}
	}
	if !found["x-max-json-length"] || !found["maxItems"] {
		t.Errorf("found only %v", slices.Sorted(maps.Keys(found)))
	}
}
