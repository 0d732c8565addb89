package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/spec"
)

// commandOf returns the command line up to the command of a context, or of the context of a parser's
// error, and up to the operation of call.
func commandOf(k *kong.Context, err error, args []string) string {
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
	if operation := operationOf(k, args); operation != nil {
		path = append(path, operation.Action)
	}
	return strings.Join(path, " ")
}

// operationOf returns the operation that a command line of call names, or nil.
func operationOf(k *kong.Context, args []string) *gen.Operation {
	if k.Selected() == nil || k.Selected().Name != "call" {
		return nil
	}
	for _, arg := range args {
		if operation, err := findOperation(arg); err == nil {
			return operation
		}
	}
	return nil
}

// printHelp prints the help of the command at hand; of call with an operation, its fields.
func printHelp(options kong.HelpOptions, k *kong.Context) error {
	operation := operationOf(k, k.Args)
	if operation == nil {
		return kong.DefaultHelpPrinter(options, k)
	}
	language := ""
	if slices.Contains(k.Args, "zh") || slices.Contains(k.Args, "--lang=zh") {
		language = "zh"
	}
	return printOperation(k.Stdout, operation, language)
}

// schema is what the help shows of a schema of the spec.
type schema struct {
	Ref         string            `json:"$ref"`
	Type        string            `json:"type"`
	Description string            `json:"description"`
	Minimum     *json.Number      `json:"minimum"`
	Maximum     *json.Number      `json:"maximum"`
	MaxLength   int               `json:"maxLength"`
	MaxItems    int               `json:"maxItems"`
	MaxJSON     int               `json:"x-max-json-length"`
	Default     json.RawMessage   `json:"default"`
	Enum        []json.RawMessage `json:"enum"`
	Known       []json.RawMessage `json:"x-known-values"`
	Required    []string          `json:"required"`
	Properties  map[string]schema `json:"properties"`
}

// kind describes the type and the limits of a value.
func (s schema) kind() string {
	parts := []string{s.Type}
	if s.Type == "array" || s.Type == "object" {
		parts[0] = "JSON " + s.Type
	}
	switch {
	case s.Minimum != nil && s.Maximum != nil:
		parts = append(parts, fmt.Sprintf("%v to %v", *s.Minimum, *s.Maximum))
	case s.Minimum != nil:
		parts = append(parts, fmt.Sprintf("%v or more", *s.Minimum))
	case s.Maximum != nil:
		parts = append(parts, fmt.Sprintf("%v or less", *s.Maximum))
	}
	if length := max(s.MaxLength, s.MaxJSON); length > 0 {
		parts = append(parts, fmt.Sprintf("up to %d characters", length))
	}
	if s.MaxItems > 0 {
		parts = append(parts, fmt.Sprintf("up to %d elements", s.MaxItems))
	}
	if values := slices.Concat(s.Enum, s.Known); len(values) > 0 {
		texts := make([]string, len(values))
		for i, value := range values {
			texts[i] = strings.Trim(string(value), `"`)
		}
		parts = append(parts, strings.Join(texts, "|"))
	}
	if s.Default != nil {
		parts = append(parts, "default "+strings.Trim(string(s.Default), `"`))
	}
	return strings.Join(parts, ", ")
}

// printOperation prints an operation's fields with their types and limits, and an example.
func printOperation(w io.Writer, operation *gen.Operation, language string) error {
	text, err := spec.Read(spec.Variant{Format: "json", Lang: language})
	if err != nil {
		return err
	}
	var document struct {
		Paths map[string]struct {
			Post struct {
				Summary string `json:"summary"`
				Body    struct {
					Content map[string]struct {
						Schema schema `json:"schema"`
					} `json:"content"`
				} `json:"requestBody"`
			} `json:"post"`
		} `json:"paths"`
		Components struct {
			Schemas map[string]schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(text, &document); err != nil {
		return err
	}
	resolve := func(s schema) schema {
		if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
			return document.Components.Schemas[name]
		}
		return s
	}
	post := document.Paths[operation.Path].Post
	form := resolve(post.Body.Content["application/x-www-form-urlencoded"].Schema)
	fmt.Fprintf(w, "Usage: nimroom call %s name=value ... [flags]\n\n%s (%s, POST %s)\n\nFields:\n", operation.Action, post.Summary, operation.ID, operation.Path)
	for _, field := range operation.Fields {
		s := resolve(form.Properties[field.Name])
		required := ""
		if slices.Contains(form.Required, field.Name) {
			required = ", required"
		}
		description, _, _ := strings.Cut(s.Description, " Evidence:")
		description, _, _ = strings.Cut(description, "依据：")
		fmt.Fprintf(w, "  %s (%s%s)\n      %s\n", field.Name, s.kind(), required, description)
	}
	fmt.Fprintf(w, "\nExample:\n  nimroom call %s%s\n\nRun \"nimroom call --help\" for the flags.\n", operation.Action, shellForm(operation.Example))
	return nil
}

// shellForm writes a form as arguments of a shell.
func shellForm(form string) string {
	var b strings.Builder
	for _, pair := range strings.Split(form, "&") {
		text, err := url.QueryUnescape(pair)
		if err != nil {
			continue
		}
		if strings.ContainsAny(text, " \"'$\\`*?[]{}()<>|&;#~!") {
			text = "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
		}
		b.WriteString(" " + text)
	}
	return b.String()
}
