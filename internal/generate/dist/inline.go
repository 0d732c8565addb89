package dist

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Read returns the OpenAPI document in the file of the spec, as JSON, with each schema
// that has x-inline in its places.
func Read(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	_, document, err := Source{Name: file, Text: text}.Inlined()
	return document, err
}

// Inlined returns the source with each schema that has x-inline in its places, as a tree
// with the lines of the source, and as JSON, which kin-openapi reads in less time than YAML.
func (s Source) Inlined() (*yaml.Node, []byte, error) {
	root, err := s.parse()
	if err != nil {
		return nil, nil, err
	}
	if err := inlineFields(root); err != nil {
		return nil, nil, s.locate(err)
	}
	document, err := JSON(root)
	if err != nil {
		return nil, nil, s.locate(err)
	}
	return root, document, nil
}

// inlineFields puts each schema with x-inline in place of the references to it, and takes it out
// of the schemas. Such a schema may refer to one above it. The error names each one that
// nothing refers to.
func inlineFields(root *yaml.Node) error {
	schemas := get(get(root.Content[0], "components"), "schemas")
	if schemas == nil {
		return nil
	}
	shared, used := map[string]*yaml.Node{}, map[string]bool{}
	var replace func(n *yaml.Node)
	replace = func(n *yaml.Node) {
		if ref := get(n, "$ref"); ref != nil && shared[ref.Value] != nil {
			used[ref.Value] = true
			*n = *clone(shared[ref.Value])
			return
		}
		for _, child := range n.Content {
			replace(child)
		}
	}
	var types, fields []*yaml.Node // names and schemas in turn
	for pair := range slices.Chunk(schemas.Content, 2) {
		if get(pair[1], "x-inline") == nil {
			types = append(types, pair...)
			continue
		}
		remove(pair[1], "x-inline")
		replace(pair[1])
		shared[reference+pair[0].Value] = pair[1]
		fields = append(fields, pair[0])
	}
	schemas.Content = types
	replace(schemas)
	var errs []error
	for _, name := range fields {
		if !used[reference+name.Value] {
			errs = append(errs, fmt.Errorf("line %d: %s has x-inline, but no schema refers to it", name.Line, name.Value))
		}
	}
	return errors.Join(errs...)
}
