package dist

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// openValues turns the enums of the spec into lists of known values: the service
// may take and send others. A closed enum and the code of a success keep theirs.
func openValues(n *yaml.Node) {
	if n.Kind == yaml.MappingNode && get(n, "type") != nil && get(n, "x-closed") == nil {
		rename(n, "enum", "x-known-values")
	}
	for i, child := range n.Content {
		if n.Kind != yaml.MappingNode || i%2 == 1 && n.Content[i-1].Value != "code" {
			openValues(child)
		}
	}
}

// nameValues puts the name of a schema of values in place of a Go type of this name. The
// property is a text or has other keywords of its own, so that it cannot be a reference;
// x-named-values refers to the schemas instead.
func nameValues(root, schemas *yaml.Node) {
	named := list()
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if name := get(n, "x-go-type"); name != nil && get(schemas, name.Value) != nil {
			rename(n, "x-go-type", "x-values")
			if !slices.ContainsFunc(named.Content, func(n *yaml.Node) bool { return get(n, "$ref").Value == reference+name.Value }) {
				named.Content = append(named.Content, object(text("$ref"), text(reference+name.Value)))
			}
		}
		for _, child := range n.Content {
			walk(child)
		}
	}
	walk(root)
	if len(named.Content) > 0 {
		set(root, "x-named-values", named)
	}
}

// openUp removes from the SDK profile the keywords that make generated clients send
// more than the caller asked for, or reject more than they must:
//
//   - default: the PHP client sends it with each call that does not name the
//     field (abandonRatio=0 would switch highPriority off), TypeScript makes
//     the field required, and readers see it where a response has nothing. It
//     becomes x-default.
//   - enums in responses, that of a success's code included: Kotlin rejects the
//     value that it has just read. A reader looks for the words at the property.
//   - format json of a string: oapi-codegen makes raw JSON of it.
//   - properties of an object that may have others: PHP drops the others, and the
//     other languages keep them apart. They become x-known-properties, and
//     the object is a plain map everywhere.
func openUp(root, schemas *yaml.Node) {
	for _, schema := range pairs(schemas) {
		dropDefaults(schema)
		if more := get(schema, "additionalProperties"); more != nil && more.Value == "true" {
			rename(schema, "properties", "x-known-properties")
		}
	}
	seen := map[*yaml.Node]bool{}
	for _, item := range pairs(get(root, "x-webhooks")) {
		for _, media := range pairs(get(get(get(item, "post"), "requestBody"), "content")) {
			openEnums(get(media, "schema"), schemas, seen)
		}
	}
	for _, item := range pairs(get(root, "paths")) {
		for _, response := range pairs(get(get(item, "post"), "responses")) {
			for _, media := range pairs(get(response, "content")) {
				openEnums(get(media, "schema"), schemas, seen)
			}
		}
	}
}

func dropDefaults(schema *yaml.Node) {
	rename(schema, "default", "x-default")
	if format := get(schema, "format"); format != nil && format.Value == "json" {
		remove(schema, "format")
	}
	for _, inner := range subschemas(schema) {
		dropDefaults(inner)
	}
}

// openEnums opens the enums inside a schema. A property that refers to an enum
// gets an open copy of it, because forms refer to the same enum.
func openEnums(schema, schemas *yaml.Node, seen map[*yaml.Node]bool) {
	schema = resolve(schema, schemas)
	if schema == nil || seen[schema] {
		return
	}
	seen[schema] = true
	for _, inner := range subschemas(schema) {
		target := resolve(inner, schemas)
		rename(inner, "enum", "x-known-values")
		if get(target, "x-known-values") == nil {
			openEnums(inner, schemas, seen)
			continue
		}
		*inner = *clone(target)
		if get(inner, "format") == nil {
			set(inner, "format", text("known-values")) // for people; generators take it for a text
		}
	}
}

// subschemas walks the properties of a schema and its items.
func subschemas(schema *yaml.Node) func(yield func(string, *yaml.Node) bool) {
	return func(yield func(string, *yaml.Node) bool) {
		for name, property := range pairs(get(schema, "properties")) {
			if !yield(name, property) {
				return
			}
		}
		if items := get(schema, "items"); items != nil {
			yield("items", items)
		}
	}
}

func rename(mapping *yaml.Node, key, to string) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			mapping.Content[i] = text(to)
		}
	}
}

func clone(n *yaml.Node) *yaml.Node {
	c := *n
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		c.Content[i] = clone(child)
	}
	return &c
}
