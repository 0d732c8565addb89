package mutation

import (
	"fmt"
	"slices"
)

// component seeds faults into a named schema.
func (m *mutants) component(component string, at []string) {
	m.drop("schema lost", []string{"components", "schemas"}, component)
	m.add("schema renamed", []string{"components", "schemas"}, component, func(o object) { rename(o, component, component+"Response") })
	m.drop("schema not described", at, "description")
	m.put("other fields refused", at, "additionalProperties", false)
	for _, extension := range []string{"x-property-aliases", "x-property-absent"} {
		for _, property := range keys(step(m.spec, under(at, extension))) {
			m.drop(extension[2:]+" lost", under(at, extension), property)
			m.add(extension[2:]+" of no property", under(at, extension), property, func(o object) { rename(o, property, property+"s") })
			m.without(extension[2:]+" lost", under(at, extension), property)
		}
	}
	m.drop("place of plain text lost", at, "x-text-property")
}

// schema seeds faults into a schema and the schemas inside it.
func (m *mutants) schema(at []string, form bool) {
	m.keywords(at, form)
	m.enum(at)
	m.fields(at, form)
	if step(m.spec, under(at, "items")) != nil {
		m.drop("items lost", at, "items")
		items := under(at, "items")
		if step(m.spec, under(items, "$ref")) == nil {
			m.described(items)
			m.schema(items, form)
		}
	}
	if step(m.spec, under(at, "not")) != nil {
		m.drop("exclusion lost", at, "not")
	}
}

// fields seeds faults into the list of properties.
func (m *mutants) fields(at []string, form bool) {
	properties := under(at, "properties")
	for _, field := range keys(step(m.spec, properties)) {
		place, article := "response", "a "
		if form {
			place, article = "form", "a "
		}
		required := has(step(m.spec, under(at, "required")), field)
		m.add(place+" field lost", at, field, func(o object) {
			delete(o["properties"].(object), field)
			if list, ok := o["required"].([]any); ok {
				o["required"] = slices.DeleteFunc(slices.Clone(list), func(e any) bool { return e == field })
			}
		})
		m.add(place+" field misspelt", at, field, func(o object) {
			rename(o["properties"].(object), field, field+"s")
			if list, ok := o["required"].([]any); ok && required {
				o["required"] = append(slices.DeleteFunc(slices.Clone(list), func(e any) bool { return e == field }), field+"s")
			}
		})
		m.add("required mark of "+article+place+" wrong", at, field, func(o object) {
			list, _ := o["required"].([]any)
			if required {
				o["required"] = slices.DeleteFunc(slices.Clone(list), func(e any) bool { return e == field })
				return
			}
			o["required"] = append(slices.Clone(list), field)
		})
		property := under(properties, field)
		if step(m.spec, under(property, "$ref")) != nil {
			m.put("reference to another schema", property, "$ref", m.otherEnum(step(m.spec, under(property, "$ref"))))
			m.put("reference to nothing", property, "$ref", "#/components/schemas/Nothing")
			continue
		}
		m.described(property)
		m.schema(property, form)
	}
	if step(m.spec, properties) != nil {
		m.add("field invented", at, "invented", func(o object) {
			o["properties"].(object)["invented"] = object{"type": "string", "description": "Invented.", "example": "x"}
		})
		m.add("required field that is none", at, "nothing", func(o object) {
			list, _ := o["required"].([]any)
			o["required"] = append(slices.Clone(list), "nothing")
		})
	}
}

func (m *mutants) described(at []string) {
	m.drop("property not described", at, "description")
	m.put("property not described", at, "description", "")
}

// keywords seeds faults into types, limits, defaults, examples and extensions.
func (m *mutants) keywords(at []string, form bool) {
	schema := step(m.spec, at).(object)
	for _, wrong := range []string{"string", "integer", "boolean"} {
		m.put("type wrong", at, "type", wrong)
	}
	m.drop("type missing", at, "type")
	switch schema["format"] {
	case "int64":
		m.put("format wrong", at, "format", "int32")
	case "int32":
		m.put("format wrong", at, "format", "int64")
	}
	m.drop("format missing", at, "format")
	for _, limit := range []string{"maxLength", "maxItems", "maximum", "minimum", "minLength", "minItems", "x-max-json-length"} {
		if value, ok := schema[limit].(float64); ok {
			m.put("limit wrong", at, limit, value+1)
			if value > 0 {
				m.put("limit wrong", at, limit, value-1)
			}
			m.drop("limit lost", at, limit)
		}
	}
	m.drop("pattern lost", at, "pattern")
	m.invented(at, schema, form)
	if value := schema["default"]; value != nil {
		m.drop("default lost", at, "default")
		switch v := value.(type) {
		case bool:
			m.put("default wrong", at, "default", !v)
		case float64:
			m.put("default wrong", at, "default", v+1)
		default:
			m.put("default wrong", at, "default", "none of them")
		}
	}
	if value, ok := schema["example"]; ok {
		m.put("example of a property contradicts", at, "example", spoilt(value))
		m.drop("example of a property missing", at, "example")
	}
	m.put("nullable flipped", at, "nullable", schema["nullable"] != true)
	m.without("alias lost", at, "x-aliases")
	m.drop("aliases lost", at, "x-aliases")
	if schema["x-aliases"] != nil {
		m.put("alias misspelt", at, "x-aliases", []any{"jointime"})
	}
	m.drop("meaning of absence lost", at, "x-absent")
	m.drop("rule of zero lost", at, "x-omit-zero")
	m.drop("schema of JSON text lost", at, "x-json-text")
	if schema["x-json-text"] != nil {
		m.put("schema of JSON text wrong", under(at, "x-json-text"), "type", "object")
		m.put("schema of JSON text wrong", under(at, "x-json-text", "items"), "type", "integer")
	}
	m.drop("Go type lost", at, "x-go-type")
	m.units(at, schema)
	m.guess(at)
	m.put("allOf around a schema", at, "allOf", []any{object{"type": schema["type"]}})
}

