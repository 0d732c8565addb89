package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
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
func printHelp(options kong.HelpOptions, k *kong.Context) error {
	h := &operationHelp{w: k.Stdout, operation: operationOf(k), language: languageOf(k)}
	if c := methodOf(k); c != nil {
		h.operation, h.method, h.node = c.method.Operation, c.method, k.Selected()
	}
	h.shared = childOf(k.Model.Node, "call").Flags
	if h.operation == nil {
		translateHelp(k.Selected(), h.language)
		return kong.DefaultHelpPrinter(options, k)
	}
	h.print()
	return nil
}

// languageOf returns the language that a command line chooses for texts.
func languageOf(k *kong.Context) string {
	for _, flag := range k.Flags() {
		if chosen, ok := k.FlagValue(flag).(string); ok && flag.Name == "lang" && chosen == "zh" {
			return chosen
		}
	}
	return "en"
}

// translateHelp writes the help of a service's command in a language.
func translateHelp(node *kong.Node, language string) {
	for _, service := range command.Services {
		if node == nil || node.Name != service.Name || node.Depth() != 0 {
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
	for _, end := range []string{". ", "。"} {
		if first, _, more := strings.Cut(text, end); more {
			text = first + strings.TrimSpace(end)
		}
	}
	return withFlags(m, text)
}
