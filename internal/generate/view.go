package main

import (
	"go.yaml.in/yaml/v3"

	"github.com/nimroom/nimroom/internal/generate/dist"
)

// The Go view is a version of the spec for stock oapi-codegen. It differs from the spec so
// that oapi-codegen emits only plain models and a raw client:
//   - the body's key names a charset, which leaves only the untyped
//     XWithBody(ctx, contentType, io.Reader);
//   - responses have no body, so nothing parses them;
//   - enums are left to the generator, which documents their values;
//   - properties carry their Go names, order and types.

type node = *yaml.Node

func scalar(v any) node {
	n := new(yaml.Node)
	if err := n.Encode(v); err != nil {
		panic(err) // the values are strings, numbers and booleans
	}
	return n
}

// pairs returns a mapping in the given order of names and values.
func pairs(nameValues ...any) node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i < len(nameValues); i += 2 {
		n.Content = append(n.Content, scalar(nameValues[i]))
		if value, ok := nameValues[i+1].(node); ok {
			n.Content = append(n.Content, value)
			continue
		}
		n.Content = append(n.Content, scalar(nameValues[i+1]))
	}
	return n
}

func add(n node, nameValues ...any) {
	n.Content = append(n.Content, pairs(nameValues...).Content...)
}

// view returns the Go view of the api.
func view(a *api) ([]byte, error) {
	paths, schemas := pairs(), pairs()
	for _, e := range a.Operations {
		body := pairs(formType+";charset=utf-8", pairs("schema", pairs("$ref", "#/components/schemas/"+e.Form.Name)))
		add(paths, e.Path, pairs("post", pairs(
			"operationId", e.ID,
			"summary", e.Summary,
			"requestBody", pairs("required", true, "content", body),
			"responses", pairs("200", pairs("description", "The response; see Decode"+e.Go+".")),
		)))
	}
	for _, t := range a.Types {
		if !t.isEnum() {
			add(schemas, t.Name, objectView(t))
		}
	}
	doc := pairs(
		"openapi", "3.0.3",
		"info", pairs("title", "Go view, generated from spec/openapi.yaml", "version", "0"),
		"paths", paths,
		"components", pairs("schemas", schemas),
	)
	return dist.JSON(doc)
}

func objectView(t *typ) node {
	props := pairs()
	required := &yaml.Node{Kind: yaml.SequenceNode}
	for i, p := range t.Props {
		goType := p.T.Go
		if p.Pointer && p.Required {
			goType = "*" + goType
		}
		v := pairs("x-go-type", goType, "x-go-name", p.Go, "x-order", i+1, "description", fieldDoc(propDoc(t, p)))
		if !p.Pointer {
			add(v, "x-go-type-skip-optional-pointer", true)
		}
		if p.Required {
			required.Content = append(required.Content, scalar(p.Wire))
		}
		add(props, p.Wire, v)
	}
	if t.keepsUnknown() {
		add(props, "Extra", pairs(
			"x-go-type", "map[string]json.RawMessage",
			"x-go-type-skip-optional-pointer", true,
			"x-go-json-ignore", true,
			"x-order", len(t.Props)+1,
			"description", fieldDoc("Members that the spec does not know, as they came. It is nil if there are none."),
		))
	}
	n := pairs("type", "object", "description", typeDoc(t), "properties", props)
	if len(required.Content) > 0 {
		add(n, "required", required)
	}
	return n
}
