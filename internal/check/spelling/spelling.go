// Package spelling reads from the spec which names a field has on the wire.
package spelling

import (
	"fmt"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// Texts returns the scalars of an extension's list as texts.
func Texts(list any) []string {
	items, _ := list.([]any)
	texts := make([]string, 0, len(items))
	for _, item := range items {
		texts = append(texts, fmt.Sprint(item))
	}
	return texts
}

// Of returns the names of a property of a schema: its own, and the others that x-aliases and
// x-property-aliases list.
func Of(parent *openapi3.Schema, property string) []string {
	named, _ := parent.Extensions["x-property-aliases"].(map[string]any)
	return slices.Concat([]string{property}, Texts(parent.Properties[property].Value.Extensions["x-aliases"]), Texts(named[property]))
}

// Property finds the property that has a name, as its own or as another; a property's own name
// goes first. It returns "" if there is none.
func Property(parent *openapi3.Schema, name string) string {
	if parent.Properties[name] != nil {
		return name
	}
	for _, property := range slices.Sorted(maps.Keys(parent.Properties)) {
		if slices.Contains(Of(parent, property), name) {
			return property
		}
	}
	return ""
}
