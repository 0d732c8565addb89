package dist

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
)

// TestSDKProfileIsOpen: no default anywhere, no enum in a response but that of
// a success's code, nothing listed of a free object, and all of these kept as
// extensions.
func TestSDKProfileIsOpen(t *testing.T) {
	defaults, enums, free := 0, 0, 0
	var walk func(where string, s *openapi3.Schema, visit func(where string, s *openapi3.Schema))
	walk = func(where string, s *openapi3.Schema, visit func(where string, s *openapi3.Schema)) {
		visit(where, s)
		for name, property := range s.Properties {
			walk(where+"."+name, property.Value, visit)
		}
		if s.Items != nil {
			walk(where+".*", s.Items.Value, visit)
		}
	}
	doc := document(t, "openapi.sdk.yaml")
	for name, schema := range doc.Components.Schemas {
		walk(name, schema.Value, func(where string, s *openapi3.Schema) {
			assert.Nil(t, s.Default, where)
			if more := s.AdditionalProperties.Has; more != nil && *more {
				free++
				assert.Empty(t, s.Properties, where)
				assert.NotNil(t, s.Extensions["x-known-properties"], where)
			}
			if s.Extensions["x-default"] != nil {
				defaults++
			}
		})
	}
	for _, item := range doc.Paths.Map() {
		schema := item.Post.Responses.Status(200).Value.Content.Get("application/json").Schema.Value
		walk(item.Post.OperationID, schema, func(where string, s *openapi3.Schema) {
			if s.Extensions["x-known-values"] != nil {
				enums++
			}
			if where != item.Post.OperationID+".code" {
				assert.Empty(t, s.Enum, where)
			}
		})
	}
	assert.Positive(t, enums)
	assert.Positive(t, free)

	before := 0
	canonical := document(t, "openapi.yaml")
	for name, schema := range canonical.Components.Schemas {
		if _, there := doc.Components.Schemas[name]; there {
			walk(name, schema.Value, func(_ string, s *openapi3.Schema) {
				if s.Default != nil {
					before++
				}
			})
		}
	}
	assert.Positive(t, before)
	assert.GreaterOrEqual(t, defaults, before, "defaults are kept as x-default")

	// Forms say which values are known, and take others.
	form := canonical.Components.Schemas["SendMessageForm"].Value.Properties["msgType"].Value
	assert.Empty(t, form.Enum)
	assert.NotEmpty(t, form.Extensions["x-known-values"])
}
