package page

import (
	"bytes"
	"fmt"
	"io"
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

// oneLine writes rows, values and sentences on one line each.
func oneLine(n *yaml.Node) {
	for _, child := range n.Content {
		oneLine(child)
		if n.Kind == yaml.SequenceNode && child.Kind == yaml.MappingNode && !nested(child) {
			child.Style = yaml.FlowStyle
		}
	}
}

func nested(n *yaml.Node) bool {
	for _, child := range n.Content {
		if child.Kind != yaml.ScalarNode {
			return true
		}
		if strings.Count(child.Value, "\n") > 0 && strings.ContainsAny(child.Value, "{[") {
			return true // an example
		}
		child.Style &^= yaml.LiteralStyle
	}
	return false
}

// Decode reads a record that Encode wrote.
func Decode(from io.Reader) (*Record, error) {
	r := &Record{}
	decoder := yaml.NewDecoder(from)
	decoder.KnownFields(true)
	if err := decoder.Decode(r); err != nil {
		return nil, fmt.Errorf("a page's record: %w", err)
	}
	return r, nil
}
