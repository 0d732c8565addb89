package main

import (
	"net/url"
	"strings"

	"github.com/nimroom/nimroom/internal/generate/dist"
)

// example returns the first example of an operation's form, form-encoded in the order of the
// form. Its values are known to fit their schemas.
func (b *builder) example(e *endpoint) {
	examples := e.RequestBody.Content[formType].Examples
	if len(examples) == 0 {
		b.fail(e.Path, "no example of %s: the request body needs one under examples, of any name", e.Form.Name)
		return
	}
	name, values := examples[0].Name, examples[0].Value.Value
	var fields []string
	for _, p := range e.Form.Props {
		node := values.find(p.Wire)
		if node == nil {
			continue
		}
		text := node.Value
		if p.Encoded {
			json, err := dist.JSON(node)
			if err != nil {
				b.fail(e.Path, "example %s: %s: %v", name, p.Wire, err)
			}
			text = string(json)
		}
		fields = append(fields, p.Wire+"="+url.QueryEscape(text))
	}
	for _, value := range values {
		if e.Form.prop(value.Name) == nil {
			b.fail(e.Path, "example %s names %s, which is no field of %s", name, value.Name, e.Form.Name)
		}
	}
	e.Example = strings.Join(fields, "&")
}
