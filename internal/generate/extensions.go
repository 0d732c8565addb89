package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nimroom/nimroom/internal/generate/dist"
)

// The head comment of the spec lists the extensions: their names, two spaces or more,
// and what they mean.
var extensionLine = regexp.MustCompile(`^#   (x-[A-Za-z-]+(?:, x-[A-Za-z-]+)*)\s{2,}`)

// checkExtensions reports extensions that the head comment of the spec does not list, because
// the generator would silently ignore a misspelt extension.
func checkExtensions(spec dist.Source, root *yaml.Node) error {
	listed := map[string]bool{}
	for line := range strings.Lines(string(spec.Text)) {
		if !strings.HasPrefix(line, "#") {
			break
		}
		if found := extensionLine.FindStringSubmatch(line); found != nil {
			for name := range strings.SplitSeq(found[1], ", ") {
				listed[name] = true
			}
		}
	}
	var errs []error
	var walk func(n *yaml.Node, under string)
	walk = func(n *yaml.Node, under string) {
		for i, child := range n.Content {
			key := ""
			if n.Kind == yaml.MappingNode {
				if i%2 == 0 {
					continue
				}
				key = n.Content[i-1].Value
				if strings.HasPrefix(key, "x-") && under != "properties" && !listed[key] {
					errs = append(errs, fmt.Errorf("%s:%d: the head comment lists no extension %s", spec.Name, n.Content[i-1].Line, key))
				}
			}
			walk(child, key)
		}
	}
	walk(root, "")
	return errors.Join(errs...)
}
