package audit

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// none is the value for something that a page or the spec does not say.
const none = "none"

// scalar writes a YAML or JSON scalar as text, so that 1, 1.0 and "1" are equal.
func scalar(value any) string {
	switch v := value.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		return v.String()
	}
	return fmt.Sprint(value)
}

// kindOf returns array, boolean, integer, object or string.
func kindOf(s *openapi3.Schema) string {
	if s.Type == nil || len(*s.Type) != 1 {
		return "any"
	}
	return (*s.Type)[0]
}

// aliasesOf returns the other spellings of a property.
func aliasesOf(parent *openapi3.Schema, name string) []string {
	outer, _ := parent.Extensions["x-property-aliases"].(map[string]any)
	return slices.Concat(texts(parent.Properties[name].Value.Extensions["x-aliases"]), texts(outer[name]))
}

// property finds a property by its name or another spelling.
func property(parent *openapi3.Schema, name string) (string, *openapi3.Schema) {
	if child := parent.Properties[name]; child != nil {
		return name, child.Value
	}
	for canonical, child := range parent.Properties {
		if slices.Contains(aliasesOf(parent, canonical), name) {
			return canonical, child.Value
		}
	}
	return name, nil
}

// enumValue finds the enum's own spelling of a value.
func enumValue(s *openapi3.Schema, value string) (string, bool) {
	aliases, _ := s.Extensions["x-enum-aliases"].(map[string]any)
	for _, v := range s.Enum {
		if canonical := scalar(v); canonical == value || slices.Contains(texts(aliases[canonical]), value) {
			return canonical, true
		}
	}
	return value, false
}

// printedTypes returns the types that a page may print for a schema, in lower case.
func printedTypes(s *openapi3.Schema) []string {
	switch kindOf(s) {
	case "integer":
		if s.Format == "int64" {
			return []string{"long", "int64"}
		}
		return []string{"int", "integer", "int32"}
	case "boolean":
		return []string{"boolean", "bool"}
	case "array":
		return []string{"jsonarray", "array", "list"}
	case "object":
		return []string{"jsonobject", "object", "map", "json"}
	}
	return []string{"string", "text"}
}

// sameType reports whether a printed type is the type of the schema.
func sameType(printed string, s *openapi3.Schema) bool {
	printed = normalType(printed)
	if kindOf(s) == "array" {
		if base, _, ok := strings.Cut(printed, "<"); ok {
			printed = base
		} else if strings.HasSuffix(printed, "[]") {
			printed = "array"
		}
	}
	if base, _, ok := strings.Cut(printed, "<"); ok && base == "map" {
		printed = base
	}
	return slices.Contains(printedTypes(s), printed)
}

func normalType(printed string) string {
	return strings.ToLower(strings.ReplaceAll(printed, " ", ""))
}

// typeName returns the name of the spec's type in a finding.
func typeName(s *openapi3.Schema) string {
	name := printedTypes(s)[0]
	if len(s.Enum) > 0 {
		name += " (enum)"
	}
	return name
}

// limit is a number that a page must give for a field. Each of values expresses it.
type limit struct {
	aspect string
	values []string
}

// limitsOf returns the limits of a schema. A minimum of 0 or 1, which only says that
// ids and counts are not negative, is a limit only if the spec's description says it
// too.
func limitsOf(s *openapi3.Schema) []limit {
	var list []limit
	add := func(aspect string, values ...string) { list = append(list, limit{aspect, values}) }
	if s.MaxLength != nil {
		add("maxLength", scalar(*s.MaxLength))
	}
	if characters, ok := s.Extensions["x-max-json-length"]; ok {
		add("maxLength", scalar(characters))
	}
	if s.MaxItems != nil {
		add("maxItems", scalar(*s.MaxItems))
	}
	if s.Max != nil {
		add("max", scalar(*s.Max))
	}
	if s.Min != nil {
		least, below := scalar(*s.Min), scalar(*s.Min-1)
		told := numbersIn(s.Description)
		if *s.Min > 1 || told[least] || told[below] {
			add("min", least, below)
		}
	}
	return list
}

// isMax reports whether a limit is an upper limit.
func (l limit) isMax() bool { return l.aspect != "min" && l.aspect != "enum" }

// integerEnums returns the values that a page lists for a field's enum, or for the enums
// of the fields of an object.
func integerEnums(s *openapi3.Schema) []string {
	var values []string
	if kindOf(s) == "integer" {
		for _, v := range s.Enum {
			values = append(values, scalar(v))
		}
	}
	for _, child := range s.Properties {
		values = append(values, integerEnums(child.Value)...)
	}
	return values
}

// allowedNumbers returns the numbers that a page may print about a field.
func allowedNumbers(s *openapi3.Schema, depth int) map[string]bool {
	allowed := numbersIn(s.Description)
	for _, l := range limitsOf(s) {
		for _, v := range l.values {
			allowed[v] = true
		}
	}
	if s.Min != nil {
		allowed[scalar(*s.Min)] = true
	}
	if s.Default != nil {
		allowed[scalar(s.Default)] = true
	}
	for _, v := range s.Enum {
		allowed[scalar(v)] = true
	}
	meanings, _ := s.Extensions["x-enumDescriptions"].(map[string]any)
	for _, meaning := range meanings {
		for n := range numbersIn(scalar(meaning)) {
			allowed[n] = true
		}
	}
	if depth > 4 {
		return allowed
	}
	add := func(child *openapi3.Schema) {
		for n := range allowedNumbers(child, depth+1) {
			allowed[n] = true
		}
	}
	for _, child := range s.Properties {
		add(child.Value)
	}
	if s.Items != nil {
		add(s.Items.Value)
	}
	return allowed
}
