package audit

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func TestSchemaThatRefersToItself(t *testing.T) {
	s := openapi3.NewObjectSchema()
	s.Properties = openapi3.Schemas{"parent": openapi3.NewSchemaRef("", s)}
	found := 0
	(&Reference{names: map[string]bool{}}).fields("", s, func(string, string, *openapi3.Schema) { found++ })
	if found == 0 {
		t.Error("no field was found")
	}
}
