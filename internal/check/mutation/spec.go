package mutation

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

const formType = "application/x-www-form-urlencoded"

// Object is a mapping of a spec.
type Object = map[string]any

type object = Object

// At steps from mapping to mapping.
func At(o Object, keys ...string) Object {
	for _, key := range keys {
		o = o[key].(Object)
	}
	return o
}

// Spec is a spec whose copies can be changed.
type Spec struct {
	root object
	text []byte
}

// Read reads a spec, YAML or JSON.
func Read(source []byte) (*Spec, error) {
	s := &Spec{}
	var parsed object
	err := yaml.Unmarshal(source, &parsed)
	if err == nil {
		s.text, err = json.Marshal(parsed)
	}
	if err != nil {
		return nil, fmt.Errorf("mutation: %w", err)
	}
	s.root = s.copied()
	return s, nil
}

// JSON returns the spec unchanged.
func (s *Spec) JSON() []byte { return slices.Clone(s.text) }

// Part returns a copy of a mapping in the spec.
func (s *Spec) Part(keys ...string) Object { return At(s.copied(), keys...) }

// With returns a copy of the spec after a change, as JSON.
func (s *Spec) With(change func(o Object)) []byte {
	copied := s.copied()
	change(copied)
	text, err := json.Marshal(copied)
	if err != nil {
		panic(err) // a change keeps the spec JSON
	}
	return text
}

func (s *Spec) copied() object {
	var copied object
	if err := json.Unmarshal(s.text, &copied); err != nil {
		panic(err) // s.text was marshaled
	}
	return copied
}

// Mutants seeds every kind of fault at every possible place that an older spec has too.
func (s *Spec) Mutants(older *Spec) []Mutant {
	m := &mutants{source: s, spec: s.root}
	m.root()
	for _, path := range keys(m.spec["paths"]) {
		at := []string{"paths", path, "post"}
		m.operation(path, at)
		m.wire(at)
		m.examples(at)
	}
	forms := m.formNames()
	for _, component := range keys(At(m.spec, "components", "schemas")) {
		at := []string{"components", "schemas", component}
		m.component(component, at)
		m.schema(at, slices.Contains(forms, component))
	}
	return slices.DeleteFunc(m.all, func(found Mutant) bool { return step(older.root, found.path) == nil })
}

// mutants collects the mutants of a spec.
type mutants struct {
	source *Spec
	spec   object
	all    []Mutant
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

// add notes a fault that seed puts into the mapping at path. what is part of the site's name.
func (m *mutants) add(kind string, path []string, what string, seed func(o object)) {
	site := strings.TrimPrefix(strings.Join(path, "."), "components.schemas.")
	site = strings.TrimPrefix(site, "paths.")
	path = slices.Clone(path)
	m.all = append(m.all, Mutant{Kind: kind, Site: strings.TrimPrefix(site+"."+what, "."), path: path, Text: func() []byte {
		return m.source.With(func(o object) { seed(step(o, path).(object)) })
	}})
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

// name returns a short name of a list's element.
func name(e any) any {
	if o, ok := e.(object); ok {
		for _, key := range []string{"code", "evidence", "name", "url", "$ref"} {
			if o[key] != nil {
				return o[key]
			}
		}
	}
	return e
}

// keys returns the keys of a mapping in a fixed order.
func keys(o any) []string {
	mapping, _ := o.(object)
	return slices.Sorted(maps.Keys(mapping))
}

// under returns a path with more steps.
func under(path []string, steps ...string) []string {
	return slices.Concat(path, steps)
}

// rename gives a key another name.
func rename(o object, from, to string) {
	o[to] = o[from]
	delete(o, from)
}

// spoilt returns a value of another type.
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

// has reports whether a list of texts contains one.
func has(list any, text string) bool {
	values, _ := list.([]any)
	return slices.Contains(values, any(text))
}

// formNames returns the schemas that requests use, directly or inside a form.
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
