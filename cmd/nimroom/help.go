package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/described"
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

// printHelp prints the help of the command at hand; of call with an operation, its fields.
func printHelp(options kong.HelpOptions, k *kong.Context) error {
	operation := operationOf(k)
	if operation == nil {
		return kong.DefaultHelpPrinter(options, k)
	}
	language := "en"
	for _, flag := range k.Flags() {
		if chosen, ok := k.FlagValue(flag).(string); ok && flag.Name == "lang" && chosen == "zh" {
			language = chosen
		}
	}
	printOperation(k.Stdout, operation, language)
	return nil
}

// kind describes the type and the limits of a field.
func kind(s *described.Schema) string {
	parts := []string{s.Type}
	if s.Type == "array" || s.Type == "object" {
		parts[0] = "JSON " + s.Type
	}
	switch {
	case s.Minimum != nil && s.Maximum != nil:
		parts = append(parts, fmt.Sprintf("%d to %d", *s.Minimum, *s.Maximum))
	case s.Minimum != nil:
		parts = append(parts, fmt.Sprintf("%d or more", *s.Minimum))
	case s.Maximum != nil:
		parts = append(parts, fmt.Sprintf("%d or less", *s.Maximum))
	}
	if length := cmp.Or(s.MaxLength, s.MaxJSON); length != nil {
		parts = append(parts, fmt.Sprintf("up to %d characters", *length))
	}
	if s.MaxItems != nil {
		parts = append(parts, fmt.Sprintf("up to %d elements", *s.MaxItems))
	}
	if values := s.Values(); s.Type != "boolean" && len(values) > 0 {
		texts := make([]string, len(values))
		for i, value := range values {
			texts[i] = fmt.Sprint(value)
		}
		parts = append(parts, strings.Join(texts, "|"))
	}
	if s.Default != nil {
		parts = append(parts, fmt.Sprint("default ", s.Default))
	}
	return strings.Join(parts, ", ")
}

// printOperation prints an operation's fields with their types and limits, and an example.
func printOperation(w io.Writer, operation *gen.Operation, language string) {
	d := described.In(language)
	is := d.Operation(operation)
	fields := d.Fields(is)
	fmt.Fprintf(w, "Usage: nimroom call %s name=value ... [flags]\n\n%s (%s, POST %s)\n\nFields:\n", operation.Action, is.Summary, operation.ID, operation.Path)
	for _, field := range operation.Fields {
		s, required := fields[field.Name], ""
		if field.Required {
			required = ", required"
		}
		description, _, _ := strings.Cut(s.Description, " Evidence:")
		description, _, _ = strings.Cut(description, "依据：")
		fmt.Fprintf(w, "  %s (%s%s)\n      %s\n", field.Name, kind(s), required, description)
	}
	fmt.Fprintf(w, "\nExample:\n  nimroom call %s%s\n\nRun \"nimroom call --help\" for the flags.\n", operation.Action, shellForm(operation.Example))
}

// shellForm writes a form as arguments of a shell.
func shellForm(form string) string {
	var b strings.Builder
	for _, pair := range strings.Split(form, "&") {
		text, err := url.QueryUnescape(pair)
		if err != nil {
			continue
		}
		b.WriteString(" " + described.Quote(text))
	}
	return b.String()
}
