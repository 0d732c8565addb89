package facts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/internal/check/evidence"
	"github.com/nimroom/nimroom/internal/check/spelling"
)

// The kinds of schemas that differ on the wire.
const (
	kindArray   = "array"
	kindBoolean = "boolean"
	kindInteger = "integer"
	kindNumber  = "number"
	kindObject  = "object"
	kindString  = "string"
	kindDecimal = "integer as text" // type string, format int32 or int64
)

func kindOf(s *openapi3.Schema) string {
	switch {
	case s.Type == nil || len(*s.Type) != 1:
		return "no single type"
	case s.Type.Is(kindString) && strings.HasPrefix(s.Format, "int"):
		return kindDecimal
	}
	return (*s.Type)[0]
}

// property finds a property by its name or by an accepted spelling.
func property(parent *openapi3.Schema, name string) (string, *openapi3.Schema) {
	if canonical := spelling.Property(parent, name); canonical != "" {
		return canonical, parent.Properties[canonical].Value
	}
	return name, nil
}

// enumValue finds the enum's own spelling of a value.
func enumValue(s *openapi3.Schema, value string) (string, bool) {
	aliases, _ := s.Extensions["x-enum-aliases"].(map[string]any)
	for _, v := range s.Enum {
		if canonical := evidence.Text(v); canonical == value || slices.Contains(spelling.Texts(aliases[canonical]), value) {
			return canonical, true
		}
	}
	return value, false
}

// limitsOf reads the keywords that limits names.
func limitsOf(s *openapi3.Schema) map[string]string {
	texts := map[string]string{}
	if s.MaxLength != nil {
		texts["maxLength"] = evidence.Text(*s.MaxLength)
	}
	if characters, ok := s.Extensions["x-max-json-length"]; ok {
		texts["maxLength"] = evidence.Text(characters)
	}
	if s.MaxItems != nil {
		texts["maxItems"] = evidence.Text(*s.MaxItems)
	}
	if s.Min != nil {
		texts["min"] = evidence.Text(*s.Min)
	}
	if s.Max != nil {
		texts["max"] = evidence.Text(*s.Max)
	}
	if s.Default != nil {
		texts["default"] = evidence.Text(s.Default)
	}
	return texts
}

// locate follows the dotted path of a response field; [] steps into a list. An
// element of a list has no parent.
func (c *comparer) locate(s *openapi3.Schema, path string) (parent *openapi3.Schema, name string, found *openapi3.Schema) {
	for _, step := range strings.Split(path, ".") {
		step, isElement := strings.CutSuffix(step, "[]")
		canonical, child := property(s, step)
		if child == nil {
			return nil, "", nil
		}
		c.spelling(path, step, canonical)
		parent, name, s = s, canonical, child
		if isElement {
			if s.Items == nil {
				return nil, "", nil
			}
			parent, name, s = nil, "", s.Items.Value
		}
	}
	return parent, name, s
}

// walk compares an example value with a schema. It is as lenient as the spec's
// introduction asks readers to be: a number or a boolean may be a string, a list or an
// object may be JSON text, and anything may be null.
func (c *comparer) walk(at string, s *openapi3.Schema, value any) {
	kind := kindOf(s)
	if raw, ok := value.(string); ok && (kind == kindArray || kind == kindObject) {
		value = evidence.JSON(raw)
	}
	switch v := value.(type) {
	case nil:
	case map[string]any:
		if kind != kindObject {
			c.differ(at, "an object", kind)
			return
		}
		c.walkObject(at, s, v)
	case []any:
		if kind != kindArray {
			c.differ(at, "a list", kind)
			return
		}
		for _, element := range v {
			c.walk(at+"[]", s.Items.Value, element)
		}
	default:
		c.walkScalar(at, s, evidence.Text(v), v)
	}
}

// walkObject skips an object whose schema names no properties.
func (c *comparer) walkObject(at string, s *openapi3.Schema, members map[string]any) {
	if len(s.Properties) == 0 {
		return
	}
	for name, member := range members {
		inner := strings.TrimPrefix(at+"."+name, ".")
		canonical, child := property(s, name)
		if child == nil {
			c.differ(inner, fmt.Sprintf("example value %v", member), "no such field")
			continue
		}
		c.spelling(inner, name, canonical)
		mark(c.fields, s, canonical)
		c.walk(inner, child, member)
	}
}

func (c *comparer) walkScalar(at string, s *openapi3.Schema, printed string, value any) {
	kind, fits := kindOf(s), false
	switch kind {
	case kindBoolean:
		fits = printed == "true" || printed == "false"
	case kindInteger, kindDecimal:
		_, err := strconv.ParseInt(printed, 10, 64)
		fits = err == nil
	case kindString:
		_, fits = value.(string)
	}
	if inner, ok := s.Extensions["x-json-text"].(map[string]any); ok {
		_, isList := evidence.JSON(printed).([]any)
		fits = fits && isList == (inner["type"] == kindArray)
	}
	if !fits {
		c.differ(at, "example value "+strconv.Quote(printed), kind)
		return
	}
	if len(s.Enum) > 0 {
		c.enumValue(at, s, printed)
	}
}

// enumValue checks that the spec's enum has a printed value.
func (c *comparer) enumValue(at string, s *openapi3.Schema, printed string) {
	canonical, ok := enumValue(s, printed)
	if !ok {
		c.differ(at, "enum value "+printed, fmt.Sprintf("one of %v", s.Enum))
		return
	}
	c.spelling(at, printed, canonical)
	mark(c.enums, s, canonical)
}
