package main

import (
	"context"
	"net/url"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/wire"
)

// callCommand calls one operation.
type callCommand struct {
	Action    string   `arg:"" complete:"operation" help:"Operation: the last part of its path, or its operationId (createChatroom). They are ${operations}."`
	Fields    []string `arg:"" optional:"" name:"name=value" complete:"field" help:"Form fields. Lists are JSON or have commas, objects are JSON; durations are written as 10m, times as 2026-01-02T20:00. @FILE is what is in a file, @- what is on the standard input, both without the end of the last line, @@ a text that begins with @. 'nimroom call ACTION --help' lists the fields of an operation."`
	callFlags `embed:""`
}

// Run calls the operation and prints the response, also when it is an API error.
func (c *callCommand) Run(ctx context.Context, s streams, k *kong.Context) error {
	operation, err := findOperation(c.Action)
	if err != nil {
		return err
	}
	form, err := readForm(s, operation, c.Fields)
	if err != nil {
		return err
	}
	return c.do(ctx, s, k, apiCall{operation: operation, form: form, result: command.MethodOf(operation).Result})
}

// findOperation finds an operation by its action or its id.
func findOperation(name string) (*gen.Operation, error) {
	operation, err := command.Find(name)
	if err != nil {
		return nil, usage("%w", err)
	}
	return operation, nil
}

// readForm parses name=value pairs into an operation's form and checks the form
// against the spec.
func readForm(s streams, operation *gen.Operation, fields []string) (url.Values, error) {
	pairs := make([]wire.Pair, len(fields))
	for i, field := range fields {
		name, value, ok := strings.Cut(field, "=")
		if !ok || name == "" {
			return nil, usage("field %d is not name=value; it is not shown because it may be a secret", i+1)
		}
		value, err := fieldValue(s, name, value)
		if err != nil {
			return nil, err
		}
		pairs[i] = wire.Pair{Name: name, Value: value}
	}
	form, err := command.Read(operation, pairs)
	if err != nil {
		return nil, usage("%w", err)
	}
	return form, nil
}