// invented adds limits and defaults that no page has.
func (m *mutants) invented(at []string, schema object, form bool) {
	if len(at) <= 3 {
		return
	}
	limit := map[any]string{"string": "maxLength", "integer": "maximum", "array": "maxItems"}[schema["type"]]
	if limit != "" && schema[limit] == nil && schema["enum"] == nil {
		place := "a response"
		if form {
			place = "a form"
		}
		m.put("limit of "+place+" invented", at, limit, 100000)
	}
	if schema["type"] == "boolean" && schema["default"] == nil {
		m.put("default invented", at, "default", true)
	}
}

// enum seeds faults into values, their names, descriptions and aliases.
func (m *mutants) enum(at []string) {
	schema := step(m.spec, at).(object)
	values, _ := schema["enum"].([]any)
	if values == nil {
		return
	}
	m.without("enum value lost", at, "enum")
	for i, value := range values {
		wrong := any("WRONG")
		if number, ok := value.(float64); ok {
			wrong = number + 1000
		}
		m.add("enum value wrong", at, fmt.Sprint(value), func(o object) { o["enum"].([]any)[i] = wrong })
	}
	m.add("enum value invented", at, "enum", func(o object) {
		wrong := any("MORE")
		if _, ok := values[0].(float64); ok {
			wrong = 77.0
		}
		o["enum"] = append(o["enum"].([]any), wrong)
	})
	m.add("enum value twice", at, "enum", func(o object) { o["enum"] = append(o["enum"].([]any), values[0]) })
	names, _ := schema["x-enum-varnames"].([]any)
	m.without("enum name lost", at, "x-enum-varnames")
	m.drop("enum names lost", at, "x-enum-varnames")
	if len(names) > 1 {
		m.add("enum name twice", at, "x-enum-varnames", func(o object) { o["x-enum-varnames"].([]any)[0] = names[1] })
		m.add("enum names swapped", at, "x-enum-varnames", func(o object) {
			list := o["x-enum-varnames"].([]any)
			list[0], list[1] = list[1], list[0]
		})
	}
	for _, value := range keys(schema["x-enumDescriptions"]) {
		m.drop("enum description missing", under(at, "x-enumDescriptions"), value)
		m.put("enum description missing", under(at, "x-enumDescriptions"), value, "")
	}
	if schema["x-enumDescriptions"] != nil {
		m.put("enum description of no value", under(at, "x-enumDescriptions"), "nothing", "Nothing.")
	}
	for _, value := range keys(schema["x-enum-aliases"]) {
		m.without("enum alias lost", under(at, "x-enum-aliases"), value)
		m.add("enum alias of no value", under(at, "x-enum-aliases"), value, func(o object) { rename(o, value, value+"S") })
		m.add("enum alias that is a value", under(at, "x-enum-aliases"), value, func(o object) { o[value] = []any{values[0]} })
	}
}

// units seeds faults into the marks of integers: ids, times and lengths of time.
func (m *mutants) units(at []string, schema object) {
	for extension, others := range map[string][]string{
		"x-id": {"member"}, "x-time": {"seconds", "milliseconds", "any"}, "x-duration": {"seconds", "milliseconds"},
	} {
		if schema[extension] != nil {
			m.drop("unit lost", at, extension)
			for _, other := range others {
				m.put("unit wrong", at, extension, other)
			}
			m.add("unit of another kind", at, extension, func(o object) {
				rename(o, extension, map[bool]string{true: "x-time", false: "x-duration"}[extension != "x-time"])
			})
			m.put("unit not described", at, "description", "A number.")
		}
	}
	if schema["type"] == "integer" && schema["x-id"] == nil && schema["x-time"] == nil && schema["x-duration"] == nil && schema["enum"] == nil {
		m.put("unit invented", at, "x-duration", "seconds")
	}
}

// otherEnum returns a reference to the first named enum, except one.
func (m *mutants) otherEnum(ref any) any {
	schemas := At(m.spec, "components", "schemas")
	for _, component := range keys(schemas) {
		if other := "#/components/schemas/" + component; other != ref && At(schemas, component)["enum"] != nil {
			return other
		}
	}
	return "nothing"
}
