package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// variables are the values that a scenario saved.
type variables map[string]any

var (
	reference  = regexp.MustCompile(`^\$[A-Za-z]\w*$`)
	references = regexp.MustCompile(`\$[A-Za-z]\w*`)
)

// resolve replaces each text that is "$name" by the saved value, in lists and
// objects too.
func (v variables) resolve(value any) (any, error) {
	switch x := value.(type) {
	case string:
		if !reference.MatchString(x) {
			return x, nil
		}
		return v.get(x)
	case []any:
		list := make([]any, len(x))
		for i, item := range x {
			var err error
			if list[i], err = v.resolve(item); err != nil {
				return nil, err
			}
		}
		return list, nil
	case map[string]any:
		object := make(map[string]any, len(x))
		for name, member := range x {
			var err error
			if object[name], err = v.resolve(member); err != nil {
				return nil, err
			}
		}
		return object, nil
	}
	return value, nil
}

func (v variables) get(name string) (any, error) {
	value, ok := v[strings.TrimPrefix(name, "$")]
	if !ok {
		return nil, fmt.Errorf("%s was not saved", name)
	}
	return value, nil
}

// path replaces each $name of a path by the saved value.
func (v variables) path(path string) (string, error) {
	var missing error
	resolved := references.ReplaceAllStringFunc(path, func(name string) string {
		value, err := v.get(name)
		if err != nil {
			missing = err
		}
		s, _ := scalar(value)
		return s
	})
	return resolved, missing
}

// form encodes the fields as texts.
func (v variables) form(form map[string]any) (map[string]string, error) {
	texts := make(map[string]string, len(form))
	for name, value := range form {
		resolved, err := v.resolve(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if texts[name], err = text(resolved); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return texts, nil
}

// text encodes a value for a form: lists and objects as JSON, others as they are.
func text(value any) (string, error) {
	if s, ok := scalar(value); ok {
		return s, nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}
