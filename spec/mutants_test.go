package spec_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// A mutant is the spec with one fault.
type mutant struct {
	kind string
	site string // where the fault is, such as CreateChatroomForm.name.maxLength
	path []string
	seed func(o object) // puts the fault into the mapping at path
}

func (m mutant) String() string { return m.kind + ": " + m.site }

// mutants collects every fault of every kind at every site of a spec.
type mutants struct {
	spec object
	all  []mutant
}

// parseSpec reads the spec as plain mappings and lists.
func parseSpec(t testing.TB, source []byte) object {
	t.Helper()
	var parsed object
	require.NoError(t, yaml.Unmarshal(source, &parsed))
	return clone(t, parsed)
}

func clone(t testing.TB, spec object) object {
	t.Helper()
	text, err := json.Marshal(spec)
	require.NoError(t, err)
	var copied object
	require.NoError(t, json.Unmarshal(text, &copied))
	return copied
}

// step follows a path through mappings and lists.
func step(value any, path []string) any {
	for _, key := range path {
		switch v := value.(type) {
		case object:
			value = v[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// add notes a fault that seed puts into the mapping at path; what is part of the site's name.
func (m *mutants) add(kind string, path []string, what string, seed func(o object)) {
	site := strings.TrimPrefix(strings.Join(path, "."), "components.schemas.")
	site = strings.TrimPrefix(site, "paths.")
	m.all = append(m.all, mutant{kind, strings.TrimPrefix(site+"."+what, "."), slices.Clone(path), seed})
}

// drop adds a mutant without a key.
func (m *mutants) drop(kind string, path []string, key string) {
	if o, _ := step(m.spec, path).(object); o[key] != nil {
		m.add(kind, path, key, func(o object) { delete(o, key) })
	}
}

// put adds a mutant with another value under a key.
func (m *mutants) put(kind string, path []string, key string, value any) {
	o, _ := step(m.spec, path).(object)
	if fmt.Sprint(o[key]) == fmt.Sprint(value) {
		return
	}
	m.add(kind, path, fmt.Sprintf("%s=%v", key, value), func(o object) { o[key] = value })
}

// without adds a mutant for each element of a list under a key.
func (m *mutants) without(kind string, path []string, key string) {
	o, _ := step(m.spec, path).(object)
	list, _ := o[key].([]any)
	for i, e := range list {
		m.add(kind, path, fmt.Sprintf("%s[%v]", key, name(e)), func(o object) {
			o[key] = slices.Delete(slices.Clone(o[key].([]any)), i, i+1)
		})
	}
}

// name is a short name of a list's element.
func name(e any) any {
	if o, ok := e.(object); ok {
		for _, key := range []string{"code", "document", "name", "url", "$ref"} {
			if o[key] != nil {
				return o[key]
			}
		}
	}
	return e
}

// keys are the keys of a mapping in a fixed order.
func keys(o any) []string {
	mapping, _ := o.(object)
	return slices.Sorted(maps.Keys(mapping))
}

// under is a path with more steps.
func under(path []string, steps ...string) []string {
	return slices.Concat(path, steps)
}

// rename gives a key another name.
func rename(o object, from, to string) {
	o[to] = o[from]
	delete(o, from)
}

// spoilt is a value of another type.
func spoilt(value any) any {
	switch value.(type) {
	case string:
		return []any{value}
	case nil:
		return object{"null": true}
	default:
		return "neither this nor that"
	}
}

// has tells whether a list of texts has one.
func has(list any, text string) bool {
	values, _ := list.([]any)
	return slices.Contains(values, any(text))
}

// allMutants seeds every kind of fault wherever it can be.
func allMutants(spec object) []mutant {
	m := &mutants{spec: spec}
	m.root()
	for _, path := range keys(spec["paths"]) {
		at := []string{"paths", path, "post"}
		m.operation(path, at)
		m.wire(at)
		m.examples(at)
	}
	forms := m.formNames()
	for _, component := range keys(at(spec, "components", "schemas")) {
		at := []string{"components", "schemas", component}
		m.component(component, at)
		m.schema(at, slices.Contains(forms, component))
	}
	return m.all
}

// formNames are the schemas that requests send, directly or below a form.
func (m *mutants) formNames() []string {
	var names []string
	var visit func(value any)
	visit = func(value any) {
		switch v := value.(type) {
		case []any:
			for _, e := range v {
				visit(e)
			}
		case object:
			for key, child := range v {
				ref, _ := child.(string)
				component := ref[strings.LastIndex(ref, "/")+1:]
				if key == "$ref" && !slices.Contains(names, component) {
					names = append(names, component)
					visit(step(m.spec, []string{"components", "schemas", component}))
				}
				visit(child)
			}
		}
	}
	for _, path := range keys(m.spec["paths"]) {
		visit(step(m.spec, []string{"paths", path, "post", "requestBody"}))
	}
	return names
}
