package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// formats are the words by which a description says what a string holds. Its format must
// say the same.
var formats = []struct {
	format string
	says   *regexp.Regexp
}{
	{"accid", regexp.MustCompile(`^(An account|Account) \(accid\)`)},
	{"tag-expression", regexp.MustCompile(`^Tag expression`)},
	{"tag", regexp.MustCompile(`^(A tag|The tag|Tag whose)\b`)},
	{"json", regexp.MustCompile(`as the JSON text of a list`)},
	{"boolean", regexp.MustCompile(`as the text true or false\.`)},
	{"int64", regexp.MustCompile(`as decimal text`)},
	{"int32", regexp.MustCompile(`as (decimal text|a string)[,.]`)},
}

// limits checks that the limits of formats cite evidence and say what is unproven.
func (c *checker) limits() {
	list, _ := c.doc.Extensions["x-formats"].(map[string]any)
	if list["accid"] == nil {
		c.errorf("x-formats: the limits of accid are missing")
	}
	for name, value := range list {
		limits, _ := value.(map[string]any)
		description, _ := limits["description"].(string)
		at := "x-formats." + name
		c.cited(at, limits)
		c.guess(at, limits, description)
		if pattern, _ := limits["pattern"].(string); description == "" || pattern == "" || limits["maxLength"] == nil {
			c.errorf("%s: no description, maxLength or pattern", at)
		}
	}
}

// value checks a property or an element that is not a reference.
func (c *checker) value(at string, s *openapi3.Schema, form, required bool) {
	if s.Type == nil {
		c.errorf("%s: no type", at)
		return
	}
	if len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) > 0 {
		c.errorf("%s: a composition in a property breaks generators", at)
	}
	if s.Example == nil && (s.Items == nil || s.Items.Ref == "") {
		c.errorf("%s: no example", at)
	}
	c.format(at, s)
	c.namesType(at, s)
	if s.Format == "int32" && (s.Extensions["x-id"] != nil || s.Extensions["x-time"] != nil) {
		c.errorf("%s: an id or a time has 64 bits", at)
	}
	if aliases := texts(s.Extensions["x-aliases"]); s.Extensions["x-aliases"] != nil && len(aliases) == 0 {
		c.errorf("%s: no text in x-aliases", at)
	}
	if form {
		c.formValue(at, s, required)
	}
	if s.Items != nil && s.Items.Ref == "" {
		if s.Items.Value.Description == "" {
			c.errorf("%s[]: no description", at)
		}
		c.value(at+"[]", s.Items.Value, form, true)
	}
}

// refers matches the reference to a schema in a description.
var refers = regexp.MustCompile(`\(see (\w+)\)`)

// namesType checks that a property names the type that its description refers to, or that
// holds the names of its values.
func (c *checker) namesType(at string, s *openapi3.Schema) {
	name, _ := s.Extensions["x-go-type"].(string)
	see := refers.FindStringSubmatch(s.Description)
	switch {
	case see != nil && c.doc.Components.Schemas[see[1]] != nil && name != see[1]:
		c.errorf("%s: the description refers to %s, and x-go-type is %q", at, see[1], name)
	case len(s.Enum) > 0 && name == "" && !strings.HasSuffix(at, "Success.code"):
		c.errorf("%s: no x-go-type, which names the type of its values", at)
	}
}

func (c *checker) format(at string, s *openapi3.Schema) {
	switch {
	case s.Type.Is("integer"):
		if s.Format != "int32" && s.Format != "int64" {
			c.errorf("%s: an integer of format %q", at, s.Format)
		}
	case s.Type.Is("number"):
		if s.Format != "double" {
			c.errorf("%s: a number of format %q", at, s.Format)
		}
	case s.Type.Is("string") && s.Extensions["x-known"] == nil:
		want := []string{""}
		for _, f := range formats {
			if f.says.MatchString(s.Description) {
				want = append(want[:len(want):len(want)], f.format)
			}
		}
		if len(want) > 1 {
			want = want[1:]
		}
		if !slices.Contains(want, s.Format) {
			c.errorf("%s: format %q, but the description says %v", at, s.Format, want)
		}
	case s.Format != "":
		c.errorf("%s: only a string, an integer or a number has a format", at)
	}
}

// formValue checks the rules for the fields of all forms: no null, no empty value in a
// required field, and a minimum for each number.
func (c *checker) formValue(at string, s *openapi3.Schema, required bool) {
	if s.Nullable {
		c.errorf("%s: a form cannot send null", at)
	}
	switch {
	case s.Type.Is("string") && s.Format == "int64":
		if s.Pattern != "^[0-9]+$" {
			c.errorf("%s: no pattern of decimal digits", at)
		}
	case s.Type.Is("string") && len(s.Enum) == 0 && !strings.HasPrefix(at, "AntispamContent"):
		if notEmpty := s.MinLength == 1; notEmpty != required || s.MinLength > 1 {
			c.errorf("%s: minLength %d: a required text must not be empty, and an optional one may be", at, s.MinLength)
		}
	case s.Type.Is("array"):
		if some := required && !strings.Contains(s.Description, "empty list"); (s.MinItems == 1) != some || s.MinItems > 1 {
			c.errorf("%s: minItems %d: a required list must not be empty, unless its description says so", at, s.MinItems)
		}
	case s.Type.Is("integer") && strings.Contains(s.Description, "values are not documented"):
		if s.Min != nil {
			c.errorf("%s: a minimum of values that are not documented", at)
		}
	case s.Type.Is("integer") && len(s.Enum) == 0:
		least := 1.0 // an id, or how many
		if s.Extensions["x-time"] != nil || s.Extensions["x-duration"] != nil || strings.Contains(s.Description, "0 means") {
			least = 0
		}
		if s.Min == nil || *s.Min != least {
			c.errorf("%s: the minimum must be %v", at, least)
		}
	}
}
