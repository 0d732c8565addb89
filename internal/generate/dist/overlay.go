package dist

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// translate applies an OpenAPI Overlay 1.0 to a document. It knows the part of the
// standard that a translation needs: actions with a target and an update, whose
// mappings are merged and whose other values replace existing ones. An
// action whose target does not exist is an error, so that a translation cannot outlive
// its source. The error has every such fault, with its line in the overlay.
func translate(root *yaml.Node, overlay Source) error {
	document, err := overlay.parse()
	if err != nil {
		return err
	}
	var errs []error
	fail := func(line int, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s:%d: %s", overlay.Name, line, fmt.Sprintf(format, args...)))
	}
	top := document.Content[0]
	if version := get(top, "overlay"); version == nil || !strings.HasPrefix(version.Value, "1.0.") {
		fail(top.Line, "want overlay: 1.0.0")
	}
	actions := get(top, "actions")
	if actions == nil || actions.Kind != yaml.SequenceNode || len(actions.Content) == 0 {
		fail(top.Line, "want a list of actions")
		return errors.Join(errs...)
	}
	for _, action := range actions.Content {
		target, update := get(action, "target"), get(action, "update")
		for key := range pairs(action) {
			if key != "target" && key != "update" && key != "description" {
				fail(action.Line, "%s is not supported here: an action has a target and an update", key)
			}
		}
		if target == nil || update == nil {
			fail(action.Line, "an action has a target and an update")
			continue
		}
		found, err := find(root.Content[0], target.Value)
		switch {
		case err != nil:
			fail(target.Line, "%s: %v", target.Value, err)
		case len(found) == 0:
			fail(target.Line, "%s is not in the spec", target.Value)
		}
		for _, node := range found {
			merge(node, update)
		}
	}
	return errors.Join(errs...)
}

// merge puts the values of update into a tree.
func merge(node, update *yaml.Node) {
	if node.Kind != yaml.MappingNode || update.Kind != yaml.MappingNode {
		style := node.Style
		if *node = *clone(update); node.Kind == yaml.ScalarNode {
			node.Style = style // of the text that is translated
		}
		return
	}
	for key, value := range pairs(update) {
		if old := get(node, key); old != nil {
			merge(old, value)
		} else {
			set(node, key, clone(value))
		}
	}
}

// The steps of a target: a member by .name or ['name'], and the items of a list by
// [?(@.name == 'text')] or [?(@.name == 1)].
var (
	memberStep = regexp.MustCompile(`^(?:\.([A-Za-z_][A-Za-z0-9_]*)|\['([^']+)'\])`)
	filterStep = regexp.MustCompile(`^\[\?\(@\.([A-Za-z_][A-Za-z0-9_]*) == (?:'([^']*)'|(-?[0-9]+))\)\]`)
)

// find returns the nodes that a target, a JSONPath, selects.
func find(root *yaml.Node, target string) ([]*yaml.Node, error) {
	rest, ok := strings.CutPrefix(target, "$")
	if !ok {
		return nil, errors.New("a target begins with $")
	}
	found := []*yaml.Node{root}
	for rest != "" {
		var next []*yaml.Node
		if step := memberStep.FindStringSubmatch(rest); step != nil {
			rest = rest[len(step[0]):]
			for _, node := range found {
				if child := get(node, step[1]+step[2]); child != nil {
					next = append(next, child)
				}
			}
		} else if step := filterStep.FindStringSubmatch(rest); step != nil {
			rest = rest[len(step[0]):]
			for _, node := range found {
				next = append(next, filter(node, step[1], step[2], step[3])...)
			}
		} else {
			return nil, fmt.Errorf("%s is not supported here: a target is made of .name, ['name'] and [?(@.name == 'text')]", strconv.Quote(rest))
		}
		found = next
	}
	return found, nil
}

// filter returns the items of a list whose member has a value: a text or a number.
func filter(list *yaml.Node, member, text, number string) []*yaml.Node {
	var found []*yaml.Node
	if list.Kind != yaml.SequenceNode {
		return nil
	}
	for _, item := range list.Content {
		if value := get(item, member); value != nil && value.Value == text+number && (value.ShortTag() == "!!int") == (number != "") {
			found = append(found, item)
		}
	}
	return found
}
