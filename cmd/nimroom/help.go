package main

import (
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/message"
)

// commandOf returns the command line up to the command of a context, or of the context of a parser's
// error, and up to the operation of call.
func commandOf(k *kong.Context, err error) string {
	var parse *kong.ParseError
	if errors.As(err, &parse) {
		k = parse.Context
	}
	if k == nil || k.Selected() == nil {
		return "nimroom"
	}
	path := []string{}
	for node := k.Selected(); node != nil; node = node.Parent {
		path = append(path, node.Name)
	}
	slices.Reverse(path)
	if operation := operationOf(k); operation != nil {
		path = append(path, operation.Action)
	}
	return strings.Join(path, " ")
}

// operationOf returns the operation that a command line of call names, or nil.
func operationOf(k *kong.Context) *gen.Operation {
	for _, part := range k.Path {
		if part.Positional != nil && part.Positional.Name == "action" {
			operation, err := findOperation(k.Value(part).String())
			if err == nil {
				return operation
			}
		}
	}
	return nil
}

// methodOf returns the command of a command line that calls a method, or nil.
func methodOf(k *kong.Context) *typedCommand {
	if node := k.Selected(); node != nil {
		if c, ok := node.Target.Addr().Interface().(*typedCommand); ok {
			return c
		}
	}
	return nil
}

// printHelp prints the help of the command at hand; of an operation, its fields.
func (s streams) printHelp(options kong.HelpOptions, k *kong.Context) error {
	h := &operationHelp{w: k.Stdout, operation: operationOf(k), language: s.language}
	if c := methodOf(k); c != nil {
		h.operation, h.method, h.node = c.method.Operation, c.method, k.Selected()
	}
	h.shared = childOf(k.Model.Node, "call").Flags
	if h.operation == nil {
		return s.printCommandHelp(options, k)
	}
	h.print()
	return nil
}

// headings are the words that the parser puts into the help of a command.
var headings = []message.Text{
	message.Of("Usage: "), message.Of("Arguments:"), message.Of("Flags:"), message.Of("Commands:"),
	message.Of("Run \"nimroom <command> --help\" for more information on a command."),
}

// printCommandHelp prints the help of a command that calls no operation.
func (s streams) printCommandHelp(options kong.HelpOptions, k *kong.Context) error {
	c := catalogOf(s.language)
	if c == nil {
		return kong.DefaultHelpPrinter(options, k)
	}
	c.translate(k.Model.Node)
	if translateHelp(k.Model.Node, s.language); k.Selected() != nil {
		translateHelp(k.Selected(), s.language)
	}
	out := k.Stdout
	var b strings.Builder
	k.Stdout = &b
	err := kong.DefaultHelpPrinter(options, k)
	k.Stdout = out
	if err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		for _, heading := range headings {
			if rest, found := strings.CutPrefix(line, heading.Format); found {
				line = c.text(heading) + rest
			}
		}
		if _, err := io.WriteString(out, line); err != nil {
			return err
		}
	}
	return nil
}

// translate writes the texts of a command, and of those below it, in the language of the catalog. Those of
// services have theirs from the spec.
func (c *catalog) translate(node *kong.Node) {
	words := func(text string) string {
		return os.Expand(c.text(message.Text{Format: text}), func(name string) string { return variables[name] })
	}
	node.Help, node.Detail = words(node.Help), words(node.Detail)
	if node.Group != nil {
		group := *node.Group
		group.Title = words(group.Title)
		node.Group = &group
	}
	for _, v := range node.Positional {
		v.Help = words(v.OrigHelp)
	}
	for _, flag := range node.Flags {
		flag.Help = words(flag.OrigHelp)
	}
	for _, child := range node.Children {
		c.translate(child)
	}
}

// translateHelp writes the help of the services, or of one at hand and its commands, in a language.
func translateHelp(node *kong.Node, language string) {
	for _, service := range command.Services {
		if child := childOf(node, service.Name); child != nil && node.Parent == nil {
			child.Help = service.Description.In(language)
		}
		if node.Name != service.Name || node.Parent == nil || node.Depth() != 0 {
			continue
		}
		node.Help = service.Description.In(language)
		for _, method := range withExports(service.Methods) {
			childOf(node, method.Command).Help = summaryOf(method, language)
		}
	}
}

// summaryOf returns the first sentence of what a method does.
func summaryOf(m *command.Method, language string) string {
	text := strings.ReplaceAll(m.Description.In(language), "\n", " ")
	return withFlags(m, sentence(text))
}
