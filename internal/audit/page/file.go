package page

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Encode writes a record as the file that is kept.
func (r *Record) Encode(head string) ([]byte, error) {
	var root yaml.Node
	if err := root.Encode(r); err != nil {
		return nil, err
	}
	root.HeadComment = head
	oneLine(&root)
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	err := encoder.Encode(&root)
	return b.Bytes(), err
}

// oneLine writes rows, values and sentences, but no examples, on one line each.
func oneLine(n *yaml.Node) {
	long := func(value *yaml.Node) bool {
		return value.Kind != yaml.ScalarNode || strings.Contains(value.Value, "\n") && strings.ContainsAny(value.Value, "{[")
	}
	for _, child := range n.Content {
		oneLine(child)
		if n.Kind == yaml.SequenceNode && child.Kind == yaml.MappingNode && !slices.ContainsFunc(child.Content, long) {
			child.Style = yaml.FlowStyle
		}
	}
}

// Decode reads a record that Encode wrote.
func Decode(from io.Reader) (*Record, error) {
	r := &Record{}
	decoder := yaml.NewDecoder(from)
	decoder.KnownFields(true)
	return r, decoder.Decode(r)
}
