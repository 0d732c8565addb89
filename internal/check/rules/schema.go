package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// schema checks one named schema and its properties.
func (c *checker) schema(name string, s *openapi3.Schema) {
	if strings.HasSuffix(name, "Request") || strings.HasSuffix(name, "Response") {
		c.errorf("%s: a schema of this name collides with generated types", name)
	}
	if s.Description == "" {
		c.errorf("%s: no description", name)
	}
	if len(s.AllOf) > 0 {
		c.errorf("%s: allOf breaks generators", name)
	}
	c.guess(name, s.Extensions, s.Description)
	c.enum(name, s)
	form := c.inForm(name)
	if additional := s.AdditionalProperties.Has; additional != nil && !*additional {
		c.errorf("%s: allows no other fields, which the service ignores in forms and may add to responses", name)
	}
	if s.Type == nil || s.Type.Is("integer") && s.Format == "" {
		c.errorf("%s: no type, or an integer without a format", name)
	}
	if s.Nullable || s.Type.Is("integer") && s.Format != "int32" {
		c.errorf("%s: may be null, or a named number that is not of format int32", name)
	}
	if strings.HasSuffix(name, "Success") && !slices.Contains(s.Required, "code") {
		c.errorf("%s: a success without a code", name)
	}
	if strings.HasSuffix(name, "Success") && len(s.Required) > 1 && !identified(s) {
		c.errorf("%s: x-identity does not say which properties say what the response is about; it is [] if none does", name)
	}
	if len(s.Enum) > 0 && s.Example == nil {
		c.errorf("%s: no example", name)
	}
	for property, ref := range s.Properties {
		at := name + "." + property
		p := ref.Value
		if p.Description == "" {
			c.errorf("%s: no description", at)
		}
		if ref.Ref == "" {
			c.enum(at, p)
			c.units(at, p)
			c.guess(at, p.Extensions, p.Description)
			c.value(at, p, form, slices.Contains(s.Required, property))
			if p.Type.Is("object") && len(p.Properties) > 0 {
				c.errorf("%s: a nested object must be a named schema", at)
			}
		}
		if !form {
			c.unlimited(at, p)
			if name != "Error" && !c.shown["#/components/schemas/"+name+"/"+property] {
				c.errorf("%s: no success example shows it", at)
			}
		}
		for _, alias := range texts(p.Extensions["x-aliases"]) {
			if s.Properties[alias] != nil {
				c.errorf("%s: alias %q is a property itself", at, alias)
			}
		}
	}
	for _, extension := range []string{"x-property-aliases", "x-property-absent"} {
		named, _ := s.Extensions[extension].(map[string]any)
		for property := range named {
			if ref := s.Properties[property]; ref == nil || ref.Ref == "" {
				c.errorf("%s: %s names %q, which is not a $ref property", name, extension, property)
			}
		}
	}
	for _, required := range s.Required {
		if s.Properties[required] == nil {
			c.errorf("%s: requires %q, which is not a property", name, required)
		}
	}
}

// identified reports whether x-identity, which may be empty, stands in a schema or in one
// of those below it. The names of a map say what its values are about.
func identified(s *openapi3.Schema) bool {
	if s.Extensions["x-identity"] != nil || s.AdditionalProperties.Schema != nil {
		return true
	}
	if s.Items != nil && identified(s.Items.Value) {
		return true
	}
	for _, property := range s.Properties {
		if identified(property.Value) {
			return true
		}
	}
	return false
}

// inForm reports whether requests use a schema, directly or inside a form.
func (c *checker) inForm(name string) bool {
	if c.forms[name] {
		return true
	}
	for form := range c.forms {
		for _, property := range c.doc.Components.Schemas[form].Value.Properties {
			items := property.Value.Items
			if at := "#/components/schemas/" + name; property.Ref == at || items != nil && items.Ref == at {
				return true
			}
		}
	}
	return false
}

// enum checks that names, descriptions and aliases fit the values.
func (c *checker) enum(at string, s *openapi3.Schema) {
	if strings.HasSuffix(at, "Success.code") {
		if len(s.Enum) != 1 || s.Enum[0] != 200.0 {
			c.errorf("%s: not the one value 200", at)
		}
		return
	}
	if len(s.Enum) == 0 {
		return
	}
	names := texts(s.Extensions["x-enum-varnames"])
	if len(names) != len(s.Enum) || len(slices.Compact(slices.Sorted(slices.Values(names)))) != len(names) {
		c.errorf("%s: %v are not %d different names for the enum values", at, names, len(s.Enum))
	}
	values := map[string]bool{}
	for _, v := range s.Enum {
		values[fmt.Sprint(v)] = true
	}
	described, _ := s.Extensions["x-enumDescriptions"].(map[string]any)
	if len(values) != len(s.Enum) || len(described) != len(s.Enum) {
		c.errorf("%s: a value occurs twice, or a description belongs to no value", at)
	}
	for v := range values {
		if text, _ := described[v].(string); text == "" {
			c.errorf("%s: value %s is not described", at, v)
		}
	}
	aliases, _ := s.Extensions["x-enum-aliases"].(map[string]any)
	for v, list := range aliases {
		if !values[v] {
			c.errorf("%s: aliases of %q, which is not a value", at, v)
		}
		for _, alias := range texts(list) {
			if values[alias] {
				c.errorf("%s: alias %q is a value itself", at, alias)
			}
		}
	}
}

// unlimited checks that a response has no limits, because a strict reader would reject the
// whole response.
func (c *checker) unlimited(at string, s *openapi3.Schema) {
	if s.Min != nil || s.Max != nil || s.MinLength > 0 || s.MaxLength != nil || s.MinItems > 0 || s.MaxItems != nil || s.Pattern != "" {
		c.errorf("%s: a limit on a response", at)
	}
	if s.Items != nil && s.Items.Ref == "" {
		c.unlimited(at+"[]", s.Items.Value)
	}
}
